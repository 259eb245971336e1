//! Durable records that can no longer be read.
//!
//! What a boot finds in their place is the Raft's own to say ([`Record::damaged`]), or, where nothing
//! tells of the damage, nothing at all. Damage can be mended, as from a mirror, until a peer has booted
//! without the record and numbers those behind it anew.

use std::borrow::Cow;
use std::ops::Range;

use splitvote_peer::{Damage, Durable, Record};

use super::Disk;

/// The records among which one is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKind {
    /// All of them, any.
    Any,
    /// Those of terms and votes.
    Ballot,
    /// Those of entries of the log.
    Entry,
    /// Those that end a snapshot.
    Snapshot,
}

/// A durable record of a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordPlace {
    /// Among which it is.
    pub kind: RecordKind,
    /// How many newer ones of that kind there are.
    pub back: u64,
}

impl RecordKind {
    /// Whether a record is one of these; one that is several things at once may be.
    fn holds(self, record: &impl Record) -> bool {
        let mut holds = self == Self::Any;
        record.meanings(|meaning| {
            holds |= match self {
                Self::Any => true,
                Self::Ballot => matches!(meaning, Durable::Ballot { .. }),
                Self::Entry => matches!(meaning, Durable::Entry { .. }),
                Self::Snapshot => matches!(meaning, Durable::Snapshot { .. }),
            };
        });
        holds
    }
}

/// A damaged record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rot {
    number: u64,
    damage: Damage,
    /// It was there once.
    can_be_mended: bool,
}

impl<R: Record> Disk<R> {
    /// A durable record is damaged; false if there is none in that place.
    pub(crate) fn rot(&mut self, place: RecordPlace, damage: Damage) -> bool {
        let durable = self.place(self.durable);
        let is_whole = |number: u64, record: &R| {
            place.kind.holds(record)
                && !self.failing.took(number)
                && self.rot.iter().all(|rot| rot.number != number)
        };
        let numbered = (self.first..).zip(self.records.range(..durable));
        let whole = numbered.filter(|(number, record)| is_whole(*number, record));
        let numbers: Vec<u64> = whole.map(|(number, _)| number).collect();
        let back = usize::try_from(place.back).unwrap_or(usize::MAX);
        let Some(number) = numbers.into_iter().rev().nth(back) else { return false };
        self.rot.push(Rot { number, damage, can_be_mended: true });
        true
    }

    /// Whether any record is damaged.
    #[inline]
    pub(crate) fn is_rotten(&self) -> bool {
        !self.rot.is_empty()
    }

    /// All that was damaged can be read again, but for what was never written. Whether anything was.
    pub(crate) fn mend(&mut self) -> bool {
        let before = self.rot.len();
        self.rot.retain(|rot| !rot.can_be_mended);
        self.rot.len() < before
    }

    /// Whether a boot would find damage that can be mended.
    pub(crate) fn can_be_mended(&self) -> bool {
        self.rot.iter().any(|rot| rot.can_be_mended && rot.number >= self.first)
    }

    /// What was never written and has durable records behind it is damaged.
    pub(super) fn never_written(&mut self, numbers: Range<u64>) {
        let rot = |number| Rot { number, damage: Damage::Told, can_be_mended: false };
        self.rot.extend(numbers.map(rot));
    }

    /// Takes out what is missing and not told of, before a boot; how many records that were.
    pub(crate) fn take_out_missing(&mut self) -> usize {
        let mut missing: Vec<u64> = self
            .rot
            .iter()
            .filter(|rot| rot.damage == Damage::Untold)
            .map(|rot| rot.number)
            .collect();
        missing.retain(|number| *number >= self.first);
        self.rot.retain(|rot| rot.damage == Damage::Told);
        missing.sort_unstable();
        for number in missing.iter().rev() {
            if let Some(record) = self.records.remove(self.place(*number)) {
                self.bytes = self.bytes.wrapping_sub(super::size(&record));
            }
            self.rot.iter_mut().filter(|rot| rot.number > *number).for_each(|rot| rot.number -= 1);
        }
        self.durable = self.end();
        missing.len()
    }

    /// What a boot finds. None if a record is damaged and this Raft cannot look at such.
    pub(crate) fn found(&mut self) -> Option<Cow<'_, [R]>> {
        self.records.make_contiguous();
        let (records, _) = self.records.as_slices();
        if self.rot.is_empty() {
            return Some(Cow::Borrowed(records));
        }
        let mut found = records.to_vec();
        for rot in self.rot.iter().filter(|rot| rot.number >= self.first) {
            if let Some(record) = found.get_mut((rot.number - self.first) as usize) {
                *record = record.damaged()?;
            }
        }
        Some(Cow::Owned(found))
    }
}
