//! One peer on a bench: what its tasks do in a step, and what a crash takes.

use std::time::Duration;

use splitvote_labrpc::peer::Peer as _;
use splitvote_labrpc::peer::{
    Effect, Effects, Input, Leg, PeerId, Role, Settings, SyncId, TestBench,
};
use splitvote_labrpc::{Config, Lab, Wire};

use crate::raft::Raft;
use crate::slips::Slip;

type Bench = TestBench<Lab<Raft>>;

fn booted() -> (Bench, Lab<Raft>) {
    let mut bench: Bench = TestBench::new(PeerId(0), 3);
    let (peer, effects) = bench.boot(&Config::new(&Settings::default(), Slip::None));
    assert!(effects.is_empty(), "{effects:?}");
    (bench, peer)
}

fn requests(effects: &Effects<Lab<Raft>>) -> usize {
    let is_request = |effect: &&Effect<Wire<_>, _>| matches!(effect, Effect::Send(parcel) if matches!(parcel.leg, Leg::Request(_)));
    effects.iter().filter(is_request).count()
}

#[test]
fn a_candidate_asks_once_its_vote_is_on_its_disk() {
    let (mut bench, mut peer) = booted();
    bench.pass_to_wake(&peer);
    let effects = bench.step(&mut peer, Input::Wake);
    assert_eq!((peer.view().role, peer.view().term), (Role::Candidate, 1));
    assert_eq!(requests(&effects), 0, "{effects:?}");
    let sync = bench.last_sync();
    let effects = bench.complete(&mut peer, sync);
    assert_eq!(requests(&effects), 2, "{effects:?}");
}

#[test]
fn what_was_saved_while_the_disk_was_busy_is_written_once_it_is_free() {
    let (mut bench, mut peer) = booted();
    for _ in 0..3 {
        bench.pass_to_wake(&peer);
        bench.step(&mut peer, Input::Wake);
    }
    assert_eq!(peer.view().term, 3);
    assert_eq!(bench.disk().len(), 1, "one state is on its way");
    bench.complete(&mut peer, SyncId(1));
    bench.complete(&mut peer, SyncId(2));
    assert_eq!(bench.disk().last().map(|saved| saved.state.term), Some(3));
    assert!(bench.disk().len() <= 2, "as if a file were written anew");
}

#[test]
fn a_crash_ends_all_tasks_and_a_restart_finds_what_was_synced() {
    let (mut bench, mut peer) = booted();
    bench.pass_to_wake(&peer);
    bench.step(&mut peer, Input::Wake);
    bench.complete(&mut peer, SyncId(1));
    bench.pass(Duration::from_secs(1));
    bench.step(&mut peer, Input::Wake);
    assert_eq!(peer.view().term, 2);
    bench.lose_unsynced();
    drop(peer);
    let (peer, _) = bench.boot(&Config::new(&Settings::default(), Slip::None));
    assert_eq!((peer.view().term, peer.view().voted_for), (1, Some(PeerId(0))));
}
