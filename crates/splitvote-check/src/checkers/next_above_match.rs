//! A leader knows what its followers hold: `matchIndex` is true and `nextIndex` lies above it.
//!
//! # Paper
//! Figure 2, volatile state on leaders: `nextIndex[]` and `matchIndex[]`, "index of highest log
//! entry known to be replicated on server".
//!
//! # Checks
//! Whenever a leader has handled a reply: that the nextIndex of that follower is above its
//! matchIndex, that the matchIndex lies within the leader's log, and that the follower's disk
//! holds what the leader's log holds up to the matchIndex. This last is demanded only while the
//! follower is in the leader's term:
//!
//! 1. Suppose S0 leads term 2, and S1 has acknowledged 7@2, which nobody else has.
//! 2. S2 wins term 3 and replaces S1's entry by 7@3. S0, cut off, still accounts 7 to S1.
//! 3. That account is out of date, and harmless: no majority of term 2 is left to commit with it.
//!
//! # Does not check
//! Accounts that a Raft does not give. For a Raft whose records do not tell of entries the logs in
//! memory count. A follower whose disk has lied to it or lost a record untold.
//!
//! # Standing
//! Practice: these are a leader's own notes. If it commits by a wrong one, commit-quorum sees that
//! the disks do not hold it. Accused is a correct Raft that counts what is under way as matched and
//! waits for the answer elsewhere, or that numbers its followers' logs in another way.
//!
//! # Mutants that trip it
//! P1B, R7, N15, R8, R8B and N11 most of all; R2, R10, R11, R12, R14, R14B, R18C, N7, N10, N12,
//! N13, P1, P5, S3, S4, S5B and S12 too, as one fault brings the next.

use super::prelude::*;

pub(super) const RULE: Rule = Rule::new(
    "next-above-match",
    "Figure 2",
    "A leader's nextIndex is above its matchIndex, and the follower's disk agrees up to \
     matchIndex.",
);

/// The evidence: an account that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FalseAccount {
    /// nextIndex is not above matchIndex.
    NotAbove {
        /// The peer that leads.
        leader: PeerId,
        /// Whose account it is.
        follower: PeerId,
        /// The leader's `matchIndex` of the follower.
        matched: LogIndex,
        /// The leader's `nextIndex` of the follower.
        next: LogIndex,
    },
    /// matchIndex lies beyond the leader's own log.
    BeyondLog {
        /// The peer that leads.
        leader: PeerId,
        /// Whose account it is.
        follower: PeerId,
        /// The leader's `matchIndex` of the follower.
        matched: LogIndex,
        /// Where the leader's log ends.
        last: LogPosition,
    },
    /// The follower's disk does not hold it.
    NotHeld {
        /// The peer that leads.
        leader: PeerId,
        /// The term that this is about.
        term: Term,
        /// Whose account it is.
        follower: PeerId,
        /// The leader's entry at `matchIndex`.
        matched: LogPosition,
        /// Where the log on the follower's disk ends.
        durable: LogPosition,
    },
}

pub(super) fn check(ghost: &Ghost, _: SimTime, seen: &Observation) -> Option<FalseAccount> {
    let &Observation::Progress { leader, follower, progress } = seen else { return None };
    let (matched, next) = (progress.matched, progress.next);
    if next <= matched {
        return Some(FalseAccount::NotAbove { leader, follower, matched, next });
    }
    let (leads, follows) = (ghost.peer(leader)?, ghost.peer(follower)?);
    let (term, last) = (leads.view.term, leads.log.last());
    if leads.view.role != Role::Leader || leader == follower {
        return None;
    }
    if matched > last.index {
        return Some(FalseAccount::BeyondLog { leader, follower, matched, last });
    }
    let disk = ghost.durable_log(follows);
    // What a snapshot stands for was committed; the snapshot's own checker sees to it.
    let history = leads.log.history(matched).or_else(|| ghost.committed.history(matched));
    let is_true = disk.covers(matched) || history.is_none_or(|past| disk.holds(matched, past));
    if is_true || follows.view.term != term || follows.is_betrayed() {
        return None;
    }
    let (matched, durable) = (leads.log.position(matched), disk.last());
    Some(FalseAccount::NotHeld { leader, term, follower, matched, durable })
}

