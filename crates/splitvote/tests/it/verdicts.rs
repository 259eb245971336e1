//! What a run answers with: every way to fail, and the text that a test prints.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::time::Duration;

use splitvote::raft::{Config, Message, Paper, Raft};
use splitvote::sim::{Labrpc, Limits, NetworkProfile, Verdict as Fate, WorldConfig};
use splitvote::trace::What;
use splitvote::{
    Act, Cluster, PeerId, Role, Scenario, Seed, Seeds, Subject, SweepOptions, Verdict,
};
use splitvote::{reference, replay, run, sweep, testing};

use crate::strange::{Oddity, odd};

fn scenario(text: &str) -> Scenario {
    Scenario::parse("x.toml", &format!("name = \"x\"\npeers = 3\n{text}")).unwrap()
}

#[test]
fn a_run_that_never_ends_is_a_verdict() {
    let subject = odd(Oddity::Restless);
    let busy = scenario("network = \"labrpc\"\nsteps = [{ run = \"1s\" }]");
    let report = run(&busy, &subject, Seed(1));
    assert!(report.verdict.to_string().contains("the run does not end"), "{}", report.verdict);
    assert_eq!((report.verdict.exit_code(), report.verdict.checker()), (3, Some("endless-run")));
    let plan = scenario(
        "steps = [{ repeat = 100000, steps = [{ repeat = 100000, steps = [{ heal = true }] }] }]",
    );
    let report = run(&plan, &reference(), Seed(1));
    assert!(report.verdict.to_string().contains("has taken 5000000 steps"), "{}", report.verdict);
    let budget = scenario("max-events = 1000\nsteps = [{ run = \"1h\" }]");
    let report = run(&budget, &reference(), Seed(1));
    assert!(report.verdict.to_string().contains("its budget of 1000 events"), "{}", report.verdict);
}

#[test]
fn a_panic_is_the_verdict_of_its_seed_and_of_no_other() {
    let subject = odd(Oddity::Panics);
    let options = SweepOptions::new(Seeds::first(20));
    let report = sweep(&scenario("steps = [{ run = \"1s\" }]"), &subject, &options).unwrap();
    assert_eq!((report.seeds, report.held, report.exit_code()), (20, 0, 5));
    let verdict = report.failures[3].verdict.to_string();
    assert!(verdict.contains("this peer is out of order at "), "{verdict}");
    assert!(
        verdict.starts_with("S0 panicked at 0.0000")
            && verdict.contains("while handling its timer: "),
        "{verdict}"
    );
}

#[test]
fn a_panic_says_who_when_and_at_what_and_marks_the_column() {
    let subject = odd(Oddity::Touchy);
    let busy = scenario("steps = [{ run = \"1s\" }]");
    let report = run(&busy, &subject, Seed(1));
    let (again, trace) = replay(&busy, &subject, Seed(1));
    assert_eq!(again, report);
    let Verdict::Panicked(panic) = &report.verdict else { unreachable!("{}", report.verdict) };
    assert_eq!(panic.peer, Some(PeerId(1)));
    assert_eq!(panic.during, "handling heartbeat T0 from S0");
    let sentence = report.verdict.to_string();
    let start = format!(
        "S1 panicked at {} while handling heartbeat T0 from S0: do not touch at ",
        panic.at
    );
    assert!(sentence.starts_with(&start) && sentence.contains("strange.rs:"), "{sentence}");
    let last = trace.events.last().map(|event| event.what.clone());
    assert_eq!(last, Some(What::Failed { sentence, peers: vec![PeerId(1)] }));
}

