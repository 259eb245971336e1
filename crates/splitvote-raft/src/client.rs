//! Clients (paper, section 8): the leader takes a command, everyone else names the leader.
//!
//! The command goes into the leader's own log and is acknowledged once it is durable there. That
//! is no promise of commitment: entries are not replicated yet.

use splitvote_peer::{Command, ProposalAnswer, RequestId, Role, SyncId};

use crate::log::Entry;
use crate::raft::{Cx, Raft};
use crate::record::DiskRecord;
use crate::rules::Rules;

impl<R: Rules + Clone> Raft<R> {
    /// Figure 2, Leaders: "If command received from client: append entry to local log". Section 8:
    /// a server that is not the leader "will reject the client's request and supply information
    /// about the most recent leader it has heard from"; here, the leader of the current term.
    pub(crate) fn on_propose(&mut self, request: RequestId, command: Command, cx: &mut Cx<'_, R>) {
        if self.role != Role::Leader {
            cx.answer(request, ProposalAnswer::Redirect { leader: self.leader });
            return;
        }
        let term = self.term;
        let index = self.log.append(Entry { term, command: command.clone() });
        self.write(DiskRecord::Entry { index, term, command }, cx);
        let sync = cx.sync();
        self.disk.accepted.push(sync, (request, index, term));
        self.rewrite_if_long(cx);
    }

    /// Answers the clients whose entries are durable now.
    pub(crate) fn answer_accepted(&mut self, sync: SyncId, cx: &mut Cx<'_, R>) {
        while let Some((request, index, term)) = self.disk.accepted.due(sync) {
            cx.answer(request, ProposalAnswer::Accepted { index, term });
        }
    }
}
