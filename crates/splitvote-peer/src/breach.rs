//! A breach of the contract between a peer and the harness: what was expected, and what was seen.
//!
//! A breach is no violation of Raft's rules: no rule can be judged of a peer that answers what it was
//! never asked, or whose view contradicts itself. So it is told before all that follows from it.
//! [`crate::Peer`] states the contract.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::{LogIndex, PeerId, Term};
use crate::time::{LocalTime, SimTime};

/// A breach of the contract. Prints as one sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breach {
    /// Which peer broke the contract.
    pub peer: PeerId,
    /// When it was seen.
    pub at: SimTime,
    /// What was seen.
    pub cause: BreachCause,
}

/// In which way a peer broke the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BreachCause {
    /// It replied to a call that was never handed to it, or that it had answered some steps ago.
    RepliedUnasked {
        /// The number of the call.
        call: u64,
        /// Who made the call, as the reply states it.
        caller: PeerId,
    },
    /// It replied once more to a call than the call was handed to it.
    RepliedAgain {
        /// The number of the call.
        call: u64,
        /// Who made the call.
        caller: PeerId,
    },
    /// It answered a request that no client made to it.
    AnsweredUnasked {
        /// The number of the request.
        request: u64,
    },
    /// It answered a request twice.
    AnsweredAgain {
        /// The number of the request.
        request: u64,
    },
    /// It accepted a command in a term in which it never was.
    AcceptedAhead {
        /// The number of the request.
        request: u64,
        /// The term that the answer states.
        stated: Term,
        /// The term of its view.
        term: Term,
    },
    /// It sent a message to a peer that does not exist.
    SentToStranger {
        /// The number of that peer.
        to: PeerId,
        /// How many peers there are.
        peers: u64,
    },
    /// `kind()` of a message that it sent is no place in `KINDS`.
    UnknownKind {
        /// What `kind()` answered.
        kind: u64,
        /// How many kinds there are.
        kinds: u64,
    },
    /// It names a peer that does not exist.
    NamesStranger {
        /// Where.
        r#where: Naming,
        /// The number of that peer.
        named: PeerId,
        /// How many peers there are.
        peers: u64,
    },
    /// The first index of its log is 0.
    FirstIsZero,
    /// Its log begins behind its end.
    FirstBeyondLast {
        /// `first` of its view.
        first: LogIndex,
        /// `last.index` of its view.
        last: LogIndex,
    },
    /// It counts entries as applied that it never handed to its state machine.
    AppliedUnseen {
        /// `applied` of its view.
        stated: LogIndex,
        /// Up to where it has handed entries over.
        handed: LogIndex,
    },
    /// Its view changed though it took no step.
    ViewChanged {
        /// What of the view, the first that differs.
        what: ViewPart,
    },
    /// Its log does not hold an entry that its view says it holds.
    EntryMissing {
        /// The index.
        index: LogIndex,
        /// `first` of its view.
        first: LogIndex,
        /// `last.index` of its view.
        last: LogIndex,
    },
    /// It shows an entry that by its view its log does not hold.
    EntryOutside {
        /// The index.
        index: LogIndex,
        /// `first` of its view.
        first: LogIndex,
        /// `last.index` of its view.
        last: LogIndex,
    },
    /// The last entry is of another term than its view says.
    LastTermDiffers {
        /// The index.
        index: LogIndex,
        /// `last.term` of its view.
        stated: Term,
        /// The term of the entry.
        held: Term,
    },
    /// An entry of its log is another than was seen to enter it, and no change of its view told so.
    EntryChanged {
        /// The index.
        index: LogIndex,
    },
    /// Its log claims more entries than anybody can have written.
    LogTooLong {
        /// How many entries more than before.
        entries: u64,
        /// How many there may be.
        most: u64,
    },
    /// It asks again and again to be woken at a time that has passed.
    WakesInThePast {
        /// How often in a row, at one instant.
        times: u64,
        /// What it asks for.
        asked: LocalTime,
        /// What its clock shows.
        now: LocalTime,
    },
    /// It did too much in one step.
    TooMuchInOneStep {
        /// How many messages, syncs and compactions.
        effects: u64,
        /// How many there may be.
        most: u64,
    },
    /// Its disk holds more records than fit into memory for a whole cluster.
    DiskTooLarge {
        /// How many records.
        records: u64,
        /// How many there may be.
        most: u64,
    },
}

