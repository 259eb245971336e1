//! The channel on which a Raft says what is committed, as the labs' `applyCh`.

use std::rc::Rc;

use splitvote_peer::{EntryId, LogIndex, Snapshot};

use super::LabRaft;
use super::env::{Action, Shared};

/// What is handed to the state machine.
#[derive(Clone, Debug)]
pub enum ApplyMsg {
    /// A committed entry.
    Command {
        /// Where it stands in the log.
        index: LogIndex,
        /// What it is: [`splitvote_peer::Command::in_term`] makes it.
        entry: EntryId,
    },
    /// A snapshot, in place of all that was applied before.
    Snapshot(Snapshot),
}

/// Where messages to the state machine go in. It takes them at once, so nobody ever waits for it.
pub struct ApplyCh<R: LabRaft> {
    pub(super) shared: Rc<Shared<R>>,
}

impl<R: LabRaft> Clone for ApplyCh<R> {
    fn clone(&self) -> Self {
        Self { shared: Rc::clone(&self.shared) }
    }
}

impl<R: LabRaft> ApplyCh<R> {
    /// Hands a message to the state machine.
    pub fn send(&self, message: ApplyMsg) {
        self.shared.act(Action::Apply(message));
    }
}
