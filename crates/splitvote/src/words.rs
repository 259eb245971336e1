//! An event of a trace in words: `S1 crashes at 0.160000000 s`.
//!
//! Two events that differ read differently, but for what a message does not say of itself.

use std::fmt;

use splitvote_peer::{Durable, EntryId, ProposalAnswer, SimTime, Unknown, View};
use splitvote_sim::{Disturbance, Fate, Waiting};

use crate::trace::{CommandText, Direction, PacketText, TraceEvent, What};

impl fmt::Display for TraceEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.what, instant(self.at))
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Booted { peer, boot, view } => {
                write!(f, "{peer} begins life {boot} as {}", state(view))
            }
            Self::Crashed { peer } => write!(f, "{peer} crashes"),
            Self::Changed { peer, before, after } => {
                write!(f, "{peer} turns from {} to {}", state(before), state(after))
            }
            Self::Woke { peer } => write!(f, "the timer of {peer} goes off"),
            Self::Armed { peer, due: Some(due) } => {
                write!(f, "the timer of {peer} is set to {}", instant(*due))
            }
            Self::Armed { peer, due: None } => write!(f, "the timer of {peer} is off"),
            Self::Log { peer, from, entries } => {
                write!(f, "the log of {peer} is {} from {from} on", log(entries))
            }
            Self::CallFailed { peer, to, call } => {
                write!(f, "{peer} hears that its call {} to {to} has failed", call.number)
            }
            Self::Held { peer, waiting } => write!(f, "{} waits for {peer}", held(*waiting)),
            Self::Written { peer, record } => write!(f, "{peer} writes {}", durable(*record)),
            Self::SyncBegun { peer, sync, due, is_lie } => {
                let lie = if *is_lie { " and is a lie" } else { "" };
                write!(f, "sync {} of {peer} begins, ends at {}{lie},", sync.0, instant(*due))
            }
            Self::SyncDone { peer, sync } => {
                write!(f, "{peer} hears that sync {} is done", sync.0)
            }
            Self::Compacted { peer, keep } => {
                write!(f, "{peer} keeps only the last {keep} records of its disk")
            }
            Self::Applied { peer, index, entry } => {
                write!(f, "{peer} applies {index}@{} (payload {:016x})", entry.term, entry.digest)
            }
            Self::Proposed { peer, request, command } => {
                write!(f, "a client proposes {} to {peer} as request {}", said(command), request.0)
            }
            Self::Sent { packet, fate } => {
                write!(f, "{} sends {}, which {}", packet.from, packet, fate_of(*fate))
            }
            Self::Received { packet } => write!(f, "{} receives {packet}", packet.to),
            Self::Perished { packet, fate } => {
                write!(f, "{} does not receive {packet}, which {}", packet.to, fate_of(*fate))
            }
            Self::Durable { peer, record } => {
                write!(f, "the disk of {peer} holds {}", durable(*record))
            }
            Self::Progress { leader, follower, progress } => write!(
                f,
                "{leader} takes {follower} for matched to {} and sends {} next",
                progress.matched, progress.next
            ),
            Self::Restored { peer, through } => {
                write!(f, "the state machine of {peer} is restored through {through}")
            }
            Self::SnapshotTaken { peer, through } => {
                write!(f, "the state machine of {peer} makes a snapshot through {through}")
            }
            Self::Answered { peer, request, answer } => {
                write!(f, "{peer} {} (request {})", answered(answer), request.0)
            }
            Self::Link { from, to, up } => {
                write!(f, "the link {from}→{to} is {}", if *up { "up" } else { "cut" })
            }
            Self::Disturbed { change } => f.write_str(&disturbed(change)),
            Self::Note { text } => write!(f, "{text}"),
            Self::Step { line, text } => write!(f, "the scenario takes line {line}, {text},"),
            Self::Weather { text } => write!(f, "a storm begins ({text})"),
            Self::Failed { sentence, .. } => write!(f, "the run fails ({sentence})"),
        }
    }
}

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
fn instant(at: SimTime) -> String {
    format!("{}.{:09} s", at.0 / 1_000_000_000, at.0 % 1_000_000_000)
}

