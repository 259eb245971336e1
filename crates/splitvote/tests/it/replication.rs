//! Replication as a user's test sees it: agreements, indexes, budgets, clients, snapshots and bad input.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use splitvote::Verdict;
use splitvote::run::{RunReport, run};
use splitvote::{Cluster, Failure, Retry, Scenario, Seed, Settings, reference};

/// Runs one seed of a scenario of three peers.
fn report(head: &str, steps: &str) -> RunReport {
    let text = format!("name = \"x\"\npeers = 3\n{head}\nsteps = [\n{steps}\n]\n");
    run(&Scenario::parse("x.toml", &text).unwrap(), &reference(), Seed(7))
}

fn verdict(head: &str, steps: &str) -> String {
    report(head, steps).verdict.to_string()
}

const HELD: &str = "all properties held";

#[test]
fn a_cluster_agrees_and_says_where() -> Result<(), Failure> {
    let mut cluster = Cluster::builder(&reference()).peers(3).seed(1).build()?;
    assert_eq!(cluster.agree(b"first", 3, Retry::Yes)?, 1);
    assert_eq!(cluster.agree(b"second", 3, Retry::Yes)?, 2);
    assert_eq!((cluster.applied_by(2), cluster.applied_by(3)), (3, 0));
    Ok(())
}

#[test]
fn without_a_majority_nothing_is_agreed_on_and_the_failure_says_so() -> Result<(), Failure> {
    let mut cluster = Cluster::builder(&reference()).peers(3).seed(1).build()?;
    let leader = cluster.check_one_leader()?;
    cluster.peers().filter(|peer| *peer != leader).for_each(|peer| cluster.crash(peer).unwrap());
    let failure = cluster.agree(b"lonely", 2, Retry::No).unwrap_err();
    assert!(failure.is_liveness());
    let sentence = failure.to_string();
    assert!(sentence.contains("which 0 peers have applied"), "{sentence}");
    Ok(())
}

#[test]
fn a_wrong_index_is_a_failure() {
    let sentence = verdict("", "{ agree = 2 }, { agree = 2, index = 7 }");
    assert_eq!(sentence, "a command was to get index 7, but got 2");
    let sentence = verdict("", "{ agree = 2 }, { agree = 2, index = 1 }");
    assert!(sentence.ends_with("peers have applied index 1, but nobody should"), "{sentence}");
    let sentence = verdict("", "{ expect = \"one-leader\" }, { propose = \"leader\", index = 9 }");
    assert!(sentence.ends_with("was to promise index 9, but promised index 1"), "{sentence}");
}

#[test]
fn a_budget_says_what_was_spent_on_what() {
    let steps = |at_most: u64| {
        format!("{{ budget = \"rpcs\", at-most = {at_most}, steps = [{{ agree = \"all\" }}] }}")
    };
    assert_eq!(verdict("", &steps(1_000)), HELD);
    let overrun = report("", &steps(2));
    let sentence = overrun.verdict.to_string();
    assert!(sentence.contains(", 2 are allowed: "), "{sentence}");
    assert!(sentence.contains("append-entries") && sentence.contains("heartbeat"), "{sentence}");
    assert_eq!((overrun.verdict.checker(), overrun.verdict.exit_code()), (Some("budget"), 3));
}

#[test]
fn a_budget_without_steps_counts_from_there_on_and_fails_at_once() {
    let from_then = |at_most: u64| {
        let budget = format!("{{ at = \"1s\", budget = \"rpcs\", at-most = {at_most} }}");
        report("", &format!("{{ agree = \"all\" }}, {budget}, {{ run = \"1s\" }}"))
    };
    // Two followers get a heartbeat every 50 ms: what was spent before does not count.
    let overrun = from_then(10);
    assert_eq!((overrun.verdict.checker(), overrun.verdict.exit_code()), (Some("budget"), 3));
    let sentence = overrun.verdict.to_string();
    // Both followers are written to in one step, so that one RPC too many makes two.
    assert!(sentence.starts_with("12 RPCs in 0."), "{sentence}");
    assert!(overrun.virtual_time.as_millis() < 1_301, "{:?}", overrun.virtual_time);
    let spent = (39..43).find(|at_most| from_then(*at_most).verdict == Verdict::Held);
    assert_eq!(spent, Some(40), "what is allowed may be spent to the last");
}

