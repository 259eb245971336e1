//! Limits of time scale with the timers of the Raft, or are stated; a disk table names whose disks it is about.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use splitvote::trace::What;
use splitvote::{Case, PeerId, Scenario, Seed, Verdict, record, reference, replay, run};

fn verdict(head: &str, steps: &str, seed: u64) -> Verdict {
    let text = format!("name = \"x\"\npeers = 3\n{head}\nsteps = [{steps}]");
    run(&Scenario::parse("x.toml", &text).unwrap(), &reference(), Seed(seed)).verdict
}

/// Forty times as slow as usual: a leader takes up to half a minute, and a packet half a second.
const SLOW: &str = "election-timeout = \"6s-12s\"\nheartbeat = \"2s\"\n\
                    network = { profile = \"realistic\", delay = \"500ms-1500ms\" }";

#[test]
fn a_correct_raft_with_long_timers_is_not_called_late() {
    for seed in 0..40 {
        for steps in [
            "{ expect = \"one-leader\" }",
            "{ expect = \"one-leader\" }, { agree = \"all\" }",
            "{ expect = \"one-leader\" }, { propose = \"leader\", applied-on = \"all\" }",
            "{ expect = \"one-leader\" }, { run = \"5s\" }, { expect = \"hint\", from = \"followers\", is = \"leader\" }",
        ] {
            assert_eq!(verdict(SLOW, steps, seed), Verdict::Held, "{steps} {seed}");
        }
    }
}

#[test]
fn a_stated_limit_counts() {
    let cut = "{ expect = \"one-leader\" }, { crash = \"followers\" }, ";
    for (steps, said) in [
        ("{ agree = \"all\", within = \"3s\" }", "within 3 s of the proposal: "),
        ("{ agree = \"all\", retry = true, within = \"12s\" }", "within 12 s: "),
        (
            "{ propose = \"leader\", applied-on = \"all\", within = \"7s\" }",
            "on 3 peers within 7 s",
        ),
    ] {
        let told = verdict("", &format!("{cut}{steps}"), 1).to_string();
        assert!(told.contains(said), "{told}");
    }
    let told =
        verdict("", "{ disconnect = \"all\" }, { expect = \"one-leader\", within = \"20s\" }", 1);
    assert!(told.to_string().contains("has led in 40 looks over 20s"), "{told}");
    // What comes late is in time where that is stated.
    let later = "{ disconnect = \"all\" }, { agree = \"all\", background = true, retry = true, within = \"40s\" }, \
                 { run = \"30s\" }, { connect = \"all\" }";
    assert_eq!(verdict("", later, 1), Verdict::Held);
    assert_ne!(verdict("", &later.replace(", within = \"40s\"", ""), 1), Verdict::Held);
}

#[test]
fn a_limit_that_limits_nothing_is_refused() {
    let error = |step: &str| {
        let text = format!("name = \"x\"\npeers = 3\nsteps = [{step}]");
        Scenario::parse("x.toml", &text).unwrap_err().to_string()
    };
    let told = error("{ propose = \"leader\", within = \"3s\" }");
    assert!(told.ends_with(
        "this step waits for nothing; add `applied-on` or `index`, or leave `within` out"
    ));
    let told = error("{ agree = 2, within = \"0s\" }");
    assert!(told.ends_with("nothing comes within no time; raise it, or leave it out"), "{told}");
    let told = error("{ agree = 2, within = \"1s-3s\" }");
    assert!(told.ends_with("write the longest that is allowed, \"3s\""), "{told}");
    let told = error("{ disk = { sync = \"1ms\", of = \"S0\" } }");
    assert!(told.ends_with("add `slow` or `failing`, or leave `of` out"), "{told}");
}

#[test]
fn a_case_keeps_the_limit_of_its_client() {
    let text = "name = \"x\"\npeers = 3\nsteps = [{ disconnect = \"all\" }, \
                { agree = \"all\", background = true, retry = true, within = \"15s\" }, { run = \"30s\" }]";
    let (report, plan) = record(&Scenario::parse("x.toml", text).unwrap(), &reference(), Seed(1));
    assert!(report.verdict.to_string().contains("within 15 s: "), "{}", report.verdict);
    let (case, _) = Case::new("x", plan.unwrap(), &reference(), Seed(1));
    let read = Case::parse("x.toml", &case.to_toml()).unwrap();
    assert_eq!(read.plan, case.plan);
    assert_eq!(read.fails, case.fails);
    assert!(
        read.fails.is_some() && case.to_toml().contains("within = \"15s\""),
        "{}",
        case.to_toml()
    );
}

/// Of whose disks syncs completed, and of whose one failed.
fn weak(steps: &str) -> (Vec<PeerId>, Vec<PeerId>) {
    let text = format!("name = \"x\"\npeers = 3\nsteps = [{steps}, {{ run = \"4s\" }}]");
    let (_, trace) = replay(&Scenario::parse("x.toml", &text).unwrap(), &reference(), Seed(2));
    let (mut synced, mut failed) = (Vec::new(), Vec::new());
    for event in &trace.events {
        match &event.what {
            What::SyncDone { peer, .. } => synced.push(*peer),
            What::Crashed { peer } => failed.push(*peer),
            _ => {}
        }
    }
    (synced, failed)
}

#[test]
fn a_disk_table_names_whose_disks_are_slow_and_fail() {
    let (synced, _) = weak("{ disk = { slow = \"100%\", slow-sync = \"1h\", of = \"S1\" } }");
    assert!(!synced.contains(&PeerId(1)) && synced.contains(&PeerId(0)), "{synced:?}");
    let (_, failed) = weak("{ disk = { failing = \"100%\", of = [\"S0\", \"S2\"] } }");
    assert!(!failed.is_empty() && !failed.contains(&PeerId(1)), "{failed:?}");
    // Left out, it is about all.
    let (synced, _) = weak("{ disk = { slow = \"100%\", slow-sync = \"1h\" } }");
    assert!(synced.is_empty(), "{synced:?}");
}

#[test]
fn whose_disks_it_is_about_is_written_as_it_is_read() {
    let text = "name = \"x\"\npeers = 3\ndisk = { failing = \"1%\", of = [\"S1\"] }\nsteps = [{ run = \"1s\" }]";
    let scenario = Scenario::parse("x.toml", text).unwrap();
    let again = Scenario::parse("x.toml", &scenario.to_toml()).unwrap();
    assert_eq!(again.setup, scenario.setup);
    assert!(scenario.to_toml().contains("of = [\"S1\"]"), "{}", scenario.to_toml());
}
