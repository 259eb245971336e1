//! What an explanation says: golden texts of broken Rafts, and what every explanation keeps.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use crate::support::golden::golden;
use splitvote::check::checkers::{HigherTermIgnored, UnduePreVote};
use splitvote::check::{Checker, Evidence, Violation};
use splitvote::peer::{LogPosition, Unknown};
use splitvote::sim::Disturbance;
use splitvote::trace::{TraceEvent, What};
use splitvote::{
    Failure, PeerId, Role, RunReport, Scenario, Seed, SimTime, Subject, Trace, Unmet, Verdict,
    View, replay, run, scenario,
};
use splitvote_raft::{Config, Raft, Rules};
use splitvote_report::{Explanation, TextOptions, explain, explain_verdict};

fn broken(rules: &'static dyn Rules) -> Subject<Raft<&'static dyn Rules>> {
    Subject::new("zoo", move |settings| Config { settings: settings.clone(), rules }).strict()
}

fn load(name: &str) -> Scenario {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sim-scenarios");
    scenario::load(&all.join(name)).unwrap()
}

/// What holds of every explanation: its order, its causes before their effects, its length.
fn keeps_its_promises(trace: &Trace, report: &RunReport) -> Explanation {
    let explanation = explain(trace, report);
    let text = explanation.to_string();
    let steps = explanation.steps();
    assert!(!steps.is_empty() && steps.len() <= 28, "{text}");
    assert!(steps.is_sorted_by_key(|step| step.at), "in the order of time:\n{text}");
    assert!(
        !text.contains("takes a step") || text.contains(" turns from "),
        "a sentence that says nothing:\n{text}"
    );
    assert!(!text.contains(" ,") && !text.contains(",:") && !text.contains("; ."), "{text}");
    assert_eq!(explanation.conclusion(), report.verdict.to_string());
    let mut left = BTreeMap::new();
    for number in explanation.events() {
        match &trace.events[number].what {
            What::Sent { packet, .. } => {
                left.insert(packet.number, number);
            }
            What::Received { packet } => {
                let sending = left.get(&packet.number);
                assert!(sending.is_some_and(|sent| *sent < number), "{packet} was sent:\n{text}");
            }
            _ => {}
        }
    }
    if let Verdict::Failed(Failure::Violation(violation)) = &report.verdict {
        assert_eq!(steps.last().unwrap().at, violation.at, "ends in the violation:\n{text}");
    }
    explanation
}

/// The same of the first seed that fails: what storms throw changes now and then.
fn explained_first(name: &str, mutant: &str, checker: Checker) -> String {
    let mut scenario = load(name);
    scenario.setup.only = Some(vec![checker]);
    let subject = broken(splitvote_zoo::find(mutant).unwrap().rules);
    let fails = |seed: &u64| run(&scenario, &subject, Seed(*seed)).verdict != Verdict::Held;
    let seed = (0..400).find(fails).unwrap();
    explained(name, seed, mutant, checker.name())
}

fn explained(name: &str, seed: u64, mutant: &str, checker: &str) -> String {
    let mut scenario = load(name);
    if let Some(checker) = Checker::find(checker) {
        scenario.setup.only = Some(vec![checker]);
    }
    let subject = broken(splitvote_zoo::find(mutant).unwrap().rules);
    let (report, trace) = replay(&scenario, &subject, Seed(seed));
    assert_ne!(report.verdict, Verdict::Held, "{mutant} {name}");
    keeps_its_promises(&trace, &report).to_string()
}

#[test]
fn a_vote_that_leaves_before_it_is_durable() {
    golden("explain-E3B", &explained("clocks/drifting-clocks.toml", 0, "E3B", ""));
}

#[test]
fn two_leaders_by_two_voters() {
    let text = explained("partitions/even-cluster.toml", 115, "E1", "election-safety");
    golden("explain-E1", &text);
}

#[test]
fn two_leaders_by_voters_that_forgot() {
    golden("explain-E3", &explained("crashes/quick-restarts.toml", 0, "E3", "election-safety"));
}

#[test]
fn half_is_no_majority() {
    golden("explain-N1", &explained("clocks/drifting-clocks.toml", 0, "N1", ""));
}

#[test]
fn a_vote_of_an_earlier_term_is_counted() {
    golden("explain-E7", &explained("partitions/multiple-leaders.toml", 0, "E7", ""));
}

#[test]
fn figure_8() {
    golden("explain-R1", &explained("paper/figure-8.toml", 0, "R1", "leader-completeness"));
}

#[test]
fn an_unverified_tail_is_committed() {
    golden("explain-R4", &explained("lab/snapshot-install-unreliable.toml", 0, "R4", ""));
}

#[test]
fn a_late_append_cuts_the_log() {
    golden("explain-R2", &explained("lab/unreliable-agree.toml", 0, "R2", ""));
}

#[test]
fn a_commitment_in_memory_alone() {
    golden("explain-P2", &explained("disks/single-voter.toml", 0, "P2", ""));
}

#[test]
fn a_snapshot_that_is_not_reloaded() {
    golden("explain-S4", &explained("crashes/restart-all-in-a-row.toml", 0, "S4", ""));
}

#[test]
fn an_old_snapshot_is_restored() {
    golden("explain-S5", &explained("crashes/restart-all-in-a-row.toml", 0, "S5", ""));
}

#[test]
fn nobody_is_elected() {
    golden("explain-E16", &explained("paper/figure-8-committed.toml", 0, "E16", ""));
}

#[test]
fn an_office_without_a_majority() {
    golden("explain-N21", &explained("swarm/pre-vote.toml", 32, "N21", ""));
}

#[test]
fn a_leader_that_is_heard_is_disturbed() {
    golden("explain-N24", &explained("swarm/pre-vote.toml", 4, "N24", ""));
}

#[test]
fn a_follower_never_catches_up() {
    golden("explain-S8", &explained("crashes/restart-all-in-a-row.toml", 0, "S8", ""));
}

#[test]
fn who_spends_too_much_is_told_by_what_it_sends_and_keeps() {
    golden("explain-R19", &explained("lab/rpc-bytes.toml", 0, "R19", ""));
    golden("explain-N8", &explained("replication/frugal.toml", 0, "N8", ""));
    golden("explain-S14", &explained("snapshots/follower-down.toml", 0, "S14", ""));
}

#[test]
fn a_pre_vote_for_a_log_that_is_behind() {
    golden("explain-N16", &explained("liveness/longer-log-older-term.toml", 1, "N16", "pre-vote"));
}

#[test]
fn a_pre_vote_of_a_leader() {
    golden("explain-N17", &explained("liveness/deaf-leader.toml", 16, "N17", "pre-vote"));
}

#[test]
fn a_pre_vote_that_changes_who_is_asked() {
    golden("explain-N18", &explained("liveness/deaf-leader.toml", 0, "N18", "pre-vote"));
}

#[test]
fn an_answer_to_another_question_is_counted() {
    golden("explain-N19", &explained_first("swarm/pre-vote.toml", "N19", Checker::PreVote));
}

/// S0 leads term 2, and asks whether it would be elected in term 3.
#[test]
fn a_question_out_of_turn_is_explained_by_how_its_asker_came_to_be_what_it_is() {
    let mut trace = Trace::default();
    let mut note = |ms: u64, what: What| {
        trace.events.push(TraceEvent { at: SimTime(ms * 1_000_000), what });
    };
    let asker = PeerId(0);
    note(0, What::Booted { peer: asker, boot: 1, view: View::NEW });
    let stands = View { role: Role::Candidate, term: 2, voted_for: Some(asker), ..View::NEW };
    note(150, What::Changed { peer: asker, before: View::NEW, after: stands });
    let leads = View { role: Role::Leader, leader: Some(asker), ..stands };
    note(160, What::Changed { peer: asker, before: stands, after: leads });
    let forgets = View { leader: None, ..leads };
    note(200, What::Changed { peer: asker, before: leads, after: forgets });
    let evidence = UnduePreVote::OutOfTurn { asker, asked_for: 3, role: Role::Leader, own_term: 2 };
    let violation = Violation {
        at: SimTime(200_000_000),
        checker: Checker::PreVote,
        evidence: Evidence::UnduePreVote(evidence),
        disk: None,
    };
    let verdict = Verdict::Failed(Failure::Violation(Box::new(violation)));
    let text = explain_verdict(&trace, &verdict).to_string();
    assert!(text.contains("it stands in term 2"), "{text}");
    assert!(text.contains("S0 becomes leader of term 2"), "{text}");
    assert!(text.contains("S0 no longer takes S0 for the leader"), "{text}");
}

#[test]
fn what_a_disk_has_done_to_a_correct_raft_is_said_to_be_its_doing() {
    let steps = "{ agree = 2, retry = true }, { crash = [\"S1\", \"leader\"] }, { run = \"50ms\" }";
    let again = "{ restart = \"all\" }, { run = \"300ms\" }";
    let lying = ("lying = \"100%\", liars = [\"S1\"]", "");
    let rotten = ("unsynced = \"lost\"", "{ rot = \"S1\", record = \"ballot\", told = false },");
    for ((disk, rot), verdict, step) in [
        (
            lying,
            "the disk of S1 had lied about a sync",
            "a sync is complete, which made nothing durable",
        ),
        (rotten, "the disk of S1 had lost a record untold", "without a record, and is not told"),
    ] {
        let text = format!(
            "name = \"x\"\npeers = 3\ndisk = {{ sync = \"1ms-3ms\", {disk} }}\n\
             steps = [{{ repeat = 10, steps = [{steps}, {rot} {again}] }}]"
        );
        let scenario = Scenario::parse("x.toml", &text).unwrap();
        let mut failed = 0;
        for seed in 0..20 {
            let (report, trace) = replay(&scenario, &splitvote::reference(), Seed(seed));
            if report.verdict.exit_code() != 1 {
                continue;
            }
            failed += 1;
            let text = keeps_its_promises(&trace, &report).to_string();
            let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(plain.contains(verdict) && plain.contains(step), "seed {seed}:\n{text}");
        }
        assert!(failed > 0, "{verdict}");
    }
}

#[test]
fn what_a_peer_does_not_show_is_unknown_and_not_nothing() {
    let mut trace = Trace::default();
    let mut note = |ms: u64, what: What| {
        trace.events.push(TraceEvent { at: SimTime(ms * 1_000_000), what });
    };
    let (peer, from) = (PeerId(0), PeerId(1));
    let unknown = Unknown::TERM.and(Unknown::COMMIT);
    note(0, What::Booted { peer, boot: 1, view: View::NEW });
    let follows = View { term: 4, voted_for: Some(from), commit: 2, applied: 2, ..View::NEW };
    note(100, What::Changed { peer, before: View::NEW, after: follows });
    note(110, What::Crashed { peer });
    let hidden = View { unknown, ..View::NEW };
    note(200, What::Booted { peer, boot: 2, view: hidden });
    note(300, What::Changed { peer, before: hidden, after: View { applied: 1, ..hidden } });
    let evidence = Evidence::HigherTermIgnored(HigherTermIgnored { peer, from, heard: 5, kept: 4 });
    let (checker, at) = (Checker::HigherTerm, SimTime(300_000_000));
    let violation = Violation { checker, at, evidence, disk: None };
    let verdict = Verdict::Failed(Failure::Violation(Box::new(violation)));
    let text = explain_verdict(&trace, &verdict).to_string();
    assert!(text.contains("restarts at 0.200000 s, its term and vote unknown."), "{text}");
    assert!(text.contains("S0 applies the log up to 1;"), "{text}");
    assert!(!text.contains("forgotten") && !text.contains("commit index back"), "{text}");
}

/// Rules that differ from the paper in one method.
macro_rules! broken {
    ($name:ident: $rule:item) => {
        #[derive(Clone, Debug)]
        struct $name;

        impl Rules for $name {
            $rule
        }
    };
}

broken!(Idle: fn stands_at_timeout(&self, _: Role) -> bool { false });
broken!(Unelectable: fn is_elected(&self, _: usize, _: usize, _: bool) -> bool { false });
broken!(Noncommittal: fn acknowledgements_needed(&self, _: usize) -> usize { usize::MAX });
broken!(Lazy: fn applies(&self, role: Role) -> bool { role == Role::Leader });
broken!(Restless: fn append_resets_timer(&self, _: bool) -> bool { false });

/// Why a calm core of three got nowhere.
fn stuck(rules: &'static dyn Rules) -> (&'static str, String) {
    let text = "name = \"stuck\"\npeers = 3\nsteps = [{ run = \"1s\" }, { calm = true, core = [\"S0\", \"S1\", \"S2\"] }]";
    let mut scenario = Scenario::parse("stuck.toml", text).unwrap();
    // What the checkers of rules would say first is not asked.
    scenario.setup.only = Some(vec![Checker::ElectionSafety]);
    let (report, trace) = replay(&scenario, &broken(rules), Seed(1));
    let Verdict::Failed(Failure::Stalled(stall)) = &report.verdict else {
        unreachable!("{}", report.verdict)
    };
    (stall.cause(), keeps_its_promises(&trace, &report).to_string())
}

#[test]
fn a_core_that_is_stuck_is_explained_by_what_it_waited_for() {
    let explained: [(&'static dyn Rules, &str, &[&str]); 5] = [
        (&Idle, "no-leader", &["the core {S0, S1, S2} is calm"]),
        (&Unelectable, "livelock", &["stands in term", "votes for", "waited for a leader from"]),
        (
            &Noncommittal,
            "not-committed",
            &[
                "becomes leader of term",
                "at the end its log goes from index",
                "append ok",
                "a probe",
            ],
        ),
        (
            &Lazy,
            "not-converged",
            &["becomes leader of term", "applied up to 0", "to hold and apply what"],
        ),
        (&Restless, "unstable", &["becomes leader of term", "stands in term", "it had heard S"]),
    ];
    for (rules, cause, sentences) in explained {
        let (found, text) = stuck(rules);
        assert_eq!(found, cause, "{text}");
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains("is calm"), "when the calm began:\n{text}");
        for sentence in sentences {
            assert!(flat.contains(sentence), "{cause}: {sentence}\n{text}");
        }
    }
}

/// Fails where the paper compares.
#[derive(Debug)]
struct Panics;

impl Rules for Panics {
    fn is_up_to_date(&self, mine: LogPosition, theirs: LogPosition) -> bool {
        assert!(theirs >= mine, "log behind");
        true
    }
}

#[test]
fn a_panic_is_explained_by_what_the_peer_was_handed() {
    let scenario = load("paper/figure-8-committed.toml");
    let (report, trace) = replay(&scenario, &broken(&Panics), Seed(0));
    assert!(matches!(report.verdict, Verdict::Panicked(_)), "{}", report.verdict);
    let text = keeps_its_promises(&trace, &report).to_string();
    assert!(text.contains("election timeout elapses"), "{text}");
    let told = text.rsplit_once("RequestVote of term").unwrap().1;
    assert!(told.contains("log behind"), "{text}");
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("; before this S") && told.contains("its log from index 1 to"), "{text}");
}

