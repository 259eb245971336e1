//! A broken rule, with what proves it.

use std::fmt;

use serde::{Deserialize, Serialize};
use splitvote_peer::{PeerId, SimTime};

use crate::checker::Checker;
use crate::checkers::{
    BadSnapshot, CommitAstray, FalseAccount, Forgotten, HastyCommit, LeaderNotRecognised,
    LogMismatch, NoMajority, QuorumUnchecked, SteppedBack, StoodTooEarly, UnduePreVote, UndueVote,
};
use crate::evidence::Evidence;
use crate::patience::Calmed;

/// The first broken rule of a run. Prints as one sentence without a full stop, which says when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// Which rule.
    pub checker: Checker,
    /// When it was seen to be broken.
    pub at: SimTime,
    /// What proves it.
    pub evidence: Evidence,
}

impl Violation {
    pub(crate) fn new(at: SimTime, evidence: Evidence) -> Self {
        Self { checker: evidence.checker(), at, evidence }
    }

    /// The peers that the sentence is about, the accused first.
    #[must_use]
    pub fn peers(&self) -> Vec<PeerId> {
        let two = |one: PeerId, other: PeerId| vec![one, other];
        match self.evidence {
            Evidence::TwoLeaders(e) => two(e.second.leader, e.first.leader),
            Evidence::TwoVotes(e) => vec![e.voter, e.first, e.second],
            Evidence::SteppedBack(
                SteppedBack::TermDecreased { peer, .. } | SteppedBack::TermForgotten { peer, .. },
            ) => vec![peer],
            Evidence::SteppedBack(SteppedBack::VoteWithdrawn { peer, candidate, .. }) => {
                two(peer, candidate)
            }
            Evidence::SteppedBack(SteppedBack::VoteForgotten { peer, durable, .. }) => {
                two(peer, durable)
            }
            Evidence::VolatileVote(e) => two(e.voter, e.candidate),
            Evidence::NoMajority(
                NoMajority::TooFew { leader, .. } | NoMajority::OwnVoteVolatile { leader, .. },
            ) => vec![leader],
            Evidence::UndueVote(
                UndueVote::NeverAsked { voter, candidate, .. }
                | UndueVote::LogBehind { voter, candidate, .. },
            ) => two(voter, candidate),
            Evidence::UndueVote(
                UndueVote::NotStanding { sender, .. } | UndueVote::Overstated { sender, .. },
            ) => vec![sender],
            Evidence::UnduePreVote(
                UnduePreVote::Disturbing { voter, asker, .. }
                | UnduePreVote::LogBehind { voter, asker, .. }
                | UnduePreVote::ByLeader { leader: voter, asker, .. },
            ) => two(voter, asker),
            Evidence::UnduePreVote(
                UnduePreVote::OutOfTurn { asker: peer, .. }
                | UnduePreVote::Unwelcome { candidate: peer, .. },
            ) => vec![peer],
            Evidence::LeaderNotRecognised(
                LeaderNotRecognised::ByLeader { peer, from, .. }
                | LeaderNotRecognised::ByCandidate { peer, from, .. },
            ) => two(peer, from),
            Evidence::FalseLeader(e) => two(e.sender, e.receiver),
            Evidence::HigherTermIgnored(e) => two(e.peer, e.from),
            Evidence::StoodTooEarly(StoodTooEarly { peer, after, .. }) => match after {
                Calmed::ByLeader(other) | Calmed::ByVote(other) => two(peer, other),
                Calmed::ByStanding => vec![peer],
            },
            Evidence::QuorumUnchecked(QuorumUnchecked::OfficeKept { leader, .. }) => vec![leader],
            Evidence::QuorumUnchecked(QuorumUnchecked::LeaderDisturbed {
                voter,
                candidate,
                leader,
                ..
            }) => {
                vec![voter, candidate, leader]
            }
            Evidence::FalseHint(e) => two(e.peer, e.named),
            Evidence::LogMismatch(LogMismatch::Differ { peer, other: Some(other), .. })
                if peer != other =>
            {
                two(peer, other)
            }
            Evidence::FalseAccount(
                FalseAccount::NotAbove { leader, follower, .. }
                | FalseAccount::BeyondLog { leader, follower, .. }
                | FalseAccount::NotHeld { leader, follower, .. },
            ) => two(leader, follower),
            Evidence::HastyCommit(HastyCommit::TooFew { peer, holders, .. })
            | Evidence::Forgotten(Forgotten::Lost { peer, holders, .. }) => {
                std::iter::once(peer).chain(holders.iter().filter(|held| *held != peer)).collect()
            }
            Evidence::LeaderOverwrote(_)
            | Evidence::LogMismatch(_)
            | Evidence::Forgotten(_)
            | Evidence::BadSnapshot(_)
            | Evidence::CommitAstray(_)
            | Evidence::HastyCommit(_)
            | Evidence::IncompleteLeader(_)
            | Evidence::DisorderlyApply(_)
            | Evidence::TwoEntries(_) => self.evidence.accused().into_iter().collect(),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.evidence.fmt(f)?;
        match self.evidence {
            // These two name their own times.
            Evidence::TwoLeaders(_) | Evidence::TwoVotes(_) => Ok(()),
            Evidence::SteppedBack(_)
            | Evidence::HigherTermIgnored(_)
            | Evidence::UndueVote(UndueVote::NotStanding { .. })
            | Evidence::LeaderNotRecognised(LeaderNotRecognised::ByLeader { .. })
            | Evidence::LogMismatch(LogMismatch::TermDecreases { .. })
            | Evidence::BadSnapshot(BadSnapshot::Undecodable { .. })
            | Evidence::CommitAstray(
                CommitAstray::CommitDecreased { .. } | CommitAstray::AppliedDecreased { .. },
            ) => {
                write!(f, " at {}", self.at)
            }
            // A comma sets the time off from the clause at the end.
            Evidence::UnduePreVote(_)
            | Evidence::VolatileVote(_)
            | Evidence::StoodTooEarly(_)
            | Evidence::QuorumUnchecked(_)
            | Evidence::NoMajority(_)
            | Evidence::UndueVote(_)
            | Evidence::FalseLeader(_)
            | Evidence::LeaderNotRecognised(LeaderNotRecognised::ByCandidate { .. })
            | Evidence::FalseHint(_)
            | Evidence::LeaderOverwrote(_)
            | Evidence::LogMismatch(_)
            | Evidence::Forgotten(_)
            | Evidence::BadSnapshot(_)
            | Evidence::CommitAstray(_)
            | Evidence::HastyCommit(_)
            | Evidence::IncompleteLeader(_)
            | Evidence::FalseAccount(_)
            | Evidence::DisorderlyApply(_)
            | Evidence::TwoEntries(_) => write!(f, ", at {}", self.at),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::script::Script;

    fn says(run: &Script, sentence: &str) {
        assert_eq!(run.sentence().as_deref(), Some(sentence));
    }

    #[test]
    fn a_sentence_says_when() {
        let mut run = Script::new(3);
        run.at(211_903).stand(1, 4).ask(1, 2).vote_in_memory(2, 1, 4);
        run.at(211_904).change(2, |view| view.voted_for = None);
        says(&run, "S2 withdrew its vote for S1 within term 4 at 0.211904 s");
    }

    #[test]
    fn the_time_stands_apart_from_a_clause() {
        let mut run = Script::new(4);
        run.at(1_500_000).elect(0, 4, &[0, 1]);
        let sentence = "S0 leads term 4 with the votes of {S0, S1} only, 3 of 4 are needed, at \
                        1.500000 s";
        says(&run, sentence);
    }

    #[test]
    fn evidence_with_times_of_its_own_gets_no_other() {
        let mut run = Script::without_disks(3);
        run.at(1_000).stand(1, 4).tell(0, 1, 4).at(2_000).tell(0, 2, 4);
        says(&run, "S0 voted twice in term 4: for S1 at 0.001000 s, and for S2 at 0.002000 s");
    }
}
