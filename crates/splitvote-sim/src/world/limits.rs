//! When a run counts as endless, or takes too much: its limits, what is counted against them, and what is said then.
//!
//! All is counted in units that are the same everywhere, and nothing by a clock: a run that ends by a limit ends
//! by it on every machine. The loop asks of its limits after each event; whatever else reaches one sets the limit of
//! events to 0, so that the loop has no more to ask.

use serde::{Deserialize, Serialize};
use splitvote_peer::{Peer, PeerId, SimTime};

use super::World;
use super::contract::MOST_RECORDS;
use super::events::Event;
use crate::watcher::Watcher;

/// The work of a look at a world while nothing needs to happen.
pub(super) const WORK_OF_LOOK: u64 = 50;
/// What a client's request takes that is remembered.
pub(super) const BYTES_OF_REQUEST: u64 = 64;

/// When a run counts as endless.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most events of a run.
    pub events: u64,
    /// The most events at one instant.
    pub events_at_one_instant: u64,
    /// The most events that wait at once, 2^24 at most.
    pub events_waiting: u64,
    /// The most changes of term, those of all peers together: whoever judges a run remembers each
    /// term for ever.
    pub changes_of_term: u64,
    /// The most units of work besides events ([`World::spend`]): a unit is about what it takes to look at
    /// one link, some 15 ns.
    pub work: u64,
    /// The most bytes that may be kept of a run: the records on disks with what is remembered of them, the
    /// requests of clients, the events that wait, and what is written down so that it can be repeated.
    pub memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            events: 10_000_000,
            events_at_one_instant: 200_000,
            events_waiting: 1_000_000,
            changes_of_term: 500_000,
            work: 100_000_000,
            memory: 400 << 20,
        }
    }
}

/// Why a run stopped before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Halt {
    /// The watcher asked for it.
    #[error("the watcher stopped the run")]
    Watcher,
    /// A peer broke the contract ([`World::breach`]).
    #[error("a peer broke the contract")]
    Breach,
    /// Time stands still: a peer wants to be woken at one instant again and again.
    #[error(
        "the run does not end: {peer} was woken {times} times in a row at {at}, and wants to be woken at once again"
    )]
    Restless {
        /// The peer whose timer does not move on.
        peer: PeerId,
        /// The instant that never ends.
        at: SimTime,
        /// How often in a row.
        times: u64,
    },
    /// Time stands still: peers keep each other busy without end.
    #[error("the run does not end: {events} events at {at} and still no end in sight")]
    Instant {
        /// The instant that never ends.
        at: SimTime,
        /// The limit that was reached.
        events: u64,
    },
    /// The run has used up its budget of events.
    #[error("the run does not end: its budget of {events} events was used up at {at}")]
    Budget {
        /// When that was.
        at: SimTime,
        /// The limit that was reached.
        events: u64,
    },
    /// Terms go by without end.
    #[error("the run does not end: peers changed their term {changes} times by {at}")]
    Terms {
        /// When that was.
        at: SimTime,
        /// The limit that was reached.
        changes: u64,
    },
    /// The run has used up its budget of work besides events.
    #[error(
        "the run does not end: its budget of {units} units of work besides events was used up at {at}"
    )]
    Work {
        /// When that was.
        at: SimTime,
        /// The limit that was reached.
        units: u64,
    },
    /// More is kept than may be.
    #[error(
        "the run takes too much memory: what is kept of it came to {limit} MiB at {at}, most of it for {peer}, whose disk \
         holds {records} records",
        limit = bytes >> 20
    )]
    Memory {
        /// When that was.
        at: SimTime,
        /// The limit that was reached.
        bytes: u64,
        /// The peer with the most records.
        peer: PeerId,
        /// How many records its disk holds.
        records: u64,
    },
    /// More is kept than may be, most of it so that the run can be repeated.
    #[error(
        "the run takes too much memory: what is kept of it came to {limit} MiB at {at}, most of it for the faults and \
         proposals that are written down, so that it can be repeated",
        limit = bytes >> 20
    )]
    Noted {
        /// When that was.
        at: SimTime,
        /// The limit that was reached.
        bytes: u64,
    },
    /// More happens than can be worked off.
    #[error("the run does not end: {events} events were waiting at {at}, and more came")]
    Overfull {
        /// When that was.
        at: SimTime,
        /// The limit that was reached.
        events: u64,
    },
}

