//! Durable records that can no longer be read, and disks that are mended.

use splitvote_peer::{Damage, Peer, PeerSet};
use splitvote_sim::{DiskProfile, RecordKind, RecordPlace, Watcher, World};

use super::kind::{Effect, Stated, Translated, on_peers};
use super::{
    Fault, FaultClass, Healthy, Reading, Restart, Result, Spot, Symbolic, Terms, Translate,
    Translation, Written,
};
use crate::language::inline::{Inline, quoted};
use crate::language::target::{Target, list, names};
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
    /// Whose disk.
    pub of: T::Who,
    /// Among which records.
    pub record: RecordKind,
    /// How many newer ones there are of these.
    pub back: T::Count,
    /// Whether a boot is told.
    pub damage: Damage,
}

on_peers! {
    /// Mends all that [`Rot`] has damaged on the disk of a peer, as from a mirror.
    MendDisk: "mend-disk" says "mend the disk of {}"
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

    fn read(reading: &Reading<'_>) -> Result<Self> {
        let record = match reading.table.get("record") {
            None => RecordKind::Any,
            Some(value) => value.word("kind of record", &KINDS)?,
        };
        let back = reading.count("back", 0..1_000_001, 0)?;
        let damage = match reading.table.get("told") {
            Some(value) if !value.bool()? => Damage::Untold,
            _ => Damage::Told,
        };
        let of = reading.who()?;
        if damage == Damage::Untold && !of.iter().all(|target| matches!(target, Target::Peer(_))) {
            let problem = "damage that is not told is beyond what Raft survives";
            return Err(reading.value.error(problem, "name peers such as \"S0\""));
        }
        Ok(Self { of, record, back, damage })
    }

    fn write(&self, table: &mut Inline) {
        table.put(Self::VERB, names(&self.of));
        let word =
            KINDS.iter().find(|(_, kind)| *kind == self.record).map_or("any", |(word, _)| word);
        table.put("record", quoted(word));
        table.put("back", CountRange::written(self.back));
        if self.damage == Damage::Untold {
            table.put("told", false);
        }
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

impl<T: Terms> Translated<T> for Rot<T> {
    type In<U: Terms> = Rot<U>;

    fn translate<U: Terms, C: Translate<T, U>>(&self, by: &mut C) -> Translation<Rot<U>, C::Error> {
        let Self { record, damage, .. } = *self;
        let back = by.count(&self.back)?;
        let all = by.who(&self.of)?.into_iter();
        Ok(all.map(|of| Rot { of, record, back: back.clone(), damage }).collect())
    }
}

impl Effect for Rot {
    fn class(&self) -> Option<FaultClass> {
        Some(FaultClass::Disks)
    }

    /// The peer may not have started.
    fn undone_by(&self, _: &Healthy) -> Vec<Fault> {
        vec![MendDisk { of: self.of }.into(), Restart { of: self.of }.into()]
    }

    fn simpler(&self) -> Vec<Fault> {
        let newer = [0, self.back / 2].into_iter().filter(|back| *back < self.back);
        newer.map(|back| Self { back, ..self.clone() }.into()).collect()
    }

    /// In a storm every damage is told.
    fn within_promise(self, _: &DiskProfile) -> Self {
        Self { damage: Damage::Told, ..self }
    }

    fn happen<P: Peer, W: Watcher<P>>(&self, world: &mut World<P, W>) {
        let Self { of, record: kind, back, damage } = *self;
        world.rot(of, RecordPlace { kind, back }, damage);
    }
}

impl Effect for MendDisk {
    fn amiss<P: Peer, W: Watcher<P>>(
        world: &World<P, W>,
        spot: Spot,
        _: &Healthy,
    ) -> Option<Fault> {
        let Spot::Peer(of) = spot else { return None };
        world.is_disk_rotten(of).then(|| MendDisk { of }.into())
    }

    fn happen<P: Peer, W: Watcher<P>>(&self, world: &mut World<P, W>) {
        world.mend_disk(self.of);
    }
}
