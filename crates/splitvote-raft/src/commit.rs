//! What is committed, and what is applied (paper, sections 5.3 and 5.4.2).
//!
//! The leader counts disks, its own among them, and only entries of its own term. Those before are
//! committed with them:
//! 1. Suppose S0 leads term 4 with entry 2 of term 2, and brings it to a majority (Figure 8, c).
//! 2. If that made it committed, and S0 crashed, S4 could still win with an entry 2 of term 3,
//! 3. and overwrite it everywhere (d). With an entry of term 4 on a majority it could not win (e).

use splitvote_peer::{LogIndex, Role};
use tracing::trace;

use crate::raft::{Cx, Raft};
use crate::rules::Rules;

impl<R: Rules + Clone> Raft<R> {
    /// Figure 2, Leaders, rule 4: "If there exists an N such that N > commitIndex, a majority of
    /// matchIndex[i] >= N, and log[N].term == currentTerm: set commitIndex = N".
    #[inline(never)]
    pub(crate) fn advance_commit(&mut self, cx: &mut Cx<'_, R>) {
        if self.role != Role::Leader {
            return;
        }
        let reached = self.reached_by_majority(cx.cluster_size());
        if reached <= self.commit {
            return;
        }
        let Some(term) = self.log.term_at(reached) else { return };
        if self.rules.commits_by_counting(term, self.term) {
            trace!(me = %self.me, term = self.term, commit = reached, "commits");
            self.commit = reached;
            self.apply_committed(cx);
            self.plan_round_soon(cx);
        }
    }

    /// The highest index above `commitIndex` that enough peers hold on their disks.
    fn reached_by_majority(&self, cluster_size: usize) -> LogIndex {
        let needed = self.rules.acknowledgements_needed(cluster_size);
        let (durable, last) = (self.disk.durable, self.log.last().index);
        let own = self.rules.own_match(durable, last, cluster_size);
        let me = self.me.index();
        let others = self.followers.iter().enumerate().filter(move |(place, _)| *place != me);
        let matches = others.map(|(_, follower)| follower.matched).chain([own]);
        let mut reached = self.commit;
        for candidate in matches.clone() {
            if candidate > reached
                && matches.clone().filter(|matched| *matched >= candidate).count() >= needed
            {
                reached = candidate;
            }
        }
        reached
    }

    /// Figure 2, All Servers, rule 1: "If commitIndex > lastApplied: increment lastApplied, apply
    /// log[lastApplied] to state machine".
    #[inline]
    pub(crate) fn apply_committed(&mut self, cx: &mut Cx<'_, R>) {
        if self.applied < self.commit && self.rules.applies(self.role) {
            self.apply(cx);
        }
    }

    #[inline(never)]
    fn apply(&mut self, cx: &mut Cx<'_, R>) {
        for index in self.rules.first_to_apply(self.applied, self.commit)..=self.commit {
            let Some(entry) = self.log.id(index) else { return };
            cx.applied(index, entry);
            self.applied = index;
        }
    }
}
