//! The same index and term in two logs: the same entries up to there.
//!
//! # Paper
//! Figure 3: "Log Matching: if two logs contain an entry with the same index and term, then the
//! logs are identical in all entries up through the given index" (section 5.3).
//!
//! # Checks
//! Every entry that enters a log, against all logs that ever were, of peers alive and dead: the
//! same index and term with the same history. Within a log: terms never decrease, there is no gap,
//! it ends as its view says, and what lies behind a snapshot continues the snapshot. At the end of
//! the run: that each log holds what was seen to enter it.
//!
//! 1. Suppose S1 holds 5@2, and S2 holds 5@3; S0 leads term 4 with 5@3 and 6@4.
//! 2. S1 takes 6@4 without asking what precedes it: "a heartbeat is not special".
//! 3. Both logs end at 6@4, and every later check of the logs' ends will succeed. Only the entries
//!    before differ, and S1 will apply 5@2.
//!
//! # Does not check
//! Entries that stand behind a snapshot of which nobody knows what it holds.
//!
//! # Standing
//! Guarantee: Log Matching is a property of Figure 3, and a log that is not what its view says makes
//! every other checker blind. It might accuse a correct Raft whose `entry` and `view` do not tell of
//! the same instant.
//!
//! # Mutants that trip it
//! N10 and N11 most of all; R2, R7, R8, R8B, R14B, N12, N13, P1B, P2, P3, P5, S3, S4, S5B and S12
//! too, as one fault brings the next.

use super::prelude::*;

pub(super) const RULE: Rule = Rule::new(
    "log-matching",
    "5.3, Figure 3",
    "If two logs hold an entry of the same index and term, they are the same up to it.",
);

/// The evidence: a log that contradicts another one, or itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogMismatch {
    /// Two logs hold the same index and term, and are not the same up to there.
    Differ {
        /// Whose log changed.
        peer: PeerId,
        /// In whose log the entry was seen first; `None` if it is committed.
        other: Option<PeerId>,
        /// The entry that this is about.
        entry: LogPosition,
    },
    /// A term is lower than that of the entry before.
    TermDecreases {
        /// The peer whose log it is.
        peer: PeerId,
        /// The entry that this is about.
        entry: LogPosition,
        /// The term of the entry before it.
        previous: Term,
    },
    /// What lies behind a snapshot does not continue what the snapshot stands for.
    BehindSnapshot {
        /// The peer whose log it is.
        peer: PeerId,
        /// What the log held where the snapshot ends.
        held: LogPosition,
        /// What was committed there.
        committed: LogPosition,
    },
    /// The log does not hold what the view says, or that is more than anyone can have written.
    NotHeld {
        /// The peer whose log it is.
        peer: PeerId,
        /// Where the log ends, as the view says.
        last: LogPosition,
        /// Where something is missing or other than it says.
        index: LogIndex,
    },
    /// An entry is not the one that was seen to enter the log.
    Unseen {
        /// The peer whose log it is.
        peer: PeerId,
        /// The entry that it holds now.
        entry: LogPosition,
    },
}

pub(super) fn check_log(ghost: &Ghost, change: &LogChange<'_>) -> Option<LogMismatch> {
    let peer = change.peer;
    let last = change.after.last;
    if let Some(index) = change.flaw {
        return Some(LogMismatch::NotHeld { peer, last, index });
    }
    match change.occasion {
        Occasion::End => unseen(ghost, change),
        Occasion::Boot => within(ghost, change),
        Occasion::Step => behind_snapshot(ghost, change).or_else(|| within(ghost, change)),
    }
}

/// The fresh entries, one by one.
fn within(ghost: &Ghost, change: &LogChange<'_>) -> Option<LogMismatch> {
    let peer = change.peer;
    let mut previous = change.kept.term;
    for (index, held) in change.entries() {
        let term = held.entry.term;
        let entry = LogPosition { index, term };
        if term < previous {
            return Some(LogMismatch::TermDecreases { peer, entry, previous });
        }
        if let Some(other) = ghost.contradiction(index, term, held.history)
            && change.start.is_some()
        {
            return Some(LogMismatch::Differ { peer, other, entry });
        }
        previous = term;
    }
    let last = change.after.last;
    let is_wrong = previous != last.term && !change.fresh.is_empty();
    is_wrong.then_some(LogMismatch::NotHeld { peer, last, index: last.index })
}

