//! Each mutant of elections misbehaves where the paper does not: the shortest story that tells them apart, told
//! to one peer, S0, with what it does last under the paper's rules and under the mutant's. What is
//! expected is in `behaviour.txt`; a test that fails prints what would stand there now. Take it over
//! only when the cause is understood.

use std::collections::BTreeSet;

use crate::stage::{Event, Event::*, told_with};
use splitvote_peer::{Settings, Term};
use splitvote_raft::Paper;
use splitvote_zoo::{find, mutants};

const NO_LOG: (u64, Term) = (0, 0);

/// Mutant, size of the cluster, log of S0, what happens.
pub(crate) const STORIES: &[(&str, usize, &[Term], &[Event])] = &[
    ("E1", 4, &[], &[Ask(1, 1, NO_LOG), Sync, Beat(1, 1, NO_LOG), Ask(2, 1, NO_LOG), Sync]),
    ("E2", 4, &[], &[Pass(200), Sync, Beat(1, 1, NO_LOG), Ask(2, 1, NO_LOG), Sync]),
    ("E3", 3, &[], &[Ask(1, 1, NO_LOG), Sync, Crash(0), Ask(2, 1, NO_LOG), Sync]),
    ("E3B", 3, &[], &[Ask(1, 1, NO_LOG)]),
    ("E3C", 3, &[], &[Beat(1, 1, NO_LOG)]),
    ("E4", 3, &[], &[Ask(1, 1, NO_LOG), Sync, Crash(0), Ask(2, 1, NO_LOG), Sync]),
    ("E5", 5, &[], &[Pass(200), Sync, Ask(1, 1, NO_LOG), Sync]),
    ("E6", 5, &[], &[Pass(200), Sync, Granted(1, 1), Granted(1, 1)]),
    ("E7", 3, &[], &[Pass(200), Pass(210), Sync, Sync, Granted(1, 1)]),
    ("E8", 3, &[], &[Pass(200), Ask(1, 2, NO_LOG), Sync, Sync, Pass(50)]),
    ("E9", 3, &[], &[Ask(1, 1, NO_LOG), Sync, Ask(1, 1, NO_LOG)]),
    ("E10", 3, &[1, 1, 3], &[Ask(1, 4, (9, 2)), Sync]),
    ("E10B", 3, &[1, 1, 3], &[Ask(1, 4, (9, 2)), Sync]),
    ("E11", 3, &[1, 1, 3], &[Ask(1, 4, (9, 2)), Sync]),
    ("E12", 3, &[], &[Pass(200), Sync, Refused(1, 5)]),
    ("E13", 3, &[], &[Ask(1, 1, NO_LOG), Sync, Ask(2, 2, NO_LOG), Sync]),
    ("E15", 3, &[], &[Beat(1, 3, NO_LOG), Sync, Beat(2, 2, NO_LOG)]),
    ("E16", 3, &[1], &[Pass(100), Ask(1, 2, NO_LOG), Sync]),
    ("E17", 3, &[], &[Pass(100), Ask(1, 2, NO_LOG), Sync]),
    ("E18", 3, &[], &[Pass(100), Beat(1, 1, (3, 1)), Sync]),
    ("E19", 3, &[], &[Pass(100), Beat(1, 1, NO_LOG), Sync]),
    ("E20", 3, &[], &[Pass(410)]),
    ("E21", 3, &[], &[Pass(200), Sync, Beat(1, 1, NO_LOG)]),
    ("E22", 3, &[1, 1], &[PreAsk(1, 1, (3, 1))]),
    ("N1", 3, &[], &[Pass(200), Sync]),
    ("N2", 4, &[], &[Pass(200), Sync, Granted(1, 1)]),
    ("N3", 3, &[1], &[Pass(200)]),
    ("N4", 5, &[], &[Pass(200), Sync]),
    ("N5", 3, &[], &[Ask(1, 1, NO_LOG), Sync]),
    ("N6", 3, &[], &[Ask(1, 5, NO_LOG), Sync]),
    ("N16", 3, &[1, 1], &[PreAsk(1, 2, NO_LOG)]),
    ("N17", 3, &[], &[Beat(1, 1, NO_LOG), Sync, PreAsk(2, 2, NO_LOG)]),
    ("N18", 3, &[], &[PreAsk(1, 1, NO_LOG), Sync]),
    ("N19", 3, &[], &[Pass(200), Pass(210), LateYes(1, 1)]),
    ("N20", 3, &[], &[Pass(200), Yes(1, 1), Sync]),
    ("N21", 3, &[], WITHOUT_QUORUM),
    ("N22", 3, &[], WITHOUT_QUORUM),
    ("N23", 3, &[], WITHOUT_QUORUM),
    ("N24", 3, &[], &[Beat(1, 1, NO_LOG), Sync, Ask(2, 2, NO_LOG), Sync]),
    ("N25", 3, &[], WITHOUT_QUORUM),
    ("N26", 3, &[], &[Pass(200), Yes(1, 1), Sync, Granted(1, 1), Pass(50)]),
    ("N27", 7, &[], &[Pass(200), Sync, Granted(1, 1), Granted(2, 1)]),
    ("N32", 3, &[], &[Pass(200), Sync, Granted(1, 1), Refused(2, 5), Sync]),
    ("N33", 3, &[], &[Pass(100), Install(1, 1, (2, 1)), Sync]),
    ("N34", 3, &[], &[Pass(100), PreAsk(1, 1, NO_LOG)]),
    ("N40", 3, &[], &[Beat(1, 2, NO_LOG), Sync, Ask(2, 1, NO_LOG), Sync]),
    ("N41", 3, &[], &[Pass(200), Granted(1, 1)]),
    ("P11", 3, &[], &[Ask(1, 1, NO_LOG), Ask(2, 3, NO_LOG), Sync]),
    ("N42", 3, &[], &[Beat(1, 1, NO_LOG), Sync, Ask(2, 2, NO_LOG)]),
];