/// Where a peer names another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Naming {
    /// `voted_for` of its view.
    Vote,
    /// `leader` of its view.
    Leader,
    /// The leader to which it redirects a client.
    Redirect,
}

/// A part of a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ViewPart {
    /// `role`.
    Role,
    /// `term`.
    Term,
    /// `voted_for`.
    Vote,
    /// `leader`.
    Leader,
    /// `first`.
    First,
    /// `last`.
    Last,
    /// `commit`.
    Commit,
    /// `applied`.
    Applied,
    /// Anything else.
    Other,
}

impl BreachCause {
    /// A short stable name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::RepliedUnasked { .. } => "replied-unasked",
            Self::RepliedAgain { .. } => "replied-again",
            Self::AnsweredUnasked { .. } => "answered-unasked",
            Self::AnsweredAgain { .. } => "answered-again",
            Self::AcceptedAhead { .. } => "accepted-ahead",
            Self::SentToStranger { .. } => "sent-to-stranger",
            Self::UnknownKind { .. } => "unknown-kind",
            Self::NamesStranger { .. } => "names-stranger",
            Self::FirstIsZero => "first-is-zero",
            Self::FirstBeyondLast { .. } => "first-beyond-last",
            Self::AppliedUnseen { .. } => "applied-unseen",
            Self::ViewChanged { .. } => "view-changed",
            Self::EntryMissing { .. } => "entry-missing",
            Self::EntryOutside { .. } => "entry-outside",
            Self::LastTermDiffers { .. } => "last-term-differs",
            Self::EntryChanged { .. } => "entry-changed",
            Self::LogTooLong { .. } => "log-too-long",
            Self::WakesInThePast { .. } => "wakes-in-the-past",
            Self::TooMuchInOneStep { .. } => "too-much-in-one-step",
            Self::DiskTooLarge { .. } => "disk-too-large",
        }
    }

    /// What the contract demands, and what to do.
    #[must_use]
    pub fn expected(&self) -> &'static str {
        match self {
            Self::RepliedUnasked { .. } => {
                "a peer replies only to a call that was handed to it by `Input::Request`: keep the \
                 `CallId` of that input"
            }
            Self::RepliedAgain { .. } => {
                "a peer replies at most once each time that a call is handed to it: forget the \
                 `CallId` once you have replied"
            }
            Self::AnsweredUnasked { .. } => {
                "a peer answers only requests that were handed to it by `Input::Propose`; the client \
                 waits at the peer that it asked"
            }
            Self::AnsweredAgain { .. } => {
                "a client gets at most one answer: forget the `RequestId` once you have answered"
            }
            Self::AcceptedAhead { .. } => {
                "`Accepted` states the term in which the command was taken into the log, which is \
                 never above the term of the peer's view"
            }
            Self::SentToStranger { .. } => {
                "a peer sends to peers of its cluster: see `Context::others`"
            }
            Self::UnknownKind { .. } => "`Message::kind` is a place in `Message::KINDS`",
            Self::NamesStranger { .. } => "a peer names peers of its cluster, or none",
            Self::FirstIsZero => {
                "indexes count from 1: `View::first` of a log without a snapshot is 1"
            }
            Self::FirstBeyondLast { .. } => {
                "`View::first` is at most `last.index` + 1, which is the first index of an empty log"
            }
            Self::AppliedUnseen { .. } => {
                "what `View::applied` counts was handed to `Context::applied` in the same step or \
                 before, or is part of what was handed to `Context::restored`"
            }
            Self::ViewChanged { .. } => {
                "`Peer::view` changes only in a step, and answers the same until the next: keep what \
                 it shows in the peer, and out of statics, cells and threads"
            }
            Self::EntryMissing { .. } => {
                "`Peer::entry` answers for every index from `View::first` to `last.index`"
            }
            Self::EntryOutside { .. } => {
                "`Peer::entry` is `None` for every index outside of `View::first` to `last.index`"
            }
            Self::LastTermDiffers { .. } => "`last.term` of the view is the term of the last entry",
            Self::EntryChanged { .. } => {
                "a log changes only in a step, and so that `first` or `last` of the view differ"
            }
            Self::LogTooLong { .. } => {
                "`first` and `last` of the view span what the log holds: the harness reads all of it"
            }
            Self::WakesInThePast { .. } => {
                "a peer that is woken moves its timer on: `Peer::next_wake` is the next time, or \
                 `None`"
            }
            Self::TooMuchInOneStep { .. } => "a step ends: look for a loop that sends or writes",
            Self::DiskTooLarge { .. } => {
                "a disk stays small enough to be kept in memory: look for a loop that persists, and \
                 let `Context::compact` forget what is not needed"
            }
        }
    }
}

