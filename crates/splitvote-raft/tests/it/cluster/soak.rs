//! One run of sixty rounds of faults: crashes with torn records, isolated peers, lost messages that
//! overtake each other, slow disks, snapshots of several sizes.
use std::collections::BTreeMap;

use splitvote_peer::{EntryId, LogIndex, PeerId, PeerSet, Settings};
use splitvote_raft::Rules;

use super::Cluster;

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
    fn differs<R: Rules + Clone>(&mut self, cluster: &Cluster<R>) -> bool {
        let mut applied = cluster.seats.iter().flat_map(|seat| &seat.applied);
        applied.any(|(index, entry)| *self.0.entry(*index).or_insert(*entry) != *entry)
    }
}

/// What goes wrong in one run of sixty rounds of faults, if anything does.
pub fn soak<R: Rules + Clone>(
    seed: u64,
    peers: usize,
    settings: Settings,
    rules: R,
) -> Result<(), String> {
    let mut dice = Dice(seed);
    let mut cluster = Cluster::new(peers, settings, rules);
    cluster.sync_millis = [0, 2, 10, 40][dice.below(4) as usize];
    cluster.jitter_millis = [0, 3, 30][dice.below(3) as usize];
    cluster.reports_loss = dice.below(2) == 0;
    cluster.snapshot_every = [None, Some(3), Some(10)][dice.below(3) as usize];
    let is_whole = cluster.settings().snapshot_chunk.is_none();
    cluster.snapshot_bytes = [16, 100, if is_whole { 10_000 } else { 300 }][dice.below(3) as usize];
    let mut record = Record::default();
    for round in 0..60_u64 {
        disturb(&mut cluster, &mut dice);
        for number in 0..dice.below(12) {
            for peer in PeerId::all(peers) {
                cluster.propose_to(peer, &(round * 100 + number).to_le_bytes());
            }
            cluster.run(dice.below(30));
        }
        cluster.run(dice.below(400));
        if record.differs(&cluster) {
            return Err("an index was applied differently".into());
        }
    }
    (cluster.lose_one_of, cluster.isolated) = (0, PeerSet::EMPTY);
    for id in PeerId::all(peers) {
        if cluster.seats[id.index()].raft.is_none() {
            cluster.boot(id);
        }
    }
    cluster.try_agree(b"the end", peers).ok_or("no agreement in the end")?;
    cluster.run(3_000);
    let machine = cluster.seats[0].machine;
    match cluster.wrong.first() {
        Some(wrong) => Err(wrong.clone()),
        None if cluster.seats.iter().any(|seat| seat.machine != machine) => {
            Err("the machines differ in the end".into())
        }
        None => Ok(()),
    }
}

fn disturb<R: Rules + Clone>(cluster: &mut Cluster<R>, dice: &mut Dice) {
    let one = PeerId(dice.below(cluster.seats.len() as u64) as u8);
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
}

/// Small windows and chunks, and a no-op, in turns.
pub fn small(seed: u64) -> Settings {
    Settings {
        entries_per_append: 2,
        appends_in_flight: 1 + seed as usize % 3,
        snapshot_chunk: Some([7, 100][seed as usize % 2]),
        no_op: seed.is_multiple_of(2),
        ..Settings::default()
    }
}
