//! A range stands wherever a duration does that a seed may draw, and where none may the error says why.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::time::Duration;

use splitvote::fault::Fault;
use splitvote::record;
use splitvote::trace::What;
use splitvote::{Case, Scenario, ScenarioError, Seed, Verdict, reference, replay, run};

const EVERYWHERE: &str = r#"
    name = "x"
    peers = 3
    heartbeat = "40ms-60ms"
    raft = { batch-delay = "0ms-5ms" }
    steps = [
      { at = "100ms-900ms", crash = "S0" },
      { storm = "1s-2s", proposals-every = "50ms-100ms" },
      { rule = "delay", by = "3ms-9ms", from = "S1", to = "S2", times = 2 },
      { rule = "replay", by = "3ms-9ms", from = "S2", to = "S1", times = 2 },
      { calm = "1s-2s", load = "10ms-20ms" },
    ]
"#;

fn parsed(text: &str) -> Result<Scenario, ScenarioError> {
    Scenario::parse("x.toml", text)
}

fn complaint(text: &str) -> String {
    parsed(text).unwrap_err().to_string()
}

/// When the crash of the first step came, or when a step of this kind was begun.
fn begun(text: &str, seed: u64, step: &str) -> u64 {
    let (_, trace) = replay(&parsed(text).unwrap(), &reference(), Seed(seed));
    let is_it = |what: &What| matches!(what, What::Step { text, .. } if text.starts_with(step));
    trace.events.iter().find(|event| is_it(&event.what)).unwrap().at.0 / 1_000_000
}

#[test]
fn a_range_is_drawn_anew_by_each_seed_and_the_same_by_one() {
    for (step, least, most) in [("crash", 100, 900), ("rule", 1_100, 2_900)] {
        let drawn: Vec<u64> = (0..12).map(|seed| begun(EVERYWHERE, seed, step)).collect();
        assert!(drawn.iter().all(|at| (least..=most).contains(at)), "{step}: {drawn:?}");
        assert!(drawn.iter().any(|at| *at != drawn[0]), "{step}: {drawn:?}");
        assert_eq!(begun(EVERYWHERE, 3, step), drawn[3]);
    }
}

#[test]
fn timers_are_drawn_once_a_run() {
    let setup = parsed(EVERYWHERE).unwrap().setup;
    let drawn = |seed| setup.drawn(Seed(seed)).settings;
    let heartbeats: Vec<Duration> =
        (0..20).map(|seed| drawn(seed).timing.heartbeat_interval).collect();
    let millis = Duration::from_millis;
    assert!(
        heartbeats.iter().all(|beat| (millis(40)..=millis(60)).contains(beat)),
        "{heartbeats:?}"
    );
    assert!(heartbeats.iter().any(|beat| *beat != heartbeats[0]));
    assert!((0..20).any(|seed| drawn(seed).batch_delay != drawn(0).batch_delay));
    assert!((0..20).all(|seed| drawn(seed).batch_delay <= millis(5)));
}

#[test]
fn what_is_drawn_is_a_fixed_value_in_the_plan_that_a_shrinker_begins_with() {
    for seed in (0..20).map(Seed) {
        let scenario = parsed(EVERYWHERE).unwrap();
        let (report, plan) = record(&scenario, &reference(), seed);
        assert_eq!(report.verdict, Verdict::Held, "{seed:?}");
        let plan = plan.unwrap();
        assert_eq!(plan.setup.settings, scenario.setup.drawn(seed).settings);
        assert_eq!(plan.setup.drawn(Seed(99)), plan.setup, "nothing is left to draw");
        assert_eq!(run(&plan, &reference(), seed).digest, report.digest, "{seed:?}");
        let (case, _) = Case::new("x", plan, &reference(), seed);
        assert_eq!(Case::parse("x.toml", &case.to_toml()).unwrap().plan, case.plan);
    }
}

#[test]
fn the_drift_of_a_clock_may_be_drawn() {
    let text = |by: &str| {
        let steps = format!("[{{ clock-drift = 'S1', by = '{by}' }}, {{ run = '1s' }}]");
        format!("name = 'x'\npeers = 3\nsteps = {steps}")
    };
    let drift = |by: &str, seed: u64| {
        let scenario = parsed(&text(by)).unwrap();
        let plan = record(&scenario, &reference(), Seed(seed)).1.unwrap();
        let (case, _) = Case::new("x", plan.clone(), &reference(), Seed(seed));
        assert_eq!(Case::parse("x.toml", &case.to_toml()).unwrap().plan, case.plan);
        match plan.acts[0].act.fault() {
            Some(Fault::DriftClock(drift)) => drift.ppm,
            other => unreachable!("{other:?}"),
        }
    };
    assert_eq!(drift("-0.5%", 1), -5_000);
    let drawn: Vec<i32> = (0..12).map(|seed| drift("-1%-2%", seed)).collect();
    assert!(drawn.iter().all(|ppm| (-10_000..=20_000).contains(ppm)), "{drawn:?}");
    assert!(drawn.iter().any(|ppm| *ppm < 0) && drawn.iter().any(|ppm| *ppm > 0), "{drawn:?}");
    assert!(
        complaint(&text("2%-1%"))
            .contains("`2%-1%` ends before it starts: exchanged it is \"1%-2%\"")
    );
    assert!(complaint(&text("60%")).contains("no clock drifts by 60%"));
}

