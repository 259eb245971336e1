//! The determinism check finds a peer that is not deterministic, and names the first event.

use std::sync::atomic::{AtomicU64, Ordering};

use splitvote::determinism::check_seed;
use splitvote::peer::{Context, EntryId, Features, Input, LocalTime, LogIndex, Peer, View};
use splitvote::raft::{Config, Paper, Raft};
use splitvote::{PeerId, Scenario, Seed, Subject, reference};

const SCENARIO: &str = r#"
    name = "short"
    peers = 3
    steps = [{ run = "1s" }]
"#;

/// Counts over all runs of the process: what no peer may look at.
static AMBIENT: AtomicU64 = AtomicU64::new(0);

/// The reference Raft, but its timer is late by how many peers booted in this process before it.
struct Ambient(Raft<Paper>, u64);

impl Peer for Ambient {
    type Message = splitvote::raft::Message;
    type Record = splitvote::raft::DiskRecord;
    type Config = Config<Paper>;
    const FEATURES: Features = Features::ALL;

    fn boot(id: PeerId, config: &Self::Config, cx: &mut Context<'_, Self>) -> Self {
        let late = AMBIENT.fetch_add(1, Ordering::Relaxed);
        Self(Raft::boot(id, config, &mut cx.for_inner()), late)
    }
    fn step(&mut self, input: Input<'_, Self::Message>, cx: &mut Context<'_, Self>) {
        self.0.step(input, &mut cx.for_inner());
    }
    fn next_wake(&self) -> Option<LocalTime> {
        self.0.next_wake().map(|wake| LocalTime(wake.0 + self.1))
    }
    fn view(&self) -> View {
        self.0.view()
    }
    fn entry(&self, index: LogIndex) -> Option<EntryId> {
        self.0.entry(index)
    }
}

#[test]
fn the_reference_is_deterministic() {
    let scenario = Scenario::parse("short.toml", SCENARIO).unwrap();
    for seed in 0..20 {
        assert!(check_seed(&scenario, &reference(), Seed(seed)).is_ok());
    }
}

#[test]
fn a_peer_that_looks_at_ambient_state_is_found_out() {
    let scenario = Scenario::parse("short.toml", SCENARIO).unwrap();
    let subject: Subject<Ambient> =
        Subject::new("ambient", |settings| Config { settings: settings.clone(), rules: Paper });
    let divergence = check_seed(&scenario, &subject, Seed(1)).unwrap_err();
    assert!(divergence.event.is_some(), "{divergence}");
    let sentence = divergence.to_string();
    assert!(sentence.contains("the timer of S"), "the timer shows it first: {sentence}");
    assert!(
        sentence.contains("; in the other, the timer of S") && !sentence.contains("{ "),
        "{sentence}"
    );
    assert_ne!(divergence.first, divergence.second);
}

#[test]
fn a_run_that_differs_only_without_the_recorder_is_named_by_an_event_all_the_same() {
    static BOOTS: AtomicU64 = AtomicU64::new(0);
    // Three peers a run: the first two runs agree, from the third on all are later.
    let subject: Subject<Ambient> = Subject::new("late", |settings| {
        let run = BOOTS.fetch_add(1, Ordering::Relaxed);
        AMBIENT.store(if run < 2 { 0 } else { 1_000_000 }, Ordering::Relaxed);
        Config { settings: settings.clone(), rules: Paper }
    });
    let scenario = Scenario::parse("short.toml", SCENARIO).unwrap();
    let divergence = check_seed(&scenario, &subject, Seed(1)).unwrap_err();
    assert!(divergence.event.is_some(), "{divergence}");
}
