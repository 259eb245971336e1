//! The one door through which a cluster is disturbed.

use splitvote_peer::{Command, Peer, PeerId, RequestId};
use splitvote_sim::Decisions;

use super::Cluster;
use crate::act::{Act, Timed};

impl<P: Peer> Cluster<P> {
    /// Does something to the cluster, unless its class of faults is switched off. What was done goes
    /// into the diary, if one is kept.
    pub fn act(&mut self, act: &Act) {
        if self.without.is_empty() && self.diary.is_none() {
            return self.perform(act);
        }
        if let Some(act) = act.clone().without(self.without) {
            self.perform(&act);
            self.write_down(act);
        }
    }

    fn perform(&mut self, act: &Act) {
        match act {
            Act::Crash(peer) => self.world.crash(*peer),
            Act::Restart(peer) => self.world.boot(*peer),
            Act::CrashAtWrite { peer, after } => self.world.crash_at_write(*peer, *after),
            Act::CrashAtSend { peer, after } => self.world.crash_at_send(*peer, *after),
            Act::Disarm(peer) => self.world.disarm(*peer),
            Act::Pause(peer) => self.world.pause(*peer),
            Act::Resume(peer) => self.world.resume(*peer),
            Act::Disconnect(peer) => self.world.disconnect(*peer),
            Act::Connect(peer) => self.world.connect(*peer),
            Act::Cut { from, to } => self.world.cut(*from, *to),
            Act::Restore { from, to } => self.world.restore(*from, *to),
            Act::Partition(groups) => self.world.partition(groups),
            Act::Heal => self.world.heal(),
            Act::Clog { from, to, lasts } => self.world.clog(*from, *to, *lasts),
            Act::Unclog { from, to } => self.world.unclog(*from, *to),
            Act::Delay { from, to, by } => self.world.delay(*from, *to, *by),
            Act::Network(profile) => self.world.set_network(*profile),
            Act::Disk(profile) => self.world.set_disk(*profile),
            Act::StepClock { peer, by } => self.world.step_clock(*peer, *by),
            Act::DriftClock { peer, ppm } => self.world.set_clock_drift(*peer, *ppm),
            Act::ElectionTimeout { peer, is } => {
                if let Some(timeout) = is {
                    self.court_mut().timeouts_at_least(*peer, *timeout);
                }
                self.world.fix_election_timeout(*peer, *is);
            }
            Act::Propose { to, bytes } => {
                let command = self.fresh_command(*bytes);
                self.world.propose(*to, command);
            }
        }
    }

    /// A client proposes a command and does not wait. None: the peer is down.
    pub(crate) fn propose_only(&mut self, to: PeerId, command: &Command) -> Option<RequestId> {
        let bytes = command.bytes().len();
        let request = self.world.propose(to, command.clone())?;
        self.write_down(Act::Propose { to, bytes });
        Some(request)
    }

    fn write_down(&mut self, act: Act) {
        let at = self.world.now();
        if let Some(diary) = &mut self.diary {
            diary.push(Timed { at, act });
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

    /// What was done so far, if the cluster was built to keep a diary.
    pub(crate) fn take_diary(&mut self) -> Vec<Timed> {
        self.diary.take().unwrap_or_default()
    }

    /// What rules have said of packets so far, if the cluster was built to keep a diary.
    pub(crate) fn take_decisions(&mut self) -> Decisions {
        self.world.take_decisions()
    }
}
