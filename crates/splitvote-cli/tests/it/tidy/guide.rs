//! The snippets of the README and of docs/, word for word, so that they compile. They are not run: the Raft of
//! the example has no log, and has a bug.

#![allow(dead_code, unnameable_test_items, reason = "the snippets are compiled and not run")]

#[path = "../../../../splitvote/examples/bring_your_own_raft/raft.rs"]
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

mod of_a_directory {
    use super::*;

    fn mine() -> Subject<MyRaft> {
        Subject::new("mine", |settings| settings.timing.clone())
    }

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

fn of_an_adapter() {
    use splitvote::peer::{
        Context, EntryId, Features, Input, LocalTime, LogIndex, Meaning, Message, Peer, View,
    };

    #[derive(Clone, Debug)]
    struct Say(String);

    impl Say {
        fn inner(&self) -> &String {
            &self.0
        }
    }

    impl std::fmt::Display for Say {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "{}", self.0)
        }
    }

    impl Message for Say {
        const KINDS: &'static [&'static str] = &["other"];
        fn kind(&self) -> usize {
            0
        }
        fn meaning(&self) -> Meaning {
            Meaning::Other
        }
    }

    struct Node;

    impl Node {
        fn step(&mut self, _: String) {}
    }

    struct Adapted {
        node: Node,
    }

    impl Adapted {
        fn take_ticks(&mut self, _: &mut Context<'_, Self>) {}
        fn drain(&mut self, _: &mut Context<'_, Self>) {}
    }

    impl Peer for Adapted {
        type Message = Say;
        type Record = splitvote::raft::DiskRecord;
        type Config = ();
        const FEATURES: Features = Features::NONE;

        fn boot(_: PeerId, (): &(), _: &mut Context<'_, Self>) -> Self {
            Self { node: Node }
        }

        fn step(&mut self, input: Input<'_, Say>, cx: &mut Context<'_, Self>) {
            self.take_ticks(cx);
            match input {
                Input::Wake => {}
                Input::Message { message, .. } => self.node.step(message.inner().clone()),
                _ => {}
            }
            self.drain(cx);
        }

        fn next_wake(&self) -> Option<LocalTime> {
            None
        }

        fn view(&self) -> View {
            View::NEW
        }

        fn entry(&self, _: LogIndex) -> Option<EntryId> {
            None
        }
    }
}

fn of_the_labs_network() {
    use std::rc::Rc;

    use splitvote_labrpc::network::{Network, Server, Service};

    struct Counter;

    impl Counter {
        async fn add(self: Rc<Self>, (one, other): (u64, u64)) -> u64 {
            one + other
        }
    }

    fn sum() {
        let network = Network::new(7);
        let server = Server::new();
        server.add_service(Service::new("Counter", Rc::new(Counter)).method("Add", Counter::add));
        network.add_server("server", &server);
        let end = network.make_end("client-server");
        network.connect("client-server", "server");
        network.enable("client-server", true);
        network.reliable(false);
        let sum = network.run(async move { end.call::<u64>("Counter.Add", (1, 2)).await });
        drop(sum);
    }
}