/// The trail up to the panic outlives it: by that a case that no longer panics is told from which step on.
#[test]
fn a_case_of_a_panic_has_a_trail() {
    let subject = odd(Oddity::Touchy);
    let busy = scenario("steps = [{ heal = true }, { heal = true }, { run = \"1s\" }]");
    let (_, plan) = splitvote::record(&busy, &subject, Seed(1));
    let (case, report) = splitvote::Case::new("x", plan.unwrap(), &subject, Seed(1));
    assert_eq!(case.fails.as_ref().map(|signature| &*signature.checker), Some("panic"));
    assert!(matches!(report.verdict, Verdict::Panicked(_)));
    // Two acts; the run does not come to its end.
    assert_eq!(case.trail.len(), 2);
    let again = splitvote::Case::parse("x.toml", &case.to_toml()).unwrap();
    assert_eq!(again, splitvote::Case::parse("x.toml", &again.to_toml()).unwrap());
    assert_eq!(
        again.replay(&subject).1.to_string(),
        format!("the case fails as it states: {}", case.fails.unwrap())
    );
    let other = odd(Oddity::Stray);
    let told = again.replay(&other).1.to_string();
    assert!(told.contains("the run differs after step 2 (heal at 0.000000 s)"), "{told}");
}

#[test]
fn what_the_last_look_at_the_logs_finds_is_the_verdict() {
    let subject = odd(Oddity::Secretive);
    let report = run(&scenario("steps = [{ run = \"1s\" }]"), &subject, Seed(1));
    assert_eq!(report.verdict.exit_code(), 6, "{}", report.verdict);
}

#[test]
fn what_is_sent_to_a_peer_that_does_not_exist_breaks_the_contract() {
    let subject = odd(Oddity::Stray);
    let report = run(&scenario("steps = [{ run = \"1s\" }]"), &subject, Seed(1));
    assert_eq!((report.verdict.exit_code(), report.deliveries), (6, 0), "{}", report.verdict);
}

#[test]
fn the_gravest_verdict_of_a_long_sweep_decides_its_exit_code() {
    let options = SweepOptions::new(Seeds::first(300));
    let dead = scenario("steps = [{ crash = \"all\" }, { expect = \"one-leader\" }]");
    let report = sweep(&dead, &reference(), &options).unwrap();
    assert_eq!((report.failures.len(), report.exit_code()), (100, 3), "100 are kept, 300 failed");
    assert_eq!(splitvote::sweep::gravest([0, 3, 1, 5, 3]), 5);
    assert_eq!(splitvote::sweep::gravest([3, 1]), 1);
}

#[test]
fn an_unmet_expectation_says_what_was_found() {
    let alone = scenario("steps = [{ crash = [\"S0\", \"S1\"] }, { expect = \"one-leader\" }]");
    let (report, trace) = replay(&alone, &reference(), Seed(3));
    assert_eq!(report.verdict.exit_code(), 3);
    let sentence = report.verdict.to_string();
    assert!(sentence.contains("S0 is down; S1 is down; S2 is candidate in term"), "{sentence}");
    assert!(!trace.events.is_empty());
    let steady = scenario("steps = [{ expect = \"one-leader\" }, { expect = \"no-leader\" }]");
    assert_eq!(run(&steady, &reference(), Seed(3)).verdict.exit_code(), 1);
}

#[test]
fn a_run_that_takes_too_long_fails_at_its_end() {
    let takes = |within: &str| {
        let text =
            format!("within = \"{within}\"\nsteps = [{{ agree = \"all\" }}, {{ run = \"2s\" }}]");
        run(&scenario(&text), &reference(), Seed(3)).verdict
    };
    assert_eq!(takes("3s"), Verdict::Held);
    let late = takes("1s");
    assert_eq!((late.checker(), late.exit_code()), (Some("expectation"), 3));
    assert!(late.to_string().ends_with("s of virtual time, 1s are allowed"), "{late}");
}

