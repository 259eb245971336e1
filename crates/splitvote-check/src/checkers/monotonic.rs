//! Terms and votes never go back.
//!
//! # Paper
//! Section 5.1: "Each server stores a current term number, which increases monotonically over
//! time." Figure 2: `currentTerm` and `votedFor` are persistent state.
//!
//! # Checks
//! Within a life: the term never decreases, and a vote cast in the current term is not withdrawn.
//! At a restart: the term is not below the one on the disk, and if it is the same term, the vote
//! on the disk is still there.
//!
//! 1. Suppose S3 votes for S1 in term 4, and S1 wins.
//! 2. S1's heartbeat makes S3 clear its vote: it "converts to follower".
//! 3. A delayed request of S2 for term 4 would now be granted. The withdrawal is the fault, even
//!    if no such request ever comes.
//!
//! # Does not check
//! A term or a vote that was in memory only when the peer crashed, or that its disk has lost without
//! telling: losing it is legal. A vote
//! that changes from one candidate to another: that is one-vote's. Raft's other monotonic
//! quantities, such as the commit index.
//!
//! # Standing
//! Guarantee for terms: a peer that goes back grants, leads and appends in a term in which it did so
//! before. Practice for votes: what follows from a withdrawn or forgotten vote is a second grant in
//! one term, and one-vote sees that. A correct Raft that clears its vote when it hears the leader, or
//! that notes there whom it follows, would be accused. A Raft that cannot show its term at its boot
//! says that it is unknown.
//!
//! # Mutants that trip it
//! E1, E2, N3. Not E4, which writes its ballot in two steps: the vote that a crash takes from it was
//! never on its disk, and what is on its disk it takes up again. That is for durable-vote and one-vote.

use super::prelude::*;

pub(super) const RULE: Rule =
    Rule::new("monotonic", "5.1", "A peer's term never decreases and its vote is never withdrawn.");

/// The evidence: a term or a vote that went back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SteppedBack {
    /// The term went down within one life.
    TermDecreased {
        /// The peer whose term it is.
        peer: PeerId,
        /// Before the step.
        from: Term,
        /// After the step.
        to: Term,
    },
    /// The vote was withdrawn within one life and term.
    VoteWithdrawn {
        /// The peer whose vote it is.
        peer: PeerId,
        /// In which term.
        term: Term,
        /// Whom it had voted for.
        candidate: PeerId,
    },
    /// A restart came up below the term on the disk.
    TermForgotten {
        /// The peer that restarted.
        peer: PeerId,
        /// The term on the disk.
        durable: Term,
        /// The term after the boot.
        booted: Term,
    },
    /// A restart came up in the term on the disk without the vote on the disk.
    VoteForgotten {
        /// The peer that restarted.
        peer: PeerId,
        /// The term of both.
        term: Term,
        /// The vote on the disk.
        durable: PeerId,
        /// The vote after the boot.
        booted: Option<PeerId>,
    },
}

pub(super) fn check(ghost: &Ghost, _: SimTime, seen: &Observation) -> Option<SteppedBack> {
    match seen {
        Observation::Changed { peer, before, after } => within_a_life(*peer, before, after),
        Observation::Booted { peer, view, .. } => at_boot(ghost, *peer, view),
        _ => None,
    }
}

fn within_a_life(peer: PeerId, before: &View, after: &View) -> Option<SteppedBack> {
    if !before.shows_term() || !after.shows_term() {
        return None;
    }
    if after.term < before.term {
        return Some(SteppedBack::TermDecreased { peer, from: before.term, to: after.term });
    }
    let candidate = before.voted_for.filter(|_| before.shows_vote() && after.shows_vote())?;
    let is_withdrawn = before.term == after.term && after.voted_for != Some(candidate);
    is_withdrawn.then_some(SteppedBack::VoteWithdrawn { peer, term: after.term, candidate })
}

