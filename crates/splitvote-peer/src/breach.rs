//! A breach of the contract between a peer and the harness: what was expected, and what was seen.
//!
//! A breach is no violation of Raft's rules: no rule can be judged of a peer that answers what it was
//! never asked, or whose view contradicts itself. So it is told before all that follows from it.
//! [`crate::Peer`] states the contract.
//!
//! All that is known of a way to break it stands in one entry of the table `breaches!`: its name, what was seen
//! in numbers, the sentence on that, and what the contract demands and is to be done.

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

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { peer, at, cause } = self;
        write!(f, "{peer} broke the contract at {at}: it {cause}; expected: {}", cause.expected())
    }
}

macro_rules! breaches {
    ($(
        $(#[$doc:meta])*
        $cause:ident $name:literal
            $({ $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* })?
            seen: $seen:literal $(with $word:ident = $value:expr)*;
            expected: $expected:literal;
    )*) => {
        /// In which way a peer broke the contract.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        #[non_exhaustive]
        pub enum BreachCause {
            $($(#[$doc])* $cause $({ $($(#[$field_doc])* $field: $kind,)* })?,)*
        }

        impl BreachCause {
            /// A short stable name.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self { $(Self::$cause { .. } => $name,)* }
            }

            /// What the contract demands, and what to do.
            #[must_use]
            pub fn expected(&self) -> &'static str {
                match self { $(Self::$cause { .. } => $expected,)* }
            }
        }

        impl fmt::Display for BreachCause {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$cause $({ $($field),* })? => write!(f, $seen $(, $word = $value)*),)*
                }
            }
        }
    };
}

