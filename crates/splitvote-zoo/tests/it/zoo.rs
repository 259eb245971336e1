//! The zoo is in order: every mutant is named, documented, and differs in one rule from the paper.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::time::Duration;

use splitvote_peer::{DiskError, LogPosition, PeerId, PeerSet, Progress, Role};
use splitvote_raft::{Ballot, Paper, Rules, rules::RULE_NAMES};
use splitvote_zoo::{excluded, find, mutants};

const A: PeerId = PeerId(0);
const B: PeerId = PeerId(1);

fn show(answers: &[impl Debug]) -> String {
    format!("{answers:?}")
}

/// What a set of rules answers to sample questions on elections, a line a rule.
fn answers_on_elections(rules: &dyn Rules) -> Vec<(&'static str, String)> {
    let r = rules;
    let votes = [None, Some(A), Some(B)];
    let terms = [(1, 2), (2, 2), (3, 2)];
    let roles = [Role::Follower, Role::Candidate, Role::Leader];
    let logs = [(3, 3), (4, 3), (2, 3), (1, 4), (9, 2)];
    let mine = LogPosition { index: 3, term: 3 };
    let two: PeerSet = [A, B].into_iter().collect();
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
        ("arms_timer_after_office", show(&[r.arms_timer_after_office()])),
        ("heeds_append", show(&terms.map(|(t, c)| r.heeds_append(t, c)))),
        ("yields_to_leader", show(&[r.yields_to_leader()])),
        ("append_resets_timer", show(&[true, false].map(|m| r.append_resets_timer(m)))),
        ("install_resets_timer", show(&[r.install_resets_timer()])),
        ("request_resets_timer", show(&[true, false].map(|g| r.request_resets_timer(g)))),
    ]
}

/// The same for the rules of PreVote and CheckQuorum.
fn answers_on_stability(r: &dyn Rules) -> Vec<(&'static str, String)> {
    let terms = [(1, 2), (2, 2), (3, 2)];
    let cases = [0, 1, 2, 3, 4, 5, 6, 7].map(|bits| (bits & 1 > 0, bits & 2 > 0, bits & 4 > 0));
    let two: PeerSet = [A, B].into_iter().collect();
    let silences = [0, 149, 150, 599].map(Duration::from_millis);
    let heard = [(0, 1), (0, 2), (1, 3), (0, 3), (1, 4), (2, 5), (1, 5)];
    let votes = [None, Some(A), Some(B)];
    vec![
        ("answers_pre_vote", show(&terms.map(|(t, c)| r.answers_pre_vote(t, c)))),
        (
            "grants_pre_vote",
            show(&cases.map(|(later, log, led)| r.grants_pre_vote(later, log, led))),
        ),
        (
            "pre_vote_resets_timer",
            show(&[true, false].map(|granted| r.pre_vote_resets_timer(granted))),
        ),
        ("adopts_pre_vote_term", show(&terms.map(|(t, c)| r.adopts_pre_vote_term(t, c)))),
        ("pre_vote_counts", show(&[6, 7, 8].map(|call| r.pre_vote_counts(call, 7)))),
        ("votes_after_pre_vote", show(&[r.votes_after_pre_vote(two)])),
        ("is_heard", show(&silences.map(|silent| r.is_heard(silent, silences[2])))),
        ("counts_all_as_heard_at_election", show(&[r.counts_all_as_heard_at_election()])),
        ("has_quorum", show(&heard.map(|(heard, n)| r.has_quorum(heard, n)))),
        ("vote_after_quorum_loss", show(&votes.map(|v| r.vote_after_quorum_loss(v)))),
        ("disregards_vote_request", show(&[true, false].map(|led| r.disregards_vote_request(led)))),
    ]
}

/// The same for the rules of the disk.
fn answers_on_the_disk(r: &dyn Rules) -> Vec<(&'static str, String)> {
    let (before, after) =
        (Ballot { term: 1, voted_for: Some(A) }, Ballot { term: 2, voted_for: Some(B) });
    vec![
        ("persists_ballot", show(&[r.persists_ballot()])),
        ("persists_heard_term", show(&[r.persists_heard_term()])),
        ("waits_for_sync", show(&[r.waits_for_sync()])),
        ("ballot_written_first", show(&[r.ballot_written_first(before, after)])),
        ("acknowledges_after_sync", show(&[r.acknowledges_after_sync()])),
        ("own_match", show(&[1, 3].map(|n| r.own_match(4, 6, n)))),
        ("syncs_entries", show(&[r.syncs_entries()])),
        ("persists_overwrite", show(&[r.persists_overwrite()])),
        (
            "stops_after_failed_sync",
            show(
                &[DiskError::Io, DiskError::NoSpace].map(|error| r.stops_after_failed_sync(error)),
            ),
        ),
        ("stops_at_damage", show(&[r.stops_at_damage()])),
    ]
}

