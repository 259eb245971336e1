//! Virtual time fills no memory: what is written is compacted, what is over is let go. After the first
//! minute nothing grows, so what holds for ten minutes holds for an hour.
//!
//! Allocations are counted in this thread alone.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::sync::Arc;
use std::time::Duration;

use splitvote_peer::{
    CallId, Context, Durable, EntryId, Features, Input, LocalTime, LogIndex, Meaning, Message,
    Peer, PeerId, Record, SimTime, SyncId, View,
};
use splitvote_sim::{
    DiskProfile, Labrpc, Latency, Limits, NetworkProfile, Realistic, Seed, SnapshotProfile,
    Unwatched, World, WorldConfig,
};

/// Writes, syncs and applies an entry a millisecond, keeps the last 100, and calls its neighbour;
/// the first call that it hears is never answered.
struct Writer {
    next: LocalTime,
    written: u64,
    records: usize,
    unanswered: Option<CallId>,
}

#[derive(Clone)]
struct Payload(Arc<[u8]>);

impl std::fmt::Display for Payload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl Message for Payload {
    const KINDS: &'static [&'static str] = &["payload"];
    fn kind(&self) -> usize {
        0
    }
    fn meaning(&self) -> Meaning {
        Meaning::Other
    }
}

impl Record for Payload {
    const TELLS_BALLOTS: bool = false;
    const TELLS_ENTRIES: bool = false;

    fn meaning(&self) -> Durable {
        Durable::Other
    }
    fn bytes(&self) -> usize {
        self.0.len()
    }
}

impl Peer for Writer {
    type Message = Payload;
    type Record = Payload;
    type Config = ();
    const FEATURES: Features = Features::NONE;

    fn boot(_id: PeerId, _config: &(), cx: &mut Context<'_, Self>) -> Self {
        Self { next: cx.now(), written: 0, records: 0, unanswered: None }
    }

    fn step(&mut self, input: Input<'_, Payload>, cx: &mut Context<'_, Self>) {
        match input {
            Input::Wake => {
                self.next.0 += 1_000_000;
                let payload = Payload(Arc::from([7; 64]));
                for to in cx.others() {
                    cx.call(to, payload.clone(), 64);
                }
                cx.persist(payload);
                cx.sync();
                self.records += 1;
            }
            Input::Synced(SyncId(_)) => {
                self.written += 1;
                cx.applied(self.written, EntryId { term: 1, digest: self.written });
                if self.records > 100 {
                    cx.compact(100);
                    self.records = 100;
                }
            }
            Input::Request { call, message, .. } => {
                let first = *self.unanswered.get_or_insert(call);
                if call != first {
                    cx.reply(call, message.clone(), 64);
                }
            }
            _ => {}
        }
    }

    fn next_wake(&self) -> Option<LocalTime> {
        Some(self.next)
    }

    fn view(&self) -> View {
        View::NEW
    }

    fn entry(&self, _index: LogIndex) -> Option<EntryId> {
        None
    }
}

/// How many bytes more than after its first minute a world of two writers holds at the worst
/// instant of the nine that follow.
fn growth(network: NetworkProfile) -> u64 {
    let millisecond = Latency::Constant(Duration::from_millis(1));
    let config = WorldConfig {
        network,
        disk: DiskProfile { sync_latency: millisecond, ..DiskProfile::default() },
        snapshots: SnapshotProfile { every: Some(100), bytes: 1_000, latency: millisecond },
        limits: Limits { events: u64::MAX, ..Limits::default() },
        ..WorldConfig::new(2, Seed(1))
    };
    let mut world = World::<Writer, _>::new(&config, &(), Unwatched).unwrap();
    world.run_until(SimTime(60_000_000_000)).unwrap();
    let counted = allocation_counter::measure(|| {
        world.run_until(SimTime(600_000_000_000)).unwrap();
    });
    assert!(world.applied(PeerId(0)) > 599_000, "it did something");
    assert!(world.raft_state_bytes(PeerId(0)) <= 102 * 64);
    counted.bytes_max
}

#[test]
fn a_realistic_network_fills_no_memory() {
    let most = growth(NetworkProfile::Realistic(Realistic::default()));
    assert!(most < 10_000, "{most} bytes");
}

#[test]
fn the_labs_network_fills_no_memory_though_a_call_stays_open() {
    let most = growth(NetworkProfile::Labrpc(Labrpc::default()));
    assert!(most < 10_000, "{most} bytes");
}

/// The labs' network is told of a call by its reply; a request that a later network loses has none.
#[test]
fn calls_that_another_network_loses_are_let_go() {
    let lab = NetworkProfile::Labrpc(Labrpc { reliable: false, ..Labrpc::default() });
    let real = NetworkProfile::Realistic(Realistic::default());
    let mut world = World::<Writer, _>::new(&WorldConfig::new(2, Seed(1)), &(), Unwatched).unwrap();
    let mut lose_calls = |rounds: usize| {
        for _ in 0..rounds {
            world.set_network(lab);
            world.run_until(world.now() + Duration::from_millis(5)).unwrap();
            world.set_network(real);
            world.cut(PeerId(0), PeerId(1));
            world.run_until(world.now() + Duration::from_millis(30)).unwrap();
            world.heal();
        }
    };
    lose_calls(500);
    let most = allocation_counter::measure(|| lose_calls(1_500)).bytes_max;
    assert!(most < 20_000, "{most} bytes");
}
