//! A leader never overwrites or deletes entries of its log; it only appends new ones.
//!
//! # Paper
//! Figure 3: "Leader Append-Only"; section 5.3: entries are created by the leader of their term.
//!
//! # Checks
//! Whenever the log of a peer changes that leads the same term before and after the step: that no
//! entry is gone or another, and that the new entries are of that term. Whenever an entry of that
//! term becomes durable on the leader's disk: that it is the one which the log was seen to hold.
//!
//! Why the disk is asked too:
//!
//! 1. Suppose S0 leads term 3 and its log ends at 7@3, which is on its way.
//! 2. It takes the next command and puts it at 7 again: the log ends at 7@3 as before.
//! 3. Its view has not changed, so that its log is not read. But it writes the new 7@3.
//!
//! 1. Suppose S0 leads term 3 with 7 entries and receives a late AppendEntries of term 2.
//! 2. It compares the entries before it compares the terms, and cuts its log at 5.
//! 3. Entries that S0 itself has counted as replicated are gone, though nobody else errs.
//!
//! # Does not check
//! The step in which a peer takes office: its log is judged as a follower's. Entries that a
//! snapshot replaces. An entry that is replaced by another of its index and term in memory alone.
//!
//! # Standing
//! Guarantee: Leader Append-Only is a property of Figure 3. It might accuse a correct Raft that shows
//! in its log what it has not taken yet, such as proposals that it may still refuse.
//!
//! # Mutants that trip it
//! N15.

use super::prelude::*;

pub(super) const RULE: Rule = Rule::new(
    "leader-append-only",
    "5.3, Figure 3",
    "A leader never overwrites or deletes entries of its log, and appends only entries of its \
     term.",
);

/// The evidence: what a leader did to its log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeaderOverwrote {
    /// Entries are gone, or others stand in their place.
    Removed {
        /// The peer that leads.
        leader: PeerId,
        /// The term that this is about.
        term: Term,
        /// The first entry that is gone.
        from: LogPosition,
        /// Where the log ended.
        last: LogPosition,
    },
    /// An entry was replaced by another of the same index and term.
    Rewrote {
        /// The peer that leads.
        leader: PeerId,
        /// Where both entries stand, and the term that it leads.
        entry: LogPosition,
    },
    /// An entry of another term was appended.
    ForeignTerm {
        /// The peer that leads.
        leader: PeerId,
        /// The term that this is about.
        term: Term,
        /// The entry that this is about.
        entry: LogPosition,
    },
}

/// What a leader writes of its own term is what it holds.
#[inline]
pub(super) fn check(ghost: &Ghost, _: SimTime, seen: &Observation) -> Option<LeaderOverwrote> {
    let &Observation::DurableEntry { peer, index, entry } = seen else { return None };
    let EntryId { term, digest } = entry;
    let ghost = ghost.peer(peer)?;
    let leads = ghost.view.role == Role::Leader && ghost.view.term == term && ghost.is_alive;
    let held = ghost.log.get(index).filter(|_| leads)?.entry;
    let is_another = held.term == term && held.digest != digest;
    let entry = LogPosition { index, term };
    is_another.then_some(LeaderOverwrote::Rewrote { leader: peer, entry })
}

pub(super) fn check_log(ghost: &Ghost, change: &LogChange<'_>) -> Option<LeaderOverwrote> {
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

impl Proof for LeaderOverwrote {
    fn finding(&self) -> Finding {
        let (cause, leader, term, entry) = match *self {
            Self::Removed { leader, term, from, .. } => ("removed", leader, term, from),
            Self::Rewrote { leader, entry } => ("rewrote", leader, entry.term, entry),
            Self::ForeignTerm { leader, term, entry } => ("foreign-term", leader, term, entry),
        };
        Finding::new(cause, [leader])
            .leads([Lead::Office(leader, term), Lead::EntryBefore(leader, entry)])
    }

    fn sentence(&self) -> String {
        match self {
            Self::Removed { leader, term, from, last } => format!(
                "{leader} leads term {term} and removed entries of its own log, which ended at \
                 {last}, from {from} on"
            ),
            Self::Rewrote { leader, entry } => format!(
                "{leader} leads term {} and wrote another {entry} than its log was seen to hold",
                entry.term
            ),
            Self::ForeignTerm { leader, term, entry } => {
                format!("{leader} leads term {term} and appended {entry}, of another term")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use splitvote_peer::{EntryId, PeerId};

    use crate::observation::Observation;
    use crate::script::{Script, entry};

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

    /// The peer's disk holds an entry of term 3 that is not the one of its log.
    fn write_another(run: &mut Script, peer: u8, term: u64) {
        let entry = EntryId { term, ..entry(9, term) };
        run.see(Observation::DurableEntry { peer: PeerId(peer), index: 3, entry });
    }

    #[test]
    fn a_leader_that_writes_another_entry_than_it_holds_fires() {
        let mut run = Script::new(3);
        run.elect(0, 3, &[0, 1]).append(0, &[3, 3, 3]).store(0);
        write_another(&mut run, 0, 3);
        fires(&run, "S0 leads term 3 and wrote another 3@3 than its log was seen to hold");
    }

    #[test]
    fn a_leader_may_still_write_entries_of_older_terms() {
        let mut run = Script::new(3);
        run.elect(0, 3, &[0, 1]).append(0, &[3, 3, 3]);
        write_another(&mut run, 0, 2);
        assert_eq!(run.verdict(), None);
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
