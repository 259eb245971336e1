//! What events tell of, in the words of their sentences.

use std::fmt;

use splitvote_peer::{Durable, EntryId, ProposalAnswer, SimTime, Unknown, View};
use splitvote_sim::{Disturbance, Fate, Waiting};

use super::command::CommandText;
use super::packet::{Direction, PacketText};

impl fmt::Display for PacketText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.direction {
            Direction::Request => "request",
            Direction::Reply => "reply",
            Direction::OneWay => "message",
        };
        let Self { number, from, to, kind, text, .. } = self;
        write!(f, "`{text}` ({kind} {what} {number}, {from} to {to})")
    }
}

/// Seconds to the nanosecond: two runs may differ by one.
pub(super) fn instant(at: SimTime) -> String {
    format!("{at:.9}")
}

pub(super) fn armed(due: Option<SimTime>) -> String {
    due.map_or_else(|| "off".to_owned(), |due| format!("set to {}", instant(due)))
}

pub(super) fn lie(is_lie: bool) -> &'static str {
    if is_lie { " and is a lie" } else { "" }
}

pub(super) fn state(view: &View) -> String {
    let View { role, term, voted_for, leader, first, last, commit, applied, unknown } = view;
    let mut words = format!("{role} T{term}");
    if let Some(candidate) = voted_for {
        words.push_str(&format!(" vote {candidate}"));
    }
    if let Some(leader) = leader {
        words.push_str(&format!(" of {leader}"));
    }
    if unknown.has(Unknown::VOTE) {
        words.push_str(" vote ?");
    }
    if unknown.has(Unknown::TERM) {
        words.push_str(" term ?");
    }
    if unknown.has(Unknown::COMMIT) {
        words.push_str(" commit ?");
    }
    words.push_str(&format!(" log {first} to {last} commit {commit} applied {applied}"));
    words
}

pub(super) fn fate_of(fate: Fate) -> String {
    match fate {
        Fate::Arrives(at) => format!("arrives at {}", instant(at)),
        Fate::Duplicated(at) => format!("is a copy and arrives at {}", instant(at)),
        Fate::Lost => "is lost".to_owned(),
        Fate::Dropped => "is dropped by the scenario".to_owned(),
        Fate::Cut => "meets a cut link".to_owned(),
        Fate::Dead => "finds nobody".to_owned(),
    }
}

pub(super) fn disturbed(what: &Disturbance) -> String {
    what.peer().map_or_else(|| format!("{what:.9}"), |peer| format!("{peer}: {what:.9}"))
}

/// Entries with their terms and payloads; `empty` for none.
pub(super) fn log(entries: &[EntryId]) -> String {
    if entries.is_empty() {
        return "empty".to_owned();
    }
    let words = entries.iter().map(|entry| format!("{:016x}@{}", entry.digest, entry.term));
    words.collect::<Vec<_>>().join(" ")
}

pub(super) fn held(what: Waiting) -> String {
    match what {
        Waiting::Packet { number } => format!("packet {number}"),
        Waiting::Sync { sync } => format!("the end of sync {}", sync.0),
        Waiting::CallFailed { call } => format!("the failure of call {}", call.number),
        Waiting::Proposal { request } => format!("request {}", request.0),
        Waiting::Snapshot { through } => format!("a snapshot through {through}"),
    }
}

pub(super) fn said(command: &CommandText) -> String {
    let CommandText { digest, size, text } = command;
    format!("`{text}` ({size} bytes, payload {digest:016x})")
}

pub(super) fn durable(record: Durable) -> String {
    match record {
        Durable::Ballot { term, voted_for: Some(candidate) } => {
            format!("T{term} and the vote for {candidate}")
        }
        Durable::Ballot { term, voted_for: None } => format!("T{term} and no vote"),
        Durable::Entry { index, entry } => {
            format!("{index}@{} (payload {:016x})", entry.term, entry.digest)
        }
        Durable::Truncated { from } => format!("nothing from {from} on"),
        Durable::Snapshot { through } => format!("a snapshot through {through}"),
        Durable::Other => "a record".to_owned(),
    }
}

pub(super) fn answered(answer: &ProposalAnswer) -> String {
    match answer {
        ProposalAnswer::Accepted { index, term } => format!("accepts a command as {index}@{term}"),
        ProposalAnswer::Redirect { leader: Some(leader) } => format!("sends a client to {leader}"),
        ProposalAnswer::Redirect { leader: None } => "knows no leader for a client".to_owned(),
    }
}
