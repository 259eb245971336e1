//! A leader never overwrites or deletes entries of its log; it only appends new ones.
//!
//! # Paper
//! Figure 3: "Leader Append-Only"; section 5.3: entries are created by the leader of their term.
//!
//! # Checks
//! Whenever the log of a peer changes that leads the same term before and after the step: that no
//! entry is gone or another, and that the new entries are of that term.
//!
//! 1. Suppose S0 leads term 3 with 7 entries and receives a late AppendEntries of term 2.
//! 2. It compares the entries before it compares the terms, and cuts its log at 5.
//! 3. Entries that S0 itself has counted as replicated are gone, though nobody else errs.
//!
//! # Does not check
//! The step in which a peer takes office: its log is judged as a follower's. Entries that a
//! snapshot replaces.
//!
//! # Mutants that trip it
//! N15.

use std::fmt;

use splitvote_peer::{LogPosition, PeerId, Role, Term};

use crate::ghost::{Ghost, LogChange, Occasion};

/// The evidence: what a leader did to its log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaderOverwrote {
    /// Entries are gone, or others stand in their place.
    Removed {
        /// Who leads.
        leader: PeerId,
        /// Which term.
        term: Term,
        /// The first entry that is gone.
        from: LogPosition,
        /// Where the log ended.
        last: LogPosition,
    },
    /// An entry of another term was appended.
    ForeignTerm {
        /// Who leads.
        leader: PeerId,
        /// Which term.
        term: Term,
        /// The entry.
        entry: LogPosition,
    },
}

pub(super) fn check(ghost: &Ghost, change: &LogChange<'_>) -> Option<LeaderOverwrote> {
    let (before, after) = (change.before, change.after);
    let leads = before.role == Role::Leader && after.role == Role::Leader;
    if !leads || before.term != after.term || change.occasion != Occasion::Step {
        return None;
    }
    let (leader, term) = (change.peer, after.term);
    if let Some((from, last)) = change.removed(&ghost.peer(leader)?.log) {
        return Some(LeaderOverwrote::Removed { leader, term, from, last });
    }
    let foreign = change.entries().find(|(_, held)| held.entry.term != term);
    foreign.map(|(index, held)| {
        let entry = LogPosition { index, term: held.entry.term };
        LeaderOverwrote::ForeignTerm { leader, term, entry }
    })
}

impl fmt::Display for LeaderOverwrote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Removed { leader, term, from, last } => write!(
                f,
                "{leader} leads term {term} and removed entries of its own log, which ended at \
                 {last}, from {from} on"
            ),
            Self::ForeignTerm { leader, term, entry } => {
                write!(f, "{leader} leads term {term} and appended {entry}, of another term")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::script::Script;

    fn fires(run: &Script, sentence: &str) {
        assert_eq!(run.verdict(), Some(("leader-append-only", sentence.to_owned())));
    }

    #[test]
    fn a_leader_that_deletes_entries_fires() {
        let mut run = Script::new(3);
        run.elect(0, 3, &[0, 1]).append(0, &[3, 3, 3]).hold(0, &[3, 3]);
        fires(
            &run,
            "S0 leads term 3 and removed entries of its own log, which ended at 3@3, from 3@3 on",
        );
    }

    #[test]
    fn a_leader_that_overwrites_an_entry_fires() {
        let mut run = Script::new(3);
        run.hold(0, &[1, 2]).elect(0, 3, &[0, 1]).hold(0, &[1, 3, 3]);
        fires(
            &run,
            "S0 leads term 3 and removed entries of its own log, which ended at 2@2, from 2@2 on",
        );
    }

    #[test]
    fn a_leader_that_appends_an_entry_of_an_older_term_fires() {
        let mut run = Script::new(3);
        run.elect(0, 3, &[0, 1]).append(0, &[2]);
        fires(&run, "S0 leads term 3 and appended 1@2, of another term");
    }

    #[test]
    fn a_leader_may_append_and_compact_and_a_deposed_one_may_lose_its_tail() {
        let mut run = Script::new(3);
        run.elect(0, 3, &[0, 1]).append(0, &[3, 3, 3]).replicate(0, &[1]).commit(0, 2);
        run.apply(0, 2).compact(0, 2).append(0, &[3]);
        run.follow(0, None, 4);
        run.hold(0, &[3, 3, 4]);
        assert_eq!(run.verdict(), None);
    }
}
