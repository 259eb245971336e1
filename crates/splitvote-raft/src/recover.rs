//! What a restart makes of the records that survived (paper, Figure 2, State; section 7).
//!
//! Everything that was acknowledged is among them, and beside it what never was: records of a
//! write that the power failure cut off, half a snapshot, a record that cannot be read. Nothing of
//! it may be taken for more than it is, and none of it makes the peer give up. What was durable and
//! cannot be read any more does (`Rules::stops_at_damage`).
//!
//! The newest whole snapshot is looked for first, since entries behind it may stand before it:
//! 1. Suppose entries 11 and 12 are written, and then a snapshot through 10.
//! 2. Once it is durable the records before entry 11 are forgotten, and 11 is the first one found.
//! 3. Read in order, 11 would stand behind a gap.

use std::collections::VecDeque;

use splitvote_peer::{LogIndex, Payload, Snapshot};

use crate::chunk::Assembly;
use crate::log::{Entry, LAST_INDEX, Log};
use crate::record::{Ballot, DiskRecord};
use crate::rules::Rules;

/// What a peer boots with.
#[derive(Debug, Default)]
pub(crate) struct Recovered {
    pub(crate) ballot: Ballot,
    pub(crate) snapshot: Option<Snapshot>,
    pub(crate) log: Log,
    /// For each entry of the log, the number of the record that holds it.
    pub(crate) places: VecDeque<u64>,
    /// A record that was durable cannot be read.
    pub(crate) is_damaged: bool,
}

/// What a peer boots with, from the records that survived, oldest first.
pub(crate) fn recover(records: &[DiskRecord], rules: &impl Rules) -> Recovered {
    let snapshot = newest_snapshot(records, rules);
    let base = snapshot.as_ref().map(|snapshot| snapshot.through).unwrap_or_default();
    let log = Log::behind(base);
    let places = VecDeque::with_capacity(log.room());
    let mut found = Recovered { snapshot, log, places, ..Recovered::default() };
    for (number, record) in (0..).zip(records) {
        match record {
            DiskRecord::Ballot { term, voted_for } => {
                found.ballot = Ballot { term: *term, voted_for: *voted_for };
            }
            DiskRecord::Entry { index, term, command } => {
                found.place(*index, Entry { term: *term, command: command.clone() }, number);
            }
            DiskRecord::Deleted { from } => found.delete(*from),
            DiskRecord::Damaged => found.is_damaged = true,
            DiskRecord::SnapshotPart(_) | DiskRecord::SnapshotEnd { .. } | DiskRecord::Torn => {}
        }
    }
    found
}

impl Recovered {
    /// Figure 2, AppendEntries, receiver implementation 3 and 4: the same entry changes nothing,
    /// another one replaces it and all that follow. A gap is not filled.
    fn place(&mut self, index: LogIndex, entry: Entry, number: u64) {
        let is_behind_the_log = index <= self.log.base().index || index > LAST_INDEX;
        if is_behind_the_log || index > self.log.last().index + 1 {
            return;
        }
        if self.log.term_at(index) != Some(entry.term) {
            self.delete(index);
            self.log.append(entry);
            self.places.push_back(number);
        }
    }

    fn delete(&mut self, from: LogIndex) {
        self.log.truncate(from);
        self.places.truncate(self.log.len());
    }
}

