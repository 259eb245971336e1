//! Clients (paper, section 8): the leader takes a command, everyone else names the leader.
//!
//! The command goes into the leader's own log and is acknowledged once it is durable there. That
//! is no promise of commitment.

use splitvote_peer::{Command, ProposalAnswer, RequestId, Role};

use crate::log::Entry;
use crate::raft::{Cx, Raft};
use crate::rules::Rules;

impl<R: Rules + Clone> Raft<R> {
    /// Figure 2, Leaders: "If command received from client: append entry to local log". Section 8:
    /// a server that is not the leader "will reject the client's request and supply information
    /// about the most recent leader it has heard from"; here, the leader of the current term.
    ///
    /// A leader whose log has no index left refuses too, and names nobody: no other leader could
    /// take the command either.
    pub(crate) fn on_propose(&mut self, request: RequestId, command: Command, cx: &mut Cx<'_, R>) {
        if self.role != Role::Leader {
            cx.answer(request, ProposalAnswer::Redirect { leader: self.leader });
            return;
        }
        let behind = self.rules.proposal_goes_behind(self.log.last().index, self.commit);
        self.delete_from(behind.saturating_add(1), true, cx);
        let Some(index) = self.append(Entry { term: self.term, command }, cx) else {
            cx.answer(request, ProposalAnswer::Redirect { leader: None });
            return;
        };
        self.accept(request, index);
        if self.rules.batches_proposals() {
            self.plan_round(cx.now() + self.settings.batch_delay);
        } else {
            self.on_round(cx);
        }
        self.rewrite_if_long(cx);
    }
}
