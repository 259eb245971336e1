//! Each ending of an election on made-up runs.

use std::time::Duration;

use splitvote_peer::PeerId;

use super::*;
use crate::script::Script;

fn outcome(run: &Script, term: Term) -> Outcome {
    run.judge.ledger().election(term).expect("somebody stood").outcome()
}

fn line(run: &Script, term: Term) -> String {
    run.judge.ledger().election(term).expect("somebody stood").to_string()
}

/// S1 and S2 of four stand in term 4, the second 4.1 ms later; each gets one more vote.
fn divided(first_request_arrives: bool) -> Script {
    let mut run = Script::new(4);
    run.at(1_203_441).stand(1, 4).ask(1, 0).ask(1, 2).ask(1, 3);
    run.at(1_206_000).hear(1, 3, 4).grant(3, 1, 4);
    run.at(1_207_541).stand(2, 4).ask(2, 0).ask(2, 1).ask(2, 3);
    run.at(1_209_000).hear(2, 0, 4).grant(0, 2, 4);
    if first_request_arrives {
        run.at(1_210_641).hear(1, 2, 4).at(1_300_000).hear(1, 2, 4);
    }
    run
}

fn all_move_on(run: &mut Script) {
    run.at(1_500_000).stand(0, 5).follow(1, None, 5).follow(2, None, 5).follow(3, None, 5);
}

#[test]
fn a_leader_ends_an_election_as_won() {
    let mut run = Script::new(3);
    run.at(100_000).stand(0, 1).ask(0, 1).at(112_300).grant(1, 0, 1).take_office(0);
    assert_eq!(outcome(&run, 1), Outcome::Won { leader: PeerId(0) });
    let election = run.judge.ledger().election(1).expect("S0 stood");
    assert_eq!(election.duration(), Some(Duration::from_micros(12_300)));
    assert_eq!(election.votes()[1].sent_at, election.ended_at());
    let expected = "term 1 was won by S0 with the votes of {S0, S1} at 0.112300 s, 12.3 ms after \
                    the first candidate stood";
    assert_eq!(line(&run, 1), expected);
}

#[test]
fn a_split_names_the_gap_and_the_delay() {
    let mut run = divided(true);
    assert_eq!(outcome(&run, 4), Outcome::Open);
    all_move_on(&mut run);
    let expected = "term 4 was split: S1 stood at 1.203441 s (votes of {S1, S3}), S2 stood \
                    4.1 ms later (votes of {S0, S2}) while S1's request needed 7.2 ms to reach it";
    assert_eq!(line(&run, 4), expected);
    let Outcome::Split { cause } = outcome(&run, 4) else { panic!("split") };
    assert_eq!(cause.others[0].gap, Duration::from_micros(4_100));
}

#[test]
fn a_split_says_when_the_request_never_arrived() {
    let mut run = divided(false);
    all_move_on(&mut run);
    assert!(line(&run, 4).ends_with("(votes of {S0, S2}) while S1's request never reached it"));
}

#[test]
fn a_split_of_peers_that_describe_no_request_names_the_gap_alone() {
    let mut run = Script::new(2);
    run.at(1_000).stand(0, 1).at(1_050).stand(1, 1).at(9_000).stand(0, 2).stand(1, 2);
    let expected = "term 1 was split: S0 stood at 0.001000 s (votes of {S0}), S1 stood 50 us \
                    later (votes of {S1})";
    assert_eq!(line(&run, 1), expected);
    assert_eq!(run.judge.ledger().counts(), ElectionCounts { split: 1, open: 1, ..<_>::default() });
}

#[test]
fn a_majority_that_made_no_leader_is_lost() {
    let mut run = Script::new(3);
    run.stand(0, 1).ask(0, 1).grant(1, 0, 1).stand(2, 1).at(9_000);
    run.crash(0).stand(1, 2).stand(2, 2);
    assert_eq!(outcome(&run, 1), Outcome::Lost { candidate: PeerId(0) });
    let expected = "term 1 was lost: {S0, S1} voted for S0, which never took office";
    assert_eq!(line(&run, 1), expected);
}

#[test]
fn a_candidate_alone_without_a_majority_starved() {
    let mut run = Script::new(3);
    run.at(1_000).stand(0, 1).at(9_000).stand(0, 2);
    assert_eq!(outcome(&run, 1), Outcome::Open, "the others are still below");
    run.follow(1, None, 2).follow(2, None, 2);
    assert_eq!(outcome(&run, 1), Outcome::Starved);
    let expected = "term 1 starved: S0 stood at 0.001000 s (votes of {S0}), too few of 3";
    assert_eq!(line(&run, 1), expected);
}

#[test]
fn an_election_is_open_while_a_live_peer_may_take_part() {
    let mut run = Script::new(3);
    run.at(1_000).stand(0, 1).stand(0, 2).follow(1, None, 2).finish();
    assert_eq!(line(&run, 1), "term 1 is open: S0 stood at 0.001000 s (votes of {S0})");
    run.crash(2);
    assert_eq!(outcome(&run, 1), Outcome::Starved, "the dead take no part");
    assert_eq!(run.judge.ledger().counts().open, 1, "term 2 goes on");
}

#[test]
fn nothing_ends_while_no_peer_lives() {
    let mut run = Script::new(2);
    run.stand(0, 1).crash(0).crash(1).finish();
    assert_eq!(outcome(&run, 1), Outcome::Open);
}

#[test]
fn a_peer_that_returns_from_the_past_may_still_win() {
    let mut run = Script::new(3);
    run.stand(0, 1).ask(0, 1).crash(1).stand(0, 2).follow(2, None, 2);
    assert_eq!(outcome(&run, 1), Outcome::Starved);
    run.crash(0).restart(1).stand(1, 1);
    assert_eq!(outcome(&run, 1), Outcome::Open, "S1 stands in the term after all");
    run.ask(1, 2).follow(1, None, 2);
    let contested = outcome(&run, 1);
    assert!(matches!(contested, Outcome::Split { .. }), "{contested:?}");
    assert_eq!(run.judge.happenings().get(crate::Happening::StarvedElection), 0);
    assert_eq!(run.judge.happenings().get(crate::Happening::SplitVote), 1);
}

/// Every term stays open until the last peer leaves it. Looking at all of them at each change of
/// term would take minutes.
#[test]
fn a_peer_that_lags_does_not_slow_the_books_down() {
    let mut run = Script::new(3);
    for term in 1..=200_000 {
        run.at(term).stand(0, term);
    }
    run.follow(1, None, 200_000);
    assert_eq!(run.judge.ledger().counts().open, 200_000);
    run.follow(2, None, 150_000);
    let counts = run.judge.ledger().counts();
    assert_eq!((counts.starved, counts.open), (149_999, 50_001));
    run.elect(2, 200_001, &[0, 1, 2]).follow(0, Some(2), 200_001).follow(1, Some(2), 200_001);
    let counts = run.judge.ledger().counts();
    assert_eq!((counts.starved, counts.won, counts.open), (200_000, 1, 0));
}
