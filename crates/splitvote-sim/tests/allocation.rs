//! In steady state an event allocates nothing.
//!
//! The peers are Raft clusters that have found their leader, and peers that call each other and keep
//! nothing. Allocations are counted in this thread alone.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use splitvote_peer::{
    Context, Durable, EntryId, Features, Input, LocalTime, LogIndex, Meaning, Message, Peer,
    PeerId, Record, SimTime, View,
};
use splitvote_raft::{Config, Paper, Raft};
use splitvote_sim::{
    Labrpc, NetworkProfile, Probability, Realistic, Seed, Unwatched, World, WorldConfig,
};

/// Calls all others every 50 ms.
struct Ping(LocalTime);

#[derive(Clone)]
struct Nothing;

impl std::fmt::Display for Nothing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("nothing")
    }
}

impl Message for Nothing {
    const KINDS: &'static [&'static str] = &["nothing"];
    fn kind(&self) -> usize {
        0
    }
    fn meaning(&self) -> Meaning {
        Meaning::Other
    }
}

impl Record for Nothing {
    const TELLS_BALLOTS: bool = false;

    fn meaning(&self) -> Durable {
        Durable::Other
    }
}

impl Peer for Ping {
    type Message = Nothing;
    type Record = Nothing;
    type Config = ();
    const FEATURES: Features = Features::NONE;

    fn boot(_id: PeerId, _config: &(), cx: &mut Context<'_, Self>) -> Self {
        Self(cx.now())
    }

    fn step(&mut self, input: Input<'_, Nothing>, cx: &mut Context<'_, Self>) {
        match input {
            Input::Wake => {
                for to in cx.others() {
                    cx.call(to, Nothing, 1);
                }
                self.0.0 += 50_000_000;
            }
            Input::Request { call, .. } => cx.reply(call, Nothing, 1),
            _ => {}
        }
    }

    fn next_wake(&self) -> Option<LocalTime> {
        Some(self.0)
    }

    fn view(&self) -> View {
        View::NEW
    }

    fn entry(&self, _index: LogIndex) -> Option<EntryId> {
        None
    }
}

/// The last one is no idle network: it makes a Raft hold elections, which fill its disk.
fn networks() -> [NetworkProfile; 3] {
    let lossy = Realistic { loss: Probability::percent(1), ..Realistic::default() };
    [
        NetworkProfile::Realistic(lossy),
        NetworkProfile::Labrpc(Labrpc::default()),
        NetworkProfile::Labrpc(Labrpc { reliable: false, ..Labrpc::default() }),
    ]
}

/// Runs a world for 60 virtual seconds to warm up, then counts allocations for as long again.
fn assert_frugal<P: Peer>(peer: &P::Config, network: NetworkProfile) {
    let config = WorldConfig { network, ..WorldConfig::new(5, Seed(1)) };
    let mut world = World::<P, _>::new(&config, peer, Unwatched).unwrap();
    world.run_until(SimTime(60_000_000_000)).unwrap();
    let events = world.events();
    let counted = allocation_counter::measure(|| {
        world.run_until(SimTime(120_000_000_000)).unwrap();
    });
    assert!(world.events() - events > 5_000, "it did something");
    assert_eq!(counted.count_total, 0, "{network:?}");
}

#[test]
fn a_ping_allocates_nothing() {
    networks().into_iter().for_each(|network| assert_frugal::<Ping>(&(), network));
}

#[test]
fn an_idle_raft_cluster_allocates_nothing() {
    networks()
        .into_iter()
        .take(2)
        .for_each(|network| assert_frugal::<Raft<Paper>>(&Config::default(), network));
}
