//! The snippets of the README and of docs/, word for word, so that they compile. They are not run: the Raft of
//! the example has no log, and has a bug.

#![allow(dead_code, unnameable_test_items, reason = "the snippets are compiled and not run")]

#[path = "../../../../splitvote/examples/bring_your_own_raft.rs"]
mod example;

use example::MyRaft;
use splitvote::prelude::*;

fn of_the_readme() {
    #[test]
    fn a_new_leader_takes_over() -> Result<(), Failure> {
        let mine = Subject::<MyRaft>::new("mine", |settings| settings.timing.clone());
        let mut cluster = Cluster::builder(&mine).peers(5).seed(7).build()?;
        let first = cluster.check_one_leader()?;
        cluster.disconnect(first)?;
        let second = cluster.check_one_leader()?;
        assert_ne!(first, second);
        Ok(())
    }
}

fn of_a_cluster() {
    #[test]
    fn a_new_leader_takes_over() -> Result<(), Failure> {
        let mine = Subject::<MyRaft>::new("mine", |settings| settings.timing.clone());
        let mut cluster = Cluster::builder(&mine).peers(5).seed(7).build()?;
        let first = cluster.check_one_leader()?;
        cluster.disconnect(first)?;
        let second = cluster.check_one_leader()?;
        assert_ne!(first, second);
        // Once there is a log. Like the lab's `one`: the index at which all four others have applied the command.
        assert_eq!(cluster.agree(b"x = 1", 4, Retry::Yes)?, 1);
        Ok(())
    }
}

fn of_a_program() {
    fn main() -> std::process::ExitCode {
        let mine = Subject::<MyRaft>::new("mine", |settings| settings.timing.clone());
        splitvote_cli::Program::new("my-raft").raft(mine).main()
    }
}

fn of_all_scenarios() {
    fn main() -> std::process::ExitCode {
        let mine = Subject::<MyRaft>::new("mine", |settings| settings.timing.clone());
        splitvote_conformance::of(mine).replayed_by("cargo run --release --").main()
    }
}

fn of_a_scenario() {
    #[test]
    fn many_elections() -> Result<(), splitvote::testing::TestFailure> {
        let scenario = splitvote::scenario::load(
            "../splitvote/sim-scenarios/lab/many-elections.toml".as_ref(),
        )?;
        let mine = Subject::<MyRaft>::new("mine", |settings| settings.timing.clone());
        splitvote::testing::check(&scenario, &mine, None).map(drop)
    }
}

fn mine() -> Subject<MyRaft> {
    Subject::new("mine", |settings| settings.timing.clone())
}

fn of_a_directory() {
    splitvote::scenario_tests!(mine(), "tests/scenarios");
}

fn of_a_failure() {
    fn look_at_seed_17(
        scenario: &Scenario,
        mine: &Subject<MyRaft>,
    ) -> Result<(), Box<dyn std::error::Error>> {
        splitvote_report::print_replay(scenario, mine, 17)?;
        let file = "cases/seed-17.toml".as_ref();
        splitvote::shrink::shrink_into(file, scenario, mine, Seed(17), &Default::default())?;
        Ok(())
    }
}

fn of_a_case() {
    #[test]
    fn the_bug_of_seed_17_stays_away() -> Result<(), Box<dyn std::error::Error>> {
        let case = splitvote::case::load("cases/seed-17.toml".as_ref())?;
        let mine = Subject::<MyRaft>::new("mine", |settings| settings.timing.clone());
        Ok(splitvote::testing::must_hold(&case, &mine)?)
    }
}
