//! Durable records that can no longer be read, and disks that are mended.

use splitvote_peer::{Damage, PeerSet};
use splitvote_sim::{RecordKind, RecordPlace};

use super::declare::{effect, kind, translated};
use super::keys::{count, who};
use super::kind::Stated;
use super::{Restart, Result, Spot, Symbolic, Terms, Written};
use crate::language::form::Form;
use crate::language::target::{Known, Target, list};
use crate::language::units::CountRange;

/// The records among which a step chooses.
const KINDS: [(&str, RecordKind); 4] = [
    ("any", RecordKind::Any),
    ("ballot", RecordKind::Ballot),
    ("entry", RecordKind::Entry),
    ("snapshot", RecordKind::Snapshot),
];

/// Damages a durable record on the disk of a peer: the next boot finds out, or does not if it is not told.
///
/// Damage that is not told is beyond what Raft promises to survive: a scenario names the peers, a minority
/// together with those whose disks lie, and no storm does it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rot<T: Terms = Written> {
    /// The peer whose disk it is.
    pub of: T::Who,
    /// Among which records.
    pub record: RecordKind,
    /// How many newer ones there are of these.
    pub back: T::Count,
    /// Whether a boot is told.
    pub damage: Damage,
}

kind! {
    /// Mends all that [`Rot`] has damaged on the disk of a peer, as from a mirror.
    MendDisk: "mend-disk" who(of) says "mend the disk of {of}"
    needs: Nothing,
    amiss: |world, Spot::Peer(of)| world.is_disk_rotten(of) => MendDisk { of },
    happens: |world| world.mend_disk(of),
}

impl Rot<Symbolic> {
    /// The peers that lose a record without being told.
    pub(crate) fn betrayed(&self) -> PeerSet {
        let peer =
            |target: &Target| if let Target::Peer(peer) = target { Some(*peer) } else { None };
        match self.damage {
            Damage::Told => PeerSet::EMPTY,
            Damage::Untold => self.of.iter().filter_map(peer).collect(),
        }
    }
}

impl Stated for Rot<Symbolic> {
    const VERB: &'static str = "rot";

    fn blank() -> Self {
        let (record, back) = (RecordKind::Any, CountRange::default());
        Self { of: Vec::new(), record, back, damage: Damage::Told }
    }

    fn keys(&mut self, form: &mut Form<'_, '_>, known: &Known) -> Result {
        who(form, known, Self::VERB, &mut self.of)?;
        form.word(true, "record", "kind of record", &mut self.record, &KINDS)?;
        count(form, &mut self.back, "back")?;
        let mut is_told = self.damage == Damage::Told;
        form.key("told", &mut is_told, true)?;
        self.damage = if is_told { Damage::Told } else { Damage::Untold };
        let is_right = is_told || self.of.iter().all(|target| matches!(target, Target::Peer(_)));
        let problem = "damage that is not told is beyond what Raft survives";
        form.check(is_right, Self::VERB, problem, "name peers such as \"S0\"")
    }

    fn say(&self) -> String {
        let verb = match self.damage {
            Damage::Told => "damage",
            Damage::Untold => "lose without a word",
        };
        let what = match self.record {
            RecordKind::Any => "a record",
            RecordKind::Ballot => "a ballot",
            RecordKind::Entry => "an entry",
            RecordKind::Snapshot => "a snapshot",
        };
        format!("{verb} {what} on the disk of {}, {} from the newest", list(&self.of), self.back)
    }
}

translated! { Rot by who(of) { back: count, record: same, damage: same, } }

effect! {
    Rot { of, record, back, damage }
    needs: Nothing,
    class: Disks,
    // The peer may not have started.
    undone by: [MendDisk { of }, Restart { of }],
    simpler: super::fewer(&[0, back / 2], back, |back| Self { of, record, back, damage }.into()),
    // In a storm every damage is told.
    in a storm: Self { of, record, back, damage: Damage::Told },
    happens: |world| world.rot(of, RecordPlace { kind: record, back }, damage),
}