#[test]
fn a_budget_is_held_against_what_the_last_act_costs() {
    let steps = "{ expect = \"one-leader\" }, { budget = \"raft-state\", at-most = 900 }, \
                 { propose = \"leader\", bytes = 1000 }";
    assert!(verdict("", steps).contains("bytes of raft state in "), "{steps}");
}

#[test]
fn a_budget_of_elections_and_of_raft_state_can_be_overrun() {
    let sentence = verdict(
        "",
        "{ budget = \"elections\", at-most = 0, steps = [{ expect = \"one-leader\" }] }",
    );
    assert!(sentence.starts_with("1 elections in "), "{sentence}");
    assert!(sentence.ends_with(", 0 are allowed: of term 1"), "{sentence}");
    // Without snapshots the log grows and grows.
    let sentence = verdict(
        "",
        "{ budget = \"raft-state\", at-most = 2000, steps = [{ agree = \"all\", count = 200 }] }",
    );
    let of_raft_state = sentence.split_once(" bytes of raft state in ").unwrap().1;
    let records: u64 =
        of_raft_state.split_once(" records on the disk of S").unwrap().0.parse().unwrap();
    // 200 entries and a few ballots.
    assert!((200..210).contains(&records), "{sentence}");
}

#[test]
fn a_step_that_waits_for_commands_cannot_pass_without_them() {
    let steps = "{ expect = \"one-leader\" }, { propose = \"follower\", applied-on = \"all\" }";
    assert_eq!(verdict("", steps), "all peers that clients proposed commands to refused them");
    let steps = "{ expect = \"one-leader\", save = \"old\" }, { disconnect = \"$old\" },\
                 { propose = \"$old\", count = 5, applied-on = \"all\" }";
    assert_eq!(verdict("", steps), "5 of 5 commands were not applied on 3 peers within 30 s");
    // Nobody joins, and yet the end waits.
    let steps = "{ crash = [\"S0\", \"S1\"] }, { agree = 2, background = true }, { run = \"1s\" }";
    let sentence = verdict("", steps);
    assert!(sentence.starts_with("command 1 was to be applied on 2 peers"), "{sentence}");
}

#[test]
fn more_commands_than_answers_are_kept_can_be_waited_for() {
    let steps = "{ expect = \"one-leader\" },\
                 { propose = \"leader\", count = 20000, applied-on = \"all\" }";
    assert_eq!(verdict("network = \"labrpc\"", steps), HELD);
}

#[test]
fn commands_and_snapshots_of_any_size_are_carried() {
    let large = "{ agree = \"all\", count = 12, bytes = 1048576 }, { crash = \"all\" },\
                 { restart = \"all\" }, { agree = \"all\" }";
    let network = "network = \"labrpc\"";
    for snapshot_bytes in [0, 1_048_576] {
        for raft in ["", "raft = { snapshot-chunk = 65536 }"] {
            let head =
                format!("{network}\nsnapshots = {{ every = 5, bytes = {snapshot_bytes} }}\n{raft}");
            assert_eq!(verdict(&head, large), HELD, "{head}");
        }
    }
}

#[test]
fn an_empty_command_is_a_command() -> Result<(), Failure> {
    let mut cluster = Cluster::builder(&reference()).peers(3).seed(1).build()?;
    assert_eq!(cluster.agree(b"", 3, Retry::Yes)?, 1);
    assert_eq!(cluster.agree(b"", 3, Retry::Yes)?, 2, "the same command may be committed again");
    Ok(())
}