/// The same for the rules of replication.
fn answers_on_replication(r: &dyn Rules) -> Vec<(&'static str, String)> {
    let terms = [(1, 2), (2, 2), (3, 2)];
    let roles = [Role::Follower, Role::Candidate, Role::Leader];
    let known = Progress { matched: 4, next: 9 };
    let previous = LogPosition { index: 3, term: 3 };
    let own_terms = [None, Some(2), Some(3)];
    vec![
        ("proposal_goes_behind", show(&[r.proposal_goes_behind(8, 5)])),
        (
            "replicates",
            show(&roles.map(|role| (r.replicates(role, 3, 3), r.replicates(role, 3, 4)))),
        ),
        ("batches_proposals", show(&[r.batches_proposals()])),
        ("waits_for_all_replies", show(&[r.waits_for_all_replies()])),
        ("next_after_sending", show(&[r.next_after_sending(5, 8)])),
        ("repeats_entries", show(&[r.repeats_entries()])),
        ("ends_silence", show(&[r.ends_silence()])),
        ("commit_in_heartbeat", show(&[r.commit_in_heartbeat(5)])),
        ("stated_commit", show(&[r.stated_commit(5, 8)])),
        ("next_at_election", show(&[0, 7].map(|last| r.next_at_election(last)))),
        ("matched_at_election", show(&[0, 7].map(|before| r.matched_at_election(before)))),
        ("append_reply_counts", show(&terms.map(|(t, c)| r.append_reply_counts(t, c)))),
        ("matched_after_success", show(&[r.matched_after_success(5, 8, 9)])),
        ("back_off", show(&[None, Some(4), Some(9)].map(|last| r.back_off(8, 2, last)))),
        (
            "next_after_refusal",
            show(&[3, 8].map(|refused| r.next_after_refusal(known, refused, 2))),
        ),
        ("matched_after_refusal", show(&[r.matched_after_refusal(4, 8)])),
        (
            "log_matches",
            show(&own_terms.map(|own| [0, 1].map(|entries| r.log_matches(own, previous, entries)))),
        ),
        ("delete_from", show(&[None, Some(6)].map(|conflict| r.delete_from(conflict, 3)))),
        (
            "follower_commit",
            show(&[2, 5, 7, 9].map(|leader_commit| r.follower_commit(3, leader_commit, 6, 8))),
        ),
        ("kept_after_stepping_down", show(&[r.kept_after_stepping_down(8, 5)])),
        ("acknowledgements_needed", show(&[1, 2, 3, 4, 5].map(|n| r.acknowledgements_needed(n)))),
        ("commits_by_counting", show(&terms.map(|(t, c)| r.commits_by_counting(t, c)))),
        ("applies", show(&roles.map(|role| r.applies(role)))),
        ("first_to_apply", show(&[r.first_to_apply(4, 7)])),
        ("applied_at_boot", show(&[r.applied_at_boot(4, 7)])),
    ]
}

/// The same for the rules of log compaction.
fn answers_on_snapshots(r: &dyn Rules) -> Vec<(&'static str, String)> {
    let whole = [(9, 9, true), (5, 9, true), (9, 9, false)];
    vec![
        (
            "takes_own_snapshot",
            show(
                &[(5, 3), (5, 7), (9, 3)]
                    .map(|(through, has)| r.takes_own_snapshot(through, has, 8)),
            ),
        ),
        ("discards_through", show(&[2, 7].map(|slowest| r.discards_through(5, slowest)))),
        ("saves_snapshot_before_discarding", show(&[r.saves_snapshot_before_discarding()])),
        ("snapshot_is_whole", show(&whole.map(|(f, s, ended)| r.snapshot_is_whole(f, s, ended)))),
        ("reloads_snapshot", show(&[r.reloads_snapshot()])),
        ("sends_snapshot", show(&[4, 5].map(|next| r.sends_snapshot(next, 5)))),
        (
            "ends_transfer",
            show(&[(5, 5), (5, 8)].map(|(sending, new)| r.ends_transfer(sending, new))),
        ),
        ("repeats_snapshot", show(&[r.repeats_snapshot()])),
        (
            "learns_from_part",
            show(
                &[
                    (true, 0, 5, false),
                    (false, 9, 5, false),
                    (false, 1, 5, true),
                    (false, 1, 5, false),
                ]
                .map(|(awaited, got, known, recent)| {
                    r.learns_from_part(awaited, got, known, recent)
                }),
            ),
        ),
        ("restores", show(&[4, 5, 6].map(|through| r.restores(through, 5)))),
        ("answers_old_snapshot", show(&[r.answers_old_snapshot()])),
        ("keeps_conflicting_log", show(&[r.keeps_conflicting_log()])),
        ("applied_after_install", show(&[r.applied_after_install(3, 6)])),
    ]
}