/// Figure 13, rules 6 and 7: the log behind a snapshot is kept only if it held the snapshot's last
/// entry.
fn behind_snapshot(ghost: &Ghost, change: &LogChange<'_>) -> Option<LogMismatch> {
    let (floor, log) = (change.floor(), &ghost.peer(change.peer)?.log);
    if floor <= log.base().index || change.kept.index == floor {
        return None;
    }
    let committed = ghost.committed.history(floor)?;
    let differs = log.history(floor).is_some_and(|held| held != committed);
    differs.then(|| LogMismatch::BehindSnapshot {
        peer: change.peer,
        held: log.position(floor),
        committed: ghost.committed.position(floor),
    })
}

/// A log as a whole, against what was seen to enter it.
fn unseen(ghost: &Ghost, change: &LogChange<'_>) -> Option<LogMismatch> {
    let (peer, log) = (change.peer, &ghost.peer(change.peer)?.log);
    let (last, index) = (change.after.last, log.last_index());
    if last.index != index || change.floor() != log.base().index {
        return Some(LogMismatch::NotHeld { peer, last, index });
    }
    let mut entries = change.entries();
    entries.find(|(index, held)| log.get(*index).map(|held| held.entry) != Some(held.entry)).map(
        |(index, held)| {
            let entry = LogPosition { index, term: held.entry.term };
            LogMismatch::Unseen { peer, entry }
        },
    )
}

impl Proof for LogMismatch {
    fn finding(&self) -> Finding {
        let of = |cause, peer, lead: fn(PeerId, LogPosition) -> Lead, entry| {
            Finding::new(cause, [peer]).leads([lead(peer, entry)])
        };
        match *self {
            Self::Differ { peer, other: Some(other), entry } if peer != other => {
                Finding::new("differ", [peer, other])
                    .leads([peer, other].map(|peer| Lead::Entry(peer, entry)))
                    .leads([Lead::FirstDifference([peer, other], entry)])
            }
            Self::Differ { peer, entry, .. } => of("differ", peer, Lead::Entry, entry),
            Self::TermDecreases { peer, entry, .. } => {
                of("term-decreases", peer, Lead::Entry, entry).without_comma()
            }
            Self::BehindSnapshot { peer, held, .. } => {
                of("behind-snapshot", peer, Lead::EntryBefore, held)
            }
            Self::NotHeld { peer, last, .. } => of("not-held", peer, Lead::Entry, last),
            Self::Unseen { peer, entry } => of("unseen", peer, Lead::Entry, entry),
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::Differ { peer, other: Some(other), entry } if peer == other => {
                format!("{peer} holds {entry}, but not as it held it before")
            }
            Self::Differ { peer, other: Some(other), entry } => {
                format!("{peer} and {other} both held {entry}, but not the same log up to it")
            }
            Self::Differ { peer, other: None, entry } => {
                format!("{peer} holds {entry}, but not the log that was committed up to it")
            }
            Self::TermDecreases { peer, entry, previous } => {
                format!("{peer} holds {entry} behind an entry of term {previous}")
            }
            Self::BehindSnapshot { peer, held, committed } => format!(
                "{peer} keeps a log behind {held}, but the snapshot in front of it stands for \
                 {committed}"
            ),
            Self::NotHeld { peer, last, index } => {
                format!("{peer} says that its log ends at {last}, but it does not at index {index}")
            }
            Self::Unseen { peer, entry } => format!(
                "{peer} holds {entry} at the end of the run, but another entry was seen to enter \
                 its log"
            ),
        }
    }
}

#[cfg(test)]
mod tests;