fn state(view: &View) -> String {
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

fn fate_of(fate: Fate) -> String {
    match fate {
        Fate::Arrives(at) => format!("arrives at {}", instant(at)),
        Fate::Duplicated(at) => format!("is a copy and arrives at {}", instant(at)),
        Fate::Lost => "is lost".to_owned(),
        Fate::Dropped => "is dropped by a rule".to_owned(),
        Fate::Cut => "meets a cut link".to_owned(),
        Fate::Dead => "finds nobody".to_owned(),
    }
}

fn disturbed(what: &Disturbance) -> String {
    match *what {
        Disturbance::Paused { peer } => format!("{peer} is paused"),
        Disturbance::Resumed { peer } => format!("{peer} resumes"),
        Disturbance::Clogged { from, to, until } => {
            format!("the link {from}→{to} is clogged until {}", instant(until))
        }
        Disturbance::Unclogged { from, to } => format!("the link {from}→{to} is no longer clogged"),
        Disturbance::ClockStepped { peer, by } => format!("the clock of {peer} jumps {by:?} ahead"),
        Disturbance::ClockDrift { peer, ppm } => {
            format!("the clock of {peer} runs {ppm} ppm too fast")
        }
        Disturbance::Delayed { from, to, by } => {
            format!("packets from {from} to {to} take {by:?} longer")
        }
        Disturbance::CrashAtWrite { peer, after } => {
            format!("{peer} will crash after {after} disk operations")
        }
        Disturbance::CrashAtSend { peer, after } => {
            format!("{peer} will crash after {after} messages")
        }
        Disturbance::Disarmed { peer } => format!("the crash of {peer} is called off"),
        Disturbance::ElectionTimeout { peer, is: Some(is) } => {
            format!("the election timeouts of {peer} are {is:?}")
        }
        Disturbance::ElectionTimeout { peer, is: None } => {
            format!("the election timeouts of {peer} are drawn")
        }
        Disturbance::Network { is } => format!("the network is {is:?}"),
        Disturbance::InFlight { is } => format!("packets on their way over a cut link are {is:?}"),
        Disturbance::Disk { is } => format!("the disks are {is:?}"),
        Disturbance::DiskTrouble { peer, trouble } => format!("{peer}: {trouble}"),
    }
}

/// Entries with their terms and payloads; `empty` for none.
fn log(entries: &[EntryId]) -> String {
    if entries.is_empty() {
        return "empty".to_owned();
    }
    let words = entries.iter().map(|entry| format!("{:016x}@{}", entry.digest, entry.term));
    words.collect::<Vec<_>>().join(" ")
}

fn held(what: Waiting) -> String {
    match what {
        Waiting::Packet { number } => format!("packet {number}"),
        Waiting::Sync { sync } => format!("the end of sync {}", sync.0),
        Waiting::CallFailed { call } => format!("the failure of call {}", call.number),
        Waiting::Proposal { request } => format!("request {}", request.0),
        Waiting::Snapshot { through } => format!("a snapshot through {through}"),
    }
}

fn said(command: &CommandText) -> String {
    let CommandText { digest, size, text } = command;
    format!("`{text}` ({size} bytes, payload {digest:016x})")
}

fn durable(record: Durable) -> String {
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

fn answered(answer: &ProposalAnswer) -> String {
    match answer {
        ProposalAnswer::Accepted { index, term } => format!("accepts a command as {index}@{term}"),
        ProposalAnswer::Redirect { leader: Some(leader) } => format!("sends a client to {leader}"),
        ProposalAnswer::Redirect { leader: None } => "knows no leader for a client".to_owned(),
    }
}
