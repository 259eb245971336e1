//! Syncs that fail, and disks that are full.
//!
//! After a failed sync the disk has written a drawn prefix of what the sync should have covered, and
//! takes all of it for written: no later sync covers the rest (`splitvote_peer::disk`). A prefix, since
//! the disk is a log: whoever reads it stops at the first record that was not written, unless a later
//! sync has completed behind it.

use std::ops::Range;

use splitvote_peer::{DiskError, PeerId};

use crate::chance::{Probability, Seed, Stream, StreamId, scale_word};

/// A sync that was started: what will come of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sync {
    /// All records with a lower number will be durable.
    pub(super) covers: u64,
    /// Draws how much is written if it fails.
    survives: u32,
    /// It makes nothing durable, and does not say so.
    pub(crate) is_lie: bool,
    /// The error with which it fails, if it does.
    pub(crate) error: Option<DiskError>,
}

/// What failed syncs have made of a disk.
#[derive(Clone, Debug)]
pub(super) struct Failing {
    stream: Stream,
    /// The sync that is started after so many others fails.
    pub(super) armed: Option<(u64, DiskError)>,
    is_full: bool,
    /// The first record for which there was no space, until a sync has told of it.
    refused: Option<u64>,
    /// What the failed syncs of this life should have covered, in order.
    taken: Vec<Taken>,
}

/// The records that a failed sync should have covered.
#[derive(Clone, Copy, Debug)]
struct Taken {
    from: u64,
    /// Those from here on were not written.
    lost: u64,
    to: u64,
}

/// What a crash leaves of that over which a later sync has completed.
#[derive(Debug, Default)]
pub(super) struct Holes {
    /// It was written, and nobody has said so.
    pub(super) written: Vec<Range<u64>>,
    /// It was not.
    pub(super) lost: Vec<Range<u64>>,
}

impl Failing {
    pub(super) fn new(seed: Seed, peer: PeerId) -> Self {
        Self {
            stream: Stream::new(seed, StreamId::DiskErrors(peer)),
            armed: None,
            is_full: false,
            refused: None,
            taken: Vec::new(),
        }
    }

    /// Whether there is no space for another record.
    pub(super) fn is_full(&self) -> bool {
        self.is_full
    }

    /// There is no space from now on, or there is again; whether that is news. What waits for space is
    /// written once there is some, if nobody was told that it is lost.
    pub(super) fn set_full(&mut self, is_full: bool) -> bool {
        self.refused = self.refused.filter(|_| is_full);
        std::mem::replace(&mut self.is_full, is_full) != is_full
    }

    /// Whether a sync that is over now fails.
    #[inline]
    pub(super) fn fails(&self, sync: &Sync) -> bool {
        match sync.error {
            None => false,
            Some(DiskError::Io) => true,
            Some(DiskError::NoSpace) => self.refused.is_some_and(|refused| refused < sync.covers),
        }
    }

    /// A record of this number is written.
    #[inline]
    pub(super) fn written(&mut self, number: u64) {
        if self.is_full && self.refused.is_none() {
            self.refused = Some(number);
        }
    }

    /// A sync is started over all records with a number below `end`. Two words, always.
    pub(super) fn sync(&mut self, end: u64, is_lie: bool, failing: Probability) -> Sync {
        let [fails, survives] = self.stream.words();
        let armed = match &mut self.armed {
            None => None,
            Some((0, _)) => self.armed.take().map(|(_, error)| error),
            Some((after, _)) => {
                *after -= 1;
                None
            }
        };
        let refused = self.refused.map(|_| DiskError::NoSpace);
        let drawn = failing.hits(fails).then_some(DiskError::Io);
        let error = refused.or(armed).or(drawn);
        Sync { covers: end, survives, is_lie: is_lie && error.is_none(), error }
    }

    /// A sync has failed; all records below `durable` are durable.
    pub(super) fn failed(&mut self, durable: u64, sync: &Sync) -> DiskError {
        let Sync { covers: to, survives, error, .. } = *sync;
        let from = self.taken.last().map_or(durable, |taken| taken.to.max(durable));
        if from < to {
            let lost = from + scale_word(survives, to - from + 1);
            let lost = self.refused.map_or(lost, |refused| lost.min(refused.max(from)));
            self.taken.push(Taken { from, lost, to });
        }
        self.refused = self.refused.filter(|refused| *refused >= to);
        error.unwrap_or(DiskError::Io)
    }

    /// Whether a sync has failed in this life.
    #[inline]
    pub(super) fn has_failed(&self) -> bool {
        !self.taken.is_empty()
    }

    /// Whether a failed sync should have covered this record.
    #[inline]
    pub(super) fn took(&self, number: u64) -> bool {
        self.taken.iter().rev().take_while(|taken| taken.to > number).any(|t| t.from <= number)
    }

    /// What a crash will find behind the durable records: all below the first number is written, and
    /// none from the second on can be.
    pub(super) fn tail(&self, durable: u64, end: u64) -> (u64, u64) {
        let mut written = durable;
        for taken in self.taken.iter().filter(|taken| taken.from >= durable) {
            written = taken.lost;
            if taken.lost < taken.to {
                return (written, written);
            }
        }
        (written, self.refused.map_or(end, |refused| refused.max(written)))
    }

    /// The power fails, and what was under way or armed is over. A full disk stays full.
    pub(super) fn crash(&mut self, durable: u64) -> Holes {
        (self.armed, self.refused) = (None, None);
        let mut holes = Holes::default();
        for Taken { from, lost, to } in self.taken.drain(..).filter(|taken| taken.to <= durable) {
            holes.written.push(from..lost);
            holes.lost.push(lost..to);
        }
        holes
    }
}
