//! What a peer does not show is not judged, and what it does is.

use splitvote_peer::{PeerId, Role, Unknown};

use crate::observation::Observation;
use crate::script::Script;

/// A cluster whose peers do not show this.
fn hiding(what: Unknown, cluster_size: u8) -> Script {
    let mut run = Script::new(usize::from(cluster_size));
    for peer in 0..cluster_size {
        run.change(peer, |view| view.unknown = what);
    }
    run
}

#[test]
fn a_single_voter_may_hide_its_own_vote() {
    let lead = |unknown: Unknown| {
        let mut run = Script::without_disks(1);
        run.change(0, |view| (view.term, view.unknown) = (1, unknown)).take_office(0);
        run.verdict().map(|(name, _)| name)
    };
    assert_eq!(lead(Unknown::VOTE), None);
    assert_eq!(lead(Unknown::NOTHING), Some("real-majority"), "it says that it has not voted");
}

#[test]
fn hidden_votes_are_judged_by_what_is_granted() {
    let mut run = hiding(Unknown::VOTE, 5);
    run.change(0, |view| (view.term, view.role) = (4, Role::Candidate)).durable(0, 4, Some(0));
    run.ask(0, 1).durable(1, 4, Some(0)).tell(1, 0, 4).take_office(0);
    let sentence = "S0 leads term 4 with the votes of {S0, S1} only, 3 of 5 are needed";
    assert_eq!(run.verdict(), Some(("real-majority", sentence.to_owned())));
    let mut run = hiding(Unknown::VOTE, 5);
    for candidate in [0, 2] {
        run.change(candidate, |view| (view.term, view.role) = (4, Role::Candidate));
        run.ask(candidate, 1).durable(1, 4, Some(candidate)).tell(1, candidate, 4);
    }
    assert_eq!(run.verdict().map(|(name, _)| name), Some("one-vote"));
}

#[test]
fn a_vote_that_is_no_longer_shown_is_not_withdrawn() {
    let mut run = Script::new(3);
    run.stand(1, 4).change(1, |view| (view.voted_for, view.unknown) = (None, Unknown::VOTE));
    assert_eq!(run.verdict(), None);
}

#[test]
fn a_term_that_is_not_known_yet_is_no_lower_one() {
    let restarted = |what: Unknown| {
        let mut run = Script::new(3);
        run.stand(0, 4).crash(0);
        run.restart_unknown(0, what);
        run.verdict().map(|(name, _)| name)
    };
    assert_eq!(restarted(Unknown::TERM), None);
    assert_eq!(restarted(Unknown::NOTHING), Some("monotonic"));
    let mut run = hiding(Unknown::TERM, 3);
    let (peer, from, after) = (PeerId(1), PeerId(0), run.view(1));
    run.see(Observation::HigherTermHeard { peer, from, heard: 4, after });
    assert_eq!(run.verdict(), None);
}

#[test]
fn what_is_applied_counts_as_committed_where_the_commit_index_is_hidden() {
    let replicated = |followers: &[u8]| {
        let mut run = Script::new(3);
        run.elect(0, 1, &[0, 1]).append(0, &[1]).replicate(0, followers);
        run.change(0, |view| (view.applied, view.unknown) = (1, Unknown::COMMIT));
        let entry = crate::script::entry(1, 1);
        run.see(Observation::Applied { peer: PeerId(0), index: 1, entry });
        run
    };
    let run = replicated(&[1]);
    assert_eq!((run.verdict(), run.judge.committed()), (None, 1));
    assert_eq!(replicated(&[]).verdict().map(|(name, _)| name), Some("commit-quorum"));
}