#[test]
fn a_run_that_held_has_nothing_to_explain() {
    let (report, trace) =
        replay(&load("paper/candidate-loses.toml"), &splitvote::reference(), Seed(0));
    let explanation = explain(&trace, &report);
    assert!(explanation.steps().is_empty() && explanation.left_out() == 0);
    assert!(explanation.to_string().contains("all properties held"), "{explanation}");
}

#[test]
fn colour_changes_nothing_but_escapes() {
    let subject = broken(splitvote_zoo::find("R1").unwrap().rules);
    let (report, trace) = replay(&load("paper/figure-8.toml"), &subject, Seed(0));
    let explanation = explain(&trace, &report);
    let mut coloured = Vec::new();
    explanation.write(&mut coloured, TextOptions { colour: true, width: None }).unwrap();
    let coloured = String::from_utf8(coloured).unwrap();
    let mut pieces = coloured.split('\u{1b}');
    let mut plain = pieces.next().unwrap().to_owned();
    pieces.for_each(|piece| plain.push_str(piece.split_once('m').unwrap().1));
    assert_ne!(coloured, plain);
    assert_eq!(plain, explanation.to_string());
}

/// Every broken Raft that fails in one of a few short scenarios.
#[test]
fn every_failure_of_the_zoo_is_explained() {
    let scenarios = [
        "clocks/drifting-clocks.toml",
        "crashes/quick-restarts.toml",
        "crashes/restart-all-in-a-row.toml",
        "disks/power-failures.toml",
        "disks/single-voter.toml",
        "partitions/dethroned-leader.toml",
    ]
    .map(load);
    let mut explained = 0;
    for mutant in splitvote_zoo::mutants() {
        let subject = broken(mutant.rules);
        for scenario in &scenarios {
            if run(scenario, &subject, Seed(0)).verdict == Verdict::Held {
                continue;
            }
            let (report, trace) = replay(scenario, &subject, Seed(0));
            let explanation = keeps_its_promises(&trace, &report);
            assert!(explanation.left_out() < 40, "{}\n{explanation}", mutant.id);
            explained += 1;
        }
    }
    assert!(explained > 50, "{explained} failures");
}

