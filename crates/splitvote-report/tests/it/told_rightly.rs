//! Explanations that once said what was not so, or left out what decided it.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

use splitvote::check::checkers::{HigherTermIgnored, TwoEntries};
use splitvote::check::{Checker, Evidence, Violation};
use splitvote::peer::Meaning;
use splitvote::trace::{TraceEvent, What};
use splitvote::{
    Failure, PeerId, Role, Scenario, Seed, Trace, Unmet, Verdict, View, reference, replay, scenario,
};
use splitvote_report::explain_verdict;

use crate::support::runs::repository;

fn load(name: &str) -> Scenario {
    scenario::load(&repository().join("sim-scenarios").join(name)).unwrap()
}

/// A run of a mutant in which this checker alone is asked, with the trace.
fn of(mutant: &str, name: &str, seed: u64, checker: Checker) -> (Verdict, Trace) {
    let mut scenario = load(name);
    scenario.setup.only = Some(vec![checker]);
    let subject = splitvote_zoo::subject(splitvote_zoo::find(mutant).unwrap());
    let (report, trace) = replay(&scenario, &subject, Seed(seed));
    (report.verdict, trace)
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// S1 follows S0 with CheckQuorum, and S2, which hears nobody, asks for its vote in a later term: S1's log is the longer
/// one, too, but that is not why it does not vote.
#[test]
fn a_vote_that_is_disregarded_is_not_refused_for_the_log() {
    let text = "name = 'x'\npeers = 3\nraft = { check-quorum = true }\nsteps = [{ run = '200ms' }, { cut = ['S0', 'S2'] },\
                { agree = 2 }, { run = '1s' }]\n[election-timeouts]\nS0 = ['150ms']";
    let scenario = Scenario::parse("x.toml", text).unwrap();
    let (_, trace) = replay(&scenario, &reference(), Seed(0));
    let mut roles = [View::NEW; 3];
    let asked = trace.events.iter().position(|event| {
        if let What::Changed { peer, after, .. } = &event.what {
            roles[peer.index()] = *after;
        }
        let What::Received { packet } = &event.what else { return false };
        let view = roles[packet.to.index()];
        let is_led = view.role == Role::Follower && view.leader.is_some_and(|leader| leader != packet.from);
        matches!(packet.meaning, Meaning::VoteRequest { term, last_log } if term > view.term && last_log < view.last)
            && is_led
    });
    let asked = asked.expect("somebody asks a follower whose log is better");
    let TraceEvent { at, what: What::Received { packet } } = &trace.events[asked] else {
        unreachable!()
    };
    let (peer, from, heard) = (packet.to, packet.from, packet.meaning.term().unwrap());
    let evidence = HigherTermIgnored { peer, from, heard, kept: roles[peer.index()].term };
    let evidence = Evidence::HigherTermIgnored(evidence);
    let violation = Violation { at: *at, checker: Checker::HigherTerm, evidence, disk: None };
    let verdict = Verdict::Failed(Failure::Violation(Box::new(violation)));
    let said = on_one_line(&explain_verdict(&trace, &verdict).to_string());
    let leader = roles[peer.index()].leader.unwrap();
    let wanted = format!("disregards it, as it has heard its leader {leader} at ");
    assert!(said.contains(&wanted) && !said.contains("more up-to-date"), "{said}");
}

#[test]
fn two_leaders_that_were_found_are_told_by_both_their_elections() {
    let (verdict, trace) = of("E1", "partitions/even-cluster.toml", 115, Checker::ElectionSafety);
    let Verdict::Failed(Failure::Violation(violation)) = verdict else { panic!("{verdict}") };
    let Evidence::TwoLeaders(leaders) = violation.evidence else { panic!("{violation}") };
    let peers = vec![leaders.first.leader, leaders.second.leader];
    let unmet = Unmet { at: violation.at, is_liveness: false, sentence: "two".into(), peers };
    let verdict = Verdict::Failed(Failure::Unmet(unmet));
    let said = on_one_line(&explain_verdict(&trace, &verdict).to_string());
    let leads = |peer: PeerId| format!("{peer} becomes leader of term {}", leaders.term);
    let is_there = |peer: PeerId| said.contains(&leads(peer));
    assert!(is_there(leaders.second.leader) && is_there(leaders.first.leader), "{said}");
}

/// The longer log wins, whatever its terms: a leader is elected without what was committed.
#[test]
fn the_election_that_was_the_bug_is_in_the_chain_of_what_followed() {
    let mut told = 0;
    for (mutant, name) in [("E10", "lab/backup.toml"), ("E10B", "lab/figure-8-unreliable.toml")] {
        for seed in 0..12 {
            let (verdict, trace) = of(mutant, name, seed, Checker::StateMachineSafety);
            let Verdict::Failed(Failure::Violation(violation)) = &verdict else { continue };
            let (held, committed) = match violation.evidence {
                Evidence::TwoEntries(TwoEntries::Committed { held, committed, .. }) => {
                    (held.term, committed)
                }
                Evidence::TwoEntries(TwoEntries::Applied { applied, committed, .. }) => {
                    (applied.term, committed)
                }
                _ => continue,
            };
            if held <= committed {
                continue;
            }
            let said = on_one_line(&explain_verdict(&trace, &verdict).to_string());
            assert!(
                said.contains(&format!("becomes leader of term {held}")),
                "{mutant} {seed}: {said}"
            );
            told += u32::from(said.contains("its own log ends at"));
        }
    }
    assert!(told > 0, "no vote is told with where the voter's log ended");
}