impl fmt::Display for BreachCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RepliedUnasked { call, caller } => {
                write!(f, "replied to call {call} of {caller}, which it does not owe")
            }
            Self::RepliedAgain { call, caller } => {
                write!(f, "replied to call {call} of {caller} more often than it was handed to it")
            }
            Self::AnsweredUnasked { request } => {
                write!(f, "answered request {request}, which no client made to it")
            }
            Self::AnsweredAgain { request } => write!(f, "answered request {request} twice"),
            Self::AcceptedAhead { request, stated, term } => {
                write!(
                    f,
                    "accepted request {request} in term {stated}, but its view is in term {term}"
                )
            }
            Self::SentToStranger { to, peers } => {
                write!(f, "sent a message to {to}, but there are {peers} peers")
            }
            Self::UnknownKind { kind, kinds } => write!(
                f,
                "sent a message whose `kind()` is {kind}, but `KINDS` has {kinds} names, counted from 0"
            ),
            Self::NamesStranger { r#where, named, peers } => {
                write!(f, "names {named} as {}, but there are {peers} peers", r#where.words())
            }
            Self::FirstIsZero => f.write_str("says that its log begins at index 0"),
            Self::FirstBeyondLast { first, last } => {
                write!(f, "says that its log begins at index {first} and ends at index {last}")
            }
            Self::AppliedUnseen { stated, handed } => write!(
                f,
                "says that it has applied index {stated}, but its state machine got no further than \
                 index {handed}"
            ),
            Self::ViewChanged { what } => {
                write!(f, "shows another {} than before, without a step in between", what.words())
            }
            Self::EntryMissing { index, first, last } => write!(
                f,
                "does not show entry {index}, but says that its log holds {first} to {last}"
            ),
            Self::EntryOutside { index, first, last } => {
                write!(f, "shows an entry {index}, but says that its log ")?;
                match first > last {
                    true => f.write_str("is empty"),
                    false => write!(f, "holds {first} to {last}"),
                }
            }
            Self::LastTermDiffers { index, stated, held } => write!(
                f,
                "says that its last entry, {index}, is of term {stated}, but shows one of term {held}"
            ),
            Self::EntryChanged { index } => write!(
                f,
                "holds another entry {index} than was seen to enter its log, though its view did not \
                 change"
            ),
            Self::LogTooLong { entries, most } => write!(
                f,
                "says that its log has gained {entries} entries at once; {most} are believed"
            ),
            Self::WakesInThePast { times, asked, now } => write!(
                f,
                "asked {times} times in a row to be woken at {} of its clock, which shows {}",
                SimTime(asked.0),
                SimTime(now.0)
            ),
            Self::TooMuchInOneStep { effects, most } => write!(
                f,
                "sent, synced and compacted {effects} times in one step; {most} times are allowed"
            ),
            Self::DiskTooLarge { records, most } => {
                write!(f, "has {records} records on its disk; {most} are allowed")
            }
        }
    }
}

impl Naming {
    fn words(self) -> &'static str {
        match self {
            Self::Vote => "the peer that it voted for",
            Self::Leader => "its leader",
            Self::Redirect => "the leader to which it redirects a client",
        }
    }
}

impl ViewPart {
    fn words(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Term => "term",
            Self::Vote => "vote",
            Self::Leader => "leader",
            Self::First => "first index",
            Self::Last => "end of its log",
            Self::Commit => "commit index",
            Self::Applied => "applied index",
            Self::Other => "view",
        }
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { peer, at, cause } = self;
        write!(f, "{peer} broke the contract at {at}: it {cause}; expected: {}", cause.expected())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_breach_says_who_when_what_was_seen_and_what_was_expected() {
        let cause = BreachCause::SentToStranger { to: PeerId(200), peers: 3 };
        let breach = Breach { peer: PeerId(1), at: SimTime(1_000_000), cause };
        let text = breach.to_string();
        assert_eq!(
            text,
            "S1 broke the contract at 0.001000 s: it sent a message to S200, but there are 3 peers; \
             expected: a peer sends to peers of its cluster: see `Context::others`"
        );
        let outside = BreachCause::EntryOutside { index: 4, first: 1, last: 0 };
        assert_eq!(outside.to_string(), "shows an entry 4, but says that its log is empty");
    }
}