impl<P: Peer, W: Watcher<P>> World<P, W> {
    /// Counts work that is no event: links that are looked at, records that are read back, steps. Once the budget
    /// is used up, the run ends before its next event.
    #[inline]
    pub fn spend(&mut self, units: u64) {
        self.work = self.work.saturating_add(units);
        if self.work >= self.limits.work {
            // The loop asks of its limits anyhow.
            self.limits.events = 0;
        }
    }

    /// Whether the run may go on, for whoever does much to a world without letting events happen.
    ///
    /// # Errors
    /// The limit that was reached.
    pub fn is_within_limits(&self) -> Result<(), Halt> {
        let is_over = self.events >= self.limits.events || self.queue.is_overfull();
        if is_over { Err(self.halt()) } else { Ok(()) }
    }

    /// Counts bytes that are kept. They are counted exactly once there seem to be too many: what is forgotten is not
    /// taken off before.
    #[inline]
    pub(super) fn keep(&mut self, bytes: u64) {
        self.kept = self.kept.saturating_add(bytes);
        if self.kept > self.limits.memory {
            self.count_what_is_kept();
        }
    }

    /// Counts bytes that whoever drives this world keeps of it, and does not forget before its end.
    pub fn note_bytes(&mut self, bytes: u64) {
        self.noted = self.noted.saturating_add(bytes);
        self.keep(bytes);
    }

    #[cold]
    fn count_what_is_kept(&mut self) {
        let records = self.nodes.iter().map(|node| node.disk.records().len() as u64);
        let waiting = (self.queue.len() * size_of::<Event<P::Message>>()) as u64;
        self.kept = records.sum::<u64>() * Self::BYTES_OF_RECORD
            + waiting
            + self.noted
            + self.requests * BYTES_OF_REQUEST;
        if self.kept > self.limits.memory {
            self.limits.events = 0;
        }
    }

    /// What a record takes: on the disk, in the log of its peer, and in what is remembered of both. It counts for so
    /// much that a run is within the usual limit of memory only as long as no disk breaks the contract by its records:
    /// a scenario may ask a correct Raft for that many, and whoever asks is told what to raise.
    pub(super) const BYTES_OF_RECORD: u64 = {
        let (own, least) = (size_of::<P::Record>() as u64 + 96, (400 << 20) / MOST_RECORDS + 1);
        if own > least { own } else { least }
    };

    /// Why the run ends.
    #[cold]
    pub(super) fn halt(&self) -> Halt {
        let at = self.now;
        if self.breach.is_some() {
            Halt::Breach
        } else if self.work >= self.limits.work {
            Halt::Work { at, units: self.limits.work }
        } else if self.kept > self.limits.memory {
            let disks = PeerId::all(self.nodes.len()).zip(&self.nodes);
            let disks = disks.map(|(peer, node)| (node.disk.records().len() as u64, peer));
            let (records, peer) = disks.max().unwrap_or((0, PeerId(0)));
            if self.noted > self.kept / 2 {
                return Halt::Noted { at, bytes: self.limits.memory };
            }
            Halt::Memory { at, bytes: self.limits.memory, peer, records }
        } else if self.queue.is_overfull() {
            Halt::Overfull { at, events: self.queue.room() }
        } else if self.changes_of_term >= self.limits.changes_of_term {
            Halt::Terms { at, changes: self.limits.changes_of_term }
        } else if self.events >= self.limits.events {
            Halt::Budget { at, events: self.limits.events }
        } else if let Some((peer, times)) = self.overdue.of(at, self.limits.events_at_one_instant) {
            Halt::Restless { peer, at, times }
        } else {
            Halt::Instant { at, events: self.limits.events_at_one_instant }
        }
    }
}
