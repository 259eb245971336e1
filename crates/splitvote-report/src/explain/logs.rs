//! Whose log held which entry, and since when.
//!
//! A trace tells each entry that a log comes to hold, if the Raft shows them. Of one that does not, it tells where
//! the log ends and what an AppendEntries carries: its log is followed from the start, and what a leader sends is
//! what its log held then. A record that becomes durable names its entry, and has the last word.

use std::collections::BTreeMap;

use splitvote::peer::{Durable, LogIndex, LogPosition, Meaning, Term};
use splitvote::trace::What;
use splitvote::{PeerId, Role, View};

use super::carried::Carried;
use super::followed::Followed;
use super::history::{History, Moment};

/// More entries than this no step of a leader appends.
const MOST_GROWN: u64 = 100_000;

/// The logs of all peers, in memory and on disk, at every moment.
#[derive(Default)]
pub(super) struct Logs {
    memory: BTreeMap<PeerId, Followed>,
    disk: BTreeMap<PeerId, Followed>,
    /// The entries that packets carry, by packet.
    carried: BTreeMap<u64, Carried>,
}

impl Logs {
    pub(super) fn of(history: &History<'_>) -> Self {
        let mut logs = Self::default();
        for moment in 0..history.len() {
            logs.follow(history, moment);
        }
        logs
    }

    fn follow(&mut self, history: &History<'_>, moment: Moment) {
        let carried = history.received(moment).and_then(|packet| self.carried.get(&packet.number));
        let carried = carried.cloned().unwrap_or_default();
        let is_told = history.rewritten(moment).is_some();
        for event in history.events(moment) {
            match &event.what {
                What::Log { peer, from, entries } => {
                    let log = self.memory.entry(*peer).or_default();
                    // What a restart tells once more is held since it came.
                    for (index, entry) in (*from..).zip(entries) {
                        if log.now.get(&index).is_some_and(|held| *held != entry.term) {
                            log.cut(moment, index);
                        }
                        log.set(moment, LogPosition { index, term: entry.term });
                    }
                    log.cut(moment, from.saturating_add(entries.len() as u64));
                }
                What::Changed { peer, before, after } if is_told => {
                    self.discard(moment, *peer, before, after);
                }
                What::Booted { peer, view, .. } => self.boot(moment, *peer, view),
                What::Changed { peer, before, after }
                    if (before.last, before.first) != (after.last, after.first) =>
                {
                    self.change(moment, *peer, before, after, &carried);
                }
                What::Durable { peer, record } => self.durable(moment, *peer, *record),
                What::Sent { packet, .. } => {
                    if let Meaning::Append { previous, entries, .. } = packet.meaning
                        && entries > 0
                    {
                        let last = previous.index.saturating_add(entries.into());
                        let log = self.memory.get(&packet.from);
                        let sent =
                            log.map(|log| log.positions(previous.index.saturating_add(1), last));
                        self.carried.insert(packet.number, sent.unwrap_or_default());
                    }
                }
                _ => {}
            }
        }
    }

    fn boot(&mut self, moment: Moment, peer: PeerId, view: &View) {
        let log = self.memory.entry(peer).or_default();
        // Of a disk that tells nothing it is supposed that it kept the log up to where it ends now.
        if let Some(disk) = self.disk.get(&peer) {
            let lost = log.now.iter().find(|(index, term)| disk.now.get(*index) != Some(*term));
            if let Some(from) = lost.map(|(index, _)| *index) {
                log.cut(moment, from);
            }
            for (index, term) in disk.now.range(..=view.last.index) {
                log.set(moment, LogPosition { index: *index, term: *term });
            }
        }
        log.cut(moment, view.last.index.saturating_add(1));
        log.set(moment, view.last);
    }

