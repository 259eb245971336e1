//! A client of the lab's churn tests.
//!
//! It proposes a command to every running peer, whoever leads. If one has taken it, the client looks
//! five times, after ever longer pauses, whether the command has been applied anywhere at the
//! index that it was promised; what it has once seen committed it remembers.

use std::time::Duration;

use splitvote_peer::{Command, LogIndex, Peer, PeerId, ProposalAnswer, RequestId, SimTime};

use super::Cluster;
use crate::failure::Failure;

/// The pauses before the looks, in milliseconds.
const PAUSES: [u64; 5] = [10, 20, 50, 100, 200];
/// What a client that found no leader waits: 79 ms, and 17 ms more for each client before it.
const NO_LEADER: (u64, u64) = (79, 17);

#[derive(Clone, Debug)]
pub(crate) struct Churn {
    number: u64,
    pub(super) acts_at: SimTime,
    command: Command,
    /// The proposals of the present command that have not been answered.
    requests: Vec<RequestId>,
    /// The last index that a peer promised for it.
    index: Option<LogIndex>,
    looks: usize,
    /// What was seen committed.
    seen: Vec<(LogIndex, u64)>,
}

impl Churn {
    pub(crate) fn new(number: u64, now: SimTime) -> Self {
        Self {
            number,
            acts_at: now,
            command: Command::new(&[]),
            requests: Vec::new(),
            index: None,
            looks: PAUSES.len(),
            seen: Vec::new(),
        }
    }

    pub(super) fn act<P: Peer>(&mut self, cluster: &mut Cluster<P>) {
        self.hear(cluster);
        if let Some(index) = self.index
            && cluster.is_agreed(index, &self.command, 1)
        {
            self.seen.push((index, self.command.digest()));
            self.looks = PAUSES.len();
        }
        match PAUSES.get(self.looks) {
            Some(pause) => {
                self.looks += 1;
                self.acts_at = cluster.now() + Duration::from_millis(*pause);
            }
            None => self.propose(cluster),
        }
    }

    /// Takes in what peers have answered.
    fn hear<P: Peer>(&mut self, cluster: &Cluster<P>) {
        let index = &mut self.index;
        self.requests.retain(|request| match cluster.court().answer_to(*request) {
            Some(ProposalAnswer::Accepted { index: promised, .. }) => {
                *index = Some(*promised);
                false
            }
            Some(ProposalAnswer::Redirect { .. }) => false,
            None => true,
        });
    }

    fn propose<P: Peer>(&mut self, cluster: &mut Cluster<P>) {
        self.command = cluster.fresh_command(0);
        self.index = None;
        self.requests.clear();
        for peer in cluster.peers() {
            self.requests.extend(cluster.propose_only(peer, &self.command));
        }
        self.hear(cluster);
        let is_taken = self.index.is_some() || !self.requests.is_empty();
        let (pause, looks) = match NO_LEADER {
            _ if is_taken => (PAUSES[0], 1),
            (pause, more) => (pause + more * self.number, PAUSES.len()),
        };
        self.looks = looks;
        self.acts_at = cluster.now() + Duration::from_millis(pause);
    }

    /// Holds what was seen committed against what is: against all that was ever committed, and against
    /// the log of every running peer that has applied the index and still has the entry.
    ///
    /// # Errors
    /// If another entry is there.
    pub(super) fn is_kept<P: Peer>(&self, cluster: &Cluster<P>) -> Result<(), Failure> {
        let judge = cluster.court().judge();
        for (index, digest) in &self.seen {
            let has_another = |peer: &PeerId| {
                let entry = cluster.world().peer(*peer).and_then(|peer| peer.entry(*index));
                cluster.world().applied(*peer) >= *index
                    && entry.is_some_and(|entry| entry.digest != *digest)
            };
            let with_another: Vec<PeerId> = cluster.peers().filter(has_another).collect();
            if with_another.is_empty() && judge.is_committed(*index, *digest) {
                continue;
            }
            let whose = with_another.first().map(|peer| format!(" in the log of {peer}"));
            let sentence = format!(
                "client {} saw its command committed at index {index}, where another one is now{}",
                self.number,
                whose.unwrap_or_default()
            );
            return Err(cluster.unmet(false, sentence, with_another));
        }
        Ok(())
    }
}
