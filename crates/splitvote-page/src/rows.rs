//! An event as a row: its instant, its kind as a trace names it, and what is special to its kind.

use serde_json::{Value, json};
use splitvote::View;
use splitvote::peer::Durable;
use splitvote::sim::Fate;
use splitvote::trace::{TraceEvent, What};

use crate::tables::Tables;

/// The row of an event.
pub(crate) fn row(tables: &mut Tables, event: &TraceEvent) -> Value {
    let (at, kind) = (event.at, event.what.kind());
    match &event.what {
        What::Booted { peer, boot, view: is } => json!([at, kind, peer, boot, view(is)]),
        What::Crashed { peer } | What::Woke { peer } => json!([at, kind, peer]),
        What::Armed { peer, due } => json!([at, kind, peer, due]),
        What::Changed { peer, after, .. } => json!([at, kind, peer, view(after)]),
        What::Log { peer, from, entries } => {
            let entries: Vec<Value> = entries.iter().map(|entry| tables.entry(*entry)).collect();
            json!([at, kind, peer, from, entries])
        }
        What::Sent { packet, fate: is } | What::Perished { packet, fate: is } => {
            json!([at, kind, tables.packet(packet), fate(*is)])
        }
        What::Received { packet } => json!([at, kind, tables.packet(packet)]),
        What::CallFailed { peer, to, .. } => json!([at, kind, peer, to]),
        What::Held { peer, .. } => json!([at, kind, peer, event.what.to_string()]),
        What::Written { peer, record: is } | What::Durable { peer, record: is } => {
            json!([at, kind, peer, record(tables, is)])
        }
        What::SyncBegun { peer, sync, due, is_lie } => json!([at, kind, peer, sync, due, is_lie]),
        What::SyncDone { peer, sync } => json!([at, kind, peer, sync]),
        What::Compacted { peer, keep } => json!([at, kind, peer, keep]),
        What::Progress { leader, follower, progress } => {
            json!([at, kind, leader, follower, progress.matched, progress.next])
        }
        What::Applied { peer, index, entry } => {
            json!([at, kind, peer, index, tables.entry(*entry)])
        }
        What::Restored { peer, through } | What::SnapshotTaken { peer, through } => {
            json!([at, kind, peer, through.index, through.term])
        }
        What::Proposed { peer, request, command } => {
            json!([at, kind, peer, request, tables.command(command)])
        }
        What::Answered { peer, request, .. } => {
            json!([at, kind, peer, request, event.what.to_string()])
        }
        What::Link { from, to, up } => json!([at, kind, from, to, up]),
        What::Disturbed { change } => {
            json!([at, kind, change.peer(), event.what.to_string(), change])
        }
        What::Note { text } | What::Weather { text } => json!([at, kind, text]),
        What::Step { line, text } => json!([at, kind, text, line]),
        What::Failed { sentence, peers } => json!([at, kind, sentence, peers]),
    }
}

/// A view as the row of its fields, in the order of `View`.
pub(crate) fn view(view: &View) -> Value {
    let View { role, term, voted_for, leader, first, last, commit, applied, unknown } = view;
    json!([role, term, voted_for, leader, first, last.index, last.term, commit, applied, unknown])
}

/// An instant if it arrives, an instant in a list if it is a copy, else why it does not.
fn fate(fate: Fate) -> Value {
    match fate {
        Fate::Arrives(at) => json!(at),
        Fate::Duplicated(at) => json!([at]),
        Fate::Lost => json!("lost"),
        Fate::Dropped => json!("dropped"),
        Fate::Cut => json!("cut"),
        Fate::Dead => json!("dead"),
    }
}

fn record(tables: &mut Tables, record: &Durable) -> Value {
    match record {
        Durable::Ballot { term, voted_for } => json!(["ballot", term, voted_for]),
        Durable::Entry { index, entry } => json!(["entry", index, tables.entry(*entry)]),
        Durable::Truncated { from } => json!(["truncated", from]),
        Durable::Snapshot { through } => json!(["snapshot", through.index, through.term]),
        _ => json!(["other"]),
    }
}
