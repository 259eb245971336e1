//! Where commands stand, whatever a Raft writes into its log besides.
//!
//! Scenarios and tests count commands: the third is the third, though a Raft with a no-op at the start of
//! each term may keep it at index 5. See `court::commands` for what counts as one.

use splitvote_peer::{LogIndex, Peer, PeerId};

use super::Cluster;

impl<P: Peer> Cluster<P> {
    /// How many of the entries up to an index are commands of clients, and no entries that the Raft wrote
    /// by itself. Entries count that have been applied.
    #[must_use]
    pub fn commands_up_to(&self, index: LogIndex) -> u64 {
        self.court().commands().up_to(index)
    }

    /// How many running peers have applied the command of this number, counted from 1, or a snapshot that
    /// stands for it.
    #[must_use]
    pub fn command_applied_by(&self, number: u64) -> usize {
        self.court().commands().index_of(number).map_or(0, |index| self.applied_by(index))
    }

    /// The number of the command that a peer holds at an index of its log, applied or not.
    pub(crate) fn command_number_at(&self, peer: PeerId, index: LogIndex) -> u64 {
        let commands = self.court().commands();
        let applied = commands.applied();
        let is_command = |at: &LogIndex| {
            let entry = self.world().peer(peer).and_then(|peer| peer.entry(*at));
            entry.is_none_or(|entry| commands.is_command(*at, entry))
        };
        let beyond = (applied + 1..=index).filter(is_command).count() as u64;
        commands.up_to(index) + beyond
    }
}
