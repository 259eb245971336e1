//! A run can be written out, and the plan makes the same run.

use std::path::Path;

use splitvote::record;
use splitvote::scenario::load_all;
use splitvote::{Case, Scenario, Seed, Signature, Verdict, reference, run};

#[test]
fn a_storm_written_out_is_the_same_storm() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sim-scenarios/swarm");
    for scenario in load_all(&root).unwrap() {
        for seed in (0..60).map(Seed) {
            let (report, plan) = record(&scenario, &reference(), seed);
            assert_eq!(report.verdict, Verdict::Held, "{} {seed:?}", scenario.name);
            let plan = plan.unwrap();
            let again = run(&plan, &reference(), seed);
            assert_eq!(again.digest, report.digest, "{} {seed:?}", scenario.name);
        }
    }
}

#[test]
fn what_rules_say_of_packets_is_written_down_as_their_fates() {
    let text = "name = \"x\"\npeers = 3\nsteps = [\
                { run = \"100ms\" }, { rule = \"drop\", times = 9, save = \"r\" }, { run = \"1s\" }, \
                { rule = \"delay\", by = \"20ms\", from = \"S0\", times = 5 }, { run = \"2s\" }]";
    let scenario = Scenario::parse("x.toml", text).unwrap();
    for seed in (0..20).map(Seed) {
        let (report, plan) = record(&scenario, &reference(), seed);
        let plan = plan.unwrap();
        assert_eq!((plan.acts.len(), plan.setup.overrides.packets.len()), (0, 14), "{seed:?}");
        assert_eq!(run(&plan, &reference(), seed).digest, report.digest, "{seed:?}");
    }
}

#[test]
fn a_demand_names_the_peers_that_an_earlier_step_has_saved() {
    // A peer that is cut off names no leader but itself, or none.
    let text = "name = \"x\"\npeers = 3\nsteps = [\
                { expect = \"one-leader\", save = \"old\" }, { disconnect = \"next($old)\" }, \
                { expect = \"hint\", from = \"next($old)\", is = \"next(next($old))\" }]";
    let scenario = Scenario::parse("x.toml", text).unwrap();
    let (report, plan) = record(&scenario, &reference(), Seed(1));
    let (case, _) = Case::new("x", plan.unwrap(), &reference(), Seed(1));
    assert_eq!(case.fails, Signature::of(&report.verdict));
    let text = case.to_toml();
    assert!(!text.contains('$') && text.contains("expect = \"hint\", from = \"S"), "{text}");
    assert!(Case::parse("x.toml", &text).unwrap().plan.demand == case.plan.demand);
}

#[test]
fn a_run_that_spends_too_much_is_written_out_with_its_budget() {
    let budgets = [("rpcs", 3), ("bytes", 200), ("raft-state", 20), ("elections", 0)];
    for (what, at_most) in budgets {
        // The budget before it holds, and the one around it too: neither is in the plan.
        let text = format!(
            "name = \"x\"\npeers = 3\nsteps = [{{ budget = \"{what}\", at-most = 100000, steps = [\
             {{ budget = \"rpcs\", at-most = 1000, steps = [{{ run = \"100ms\" }}] }}, \
             {{ budget = \"{what}\", at-most = {at_most}, steps = [{{ agree = \"all\" }}] }}] }}]"
        );
        let scenario = Scenario::parse("x.toml", &text).unwrap();
        for seed in (0..10).map(Seed) {
            let (report, plan) = record(&scenario, &reference(), seed);
            let stated = Signature::of(&report.verdict).unwrap();
            assert_eq!((stated.checker.as_str(), stated.cause.as_str()), ("budget", what));
            let (case, again) = Case::new("x", plan.unwrap(), &reference(), seed);
            assert_eq!(case.fails, Some(stated), "{what} {seed:?}: {}", again.verdict);
            let text = case.to_toml();
            let line = format!("{{ at = \"0.1s\", budget = \"{what}\", at-most = {at_most} }}");
            assert!(text.contains(&line) && text.matches("budget = ").count() == 1, "{text}");
            assert!(Case::parse("x.toml", &text).unwrap().plan == case.plan);
            let is_sooner = again.virtual_time <= report.virtual_time;
            assert!(is_sooner, "it fails as soon as too much is spent");
        }
    }
}

