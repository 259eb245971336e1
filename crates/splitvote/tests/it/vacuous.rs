//! A sweep that proves nothing is not green, and says why.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use splitvote::testing::vacuity;
use splitvote::{Scenario, Seeds, SweepOptions, SweepReport, reference, sweep};

fn swept(text: &str) -> (SweepReport, String) {
    let scenario = Scenario::parse("x.toml", &format!("name = \"x\"\nseeds = 5\n{text}")).unwrap();
    let report = sweep(&scenario, &reference(), &SweepOptions::new(Seeds::first(5))).unwrap();
    let told = vacuity(&scenario, &report);
    (report, told)
}

#[test]
fn a_step_that_never_finds_anybody_is_found_in_every_nesting() {
    let lost = "{ disconnect = \"leader\" }";
    let nestings = [
        format!("{{ repeat = 2, steps = [\n{lost}] }}"),
        format!("{{ chance = \"100%\", steps = [\n{lost}] }}"),
        format!("{{ chance = \"0%\", steps = [], else = [\n{lost}] }}"),
        format!("{{ budget = \"rpcs\", at-most = 42, steps = [\n{lost}] }}"),
        format!("{{ clients = 1, steps = [\n{lost}] }}"),
        format!("{{ fewer-than = 3, are = \"alive\", steps = [\n{lost}] }}"),
    ];
    // Two deep, every one in every other.
    for outer in &nestings {
        for inner in &nestings {
            let nested = outer.replace(lost, inner);
            let text = format!("peers = 3\nsteps = [{{ crash = \"all\" }}, {nested}]");
            let (report, told) = swept(&text);
            assert_eq!((report.failures.len(), report.exit_code()), (0, 3), "{text}");
            assert!(told.contains("x.toml:6:1: in 5 seeds the targets of this step"), "{told}");
        }
    }
}

/// Round trips of 400 to 500 ms, and timeouts of 150 to 300 ms.
const TOO_SLOW: &str = "peers = 3\nnetwork = { profile = \"realistic\", delay = \"200ms-250ms\" }\n\
    steps = [ { storm = \"2s\", only = [\"crashes\"], proposals-every = \"100ms\" }, { calm = true } ]";

#[test]
fn a_sweep_in_which_no_calm_ever_settles_proves_nothing() {
    let (report, told) = swept(TOO_SLOW);
    assert_eq!((report.held, report.elections.won), (5, 0), "all held, and nothing ever worked");
    assert_eq!((report.calms.settled, report.calms.excused, report.calms.unproved), (0, 0, 5));
    assert!(report.never_settled && !report.holds());
    assert_eq!(report.exit_code(), 3);
    let start = "x proves nothing about liveness: in 5 seeds none of 5 calms settled (0 settled, 0 excused, 5 unproved), \
                 the first one because ";
    assert!(told.starts_with(start), "{told}");
    assert!(told.contains("and may stand after 150ms; mend that, or demand it with"), "{told}");
}

/// Ten seeds tell, however many the file states; fewer say nothing.
#[test]
fn a_short_sweep_tells_it_too() {
    let text = format!("name = \"x\"\nseeds = 50\n{TOO_SLOW}");
    let scenario = Scenario::parse("x.toml", &text).unwrap();
    let code = |seeds| {
        let options = SweepOptions::new(Seeds::first(seeds));
        sweep(&scenario, &reference(), &options).unwrap().exit_code()
    };
    assert_eq!((code(9), code(10)), (0, 3));
}

#[test]
fn a_scenario_that_means_to_be_stuck_is_not_vacuous() {
    let meant = format!("{TOO_SLOW}\n[must-happen]\nallowed-to-be-stuck = true");
    let (report, told) = swept(&meant);
    assert_eq!((report.exit_code(), told.as_str()), (0, ""));
    let ruled = "peers = 3\nsteps = [{ rule = \"drop\", to = \"S0\" }, { calm = true }]";
    let (report, _) = swept(ruled);
    assert_eq!((report.calms.excused, report.calms.unproved, report.exit_code()), (5, 0, 3));
    let healthy =
        "peers = 3\nsteps = [{ calm = true }, { rule = \"drop\", to = \"S0\" }, { calm = true }]";
    let (report, _) = swept(healthy);
    assert_eq!((report.calms.settled, report.calms.excused, report.exit_code()), (5, 5, 0));
}