/// All of them, in the order of the trait.
fn answers(rules: &dyn Rules) -> Vec<(&'static str, String)> {
    [
        answers_on_elections(rules),
        answers_on_stability(rules),
        answers_on_replication(rules),
        answers_on_the_disk(rules),
        answers_on_snapshots(rules),
    ]
    .concat()
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
        ("E3C", "persists_heard_term"),
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
        ("E22", "answers_pre_vote"),
        ("N1", "votes_needed"),
        ("N2", "votes_needed"),
        ("N3", "next_term"),
        ("N4", "is_elected"),
        ("N5", "leader_after_vote"),
        ("N6", "adopts_term"),
        ("N16", "grants_pre_vote"),
        ("N17", "grants_pre_vote"),
        ("N18", "adopts_pre_vote_term"),
        ("N19", "pre_vote_counts"),
        ("N20", "votes_after_pre_vote"),
        ("N21", "is_heard"),
        ("N22", "has_quorum"),
        ("N23", "vote_after_quorum_loss"),
        ("N24", "disregards_vote_request"),
        ("N25", "is_heard"),
        ("N26", "counts_all_as_heard_at_election"),
        ("N27", "votes_needed"),
        ("N32", "arms_timer_after_office"),
        ("N33", "install_resets_timer"),
        ("N34", "pre_vote_resets_timer"),
        ("R1", "commits_by_counting"),
        ("R2", "delete_from"),
        ("R4", "follower_commit"),
        ("R5", "follower_commit"),
        ("R6", "follower_commit"),
        ("R7", "log_matches"),
        ("R8", "matched_after_success"),
        ("R8B", "matched_after_success"),
        ("R10", "next_after_refusal"),
        ("R11", "matched_after_refusal"),
        ("R12", "matched_at_election"),
        ("R14", "replicates"),
        ("R14B", "stated_commit"),
        ("R16", "waits_for_all_replies"),
        ("R18", "first_to_apply"),
        ("R18B", "first_to_apply"),
        ("R18C", "applied_at_boot"),
        ("R18D", "applied_at_boot"),
        ("R19", "next_after_sending"),
        ("R19B", "batches_proposals"),
        ("R21", "kept_after_stepping_down"),
        ("N7", "append_reply_counts"),
        ("N8", "next_at_election"),
        ("N9", "back_off"),
        ("N10", "log_matches"),
        ("N11", "delete_from"),
        ("N12", "follower_commit"),
        ("N13", "acknowledgements_needed"),
        ("N14", "acknowledgements_needed"),
        ("N15", "proposal_goes_behind"),
        ("N28", "next_after_refusal"),
        ("N29", "repeats_entries"),
        ("N30", "ends_silence"),
        ("N31", "commit_in_heartbeat"),
        ("P1", "acknowledges_after_sync"),
        ("P1B", "syncs_entries"),
        ("P2", "own_match"),
        ("P3", "own_match"),
        ("P5", "persists_overwrite"),
        ("P6", "snapshot_is_whole"),
        ("P7", "stops_after_failed_sync"),
        ("P8", "stops_at_damage"),
        ("S2", "keeps_conflicting_log"),
        ("S3", "saves_snapshot_before_discarding"),
        ("S4", "reloads_snapshot"),
        ("S5", "restores"),
        ("S5B", "takes_own_snapshot"),
        ("S6", "applied_after_install"),
        ("S8", "sends_snapshot"),
        ("S11", "answers_old_snapshot"),
        ("S11B", "repeats_snapshot"),
        ("S12", "discards_through"),
        ("S13", "applies"),
        ("S14", "discards_through"),
        ("S15", "ends_transfer"),
        ("S16", "learns_from_part"),
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

/// The table of known bugs, but for membership, reads and clients: each number has its mutant, or a reason
/// why it has none.
#[test]
fn no_known_bug_is_left_out() {
    let known = [
        "E1 E2 E3 E4 E5 E6 E7 E8 E9 E10 E11 E12 E13 E15 E16 E17 E18 E19 E20 E21 E22 E24 E25 E26",
        "R1 R2 R4 R5 R6 R7 R8 R10 R11 R12 R14 R16 R17 R18 R19 R20 R21",
        "P1 P2 P3 P5 P6",
        "S2 S3 S4 S5 S6 S7 S8 S11 S12 S13 S14",
    ];
    for id in known.iter().flat_map(|section| section.split(' ')) {
        let is_excluded = excluded().iter().any(|bug| bug.id == id && !bug.reason.is_empty());
        assert!(find(id).is_some() != is_excluded, "{id}: either a mutant or a reason");
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