/// S0 leads term 1 until it is paused; S1, whose clock jumps, stands in term 2 in vain.
fn why_s1_stood(fault: Disturbance) -> String {
    let mut trace = Trace::default();
    let mut note = |ms: u64, what: What| {
        trace.events.push(TraceEvent { at: SimTime(ms * 1_000_000), what });
    };
    let [s0, s1] = [PeerId(0), PeerId(1)];
    for peer in [s0, s1] {
        note(0, What::Booted { peer, boot: 1, view: View::NEW });
    }
    let follows = View { term: 1, leader: Some(s0), ..View::NEW };
    let leads = View { role: Role::Leader, voted_for: Some(s0), ..follows };
    let stands = View { role: Role::Candidate, term: 2, voted_for: Some(s1), ..View::NEW };
    note(100, What::Changed { peer: s0, before: View::NEW, after: leads });
    note(110, What::Changed { peer: s1, before: View::NEW, after: follows });
    note(200, What::disturbed(fault));
    let by = Duration::from_millis(70);
    note(250, What::disturbed(Disturbance::ClockStepped { peer: s1, by }));
    note(300, What::Changed { peer: s1, before: follows, after: stands });
    let sentence = "nobody leads".to_owned();
    let unmet = Unmet { at: SimTime(0), is_liveness: true, sentence, peers: Vec::new() };
    let text = explain_verdict(&trace, &Verdict::Failed(Failure::Unmet(unmet))).to_string();
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("its clock jumped 70 ms ahead at 0.250000 s"), "{text}");
    assert!(flat.ends_with("→ nobody leads"), "{text}");
    flat
}