/// Nobody stands before 12 s are over.
#[test]
fn what_states_no_limit_is_waited_for_as_long_as_the_timers_suggest() {
    let waits = |within: &str| {
        let text = format!(
            "election-timeout = \"12s-14s\"\nheartbeat = \"3s\"\nsteps = [{{ run-until = \"won-election\"{within} }}, \
             {{ expect = \"applied\", index = 1, on = 1{within} }}]"
        );
        run(&scenario(&text), &reference(), Seed(3)).verdict.to_string()
    };
    assert!(waits(", within = \"10s\"").contains("waited 10s for `won-election`, in vain"));
    let applied = waits("");
    assert!(applied.contains("applied on 1 peers within 210s"), "{applied}");
}

#[test]
fn an_event_that_must_happen_and_never_does_fails_the_sweep_but_not_a_shorter_one() {
    let quiet = scenario("seeds = 5\nsteps = [{ run = \"1s\" }]\n[must-happen]\ncrash = true");
    let sweep =
        |seeds| sweep(&quiet, &reference(), &SweepOptions::new(Seeds::first(seeds))).unwrap();
    assert_eq!((sweep(5).exit_code(), sweep(5).missing.len()), (3, 1));
    assert_eq!(sweep(4).exit_code(), 0, "too few seeds to say so");
    assert!(sweep(5).must_happen_judged && !sweep(4).must_happen_judged);
}

#[test]
fn a_failing_test_prints_the_sentence_the_seed_and_the_replay() {
    let alone =
        scenario("seeds = 3\nsteps = [{ crash = [\"S0\", \"S1\"] }, { expect = \"one-leader\" }]");
    let failure = testing::check(&alone, &reference(), None).unwrap_err();
    let text = failure.to_string();
    assert_eq!(format!("{failure:?}"), text, "a test that returns it prints lines");
    assert!(text.starts_with("x, seed 0: expectation: expected one leader"), "{text}");
    let test = "verdicts::a_failing_test_prints_the_sentence_the_seed_and_the_replay";
    // A single test thread is the main thread, which bears no test's name: there it is the scenario's.
    let is_main = std::thread::current().name() == Some("main");
    let filter = if is_main { "x" } else { test };
    assert!(text.contains("3 of 3 seeds failed\nreplay: SPLITVOTE_SEED=0 cargo test"), "{text}");
    assert!(text.contains(&format!(" --test it {filter}\ncolumns: ")), "{text}");
    assert!(text.ends_with("columns: splitvote_report::print_replay(&scenario, &subject, 0)"));
    assert!(!text.contains("broken rule"), "an expectation is no rule of Raft: {text}");
    let again = |seed| format!("again {seed}");
    let text = testing::check(&alone, &reference(), Some(&again)).unwrap_err().to_string();
    assert!(text.ends_with("replay: again 0"), "{text}");
}

#[test]
fn a_failing_test_names_the_broken_rule() {
    let subject = odd(Oddity::Forgetful);
    let short = scenario("seeds = 1\nsteps = [{ run = \"1s\" }]");
    let failure = testing::check(&short, &subject, None).unwrap_err();
    assert!(failure.to_string().contains("\nbroken rule: "), "{failure}");
}

#[test]
fn a_sweep_is_the_same_whatever_the_number_of_threads() {
    let chaos = scenario(
        "steps = [{ repeat = 5, steps = [{ crash = \"random\" }, { run = \"0ms-1s\" }, { restart = \"all\" }] }]",
    );
    let with = |jobs| {
        let mut options = SweepOptions::new(Seeds::between(10, 101));
        options.jobs = jobs;
        sweep(&chaos, &reference(), &options).unwrap()
    };
    assert_eq!(with(1), with(3));
    let other = SweepOptions::new(Seeds::between(11, 102));
    assert_ne!(with(1).digest, sweep(&chaos, &reference(), &other).unwrap().digest);
}

