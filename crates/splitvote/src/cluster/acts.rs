//! The one door through which a cluster is disturbed.

use std::collections::BTreeSet;
use std::time::Duration;

use splitvote_peer::{Command, Peer, PeerId, RequestId, SimTime};
use splitvote_sim::{ConfigError, Decisions};

use super::Cluster;
use crate::act::{Act, Timed};
use crate::failure::Failure;
use crate::fault::{ElectionTimeout, Fault};
use crate::plan::Plan;
use crate::scenario::{Action, DurationRange};

/// What an act takes that is written down: a list that grows holds up to twice as much.
const BYTES_OF_ACT: u64 = 2 * size_of::<Timed>() as u64;

/// A place in a diary, and its instant.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bookmark {
    place: usize,
    at: SimTime,
}

impl<P: Peer> Cluster<P> {
    /// Does something to the cluster, unless its class of faults is switched off. What was done goes
    /// into the diary, if one is kept.
    ///
    /// # Errors
    /// If the cluster has no such peer; then nothing is done.
    pub fn act(&mut self, act: impl Into<Act>) -> Result<(), Failure> {
        let act = act.into();
        self.has_all(act.stranger(self.world.cluster_size()))?;
        self.disturb(act);
        Ok(())
    }

    /// Whether the cluster has these peers; the first that it does not have is the error.
    pub(super) fn has_all(&self, peers: impl IntoIterator<Item = PeerId>) -> Result<(), Failure> {
        let size = self.world.cluster_size();
        peers
            .into_iter()
            .find(|peer| peer.index() >= size)
            .map_or(Ok(()), |peer| Err(ConfigError::NoSuchPeer { peer, peers: size }.into()))
    }

    /// The same for whoever names peers of the cluster only.
    pub(crate) fn disturb(&mut self, act: impl Into<Act>) {
        let act = act.into();
        if self.without.is_empty() && self.diary.is_none() {
            return self.perform(&act);
        }
        if let Some(act) = act.without(self.without) {
            let before = self.world.events();
            self.perform(&act);
            self.write_down(act, before);
        }
    }

    fn perform(&mut self, act: &Act) {
        match act {
            Act::Fault(fault) => {
                if let Fault::ElectionTimeout(ElectionTimeout { of, is: Some(timeout) }) = fault {
                    self.court_mut().judge_mut().timeouts_at_least(*of, *timeout);
                    self.base.longest_timeout = self.base.longest_timeout.max(*timeout);
                }
                self.struck.add(fault);
                fault.happen(&mut self.world);
            }
            Act::Propose { to, bytes } => {
                let command = self.fresh_command(*bytes);
                self.world.propose(*to, command);
            }
            Act::Agree(seek) => {
                let command = self.fresh_command(seek.bytes);
                self.agree_in_background(command, *seek);
            }
            Act::Allow(budget) => self.allow(*budget),
        }
    }

    /// A client proposes a command and does not wait. None: the peer is down.
    pub(crate) fn propose_only(&mut self, to: PeerId, command: &Command) -> Option<RequestId> {
        let bytes = command.size();
        let before = self.world.events();
        let request = self.world.propose(to, command.clone())?;
        self.write_down(Act::Propose { to, bytes }, before);
        if let Some(diary) = &self.diary {
            self.proposals.push((command.digest(), diary.len() - 1));
        }
        Some(request)
    }

    /// A plan does all that it has for an instant in one go. What was done after something else had
    /// happened in the same instant is therefore written down for the nanosecond behind it.
    fn write_down(&mut self, act: Act, events_before: u64) {
        let Some(diary) = &self.diary else { return };
        let at = self.instant_of_act(diary, events_before);
        self.events_at_last_act = self.world.events();
        if let Some(diary) = &mut self.diary {
            diary.push(Timed { at, act });
            self.world.note_bytes(BYTES_OF_ACT);
        }
    }

    fn instant_of_act(&self, diary: &[Timed], events_before: u64) -> SimTime {
        let now = self.world.now();
        match diary.last() {
            Some(last) if last.at < now => now,
            None => now,
            Some(last) if events_before == self.events_at_last_act => last.at,
            Some(last) => last.at + Duration::from_nanos(1),
        }
    }

    /// The place in the diary at which something stands that begins now.
    pub(crate) fn bookmark(&self) -> Bookmark {
        let Some(diary) = &self.diary else { return Bookmark::default() };
        Bookmark { place: diary.len(), at: self.instant_of_act(diary, self.world.events()) }
    }

    /// Takes the proposals of a command out of the diary.
    pub(super) fn forget_proposals_of(&mut self, command: &Command) {
        let digest = command.digest();
        let mut places = self.proposals.iter().filter(|(of, _)| *of == digest);
        let gone: BTreeSet<usize> = places.by_ref().map(|(_, place)| *place).collect();
        if let Some(diary) = &mut self.diary {
            let acts = std::mem::take(diary).into_iter().enumerate();
            *diary = acts.filter(|(at, _)| !gone.contains(at)).map(|(_, timed)| timed).collect();
        }
    }

    /// Writes down afterwards what began at this place.
    pub(crate) fn write_down_at(&mut self, Bookmark { place, at }: Bookmark, act: Act) {
        if let Some(diary) = &mut self.diary {
            diary.insert(place.min(diary.len()), Timed { at, act });
        }
    }

    /// Whether what is done is written down.
    pub(crate) fn keeps_diary(&self) -> bool {
        self.diary.is_some()
    }

    /// How many acts the diary holds.
    pub(crate) fn acts_so_far(&self) -> usize {
        self.diary.as_ref().map_or(0, Vec::len)
    }

    /// All that was done to the cluster so far, written out: played under the same seed, the plan makes the same
    /// run, so that it can be shrunk ([`crate::shrink::shrink_plan`]) and kept ([`crate::Case`]). What rules said of
    /// packets is written down as their fates, and a command that the test proposed as one of its length. What the test
    /// expected is not part of it, but that a core settle is, if it has just failed to.
    ///
    /// `None` if the peers began with records on their disks, which no plan can hold, or the cluster keeps no diary.
    #[must_use]
    pub fn plan(&self) -> Option<Plan> {
        let (setup, acts) = (self.setup.as_deref()?.clone(), self.diary.clone()?);
        let demand = self.is_stalled.then_some(Action::Calm {
            core: Some(self.core),
            lasts: DurationRange::default(),
            load: self.load.map(DurationRange::exactly),
        });
        let plan = Plan::of(setup, acts, self.world.decisions(), self.now());
        Some(Plan { demand, ..plan })
    }

    /// What was done so far, if the cluster was built to keep a diary.
    pub(crate) fn take_diary(&mut self) -> Vec<Timed> {
        self.diary.take().unwrap_or_default()
    }

    /// What rules have said of packets so far, if the cluster was built to keep a diary.
    pub(crate) fn take_decisions(&mut self) -> Decisions {
        self.world.take_decisions()
    }
}
