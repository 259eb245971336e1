//! `scenario_tests!` as a user has it: a directory of scenarios, one below it, and a case, each a `#[test]`.

use splitvote::prelude::*;
use splitvote::raft::{Paper, Raft};

fn without_snapshots() -> Subject<Raft<Paper>> {
    reference().without_feature(Feature::Snapshots)
}

splitvote::scenario_tests!(without_snapshots(), "tests/scenario-tests");
