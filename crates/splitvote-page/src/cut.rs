//! A run that is too long for a page: its last events, or those from one on, and what holds when the first of them
//! happens.
//!
//! What holds is told by events as well, so that whoever shows a page has one way of reading them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use splitvote::peer::{Durable, EntryId, LogIndex};
use splitvote::sim::Disturbance;
use splitvote::trace::{TraceEvent, What};
use splitvote::{PeerId, SimTime, Trace, View};

use crate::rows::row;
use crate::tables::Tables;

/// The last events of a run.
pub(crate) struct Cut<'a> {
    before: &'a [TraceEvent],
    /// The events that are shown.
    pub(crate) events: &'a [TraceEvent],
    /// How many are not, which were before.
    pub(crate) left_out: usize,
    after: &'a [TraceEvent],
}

impl<'a> Cut<'a> {
    /// At most so many events: the last ones, as a run ends where it fails.
    pub(crate) fn to(trace: &'a Trace, most: usize) -> Self {
        Self::from(trace, usize::MAX, most)
    }

    /// At most so many events: from this one on, if that many follow, else the last ones.
    pub(crate) fn from(trace: &'a Trace, first: usize, most: usize) -> Self {
        let left_out = trace.events.len().saturating_sub(most).min(first);
        let (before, rest) = trace.events.split_at(left_out);
        let (events, after) = rest.split_at(rest.len().min(most));
        Self { before, events, left_out, after }
    }

    /// What is left out, as sentences.
    pub(crate) fn notices(&self) -> Vec<String> {
        let mut notices = Vec::new();
        if let (Some(first), count @ 1..) = (self.events.first(), self.left_out) {
            notices.push(format!(
                "the run is longer than a page: its first {count} events are left out, up to {}",
                first.at
            ));
        }
        if let (Some(next), count @ 1..) = (self.after.first(), self.after.len()) {
            notices.push(format!(
                "the run is longer than a page: its last {count} events are left out, from {} on",
                next.at
            ));
        }
        notices
    }

    /// What holds at the first event that is shown.
    pub(crate) fn base(&self, tables: &mut Tables) -> Vec<Value> {
        let Some(at) = self.before.last().map(|last| last.at) else { return Vec::new() };
        let mut world = World::default();
        self.before.iter().for_each(|event| world.take(&event.what));
        world.told().into_iter().map(|what| row(tables, &TraceEvent { at, what })).collect()
    }
}

/// What holds, as far as events tell.
#[derive(Default)]
struct World {
    peers: BTreeMap<PeerId, Peer>,
    cut: BTreeSet<(PeerId, PeerId)>,
}

struct Peer {
    is_up: bool,
    is_paused: bool,
    boot: u32,
    view: View,
    due: Option<SimTime>,
    log: BTreeMap<LogIndex, EntryId>,
    ballot: Option<Durable>,
    snapshot: Option<Durable>,
    disk: BTreeMap<LogIndex, EntryId>,
}

impl Default for Peer {
    fn default() -> Self {
        let (log, disk) = (BTreeMap::new(), BTreeMap::new());
        Self {
            is_up: false,
            is_paused: false,
            boot: 0,
            view: View::NEW,
            due: None,
            log,
            ballot: None,
            snapshot: None,
            disk,
        }
    }
}

impl World {
    fn take(&mut self, what: &What) {
        match what {
            What::Booted { peer, boot, view } => {
                let peer = self.peer(*peer);
                (peer.is_up, peer.boot, peer.view, peer.due) = (true, *boot, *view, None);
            }
            What::Crashed { peer } => {
                let peer = self.peer(*peer);
                (peer.is_up, peer.is_paused, peer.due) = (false, false, None);
            }
            What::Changed { peer, after, .. } => self.peer(*peer).view = *after,
            What::Armed { peer, due } => self.peer(*peer).due = *due,
            What::Log { peer, from, entries } => {
                let log = &mut self.peer(*peer).log;
                log.split_off(from);
                log.extend((*from..).zip(entries.iter().copied()));
            }
            What::Durable { peer, record } => self.peer(*peer).keep(*record),
            What::Link { from, to, up: true } => _ = self.cut.remove(&(*from, *to)),
            What::Link { from, to, up: false } => _ = self.cut.insert((*from, *to)),
            What::Disturbed { change } => match **change {
                Disturbance::Paused { peer } => self.peer(peer).is_paused = true,
                Disturbance::Resumed { peer } => self.peer(peer).is_paused = false,
                _ => {}
            },
            _ => {}
        }
    }

    fn peer(&mut self, peer: PeerId) -> &mut Peer {
        self.peers.entry(peer).or_default()
    }

    /// Events after which the same holds.
    fn told(self) -> Vec<What> {
        let mut told = Vec::new();
        for (peer, is) in self.peers {
            told.push(What::Booted { peer, boot: is.boot, view: is.view });
            let first = is.view.first;
            let entries: Vec<EntryId> = is.log.range(first..).map(|(_, entry)| *entry).collect();
            told.push(What::Log { peer, from: first, entries });
            told.push(What::Armed { peer, due: is.due });
            let on_disk = is.disk.into_iter().map(|(index, entry)| Durable::Entry { index, entry });
            let records = is.snapshot.into_iter().chain(on_disk).chain(is.ballot);
            told.extend(records.map(|record| What::Durable { peer, record }));
            if !is.is_up {
                told.push(What::Crashed { peer });
            }
            if is.is_paused {
                told.push(What::disturbed(Disturbance::Paused { peer }));
            }
        }
        told.extend(self.cut.into_iter().map(|(from, to)| What::Link { from, to, up: false }));
        told
    }
}

impl Peer {
    fn keep(&mut self, record: Durable) {
        match record {
            Durable::Ballot { .. } => self.ballot = Some(record),
            Durable::Entry { index, entry } => {
                if self.disk.get(&index) != Some(&entry) {
                    self.disk.split_off(&index);
                }
                self.disk.insert(index, entry);
            }
            Durable::Truncated { from } => _ = self.disk.split_off(&from),
            Durable::Snapshot { through } => {
                self.disk = self.disk.split_off(&(through.index + 1));
                self.snapshot = Some(record);
            }
            _ => {}
        }
    }
}