#[test]
fn what_kept_a_leader_from_being_heard_explains_a_timeout() {
    let (from, to) = (PeerId(0), PeerId(1));
    let pause = why_s1_stood(Disturbance::Paused { peer: from });
    assert!(pause.contains("its leader S0 has been paused since 0.200000 s"), "{pause}");
    let unheard = "it does not hear its leader S0: the link is";
    let clog = why_s1_stood(Disturbance::Clogged { from, to, until: SimTime(400_000_000) });
    assert!(clog.contains(&format!("{unheard} clogged since 0.200000 s")), "{clog}");
    let delay = |ms| Disturbance::Delayed { from, to, by: Duration::from_millis(ms) };
    let late = why_s1_stood(delay(150));
    assert!(late.contains(&format!("{unheard} 150ms slower since 0.200000 s")), "{late}");
    let heard = why_s1_stood(delay(50));
    assert!(!heard.contains("does not hear"), "what left after it has arrived: {heard}");
}

/// A trace may begin late or be cut off: what is not known is left out.
#[test]
fn half_a_trace_is_no_reason_to_panic() {
    for (name, mutant) in [
        ("paper/figure-8.toml", "R1"),
        ("crashes/restart-all-in-a-row.toml", "S4"),
        ("replication/re-elected.toml", "R12"),
        ("crashes/restart-all-in-a-row.toml", "S8"),
    ] {
        let subject = broken(splitvote_zoo::find(mutant).unwrap().rules);
        let (report, trace) = replay(&load(name), &subject, Seed(0));
        let count = trace.events.len();
        for cut in (0..count).step_by(count / 40 + 1) {
            for events in [trace.events.get(cut..), trace.events.get(..cut)] {
                let events = events.unwrap().to_vec();
                let part = Trace { events, ..Trace::default() };
                assert!(explain(&part, &report).steps().len() <= 28);
            }
        }
    }
}
