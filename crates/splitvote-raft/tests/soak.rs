//! Sections 5 and 7 together: whatever is lost, cut off or crashes, the machines agree in the end,
//! and nothing that a machine applied is ever different on another.
mod cluster;
use std::collections::BTreeMap;

use cluster::Cluster;
use splitvote_peer::{EntryId, LogIndex, PeerId, Settings};
use splitvote_raft::Paper;

/// A plain generator: the test's own chance.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) % bound
    }
}

/// What was applied anywhere is the same everywhere, across crashes too.
#[derive(Default)]
struct Record(BTreeMap<LogIndex, EntryId>);

impl Record {
    fn take(&mut self, cluster: &Cluster<Paper>) {
        for seat in &cluster.seats {
            for (index, entry) in &seat.applied {
                let known = *self.0.entry(*index).or_insert(*entry);
                assert_eq!(known, *entry, "index {index} was applied differently");
            }
        }
    }
}

fn soak(seed: u64, peers: usize, settings: Settings) {
    let mut dice = Dice(seed);
    let mut cluster = Cluster::new(peers, settings, Paper);
    cluster.sync_millis = dice.below(4);
    cluster.reports_loss = dice.below(2) == 0;
    cluster.snapshot_every = [None, Some(3), Some(10)][dice.below(3) as usize];
    let is_whole = cluster.settings().snapshot_chunk.is_none();
    cluster.snapshot_bytes = [16, 100, if is_whole { 10_000 } else { 300 }][dice.below(3) as usize];
    let mut record = Record::default();
    for round in 0..60_u64 {
        let one = PeerId(dice.below(peers as u64) as u8);
        match dice.below(10) {
            0 => cluster.crash(one, 0, false),
            1 => {
                let kept = dice.below(3) as usize;
                cluster.crash(one, kept, dice.below(2) == 0);
            }
            2 => drop(cluster.isolated.insert(one)),
            3 => drop(cluster.isolated.remove(one)),
            4 => cluster.lose_one_of = dice.below(6),
            _ if cluster.seats[one.index()].raft.is_none() => cluster.boot(one),
            _ => {}
        }
        for number in 0..dice.below(12) {
            for peer in PeerId::all(peers) {
                cluster.propose_to(peer, &(round * 100 + number).to_le_bytes());
            }
            cluster.run(dice.below(30));
            record.take(&cluster);
        }
        cluster.run(dice.below(400));
        record.take(&cluster);
    }
    (cluster.lose_one_of, cluster.isolated) = (0, Default::default());
    PeerId::all(peers)
        .filter(|id| cluster.seats[id.index()].raft.is_none())
        .collect::<Vec<_>>()
        .into_iter()
        .for_each(|id| cluster.boot(id));
    cluster.agree(b"the end", peers);
    cluster.run(200);
    record.take(&cluster);
    cluster.assert_same();
    assert!(cluster.seats[0].machine.0 > 0, "something was agreed upon");
}

#[test]
fn three_peers_agree_whatever_happens() {
    for seed in 0..100 {
        soak(seed, 3, Settings::default());
    }
}

#[test]
fn four_and_five_peers_agree_with_small_windows_and_chunks() {
    for seed in 0..100 {
        let settings = Settings {
            entries_per_append: 2,
            appends_in_flight: 1 + seed as usize % 3,
            snapshot_chunk: Some([7, 100][seed as usize % 2]),
            no_op: seed % 2 == 0,
            ..Settings::default()
        };
        soak(1_000 + seed, 4 + seed as usize % 2, settings);
    }
}

#[test]
fn a_peer_alone_agrees_with_itself() {
    for seed in 0..20 {
        soak(2_000 + seed, 1, Settings::default());
    }
}
