//! The zoo is in order: every mutant is named, documented, and differs in one rule from the paper.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::time::Duration;

use splitvote_peer::{LogPosition, PeerId, PeerSet, Role};
use splitvote_raft::{Ballot, Paper, Rules, rules::RULE_NAMES};
use splitvote_zoo::{excluded, find, mutants};

const A: PeerId = PeerId(0);
const B: PeerId = PeerId(1);

/// What a set of rules answers to sample questions, a line a rule.
fn answers(rules: &dyn Rules) -> Vec<(&'static str, String)> {
    fn show(answers: &[impl Debug]) -> String {
        format!("{answers:?}")
    }
    let r = rules;
    let votes = [None, Some(A), Some(B)];
    let terms = [(1, 2), (2, 2), (3, 2)];
    let roles = [Role::Follower, Role::Candidate, Role::Leader];
    let logs = [(3, 3), (4, 3), (2, 3), (1, 4), (9, 2)];
    let mine = LogPosition { index: 3, term: 3 };
    let two: PeerSet = [A, B].into_iter().collect();
    let (before, after) =
        (Ballot { term: 1, voted_for: Some(A) }, Ballot { term: 2, voted_for: Some(B) });
    let (ms_150, ms_300) = (Duration::from_millis(150), Duration::from_millis(300));
    vec![
        ("next_term", show(&[r.next_term(0), r.next_term(7)])),
        ("adopts_term", show(&terms.map(|(t, c)| r.adopts_term(t, c)))),
        ("steps_down_on_reply", show(&terms.map(|(t, c)| r.steps_down_on_reply(t, c)))),
        ("vote_in_new_term", show(&votes.map(|v| r.vote_in_new_term(v)))),
        ("may_vote_for", show(&votes.map(|v| r.may_vote_for(v, A)))),
        (
            "is_up_to_date",
            show(&logs.map(|(index, term)| r.is_up_to_date(mine, LogPosition { index, term }))),
        ),
        ("vote_after_refusal", show(&votes.map(|v| r.vote_after_refusal(v, B)))),
        ("leader_after_vote", show(&votes.map(|v| r.leader_after_vote(v, B)))),
        ("vote_after_heartbeat", show(&votes.map(|v| r.vote_after_heartbeat(v)))),
        ("vote_after_yielding", show(&votes.map(|v| r.vote_after_yielding(v)))),
        ("own_vote", show(&[r.own_vote(A)])),
        ("votes_needed", show(&[1, 2, 3, 4, 5, 6, 7].map(|n| r.votes_needed(n)))),
        ("count_votes", show(&[r.count_votes(two, 2), r.count_votes(two, 3)])),
        ("reply_counts", show(&terms.map(|(t, c)| r.reply_counts(t, c)))),
        (
            "is_elected",
            show(&[(1, true), (1, false), (2, true)].map(|(v, m)| r.is_elected(v, 2, m))),
        ),
        ("stands_at_timeout", show(&roles.map(|role| r.stands_at_timeout(role)))),
        ("solicits", show(&roles.map(|role| (r.solicits(role, 3, 3), r.solicits(role, 3, 4))))),
        ("timeout", show(&[r.timeout(ms_150, ms_300)])),
        ("heeds_append", show(&terms.map(|(t, c)| r.heeds_append(t, c)))),
        ("yields_to_leader", show(&[r.yields_to_leader()])),
        ("append_resets_timer", show(&[true, false].map(|m| r.append_resets_timer(m)))),
        ("request_resets_timer", show(&[true, false].map(|g| r.request_resets_timer(g)))),
        ("persists_ballot", show(&[r.persists_ballot()])),
        ("waits_for_sync", show(&[r.waits_for_sync()])),
        ("ballot_written_first", show(&[r.ballot_written_first(before, after)])),
    ]
}

