//! Rafts that misbehave, each in one way, and the verdict that each has to get.
//!
//! - `raft`: the Raft, with a mode for each way.
//! - `taking_down`: the ways that take down the process, each in a process of its own.
//!
//! What a peer cannot do any more needs no mode: the fields of a context and of its outbox are private.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod raft;
mod taking_down;

use splitvote::determinism::check_seed;
use splitvote::{
    Scenario, Seed, Seeds, Subject, SweepOptions, SweepReport, Verdict, run, sweep, testing,
};

use raft::{Odd, twice};

/// What has to come of a mode.
#[derive(Clone, Copy, Debug)]
enum Comes {
    /// It is no breach, and no rule is broken.
    Holds,
    /// A breach of the contract of this name.
    Breach(&'static str),
    /// A panic whose sentence has this in it.
    Panic(&'static str),
    /// It breaks a rule of Raft, or does not end, and this finds it.
    Finds(&'static str),
}

use Comes::{Breach, Finds, Holds, Panic};

const MODES: &[(&str, Comes)] = &[
    ("in-order", Holds),
    // What it replies to.
    ("reply-late", Holds),
    ("never-replies", Holds),
    ("reply-twice", Breach("replied-again")),
    ("reply-to-the-next", Breach("replied-unasked")),
    ("reply-unknown", Breach("replied-unasked")),
    ("reply-to-stranger", Breach("sent-to-stranger")),
    // What it sends.
    ("send-nobody", Breach("sent-to-stranger")),
    ("call-nobody", Breach("sent-to-stranger")),
    ("send-self", Holds),
    ("bytes-max", Holds),
    ("bad-kind", Breach("unknown-kind")),
    ("max-kind", Breach("unknown-kind")),
    ("meaning-max", Holds),
    ("million-sends", Breach("too-much-in-one-step")),
    ("million-syncs", Breach("too-much-in-one-step")),
    ("million-answers", Breach("answered-unasked")),
    // Which peer has how many records is said, too.
    ("million-persists", Finds("endless-run")),
    ("persist-nosync", Holds),
    ("compact-max", Holds),
    // What it answers.
    ("never-answers", Holds),
    ("answer-twice", Breach("answered-again")),
    ("answer-unknown", Breach("answered-unasked")),
    ("answer-before-asked", Breach("answered-unasked")),
    ("accept-ahead", Breach("accepted-ahead")),
    ("accept-lie", Breach("accepted-unheld")),
    ("accept-zero", Breach("accepted-unheld")),
    ("redirect-250", Breach("names-stranger")),
    // What it applies: Raft's rules.
    ("applied-zero", Finds("apply-order")),
    ("applied-one", Finds("apply-order")),
    ("applied-max", Finds("apply-order")),
    ("restored-junk", Finds("snapshot")),
    ("restored-max", Finds("snapshot")),
    // It is asked for its progress when it hears of an append, and there is none.
    ("progress-lie", Holds),
    // What it asks for.
    ("timeout-inverted", Holds),
    ("timeout-max", Holds),
    ("random-zero", Holds),
    ("set-200", Holds),
    ("peers-all", Holds),
    ("wake-past", Breach("wakes-in-the-past")),
    ("wake-max", Holds),
    ("wake-none", Holds),
    ("wake-zero", Finds("endless-run")),
    // What it looks like.
    ("term-max", Holds),
    ("term-random", Finds("monotonic")),
    ("view-last-max", Breach("log-too-long")),
    ("view-last-e12", Breach("log-too-long")),
    ("view-first-max", Breach("first-beyond-last")),
    ("view-first-0", Breach("first-is-zero")),
    ("view-first-gt", Breach("first-beyond-last")),
    ("view-commit-max", Holds),
    ("view-commit-e9", Holds),
    ("view-applied-e9", Breach("log-too-long")),
    ("view-applied-max", Finds("commit-monotonic")),
    ("view-applied-unseen", Finds("commit-quorum")),
    ("view-vote-200", Breach("names-stranger")),
    ("view-leader-255", Breach("names-stranger")),
    ("leads-at-once", Finds("real-majority")),
    ("view-flip", Breach("view-changed")),
    ("view-drifts", Breach("view-changed")),
    ("log-silent", Breach("entry-changed")),
    ("entry-missing", Breach("entry-missing")),
    ("entry-other-term", Breach("last-term-differs")),
    ("entry-outside", Breach("entry-outside")),
    ("entry-zero", Breach("entry-outside")),
    // Where it panics.
    ("panic-boot", Panic("boot")),
    ("panic-reboot", Panic("reboot")),
    ("panic-step", Panic("boom")),
    ("panic-view", Panic("view")),
    ("panic-wake", Panic("wake")),
    ("panic-entry", Panic("entry")),
    ("panic-kind", Panic("kind")),
    ("panic-meaning", Panic("meaning")),
    ("panic-clone", Panic("clone")),
    ("panic-any", Panic("a value of type i32: 42")),
    ("panic-strange", Panic("(a panic without text)")),
    ("panic-with-what-panics", Panic("(a panic without text)")),
    ("panic-ansi", Panic("red x")),
    ("panic-drop", Panic("while being dropped: drop")),
    ("panic-record", Panic("record")),
    ("index-records", Panic("out of bounds")),
    ("caught-panic", Holds),
    ("thread-panic", Holds),
    // What is no breach.
    ("sleep", Holds),
    ("threads", Holds),
    ("stdout", Holds),
];

const STEPS: &str = "{ run = \"1s\" }, { propose = \"all\" }, { run = \"1s\" }, { crash = \"S0\" }, \
                     { run = \"50ms\" }, { restart = \"S0\" }, { run = \"1s\" }";

pub(crate) fn scenario() -> Scenario {
    let network = "{ profile = \"realistic\", delay = \"1ms-10ms\", duplicate = \"5%\" }";
    let text = format!("name = \"odd\"\npeers = 3\nnetwork = {network}\nsteps = [{STEPS}]");
    Scenario::parse("odd.toml", &text).unwrap()
}

fn subject(mode: &'static str) -> Subject<Odd> {
    Subject::new(mode, move |settings| (settings.timing.clone(), mode))
}

fn swept(mode: &'static str) -> SweepReport {
    let mut options = SweepOptions::new(Seeds::first(2));
    options.jobs = 1;
    sweep(&scenario(), &subject(mode), &options).unwrap()
}

/// Whether a sweep came to what has to come of it.
fn is_as_stated(report: &SweepReport, comes: Comes) -> bool {
    let first = report.failures.first();
    let (name, sentence) = match first {
        None => return matches!(comes, Holds),
        Some(failed) => (failed.verdict.checker(), failed.verdict.to_string()),
    };
    match comes {
        Holds => false,
        Breach(cause) => {
            let found = first.and_then(|failed| splitvote::Signature::of(&failed.verdict));
            name == Some("contract")
                && found.is_some_and(|found| found.cause == cause)
                && report.exit_code() == 6
                && sentence.contains("; expected: ")
        }
        Panic(text) => name == Some("panic") && sentence.contains(text) && report.exit_code() == 5,
        Finds(checker) => name == Some(checker),
    }
}

#[test]
fn each_mode_gets_the_verdict_that_it_earns() {
    let mut wrong = Vec::new();
    for (mode, comes) in MODES {
        let report = swept(mode);
        if !is_as_stated(&report, *comes) {
            let found = report.failures.first().map(|failed| failed.verdict.clone());
            let found = found.unwrap_or(Verdict::Held);
            wrong.push(format!("{mode}: {comes:?} was to come, but: {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Runs of one seed differ: that is told, and counts more than what the runs came to.
#[test]
fn a_peer_that_is_not_deterministic_is_told_by_a_sweep() {
    for mode in ["hash-timer", "static-timer", "time-timer", "thread-timer"] {
        let report = swept(mode);
        assert!(report.divergence.is_some(), "{mode}");
        assert_eq!((report.exit_code(), report.holds()), (4, false), "{mode}");
        let text = testing::check(&scenario(), &subject(mode), None).unwrap_err().to_string();
        assert!(text.contains("is not deterministic: two runs of seed 0 differ"), "{text}");
        assert!(text.contains("\nlook for a clock, random numbers or threads"), "{text}");
    }
}

/// What changes with every call differs from run to run, and so does a run that finds a lock poisoned by the one before:
/// that is told. What a message means is for the judge alone: one that changes may hide something from it, and nothing
/// is called a fault of the harness.
#[test]
fn what_outlives_a_run_or_changes_with_every_call_is_told() {
    assert!(![5, 70].contains(&swept("flip-meaning").exit_code()));
    let reports = ["wake-random", "poison"].map(swept);
    for report in &reports {
        assert!(!report.holds() && [4, 5, 6].contains(&report.exit_code()), "{report:?}");
    }
    let first = &reports[1].failures[0].verdict;
    let told = first.to_string();
    assert!(first.checker() == Some("panic"), "{told}");
    assert!(told.contains("PoisonError") || told.contains("first"), "{told}");
}

/// Two records of a run of hours would fill the memory: its digests are compared, and no event is named.
#[test]
fn a_long_run_is_compared_without_two_records_of_it() {
    let text = "name = \"long\"\npeers = 3\nsteps = [{ run = \"4h\" }]";
    let long = Scenario::parse("long.toml", text).unwrap();
    let differs = |mode| check_seed(&long, &subject(mode), Seed(0)).err();
    assert!(run(&long, &subject("in-order"), Seed(0)).events > 500_000);
    assert_eq!(differs("in-order"), None);
    let found = differs("hash-timer").unwrap();
    assert_eq!((found.event, found.first, found.second), (None, None, None));
}

/// What a message prints matters to a replay alone.
#[test]
fn a_message_may_print_whatever_it_likes() {
    for mode in ["ansi-display", "error-display", "huge-display"] {
        let (report, trace) = splitvote::replay(&scenario(), &subject(mode), Seed(0));
        assert_eq!(report.verdict, Verdict::Held, "{mode}");
        assert!(!trace.events.iter().any(|event| event.to_string().contains('\x1b')), "{mode}");
    }
    assert!(swept("panic-display").holds());
    let text = testing::check(&scenario(), &subject("panic-display"), None).unwrap_err();
    let text = text.to_string();
    assert!(
        text.contains("the one that was recorded, S") && text.contains("display at "),
        "{text}"
    );
}

/// Time stands still at once, when no time has passed yet: the verdict names whose timer it is.
#[test]
fn a_peer_whose_timer_is_always_due_is_named() {
    let report = swept("wake-zero");
    let text = report.failures[0].verdict.to_string();
    assert!(text.starts_with("the run does not end: S0 was woken "), "{text}");
    assert!(text.contains(" times in a row at 0.000000 s, and wants to be woken at once again"));
}

#[test]
fn each_mode_is_there_once() {
    let modes: Vec<&str> = MODES.iter().map(|(mode, _)| *mode).collect();
    assert_eq!(twice(&modes), Vec::<&str>::new());
}
