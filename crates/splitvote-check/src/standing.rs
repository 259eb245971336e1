//! What a finding weighs: a broken guarantee ends a run, a departure from practice is counted.
//!
//! A **guarantee** is what every Raft promises in every run. A **practice** is how the paper gets
//! there; a Raft may go another way and still keep every promise. The border is drawn by one question:
//! is there a continuation that breaks a guarantee and that no checker of a guarantee would see? If
//! there is, the finding is a guarantee. Each checker argues it in its head, under "Standing", and
//! names the correct Raft that it might accuse; its evidence says which side it is on.

use serde::{Deserialize, Serialize};
use splitvote_peer::named;

named! {
    /// What a finding weighs.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum Standing {
        /// How the paper reaches its guarantees. A departure from it is counted and is no failure,
        /// unless the run is strict.
        Practice = "practice",
        /// What every Raft promises in every run. Breaking it ends the run.
        Guarantee = "guarantee",
    }
}

#[cfg(test)]
mod tests {
    use splitvote_peer::LogPosition;

    use super::Standing::{Guarantee, Practice};
    use super::*;
    use crate::Checker;
    use crate::script::Script;

    fn found(run: &Script, checker: Checker, standing: Standing) {
        let found = run.judge.violation().map(|found| (found.checker, found.evidence.standing()));
        assert_eq!(found, Some((checker, standing)));
    }

    #[test]
    fn two_votes_break_a_guarantee_once_both_were_told() {
        let mut run = Script::new(5);
        run.stand(1, 4).stand(2, 4).grant(3, 1, 4).vote_in_memory(3, 2, 4);
        found(&run, Checker::OneVote, Practice);
        let mut run = Script::asking(Checker::OneVote, 5);
        run.stand(1, 4).stand(2, 4).grant(3, 1, 4).tell(3, 2, 4);
        found(&run, Checker::OneVote, Guarantee);
        // It was on the disk, and nobody was told.
        let mut run = Script::asking(Checker::OneVote, 5);
        run.stand(1, 4).stand(2, 4).durable(3, 4, Some(1)).tell(3, 2, 4);
        found(&run, Checker::OneVote, Practice);
    }

    #[test]
    fn a_leader_that_gave_its_vote_away_voted_twice() {
        let mut run = Script::asking(Checker::OneVote, 5);
        run.stand(0, 4).tell(0, 1, 4);
        found(&run, Checker::OneVote, Practice);
        let mut run = Script::asking(Checker::OneVote, 5);
        run.change(0, |view| view.term = 4).tell(0, 1, 4).take_office(0);
        found(&run, Checker::OneVote, Guarantee);
    }

    #[test]
    fn a_vote_that_goes_back_is_practice_and_a_term_a_guarantee() {
        let mut run = Script::new(3);
        run.stand(1, 4).change(1, |view| view.voted_for = None);
        found(&run, Checker::Monotonic, Practice);
        let mut run = Script::new(3);
        run.stand(1, 4).change(1, |view| view.term = 3);
        found(&run, Checker::Monotonic, Guarantee);
    }

    #[test]
    fn a_leader_needs_the_votes_that_it_was_told_of() {
        // Views show three votes, one of which was told.
        let mut run = Script::new(5);
        run.stand(0, 4).ask(0, 1).grant(1, 0, 4).ask(0, 2).vote_in_memory(2, 0, 4).take_office(0);
        found(&run, Checker::RealMajority, Guarantee);
        assert!(
            run.sentence().is_some_and(|said| said.contains("with the votes of {S0, S1} only"))
        );
        // A view shows one vote, and it leads with two.
        let mut run = Script::without_disks(3);
        run.change(0, |view| view.term = 4).tell(1, 0, 4).take_office(0);
        found(&run, Checker::RealMajority, Practice);
        let mut run = Script::without_disks(1);
        run.change(0, |view| view.term = 4).take_office(0);
        found(&run, Checker::RealMajority, Practice);
    }

    #[test]
    fn an_own_vote_has_to_be_durable_where_it_is_needed() {
        let led_with = |voters: &[u8]| {
            let mut run = Script::new(3);
            run.stand_in_memory(0, 4).ask(0, 1).ask(0, 2);
            voters.iter().for_each(|voter| _ = run.grant(*voter, 0, 4));
            run.take_office(0);
            run
        };
        found(&led_with(&[1]), Checker::RealMajority, Guarantee);
        found(&led_with(&[1, 2]), Checker::RealMajority, Practice);
    }

    #[test]
    fn an_undue_vote_breaks_a_guarantee_once_it_is_told() {
        let behind = |mut run: Script| {
            run.change(0, |view| view.last = LogPosition { index: 9, term: 2 });
            run.change(1, |view| view.last = LogPosition { index: 1, term: 3 });
            run.stand(0, 4).ask(0, 1).hear(0, 1, 4).vote_in_memory(1, 0, 4);
            run
        };
        found(&behind(Script::new(3)), Checker::ElectionRestriction, Practice);
        // A view that shows no vote, so that the grant is what is seen first.
        let mut run = Script::new(3);
        run.change(1, |view| (view.term, view.last) = (4, LogPosition { index: 1, term: 3 }));
        run.stand(0, 4).ask(0, 1).hear(0, 1, 4).durable(1, 4, Some(0)).tell(1, 0, 4);
        found(&run, Checker::ElectionRestriction, Guarantee);
        // It had no longer log when it was asked.
        let mut run = Script::new(3);
        run.change(1, |view| view.term = 4).stand(0, 4).ask(0, 1).hear(0, 1, 4);
        run.change(1, |view| view.last = LogPosition { index: 1, term: 3 });
        run.durable(1, 4, Some(0)).tell(1, 0, 4);
        assert_eq!(run.verdict(), None);
        let mut run = Script::new(3);
        run.stand(0, 4).follow(0, None, 5).ask(0, 1);
        found(&run, Checker::ElectionRestriction, Practice);
    }

    #[test]
    fn an_old_entry_that_all_hold_may_be_counted() {
        let counted = |followers: &[u8]| {
            let mut run = Script::new(5);
            run.hold(0, &[1, 2]).store(0).elect(0, 4, &[0, 1, 2]).replicate(0, followers);
            run.commit(0, 2);
            run
        };
        found(&counted(&[1, 2]), Checker::CommitQuorum, Guarantee);
        found(&counted(&[1, 2, 3, 4]), Checker::CommitQuorum, Practice);
    }
}