/// The rules that answer differently from the paper.
fn differences(rules: &dyn Rules) -> Vec<&'static str> {
    let both = answers(rules).into_iter().zip(answers(&Paper));
    both.filter(|(mutated, paper)| mutated != paper).map(|(mutated, _)| mutated.0).collect()
}

#[test]
fn every_rule_is_asked() {
    let asked: Vec<_> = answers(&Paper).into_iter().map(|(rule, _)| rule).collect();
    assert_eq!(asked, RULE_NAMES);
}

#[test]
fn every_mutant_differs_from_the_paper_in_exactly_its_rule() {
    let found: Vec<_> = mutants().iter().map(|m| (m.id, differences(m.rules))).collect();
    let expected = [
        ("E1", "vote_after_heartbeat"),
        ("E2", "vote_after_yielding"),
        ("E3", "persists_ballot"),
        ("E3B", "waits_for_sync"),
        ("E4", "ballot_written_first"),
        ("E5", "own_vote"),
        ("E6", "count_votes"),
        ("E7", "reply_counts"),
        ("E8", "solicits"),
        ("E9", "may_vote_for"),
        ("E10", "is_up_to_date"),
        ("E10B", "is_up_to_date"),
        ("E11", "vote_after_refusal"),
        ("E12", "steps_down_on_reply"),
        ("E13", "vote_in_new_term"),
        ("E15", "heeds_append"),
        ("E16", "request_resets_timer"),
        ("E17", "request_resets_timer"),
        ("E18", "append_resets_timer"),
        ("E19", "timeout"),
        ("E20", "stands_at_timeout"),
        ("E21", "yields_to_leader"),
        ("N1", "votes_needed"),
        ("N2", "votes_needed"),
        ("N3", "next_term"),
        ("N4", "is_elected"),
        ("N5", "leader_after_vote"),
        ("N6", "adopts_term"),
    ];
    assert_eq!(found, expected.map(|(id, rule)| (id, vec![rule])));
}

/// Every rule of the reference is broken by at least one mutant: none goes without a checker.
#[test]
fn every_rule_has_its_mutant() {
    let broken: BTreeSet<_> = mutants().iter().flat_map(|m| differences(m.rules)).collect();
    let whole: Vec<_> = RULE_NAMES.iter().filter(|rule| !broken.contains(**rule)).collect();
    assert!(whole.is_empty(), "no mutant breaks {whole:?}");
}

#[test]
fn ids_and_names_are_unique_and_well_formed() {
    let ids = mutants().iter().map(|m| m.id).chain(excluded().iter().map(|e| e.id));
    let names: BTreeSet<_> = mutants().iter().map(|m| m.name).collect();
    assert_eq!(ids.collect::<BTreeSet<_>>().len(), mutants().len() + excluded().len());
    assert_eq!(names.len(), mutants().len());
    for name in names {
        assert!(name.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{name}");
    }
}

#[test]
fn every_mutant_is_documented() {
    for mutant in mutants() {
        for text in [mutant.bug, mutant.source, mutant.violates] {
            assert!(!text.trim().is_empty(), "{}", mutant.id);
        }
        assert!(mutant.bug.ends_with('.'), "{}: a sentence", mutant.id);
    }
}

#[test]
fn a_mutant_is_found_by_name_and_by_id() {
    for mutant in mutants() {
        assert_eq!(find(mutant.id).map(|found| found.name), Some(mutant.name));
        assert_eq!(find(mutant.name).map(|found| found.id), Some(mutant.id));
    }
    assert_eq!(find("e3B").map(|found| found.id), Some("E3B"));
    assert!(find("E14").is_none() && find("").is_none());
}

/// The bug is in the number: three and five servers hide it.
#[test]
fn a_majority_without_self_shows_in_even_clusters_only() {
    let rules = find("majority-without-self").unwrap().rules;
    assert_eq!([2, 4, 6].map(|n| rules.votes_needed(n)), [1, 2, 3]);
    assert_eq!([3, 5, 7].map(|n| rules.votes_needed(n)), [2, 3, 4]);
}