impl Proof for FalseAccount {
    fn finding(&self) -> Finding {
        let own = |cause, leader, follower| {
            Finding::new(cause, [leader, follower]).leads([Lead::OwnPast(leader)])
        };
        let finding = match *self {
            Self::NotAbove { leader, follower, .. } => own("not-above", leader, follower),
            Self::BeyondLog { leader, follower, .. } => own("beyond-log", leader, follower),
            Self::NotHeld { leader, term, follower, matched, durable } => {
                Finding::new("not-held", [leader, follower]).leads([
                    Lead::Office(leader, term),
                    Lead::EarlierAccount { leader, follower, matched: matched.index },
                    Lead::Entry(leader, matched),
                    Lead::Entry(follower, durable),
                    Lead::EntryNotOnDisk(follower, matched),
                ])
            }
        };
        finding.of_practice()
    }

    fn sentence(&self) -> String {
        match self {
            Self::NotAbove { leader, follower, matched, next } => format!(
                "{leader} would send {follower} entries from index {next} on next, though it \
                 accounts those up to index {matched} to it"
            ),
            Self::BeyondLog { leader, follower, matched, last } => format!(
                "{leader} accounts the entries up to index {matched} to {follower}, but its own \
                 log ends at {last}"
            ),
            Self::NotHeld { leader, term, follower, matched, durable } => format!(
                "{leader} leads term {term} and accounts its log up to {matched} to {follower}, \
                 whose disk does not hold it; the log there ends at {durable}"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use splitvote_peer::{LogIndex, PeerId, Progress};

    use crate::observation::Observation;
    use crate::script::Script;

    fn account(run: &mut Script, matched: LogIndex, next: LogIndex) {
        let progress = Progress { matched, next };
        let (leader, follower) = (PeerId(0), PeerId(1));
        run.see(Observation::Progress { leader, follower, progress });
    }

    fn fires(run: &Script, sentence: &str) {
        assert_eq!(run.verdict(), Some(("next-above-match", sentence.to_owned())));
    }

    /// S0 leads term 1 with three entries; S1 has two of them, on its disk.
    fn led() -> Script {
        let mut run = Script::new(3);
        run.elect(0, 1, &[0, 1]).append(0, &[1, 1, 1]).hold(1, &[1, 1]).store(1);
        run
    }

    #[test]
    fn next_at_match_fires() {
        let mut run = led();
        account(&mut run, 2, 2);
        let sentence = "S0 would send S1 entries from index 2 on next, though it accounts those up \
                        to index 2 to it";
        fires(&run, sentence);
    }

    #[test]
    fn a_match_beyond_the_leaders_log_fires() {
        let mut run = led();
        account(&mut run, 4, 5);
        let sentence = "S0 accounts the entries up to index 4 to S1, but its own log ends at 3@1";
        fires(&run, sentence);
    }

    #[test]
    fn a_match_that_the_followers_disk_does_not_hold_fires() {
        let mut run = led();
        run.append(1, &[1]);
        account(&mut run, 3, 4);
        let sentence = "S0 leads term 1 and accounts its log up to 3@1 to S1, whose disk does not \
                        hold it; the log there ends at 2@1";
        fires(&run, sentence);
    }

    #[test]
    fn a_follower_that_has_moved_on_to_another_term_may_have_lost_it() {
        let mut run = led();
        account(&mut run, 2, 3);
        account(&mut run, 0, 1);
        run.follow(1, None, 2).hold(1, &[1, 2]).store(1);
        account(&mut run, 2, 3);
        assert_eq!(run.verdict(), None);
    }
}
