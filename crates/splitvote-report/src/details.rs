//! What is shown only if its topic is asked for: timers, writes and syncs, the entries of logs, commands.

use splitvote::peer::{EntryId, LogIndex};
use splitvote::sim::Waiting;
use splitvote::trace::What;

use crate::event_words::record_words;
use crate::part::{Ink, Part};
use crate::topic::Topic;

/// More entries than this are counted.
const MOST_ENTRIES: usize = 6;

/// An event that is a detail; `None` if it is told otherwise.
pub(crate) fn of(what: &What) -> Option<Part> {
    let (topic, text) = match what {
        What::Woke { .. } => (Topic::Timers, "timer".to_owned()),
        What::Armed { due: Some(due), .. } => {
            let micros = due.0 / 1_000;
            let text = format!("timer at {}.{:06}", micros / 1_000_000, micros % 1_000_000);
            (Topic::Timers, text)
        }
        What::Armed { due: None, .. } => (Topic::Timers, "timer off".to_owned()),
        What::Held { waiting, .. } => (Topic::Faults, format!("waits: {}", held(*waiting))),
        What::Written { record, .. } => (Topic::Disk, format!("write {}", record_words(*record))),
        What::SyncBegun { sync, due, is_lie, .. } => {
            let lie = if *is_lie { ", a lie" } else { "" };
            (Topic::Disk, format!("sync {} until {due}{lie}", sync.0))
        }
        What::SyncDone { sync, .. } => (Topic::Disk, format!("sync {} done", sync.0)),
        What::Log { from, entries, .. } => (Topic::Clients, log(*from, entries)),
        What::Applied { index, entry, .. } => {
            (Topic::Clients, format!("apply {index}@{}", entry.term))
        }
        What::Proposed { request, command, .. } => {
            let text = format!("client's request {}: `{}`", request.0, command.text);
            (Topic::Clients, text)
        }
        _ => return None,
    };
    Some(Part::change(topic, Ink::Dim, text).detail())
}

fn held(waiting: Waiting) -> String {
    match waiting {
        Waiting::Packet { number } => format!("packet {number}"),
        Waiting::Sync { sync } => format!("sync {}", sync.0),
        Waiting::CallFailed { call } => format!("failed call {}", call.number),
        Waiting::Proposal { request } => format!("request {}", request.0),
        Waiting::Snapshot { through } => format!("snapshot {through}"),
    }
}

/// The entries of a log from an index on: `entries 3@2 4@2`, `entries up to 2`.
fn log(from: LogIndex, entries: &[EntryId]) -> String {
    if entries.is_empty() {
        return format!("entries up to {}", from.saturating_sub(1));
    }
    let index = |place: usize| from.saturating_add(place as u64);
    let words = entries
        .iter()
        .take(MOST_ENTRIES)
        .enumerate()
        .map(|(place, entry)| format!("{}@{}", index(place), entry.term));
    let mut text = format!("entries {}", words.collect::<Vec<_>>().join(" "));
    if entries.len() > MOST_ENTRIES {
        text.push_str(&format!(" and {} more", entries.len() - MOST_ENTRIES));
    }
    text
}