    fn change(
        &mut self,
        moment: Moment,
        peer: PeerId,
        before: &View,
        after: &View,
        carried: &Carried,
    ) {
        let log = self.memory.entry(peer).or_default();
        for entry in carried.entries().take_while(|entry| entry.index <= after.last.index) {
            if log.now.get(&entry.index).is_some_and(|held| *held != entry.term) {
                log.cut(moment, entry.index);
            }
            log.set(moment, entry);
        }
        // A broken Raft may claim any length.
        let grown = after.last.index.saturating_sub(before.last.index).min(MOST_GROWN);
        if after.role == Role::Leader && carried.len() == 0 {
            for index in (1..=grown).map(|more| before.last.index + more) {
                log.set(moment, LogPosition { index, term: after.term });
            }
        }
        log.cut(moment, after.last.index.saturating_add(1));
        if log.now.get(&after.last.index) != Some(&after.last.term) {
            log.cut(moment, after.last.index);
            log.set(moment, after.last);
        }
        self.discard(moment, peer, before, after);
    }

    /// What a log no longer holds at its front is in a snapshot.
    fn discard(&mut self, moment: Moment, peer: PeerId, before: &View, after: &View) {
        if after.first > before.first {
            self.memory.entry(peer).or_default().based(moment, after.first - 1);
        }
    }

    fn durable(&mut self, moment: Moment, peer: PeerId, record: Durable) {
        let disk = self.disk.entry(peer).or_default();
        match record {
            Durable::Entry { index, entry } => {
                if disk.now.get(&index) != Some(&entry.term) {
                    disk.cut(moment, index);
                }
                disk.set(moment, LogPosition { index, term: entry.term });
            }
            Durable::Truncated { from } => disk.cut(moment, from),
            Durable::Snapshot { through } => {
                let below = self.below(through);
                self.disk.entry(peer).or_default().snapshot(moment, through, &below);
            }
            _ => {}
        }
    }

    /// What precedes an entry, as far as a log tells that holds it: of one index and term there is one such log.
    fn below(&self, entry: LogPosition) -> Carried {
        let holds = |log: &&Followed| log.now.get(&entry.index) == Some(&entry.term);
        let log = self.memory.values().chain(self.disk.values()).find(holds);
        log.map(|log| log.positions(1, entry.index)).unwrap_or_default()
    }

    /// The first entries, up to an index, in which two logs differ at the end of the trace.
    pub(super) fn first_difference(
        &self,
        [one, other]: [PeerId; 2],
        up_to: LogIndex,
    ) -> Option<(LogPosition, LogPosition)> {
        let (one, other) = (self.memory.get(&one)?, self.memory.get(&other)?);
        one.now.range(..=up_to).find_map(|(index, term)| {
            let another = other.now.get(index).filter(|another| *another != term)?;
            let at = |term: &Term| LogPosition { index: *index, term: *term };
            Some((at(term), at(another)))
        })
    }

    /// Since when the peer's log holds an entry, before a moment; `None` if it does not.
    pub(super) fn held(&self, peer: PeerId, entry: LogPosition, before: Moment) -> Option<Moment> {
        self.memory.get(&peer)?.since(entry, before)
    }

    /// Since when the peer's disk holds an entry, before a moment; `None` if it does not.
    pub(super) fn on_disk(
        &self,
        peer: PeerId,
        entry: LogPosition,
        before: Moment,
    ) -> Option<Moment> {
        self.disk.get(&peer)?.since(entry, before)
    }

    /// When a peer's log or disk lost an entry that it held, last before a moment.
    pub(super) fn lost(&self, peer: PeerId, entry: LogPosition, before: Moment) -> Option<Moment> {
        self.memory.get(&peer)?.lost(entry, before)
    }

    /// The entries that a packet carries.
    pub(super) fn carried(&self, packet: u64) -> Option<&Carried> {
        self.carried.get(&packet)
    }

    /// Whether a packet carries an entry.
    pub(super) fn carries(&self, packet: u64, entry: LogPosition) -> bool {
        self.carried.get(&packet).is_some_and(|carried| carried.contains(entry))
    }
}