/// The whole snapshot that reaches furthest. A part that does not continue the one before it starts
/// another snapshot.
fn newest_snapshot(records: &[DiskRecord], rules: &impl Rules) -> Option<Snapshot> {
    let mut newest: Option<Snapshot> = None;
    let mut parts: Option<(Assembly, usize)> = None;
    let mut close = |parts: Option<(Assembly, usize)>, ended: bool| {
        let Some((assembly, stated)) = parts else { return };
        let is_newest = newest.as_ref().is_none_or(|n| n.through.index <= assembly.through.index);
        let is_possible = assembly.through.index <= LAST_INDEX;
        if is_newest && is_possible && rules.snapshot_is_whole(assembly.bytes.len(), stated, ended)
        {
            newest = Some(assembly.into_snapshot());
        }
    };
    for record in records {
        match record {
            DiskRecord::SnapshotPart(chunk) => {
                let continues = parts
                    .as_mut()
                    .is_some_and(|(known, _)| known.through == chunk.through() && known.add(chunk));
                if !continues {
                    close(parts.take(), false);
                    let mut assembly =
                        Assembly { through: chunk.through(), bytes: Payload::default() };
                    assembly.add(chunk);
                    parts = Some((assembly, usize::MAX));
                }
            }
            DiskRecord::SnapshotEnd { through, length } => {
                let found = parts.take().filter(|(known, _)| known.through == *through);
                let empty = || Assembly { through: *through, bytes: Payload::default() };
                let assembly = found.map_or_else(empty, |(assembly, _)| assembly);
                close(Some((assembly, *length)), true);
            }
            _ => {}
        }
    }
    close(parts, false);
    newest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chunk::Chunk;
    use crate::record::disk_with_log;
    use crate::rules::Paper;
    use splitvote_peer::{Command, LogPosition, Term};

    fn entry(index: LogIndex, term: Term) -> DiskRecord {
        DiskRecord::Entry { index, term, command: Command::new(b"x") }
    }

    fn snapshot(index: LogIndex, term: Term) -> Vec<DiskRecord> {
        let through = LogPosition { index, term };
        let snapshot = Snapshot { through, state: (0..9).collect() };
        let parts = [0, 5].map(|offset| DiskRecord::SnapshotPart(Chunk::of(&snapshot, offset, 5)));
        parts.into_iter().chain([DiskRecord::SnapshotEnd { through, length: 9 }]).collect()
    }

    fn last(records: &[DiskRecord]) -> LogPosition {
        recover(records, &Paper).log.last()
    }

    #[test]
    fn a_state_written_twice_is_recovered_once_wherever_it_is_cut() {
        let once: Vec<_> = snapshot(2, 1).into_iter().chain([entry(3, 1), entry(4, 2)]).collect();
        let twice: Vec<_> = once.iter().chain(&once).cloned().collect();
        for cut in once.len()..=twice.len() {
            let found = recover(&twice[..cut], &Paper);
            assert_eq!(found.log.last(), LogPosition { index: 4, term: 2 }, "cut at {cut}");
            assert_eq!(found.log.first(), 3);
            assert_eq!(found.places.len(), found.log.len());
        }
    }

    #[test]
    fn an_entry_of_another_term_replaces_the_rest() {
        let mut records = disk_with_log(&[1, 1, 1]);
        records.push(entry(2, 4));
        assert_eq!(last(&records), LogPosition { index: 2, term: 4 });
    }

    #[test]
    fn half_a_snapshot_is_none() {
        let mut records = disk_with_log(&[1, 1, 1]);
        records.extend(snapshot(2, 1).into_iter().take(2));
        let found = recover(&records, &Paper);
        assert_eq!((found.snapshot, found.log.first()), (None, 1));
        records.push(DiskRecord::Torn);
        records.extend(snapshot(2, 1));
        assert_eq!(recover(&records, &Paper).log.first(), 3, "written again, and whole");
        let missing: Vec<_> = snapshot(2, 1).into_iter().skip(1).collect();
        assert_eq!(recover(&missing, &Paper).snapshot, None, "its first part is missing");
    }

    #[test]
    fn entries_may_stand_before_the_snapshot_that_they_follow() {
        let mut records = vec![entry(3, 1), entry(4, 1)];
        records.extend(snapshot(2, 1));
        assert_eq!(last(&records), LogPosition { index: 4, term: 1 });
        records.push(DiskRecord::Deleted { from: 2 });
        assert_eq!(last(&records), LogPosition { index: 2, term: 1 }, "what follows is deleted");
    }

    #[test]
    fn the_newest_snapshot_holds_whatever_the_order() {
        let records: Vec<_> = snapshot(9, 2).into_iter().chain(snapshot(4, 1)).collect();
        assert_eq!(last(&records), LogPosition { index: 9, term: 2 });
    }

    #[test]
    fn nonsense_is_skipped() {
        let mut records = vec![entry(0, 1), entry(LogIndex::MAX, 1), entry(2, 1)];
        records.extend([DiskRecord::Torn, DiskRecord::Deleted { from: 0 }, entry(1, 1)]);
        records.extend([DiskRecord::Deleted { from: LogIndex::MAX }, DiskRecord::Torn]);
        records.push(entry(2, 1));
        let through = LogPosition { index: LogIndex::MAX, term: 1 };
        records.push(DiskRecord::SnapshotEnd { through, length: 0 });
        let through = LogPosition { index: 7, term: 1 };
        records.push(DiskRecord::SnapshotEnd { through, length: 3 });
        assert_eq!(last(&records), LogPosition { index: 2, term: 1 });
    }

    #[test]
    fn damage_is_no_tear() {
        let mut records = disk_with_log(&[1, 1]);
        records.push(DiskRecord::Torn);
        assert!(!recover(&records, &Paper).is_damaged, "nothing rests on what was being written");
        records.push(DiskRecord::Damaged);
        assert!(recover(&records, &Paper).is_damaged);
    }
}