#[test]
fn a_range_leaves_all_other_draws_as_they_were() {
    // The crash of a drawn instant comes from a stream of its own: the target is still the same one.
    let crashed = |text: &str, seed| {
        let (_, trace) = replay(&parsed(text).unwrap(), &reference(), Seed(seed));
        trace.events.iter().find_map(|event| match event.what {
            What::Crashed { peer } => Some(peer),
            _ => None,
        })
    };
    let fixed = "name = \"x\"\npeers = 5\nsteps = [{ at = \"50ms\", crash = \"any\" }]";
    for seed in 0..20 {
        let ranged = fixed.replace("50ms", "10ms-90ms");
        assert_eq!(crashed(fixed, seed), crashed(&ranged, seed), "{seed}");
    }
}

#[test]
fn what_is_written_is_read_back() {
    let scenario = parsed(EVERYWHERE).unwrap();
    let text = scenario.to_toml();
    assert!(
        text.contains("at = \"100ms-900ms\"") && text.contains("heartbeat = \"40ms-60ms\""),
        "{text}"
    );
    assert_eq!(parsed(&text).unwrap().to_toml(), text);
}

#[test]
fn where_a_range_makes_no_sense_the_error_says_why_and_what_to_write() {
    let with = |line: &str| {
        complaint(&format!("name = \"x\"\npeers = 3\n{line}\nsteps = [{{ run = \"1s\" }}]"))
    };
    let step = |step: &str| complaint(&format!("name = \"x\"\npeers = 3\nsteps = [{step}]"));
    let within = "`1s-9s` is a range, and `within` is a limit, which no seed draws; write the longest that is allowed, \"9s\"";
    for text in [
        with("within = \"1s-9s\""),
        step("{ run-until = \"crash\", within = \"1s-9s\" }"),
        step("{ expect = \"applied\", index = 1, on = 1, within = \"1s-9s\" }"),
    ] {
        assert!(text.ends_with(within), "{text}");
    }
    let says = |text: String, said: &str| assert!(text.contains(said), "{text}");
    says(
        with("clocks = { offset = \"1s-2s\" }"),
        "each clock draws its offset from zero up to the one that",
    );
    says(with("disk = { sync = { mean = \"1ms-2ms\" } }"), "an exponential delay is drawn already");
    says(
        with("election-timeouts = { S0 = \"150ms-300ms\" }"),
        "a timeout that is written down is not drawn",
    );
    let packet =
        "packets = [{ from = \"S0\", to = \"S1\", nth = 0, fate = \"delay\", by = \"1ms-2ms\" }]";
    says(
        with(packet),
        "the fate of a single packet is written down, not drawn; write one, such as \"1ms\"",
    );
    says(step("{ calm = true, load = \"0ms-5ms\" }"), "a load of commands without end");
    says(with("heartbeat = \"0ms-50ms\""), "a heartbeat interval of zero stops time");
}

#[test]
fn nothing_is_drawn_in_a_case() {
    let (_, plan) = record(&parsed(EVERYWHERE).unwrap(), &reference(), Seed(1));
    let (case, _) = Case::new("x", plan.unwrap(), &reference(), Seed(1));
    let text = case.to_toml();
    let is_refused = |text: &str| {
        let error = Case::parse("x.toml", text).unwrap_err().to_string();
        assert!(error.ends_with("nothing is drawn in a case; write one duration"), "{error}");
    };
    is_refused(&text.replacen("peers = 3", "peers = 3\nheartbeat = \"40ms-60ms\"", 1).replacen(
        &format!("\n{}", text.lines().find(|line| line.starts_with("heartbeat")).unwrap()),
        "",
        1,
    ));
    let first = text.find("at = \"").unwrap() + "at = \"".len();
    let end = first + text[first..].find('"').unwrap();
    is_refused(&format!("{}1ms-2ms{}", &text[..first], &text[end..]));
}
