//! Clauses about disks that fail, about what became durable, and about messages that came late or twice.

use std::time::Duration;

use splitvote::Role;
use splitvote::peer::{Damage, DiskTrouble, Durable, Meaning};
use splitvote::sim::{Disturbance, Fate};
use splitvote::trace::{PacketText, What};

use super::faults::disturbance;
use super::history::Moment;
use super::slice::Slice;

/// A message that took longer than this is late.
const LATE: Duration = Duration::from_millis(100);

impl Slice<'_> {
    /// ` (sent at 0.173115 s, 412 ms before)`, if a message came late or a second time.
    pub(super) fn oddity(&self, received: &PacketText, moment: Moment) -> String {
        let Some(sending) = self.history.sending(received) else { return String::new() };
        let at = self.history.at(moment);
        let sent = self.history.at(sending);
        let is_copy =
            self.history.events(sending).iter().any(|event| {
                matches!(&event.what, What::Sent { packet, fate: Fate::Duplicated(then) }
                if packet.number == received.number && *then == at)
            }) || self.history.arrivals(received).first().is_some_and(|first| *first < moment);
        let delay = at.since(sent);
        let mut words = Vec::new();
        if is_copy {
            words.push("a second copy".to_owned());
        }
        let view = self.history.view_after(received.from, sending);
        let is_led =
            matches!(received.meaning, Meaning::Append { .. } | Meaning::InstallSnapshot { .. });
        if let Some(view) = view.filter(|view| is_led && view.role != Role::Leader) {
            let by = format!("{} was {} of term {}", received.from, view.role, view.term);
            words.push(format!("sent at {sent}, when {by}"));
        } else if delay > LATE {
            words.push(format!("sent at {sent}, {} ms before", delay.as_millis()));
        }
        if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) }
    }
}

/// What goes wrong with a disk in this event, if something does.
pub(super) fn disk_trouble(what: &What) -> Option<DiskTrouble> {
    match disturbance(what)? {
        Disturbance::DiskTrouble { trouble, .. } => Some(trouble),
        _ => None,
    }
}

/// What goes wrong with a peer's disk, as a clause; `None` if nothing is lost.
pub(super) fn trouble(trouble: DiskTrouble) -> Option<String> {
    let words = match trouble {
        DiskTrouble::SyncFailed(error) => {
            return Some(format!("is told that a sync failed: {error}"));
        }
        DiskTrouble::SyncLied => "is told that a sync is complete, which made nothing durable",
        DiskTrouble::Rotten(Damage::Told) => "has a damaged record on its disk",
        DiskTrouble::Rotten(Damage::Untold) => "has lost a record of its disk, and is not told",
        DiskTrouble::Missing => "finds its disk without a record, and is not told",
        DiskTrouble::Stalled => "has a disk that hangs from now on: no sync completes",
        DiskTrouble::Released => "has a disk that hangs no longer",
        DiskTrouble::WillFail { .. } | DiskTrouble::Full | DiskTrouble::Freed => return None,
        DiskTrouble::Mended | DiskTrouble::Stopped => return None,
    };
    Some(words.to_owned())
}

/// What a record says, as a clause; `None` if it says nothing.
pub(super) fn durable(record: Durable) -> Option<String> {
    Some(match record {
        Durable::Ballot { term, voted_for: Some(candidate) } => {
            format!("has its vote for {candidate} in term {term} on its disk")
        }
        Durable::Ballot { term, voted_for: None } => format!("has term {term} on its disk"),
        Durable::Entry { index, entry } => format!("has {index}@{} on its disk", entry.term),
        Durable::Truncated { from } => {
            format!("has nothing from index {from} on on its disk any more")
        }
        Durable::Snapshot { through } => format!("has a snapshot through {through} on its disk"),
        Durable::Other => return None,
    })
}

/// How much a record says of what a sync completed.
pub(super) fn weight(record: &Durable) -> u8 {
    match record {
        Durable::Snapshot { .. } => 4,
        Durable::Entry { .. } => 3,
        Durable::Truncated { .. } => 2,
        Durable::Ballot { .. } => 1,
        Durable::Other => 0,
    }
}