#[test]
fn a_cluster_can_be_forked_at_any_event() {
    let mut cluster = Cluster::builder(&reference()).peers(5).seed(9).build().unwrap();
    cluster.run_for(Duration::from_millis(333)).unwrap();
    let mut fork = cluster.clone();
    let mut other = cluster.clone();
    cluster.run_for(Duration::from_secs(2)).unwrap();
    fork.run_for(Duration::from_secs(2)).unwrap();
    assert_eq!(cluster.digest(), fork.digest());
    other.crash(PeerId(0)).unwrap();
    other.run_for(Duration::from_secs(2)).unwrap();
    assert_ne!(cluster.digest(), other.digest());
}

#[test]
fn a_peer_that_the_cluster_does_not_have_is_an_error_and_nothing_is_done() {
    let mut cluster = Cluster::builder(&reference()).peers(3).seed(9).build().unwrap();
    let untouched = cluster.clone();
    let own = PeerId(2);
    for stranger in [PeerId(77), PeerId(128), PeerId(200), PeerId(255)] {
        let refused = [
            cluster.crash(stranger),
            cluster.pause(stranger),
            cluster.cut(own, stranger),
            cluster.partition(&[&[own], &[PeerId(0), stranger]]),
            cluster.act(Act::Propose { to: stranger, bytes: 0 }),
            cluster.propose(stranger, b"x", Duration::from_secs(1)).map(drop),
        ];
        for refusal in refused {
            let sentence = refusal.unwrap_err().to_string();
            assert_eq!(sentence, format!("the cluster has no {stranger}: its peers are S0 to S2"));
        }
    }
    let core = [PeerId(0), PeerId(1), PeerId(77)].into_iter().collect();
    for refusal in [cluster.calm_of(core), cluster.settle(core)] {
        let sentence = refusal.unwrap_err().to_string();
        assert_eq!(sentence, "the cluster has no S77: its peers are S0 to S2");
    }
    assert_eq!(cluster.digest(), untouched.digest());
    cluster.crash(own).unwrap();
}

#[test]
fn a_rule_is_aimed_at_single_packets_and_lifted_with_its_guard() {
    let builder = Cluster::builder(&reference()).peers(3).seed(4);
    let mut cluster = builder.network(NetworkProfile::Labrpc(Labrpc::default())).build().unwrap();
    let rule = cluster.rule(|packet, _| match packet.message {
        Message::RequestVoteReply { .. } => Fate::Drop,
        _ => Fate::Pass,
    });
    cluster.run_for(Duration::from_secs(3)).unwrap();
    assert_eq!(cluster.leader(), None, "no vote arrives");
    drop(rule);
    let leader = cluster.check_one_leader().unwrap();
    assert_eq!(cluster.view(leader).map(|view| view.role), Some(Role::Leader));
}

#[test]
fn a_replay_is_the_run() {
    let chaos = scenario("steps = [{ run = \"1s\" }, { crash = \"leader\" }, { run = \"1s\" }]");
    let subject: Subject<Raft<Paper>> =
        Subject::new("paper", |settings| Config { settings: settings.clone(), rules: Paper });
    let report = run(&chaos, &subject, Seed(5));
    assert_eq!(replay(&chaos, &subject, Seed(5)).0, report);
    assert_eq!(report.verdict, Verdict::Held);
}

#[test]
fn a_wait_as_long_as_time_itself_ends_by_the_bounds_of_a_run() {
    let limits = Limits { events: 1_000, ..Limits::default() };
    let world = WorldConfig { limits, ..WorldConfig::new(3, Seed(0)) };
    let mut cluster = Cluster::builder(&reference()).world(world).build().unwrap();
    let failure = cluster.run_for(Duration::MAX).unwrap_err();
    assert_eq!(failure.checker(), "endless-run");
}

#[test]
fn a_wait_in_a_cluster_that_is_down_ends() {
    let mut cluster = Cluster::builder(&reference()).build().unwrap();
    let peers: Vec<PeerId> = cluster.peers().collect();
    peers.into_iter().for_each(|peer| cluster.crash(peer).unwrap());
    assert_eq!(cluster.run_until(Duration::MAX, |_| false), Ok(false));
}