#[test]
fn a_run_without_end_is_written_out_whatever_it_was_at() {
    let text = "name = \"x\"\npeers = 3\nmax-events = 500\nsteps = [\
                { at = \"100ms\", crash = \"S0\" }, { at = \"60s\", restart = \"S0\" }]";
    let scenario = Scenario::parse("x.toml", text).unwrap();
    let (report, plan) = record(&scenario, &reference(), Seed(0));
    let (case, _) = Case::new("x", plan.unwrap(), &reference(), Seed(0));
    assert_eq!(case.fails, Signature::of(&report.verdict));
    assert_eq!((case.plan.acts.len(), case.digest), (1, report.digest));
}

#[test]
fn a_client_that_failed_in_the_background_is_written_out_as_begun() {
    let text = "name = \"x\"\npeers = 3\nsteps = [\
                { expect = \"one-leader\", save = \"leader\" }, { agree = 2, background = true }, \
                { crash = \"next($leader)\" }, { agree = \"all\", background = true, bytes = 100 }, \
                { run = \"500ms\" }, { clog = [\"$leader\", \"all\"], for = \"10ms\" }, { JOIN }]";
    for join in ["agree = 2, retry = true, count = 9", "run = \"9s\"", "join = true"] {
        let scenario = Scenario::parse("x.toml", &text.replace("JOIN", join)).unwrap();
        let (report, plan) = record(&scenario, &reference(), Seed(2));
        let sentence = report.verdict.to_string();
        assert!(sentence.contains("was to be applied on 3 peers within 2 s"), "{sentence}");
        let (case, again) = Case::new("x", plan.unwrap(), &reference(), Seed(2));
        assert_eq!(case.fails, Signature::of(&report.verdict), "{join}: {}", again.verdict);
        assert_eq!(again.virtual_time, report.virtual_time, "{join}");
        let text = case.to_toml();
        // The other client succeeded: what it proposed is a command like any other.
        let begun = "agree = 3, bytes = 100, background = true }";
        assert!(text.contains(begun) && text.matches("agree = ").count() == 1, "{text}");
        assert!(text.contains("propose = ") && !text.contains("bytes = 100 }"), "{text}");
        assert!(text.find("crash = ") < text.find(begun) && text.contains("clog = "), "{text}");
        assert!(Case::parse("x.toml", &text).unwrap().plan == case.plan);
    }
}

#[test]
fn a_duration_that_a_fault_leaves_open_is_drawn_once_a_step() {
    let text = "name = \"x\"\npeers = 3\nsteps = [\
                { clog = [\"S0\", \"all\"], for = \"100ms-900ms\" }, \
                { delay = [\"S1\", \"S2\"], by = \"1ms-50ms\" }, \
                { clock-step = \"all\", by = \"1s-2s\" }, \
                { election-timeout = \"200ms-800ms\", of = \"S1\" }, { run = \"1s\" }]";
    let scenario = Scenario::parse("x.toml", text).unwrap();
    assert_eq!(Scenario::parse("x.toml", &scenario.to_toml()).unwrap().steps.len(), 5);
    let drawn = |seed| {
        let (report, plan) = record(&scenario, &reference(), Seed(seed));
        let case = Case::new("x", plan.unwrap(), &reference(), Seed(seed)).0;
        assert_eq!(case.digest, report.digest);
        let steps = case.to_toml();
        let lasts = steps.matches("for = ").count();
        let firsts: Vec<&str> = steps.split("for = ").skip(1).collect();
        assert!(lasts == 2 && firsts[0][..8] == firsts[1][..8], "{steps}");
        firsts[0][..8].to_owned()
    };
    assert_ne!(drawn(1), drawn(2));
    // A case draws nothing.
    let (_, plan) = record(&scenario, &reference(), Seed(1));
    let text = Case::new("x", plan.unwrap(), &reference(), Seed(1)).0.to_toml();
    let start = text.find("for = \"").unwrap() + 7;
    let end = start + text[start..].find('"').unwrap();
    let open = format!("{}100ms-900ms{}", &text[..start], &text[end..]);
    let error = Case::parse("x.toml", &open).unwrap_err().to_string();
    assert!(error.ends_with("nothing is drawn in a case; write one duration"), "{error}");
}
