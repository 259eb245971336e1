//! The types that openraft is used with.

use std::fmt;

use splitvote_labrpc::peer::Command;

use crate::runtime::Tasks;

/// What a client wants agreed on.
#[derive(Clone, Debug)]
pub(crate) struct Proposal {
    pub(crate) command: Command,
    /// By this the peer that proposes it knows it again in its own log.
    pub(crate) ticket: u64,
}

impl fmt::Display for Proposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.command.digest())
    }
}

openraft::declare_raft_types!(
    /// Leaders are those of standard Raft, one a term.
    pub(crate) Types:
        D = Proposal,
        R = (),
        Node = openraft::impls::EmptyNode,
        LeaderId = openraft::impls::leader_id_std::LeaderId<u64, u64>,
        AsyncRuntime = Tasks,
);
