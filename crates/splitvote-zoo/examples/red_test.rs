//! The red test with which the story of the README begins: a scenario, a Raft, one line.
//!
//! `SPLITVOTE_SEEDS=200 cargo test -p splitvote-zoo --example red_test`
//!
//! It fails, as it should, and only if it is asked for: `cargo test` runs no tests of examples.

fn main() {
    eprintln!("this is a test: SPLITVOTE_SEEDS=200 cargo test -p splitvote-zoo --example red_test");
}

#[test]
fn an_even_cluster_has_one_leader_a_term() -> Result<(), splitvote::testing::TestFailure> {
    let file =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../sim-scenarios/partitions/even-cluster.toml");
    let mut scenario = splitvote::scenario::load(file.as_ref())?;
    scenario.setup.only = Some(vec![splitvote::check::Checker::ElectionSafety]);
    let mutant = splitvote_zoo::find("E1").ok_or("no such mutant")?;
    splitvote::testing::check(&scenario, &splitvote_zoo::subject(mutant), None).map(drop)
}
