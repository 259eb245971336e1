//! What an observation can be about. What happens often, once an entry or more, has a topic of its own,
//! so that it is shown only to the checkers that it can concern.

/// What an observation is about: the checkers in the list say on which topics they are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Topic {
    /// Boots, and steps that changed a term, role, vote or leader.
    Elections,
    /// A request for a vote leaves.
    Requests,
    /// A granted vote leaves.
    Grants,
    /// What is asked and answered before somebody stands.
    PreVotes,
    /// A leader or a higher term was heard of.
    Hearing,
    /// A client was told who leads.
    Hints,
    /// A step that changed nothing but where the log, the commit index or the applied index ends.
    Commitment,
    /// A state machine applied an entry.
    Applied,
    /// A state machine was restored from a snapshot.
    Restored,
    /// An entry became durable.
    EntryOnDisk,
    /// A truncation or a snapshot became durable.
    CutOnDisk,
    /// A leader's account of a follower.
    Account,
    /// Entries or a snapshot were delivered.
    Replication,
}