#[test]
fn a_million_tiny_commands_are_replicated() {
    let steps = "{ expect = \"one-leader\" }, { propose = \"leader\", count = 1000000 },\
                 { expect = \"applied\", index = 1000000, on = \"all\", within = \"60s\" }";
    let head =
        "network = \"labrpc\"\nraft = { entries-per-append = 10000 }\nmax-memory = 1000000000";
    assert_eq!(verdict(head, steps), HELD);
}

#[test]
fn a_restart_in_the_middle_of_a_snapshot_loses_nothing() {
    let head = "snapshots = { every = 10, bytes = 50000 }\nraft = { snapshot-chunk = 500 }\n\
                disk = { sync = \"1ms-5ms\", unsynced = \"varied\" }";
    let steps = "{ agree = \"all\" }, { repeat = 5, steps = [\
                 { disconnect = \"follower\", save = \"behind\" }, { agree = 2, count = 25, retry = true },\
                 { connect = \"$behind\" }, { run = \"30ms-300ms\" }, { crash = \"$behind\" },\
                 { restart = \"$behind\" }, { run = \"30ms-300ms\" },\
                 { crash-at-write = \"$behind\", after = \"0-5\" }, { run = \"500ms\" },\
                 { crash = \"$behind\" }, { restart = \"$behind\" }, { agree = \"all\", retry = true },\
                 ] }";
    for seed in 0..20 {
        let text = format!("name = \"x\"\npeers = 3\n{head}\nsteps = [{steps}]\n");
        let scenario = Scenario::parse("x.toml", &text).unwrap();
        let report = run(&scenario, &reference(), Seed(seed));
        assert_eq!(report.verdict, Verdict::Held, "seed {seed}");
    }
}

#[test]
fn a_disk_that_lies_is_found_out() {
    let head = "disk = { sync = \"1ms-3ms\", lying = \"100%\", liars = [\"S1\"] }";
    let steps = "{ repeat = 10, steps = [{ agree = 2, retry = true }, { crash = [\"S1\", \"leader\"] }, \
                 { run = \"50ms\" }, { restart = \"all\" }, { run = \"300ms\" }] }";
    let failed = report(head, steps).verdict;
    assert_eq!(failed.exit_code(), 1, "{failed}");
    let words = "the disk of S1 had lied about a sync at ";
    assert!(failed.to_string().contains(words), "{failed}");
}

#[test]
fn single_and_even_clusters_commit() {
    for peers in [1, 2, 4, 6] {
        let text = format!(
            "name = \"x\"\npeers = {peers}\nsteps = [{{ agree = \"all\", count = 5 }}, \
             {{ crash = \"all\" }}, {{ restart = \"all\" }}, {{ agree = \"all\", retry = true }}]"
        );
        let scenario = Scenario::parse("x.toml", &text).unwrap();
        let report = run(&scenario, &reference(), Seed(3));
        assert_eq!(report.verdict, Verdict::Held, "{peers} peers");
    }
}

#[test]
fn a_no_op_at_the_start_of_a_term_is_an_option() {
    let mut indices = [1, 2].into_iter();
    for no_op in [false, true] {
        let settings = Settings { no_op, ..Settings::default() };
        let mut cluster = Cluster::builder(&reference()).settings(settings).build().unwrap();
        cluster.check_one_leader().unwrap();
        let index = cluster.agree(b"x = 1", 3, Retry::Yes).unwrap();
        assert_eq!(Some(index), indices.next(), "no-op: {no_op}");
        assert_eq!(cluster.commands_up_to(index), 1, "an entry of the Raft's own does not count");
    }
}

#[test]
fn logs_to_start_with_are_those_of_the_file() {
    let steps = "{ agree = \"all\", index = 4 }";
    assert_eq!(verdict("logs = { S0 = [1, 1, 2], S1 = [1, 1, 2], S2 = [1] }", steps), HELD);
}
