//! Scenario files that cost much more than they look: each ends soon, within the memory of a laptop, and says
//! what it was that took so long.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use std::path::Path;

use splitvote::sim::Halt;
use splitvote::{Failure, RunReport, Scenario, Seed, Verdict, reference, run, scenario};

fn file(name: &str) -> Scenario {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inputs");
    scenario::load(&folder.join(format!("{name}.toml"))).unwrap()
}

fn ran(name: &str) -> RunReport {
    run(&file(name), &reference(), Seed(0))
}

/// Why a run was ended, and the sentence on it.
fn halted(report: &RunReport) -> (Halt, String) {
    let Verdict::Failed(Failure::Endless(endless)) = &report.verdict else {
        panic!("{}", report.verdict)
    };
    assert_eq!(report.verdict.exit_code(), 3);
    (endless.halt, report.verdict.to_string())
}

/// Snapshots of 64 MiB after every entry, and commands of 16 MiB: padding is counted, and not kept.
#[test]
fn large_snapshots_and_commands_cost_no_more_than_small_ones() {
    for name in ["snap", "big"] {
        let report = ran(name);
        assert_eq!(report.verdict, Verdict::Held, "{name}");
        assert!(report.events < 10_000, "{name}: {} events", report.events);
    }
}

/// A sync of an hour holds up all that follow it. An agreement gives up after ten seconds of virtual time.
#[test]
fn a_sync_of_an_hour_costs_no_more_than_any_other() {
    let report = ran("hung-trace");
    assert!(report.events < 10_000, "{} events", report.events);
    assert!(report.verdict.to_string().contains("S0 has not answered"), "{}", report.verdict);
}

#[test]
fn steps_that_change_nothing_are_bounded_by_their_work() {
    let (halt, text) = halted(&ran("rep2"));
    assert!(matches!(halt, Halt::Work { units: 100_000_000, .. }), "{text}");
    assert!(text.contains(", in the step of line 3, `heal`; repeat less, "), "{text}");
    assert!(text.contains("raise `max-work`"), "{text}");
}

/// A calm that waits for timeouts of a year looks millions of times at a cluster in which nothing happens.
#[test]
fn waits_for_timers_of_a_year_are_bounded_by_their_looks() {
    for (name, line) in [("wide", 4), ("wide-timeouts", 12)] {
        let (halt, text) = halted(&ran(name));
        assert!(matches!(halt, Halt::Work { .. }), "{name}: {text}");
        assert!(text.contains(&format!(", in the step of line {line}, `calm`; ")), "{text}");
    }
}

/// A snapshot of 64 MiB is written in 16,384 parts, each time that an entry was applied.
#[test]
fn snapshots_of_many_parts_are_bounded_by_the_records_that_they_take() {
    let (halt, text) = halted(&ran("many-parts"));
    assert!(matches!(halt, Halt::Work { .. }), "{text}");
}

/// Timers of a nanosecond: a client that tries again at every event proposes millions of times in ten seconds.
#[test]
fn a_run_that_is_written_down_is_bounded_by_what_that_takes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inputs");
    let case = splitvote::case::load(&folder.join("hasty-client.toml")).unwrap();
    let (halt, text) = halted(&case.replay_as_judged(&reference()).0);
    assert!(matches!(halt, Halt::Noted { .. }), "{text}");
    assert!(text.contains("; let clients propose less often") && text.contains("`max-memory`"));
}

#[test]
fn a_million_commands_are_bounded_by_the_memory_that_they_take() {
    let (halt, text) = halted(&ran("memory-1439MiB"));
    assert!(matches!(halt, Halt::Memory { .. }), "{text}");
    assert!(text.starts_with("the run takes too much memory: what is kept of it came to 400 MiB"));
    assert!(text.contains("whose disk holds ") && text.contains("raise `max-memory`"), "{text}");
}

/// The key is told without the escape sequence that it holds.
#[test]
fn an_unknown_key_cannot_speak_to_the_terminal() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inputs");
    let text = scenario::load(&folder.join("ansikey.toml")).unwrap_err().to_string();
    assert!(text.contains("unknown key") && !text.contains('\x1b'), "{text:?}");
}

#[test]
fn limits_are_read_from_the_scenario_and_written_back() {
    let text = "name = 'x'\npeers = 3\nmax-work = 7\nmax-memory = 9\nsteps = [{ run = '1s' }]";
    let scenario = Scenario::parse("x.toml", text).unwrap();
    let limits = scenario.setup.limits;
    assert_eq!((limits.work, limits.memory), (7, 9));
    let (halt, _) = halted(&run(&scenario, &reference(), Seed(0)));
    assert!(matches!(halt, Halt::Work { units: 7, .. }), "{halt:?}");
}
