//! One vote a peer and term.
//!
//! # Paper
//! Section 5.2: "Each server will vote for at most one candidate in a given term, on a
//! first-come-first-served basis." Checked by itself, because two votes do not always make two
//! leaders.
//!
//! # Checks
//! Whenever a view shows a new vote or a granting reply leaves: that the peer has not voted for
//! another candidate in that term. A vote counts against later ones if it was granted, or durable,
//! or the leader's own; and a vote that was merely seen, as long as that life lasts.
//!
//! 1. Suppose S3 stands in term 4 beside S1 and S2, and S1 wins.
//! 2. S3 hears S1's heartbeat, becomes follower and forgets the vote for itself.
//! 3. S2's delayed request arrives, and S3 grants its vote a second time in term 4.
//!
//! # Does not check
//! A vote that was only in memory when the peer crashed: nobody can have counted it, so the next
//! life may vote anew.
//!
//! # Standing
//! Guarantee where both votes were told to their candidates, or one of them is a leader's own:
//! somebody can count both. Practice where one of them only stands in a view or on a disk: nobody can
//! count what nobody was told, and if it is told later, that grant is judged again. Judged by the
//! field alone, a correct Raft would be accused that notes in `voted_for` whom it follows.
//!
//! # Mutants that trip it
//! E3, E3B and E4 (after a restart); E1, E2 and N3. Where a vote is cleared before it is cast anew,
//! monotonic speaks first.

use super::prelude::*;

pub(super) const RULE: Rule =
    Rule::new("one-vote", "5.2", "A peer votes for at most one candidate in a given term.");

/// The evidence: two votes of one peer in one term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwoVotes {
    /// Who voted twice.
    pub voter: PeerId,
    /// In which term.
    pub term: Term,
    /// Whom it voted for first.
    pub first: PeerId,
    /// When that vote was first seen.
    pub first_at: SimTime,
    /// Whom it voted for as well.
    pub second: PeerId,
    /// When it did.
    pub second_at: SimTime,
    /// Whether both votes were told or counted. Otherwise one of them was noted only: in a view, or on
    /// a disk.
    pub is_told: bool,
}

pub(super) fn check(ghost: &Ghost, at: SimTime, seen: &Observation) -> Option<TwoVotes> {
    let (voter, term, second, is_told) = match seen {
        // Whoever leads has counted itself.
        Observation::Changed { peer, before, after }
            if entered(Role::Leader, before, after)
                && ghost.term(after.term)?.told_vote_for_another(*peer, *peer).is_some() =>
        {
            (*peer, after.term, *peer, true)
        }
        Observation::Changed { peer, before, after } => {
            (*peer, after.term, newly_cast(before, after)?, false)
        }
        Observation::Booted { peer, view, .. } => {
            (*peer, view.term, newly_cast(&View::NEW, view)?, false)
        }
        Observation::VoteGrantSent { voter, candidate, term } => (*voter, *term, *candidate, true),
        _ => return None,
    };
    let cast = ghost.term(term)?;
    let told = cast.told_vote_for_another(voter, second).filter(|_| is_told);
    let bound_to = || cast.binding_vote_for_another(voter, second);
    let is_booting = matches!(seen, Observation::Booted { .. });
    let seen_in_this_life = || {
        let view = &ghost.peer(voter)?.view;
        let first = view.voted_for.filter(|first| view.term == term && *first != second)?;
        cast.find(voter, first).filter(|_| !is_booting)
    };
    let first = told.or_else(bound_to).or_else(seen_in_this_life)?;
    let (first, first_at, is_told) = (first.candidate, first.at, told.is_some());
    Some(TwoVotes { voter, term, first, first_at, second, second_at: at, is_told })
}

impl Proof for TwoVotes {
    fn finding(&self) -> Finding {
        let Self { voter, term, first, second, is_told, .. } = *self;
        Finding::new("two-votes", [voter, first, second])
            .leads([Lead::BothVotes { voter, term, candidates: [first, second] }])
            .of_practice_unless(is_told)
            .with_own_times()
    }

    fn sentence(&self) -> String {
        let Self { voter, term, first, first_at, second, second_at, .. } = self;
        format!(
            "{voter} voted twice in term {term}: for {first} at {first_at}, and for {second} at \
             {second_at}"
        )
    }
}

#[cfg(test)]
mod tests {
    use crate::script::Script;

    #[test]
    fn a_vote_for_another_in_the_same_life_fires() {
        let mut run = Script::new(5);
        run.at(1_000).stand(1, 4).stand(2, 4).vote_in_memory(3, 1, 4);
        run.at(2_000).vote_in_memory(3, 2, 4);
        let sentence = "S3 voted twice in term 4: for S1 at 0.001000 s, and for S2 at 0.002000 s";
        assert_eq!(run.verdict(), Some(("one-vote", sentence.to_owned())));
    }

    #[test]
    fn a_granted_vote_that_a_restart_forgot_fires() {
        let mut run = Script::without_disks(3);
        run.at(1_000).stand(1, 4).stand(2, 4).vote_in_memory(0, 1, 4).tell(0, 1, 4);
        run.at(2_000).crash(0).restart_with(0, 0, None);
        run.at(3_000).vote_in_memory(0, 2, 4);
        let sentence = "S0 voted twice in term 4: for S1 at 0.001000 s, and for S2 at 0.003000 s";
        assert_eq!(run.verdict(), Some(("one-vote", sentence.to_owned())));
    }

    #[test]
    fn a_second_grant_that_no_view_shows_fires() {
        let mut run = Script::without_disks(3);
        run.at(1_000).stand(1, 4).tell(0, 1, 4).at(2_000).tell(0, 2, 4);
        assert_eq!(run.verdict().map(|(name, _)| name), Some("one-vote"));
    }

    #[test]
    fn a_vote_that_nobody_heard_of_is_lost_in_a_crash_legally() {
        let mut run = Script::new(3);
        run.at(1_000).stand(1, 4).stand(2, 4).ask(1, 0).ask(2, 0).vote_in_memory(0, 1, 4);
        run.at(2_000).crash(0).restart_with(0, 0, None);
        run.at(3_000).grant(0, 2, 4).tell(0, 2, 4);
        assert_eq!(run.verdict(), None);
    }

    #[test]
    fn a_grant_repeated_for_the_same_candidate_is_legal() {
        let mut run = Script::new(3);
        run.at(1_000).stand(1, 4).ask(1, 0).grant(0, 1, 4).tell(0, 1, 4);
        run.at(2_000).stand(2, 5).ask(2, 0).grant(0, 2, 5);
        assert_eq!(run.verdict(), None);
    }
}