/// S0 leads, and hears nobody for an election timeout.
const WITHOUT_QUORUM: &[Event] = &[Pass(200), Yes(1, 1), Sync, Granted(1, 1), Pass(150)];

/// The mutants of PreVote and CheckQuorum, whose stories are told with both.
const WITH_OPTIONS: &[&str] =
    &["E22", "N16", "N17", "N18", "N19", "N20", "N21", "N22", "N23", "N24", "N25", "N26", "N34"];

/// A mutant without a story is one of which nobody has said how it differs.
#[test]
fn every_mutant_has_a_story() {
    let stories = STORIES.iter().chain(crate::behaviour_of_logs::STORIES);
    let told: BTreeSet<_> = stories.map(|(id, ..)| *id).collect();
    let untold: Vec<_> = mutants().iter().map(|m| m.id).filter(|id| !told.contains(id)).collect();
    assert!(untold.is_empty(), "no story of {untold:?}");
    assert_eq!(told.len(), mutants().len(), "each of another mutant");
}

#[test]
fn each_mutant_differs_from_the_paper_where_it_should() {
    let mut shown = String::new();
    for (id, cluster_size, log, story) in STORIES {
        let mutant = find(id).unwrap();
        let is_on = WITH_OPTIONS.contains(id);
        let tell = |rules| {
            let settings = Settings { pre_vote: is_on, check_quorum: is_on, ..Settings::default() };
            told_with(settings, rules, *cluster_size, log, story).election()
        };
        let (paper, mutated) = (tell(&Paper), tell(mutant.rules));
        assert_ne!(paper, mutated, "{id}");
        shown += &format!("{id} {}\n  paper:  {paper}\n  mutant: {mutated}\n", mutant.name);
    }
    assert!(shown == include_str!("behaviour.txt"), "not as in behaviour.txt:\n{shown}");
}