fn at_boot(ghost: &Ghost, peer: PeerId, view: &View) -> Option<SteppedBack> {
    let (term, vote) = ghost.peer(peer).filter(|peer| !peer.is_excused)?.disk?;
    if !view.shows_term() {
        return None;
    }
    if view.term < term {
        return Some(SteppedBack::TermForgotten { peer, durable: term, booted: view.term });
    }
    let durable = vote.filter(|_| view.shows_vote())?;
    let is_forgotten = view.term == term && view.voted_for != Some(durable);
    let booted = view.voted_for;
    is_forgotten.then_some(SteppedBack::VoteForgotten { peer, term, durable, booted })
}

impl Proof for SteppedBack {
    fn finding(&self) -> Finding {
        let finding = match *self {
            Self::TermDecreased { peer, from: term, .. } => {
                Finding::new("term-decreased", [peer]).leads([Lead::TermEntered(peer, term)])
            }
            Self::VoteWithdrawn { peer: voter, term, candidate } => {
                Finding::new("vote-withdrawn", [voter, candidate])
                    .leads([Lead::Vote(voter, candidate, term)])
                    .of_practice()
            }
            Self::TermForgotten { peer, durable: term, .. } => {
                Finding::new("term-forgotten", [peer]).leads([Lead::TermEntered(peer, term)])
            }
            Self::VoteForgotten { peer: voter, term, durable: candidate, .. } => {
                Finding::new("vote-forgotten", [voter, candidate])
                    .leads([Lead::ForgottenVote(voter, candidate, term)])
                    .of_practice()
            }
        };
        finding.without_comma()
    }

    fn sentence(&self) -> String {
        match self {
            Self::TermDecreased { peer, from, to } => {
                format!("{peer} went back from term {from} to term {to}")
            }
            Self::VoteWithdrawn { peer, term, candidate } => {
                format!("{peer} withdrew its vote for {candidate} within term {term}")
            }
            Self::TermForgotten { peer, durable, booted } => {
                format!("{peer} restarted in term {booted} with term {durable} on its disk")
            }
            Self::VoteForgotten { peer, term, durable, booted: None } => {
                format!("{peer} restarted in term {term} without its durable vote for {durable}")
            }
            Self::VoteForgotten { peer, term, durable, booted: Some(booted) } => format!(
                "{peer} restarted in term {term} with a vote for {booted} in place of its durable \
                 vote for {durable}"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::script::Script;

    fn fires(run: &Script, sentence: &str) {
        assert_eq!(run.verdict(), Some(("monotonic", sentence.to_owned())));
    }

    #[test]
    fn a_term_that_goes_down_fires() {
        let mut run = Script::new(3);
        run.change(2, |view| view.term = 5).change(2, |view| view.term = 4);
        fires(&run, "S2 went back from term 5 to term 4");
    }

    #[test]
    fn a_vote_withdrawn_within_the_term_fires() {
        let mut run = Script::new(3);
        run.stand(1, 4).ask(1, 2).vote_in_memory(2, 1, 4).change(2, |view| view.voted_for = None);
        fires(&run, "S2 withdrew its vote for S1 within term 4");
    }

    #[test]
    fn a_restart_below_the_disk_fires() {
        let mut run = Script::new(3);
        run.durable(2, 4, None).crash(2).restart_with(2, 3, None);
        fires(&run, "S2 restarted in term 3 with term 4 on its disk");
    }

    #[test]
    fn a_restart_without_the_durable_vote_fires() {
        let mut run = Script::new(3);
        run.stand(1, 4).durable(2, 4, Some(1)).crash(2).restart_with(2, 4, None);
        fires(&run, "S2 restarted in term 4 without its durable vote for S1");
    }

    #[test]
    fn what_was_in_memory_only_may_be_lost_and_a_vote_ends_with_its_term() {
        let mut run = Script::new(3);
        run.stand(1, 4).ask(1, 2).durable(2, 3, None).vote_in_memory(2, 1, 4);
        run.crash(2).restart_with(2, 3, None).follow(2, None, 4).follow(2, None, 5);
        run.stand(1, 6).follow(1, None, 7);
        assert_eq!(run.verdict(), None);
    }
}