breaches! {
    /// It replied to a call that was never handed to it, or that it had answered some steps ago.
    RepliedUnasked "replied-unasked" {
        /// The number of the call.
        call: u64,
        /// Who made the call, as the reply states it.
        caller: PeerId,
    }
    seen: "replied to call {call} of {caller}, which it does not owe";
    expected: "a peer replies only to a call that was handed to it by `Input::Request`: keep the `CallId` of that input";

    /// It replied once more to a call than the call was handed to it.
    RepliedAgain "replied-again" {
        /// The number of the call.
        call: u64,
        /// Who made the call.
        caller: PeerId,
    }
    seen: "replied to call {call} of {caller} more often than it was handed to it";
    expected: "a peer replies at most once each time that a call is handed to it: forget the `CallId` once you have replied";

    /// It answered a request that no client made to it.
    AnsweredUnasked "answered-unasked" {
        /// The number of the request.
        request: u64,
    }
    seen: "answered request {request}, which no client made to it";
    expected: "a peer answers only requests that were handed to it by `Input::Propose`; the client waits at the peer that it \
               asked";

    /// It answered a request twice.
    AnsweredAgain "answered-again" {
        /// The number of the request.
        request: u64,
    }
    seen: "answered request {request} twice";
    expected: "a client gets at most one answer: forget the `RequestId` once you have answered";

    /// It accepted a command in a term in which it never was.
    AcceptedAhead "accepted-ahead" {
        /// The number of the request.
        request: u64,
        /// The term that the answer states.
        stated: Term,
        /// The term of its view.
        term: Term,
    }
    seen: "accepted request {request} in term {stated}, but its view is in term {term}";
    expected: "`Accepted` states the term in which the command was taken into the log, which is never above the term of the \
               peer's view";

    /// It accepted a command at an index that its log never reached.
    AcceptedUnheld "accepted-unheld" {
        /// The number of the request.
        request: u64,
        /// The index that the answer states.
        index: LogIndex,
        /// The highest index that its log ever reached.
        furthest: LogIndex,
    }
    seen: "accepted request {request} at index {index}, but its log never reached beyond {furthest}";
    expected: "`Accepted` states where in the log the command was taken: the entry is in the log when the step ends that \
               answers";

    /// It sent a message to a peer that does not exist.
    SentToStranger "sent-to-stranger" {
        /// The number of that peer.
        to: PeerId,
        /// How many peers there are.
        peers: u64,
    }
    seen: "sent a message to {to}, but there are {peers} peers";
    expected: "a peer sends to peers of its cluster: see `Context::others`";

    /// `kind()` of a message that it sent is no place in `KINDS`.
    UnknownKind "unknown-kind" {
        /// What `kind()` answered.
        kind: u64,
        /// How many kinds there are.
        kinds: u64,
    }
    seen: "sent a message whose `kind()` is {kind}, but `KINDS` has {kinds} names, counted from 0";
    expected: "`Message::kind` is a place in `Message::KINDS`";

    /// It names a peer that does not exist.
    NamesStranger "names-stranger" {
        /// Which field names it.
        r#where: Naming,
        /// The number of that peer.
        named: PeerId,
        /// How many peers there are.
        peers: u64,
    }
    seen: "names {named} as {where}, but there are {peers} peers";
    expected: "a peer names peers of its cluster, or none";

    /// The first index of its log is 0.
    FirstIsZero "first-is-zero"
    seen: "says that its log begins at index 0";
    expected: "indexes count from 1: `View::first` of a log without a snapshot is 1";

    /// Its log begins behind its end.
    FirstBeyondLast "first-beyond-last" {
        /// `first` of its view.
        first: LogIndex,
        /// `last.index` of its view.
        last: LogIndex,
    }
    seen: "says that its log begins at index {first} and ends at index {last}";
    expected: "`View::first` is at most `last.index` + 1, which is the first index of an empty log";

    /// Its view changed though it took no step.
    ViewChanged "view-changed" {
        /// What of the view, the first that differs.
        what: ViewPart,
    }
    seen: "shows another {what} than before, without a step in between";
    expected: "`Peer::view` changes only in a step, and answers the same until the next: keep what it shows in the peer, and \
               out of statics, cells and threads";

    /// Its log does not hold an entry that its view says it holds.
    EntryMissing "entry-missing" {
        /// The log index that this is about.
        index: LogIndex,
        /// `first` of its view.
        first: LogIndex,
        /// `last.index` of its view.
        last: LogIndex,
    }
    seen: "does not show entry {index}, but says that its log holds {first} to {last}";
    expected: "`Peer::entry` answers for every index from `View::first` to `last.index`";

    /// It shows an entry that by its view its log does not hold.
    EntryOutside "entry-outside" {
        /// The log index that this is about.
        index: LogIndex,
        /// `first` of its view.
        first: LogIndex,
        /// `last.index` of its view.
        last: LogIndex,
    }
    seen: "shows an entry {index}, but says that its log {held}" with held = held(*first, *last);
    expected: "`Peer::entry` is `None` for every index outside of `View::first` to `last.index`";

    /// The last entry is of another term than its view says.
    LastTermDiffers "last-term-differs" {
        /// The log index that this is about.
        index: LogIndex,
        /// `last.term` of its view.
        stated: Term,
        /// The term of the entry.
        held: Term,
    }
    seen: "says that its last entry, {index}, is of term {stated}, but shows one of term {held}";
    expected: "`last.term` of the view is the term of the last entry";

    /// An entry of its log is another than was seen to enter it, and no change of its view told so.
    EntryChanged "entry-changed" {
        /// The log index that this is about.
        index: LogIndex,
    }
    seen: "holds another entry {index} than was seen to enter its log, though its view did not change";
    expected: "a log changes only in a step, and so that `first` or `last` of the view differ";

    /// Its log claims more entries than anybody can have written.
    LogTooLong "log-too-long" {
        /// How many entries more than before.
        entries: u64,
        /// How many there may be.
        most: u64,
    }
    seen: "says that its log has gained {entries} entries at once; {most} are believed";
    expected: "`first` and `last` of the view span what the log holds: the harness reads all of it";

    /// It asks again and again to be woken at a time that has passed.
    WakesInThePast "wakes-in-the-past" {
        /// How often in a row, at one instant.
        times: u64,
        /// What it asks for.
        asked: LocalTime,
        /// What its clock shows.
        now: LocalTime,
    }
    seen: "asked {times} times in a row to be woken at {alarm} of its clock, which shows {clock}"
        with alarm = SimTime(asked.0) with clock = SimTime(now.0);
    expected: "a peer that is woken moves its timer on: `Peer::next_wake` is the next time, or `None`";

    /// It did too much in one step.
    TooMuchInOneStep "too-much-in-one-step" {
        /// How many messages, syncs and compactions.
        effects: u64,
        /// How many there may be.
        most: u64,
    }
    seen: "sent, synced and compacted {effects} times in one step; {most} times are allowed";
    expected: "a step ends: look for a loop that sends or writes";

    /// Its disk holds more records than fit into memory for a whole cluster.
    DiskTooLarge "disk-too-large" {
        /// How many records.
        records: u64,
        /// How many there may be.
        most: u64,
    }
    seen: "has {records} records on its disk; {most} are allowed";
    expected: "a disk stays small enough to be kept in memory: look for a loop that persists, and let `Context::compact` \
               forget what is not needed";
}

fn held(first: LogIndex, last: LogIndex) -> String {
    if first > last { "is empty".to_owned() } else { format!("holds {first} to {last}") }
}

crate::named! {
    /// Where a peer names another one.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    #[non_exhaustive]
    pub enum Naming {
        /// `voted_for` of its view.
        Vote = "the peer that it voted for",
        /// `leader` of its view.
        Leader = "its leader",
        /// The leader to which it redirects a client.
        Redirect = "the leader to which it redirects a client",
    }
}

crate::named! {
    /// A part of a view.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    #[non_exhaustive]
    pub enum ViewPart {
        /// The field `role`.
        Role = "role",
        /// The field `term`.
        Term = "term",
        /// The field `voted_for`.
        Vote = "vote",
        /// The field `leader`.
        Leader = "leader",
        /// The field `first`.
        First = "first index",
        /// The field `last`.
        Last = "end of its log",
        /// The field `commit`.
        Commit = "commit index",
        /// The field `applied`.
        Applied = "applied index",
        /// Any other part of the view.
        Other = "view",
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
