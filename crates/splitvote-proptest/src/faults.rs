//! Fault plans: acts of chosen classes.
//!
//! Within a class the simplest act comes first, and the classes follow each other in the order in which they
//! are named: proptest shrinks toward the first. What a class breaks it can also mend.

use std::ops::RangeInclusive;
use std::time::Duration;

use proptest::prelude::*;
use proptest::strategy::Union;
use splitvote::fault::{
    Clog, Connect, Crash, CrashAtSend, CrashAtWrite, Cut, Delay, Disarm, Disconnect, Disk,
    DriftClock, FailSync, FillDisk, FreeDisk, Heal, MendDisk, Network, OrderTasks, Partition,
    Pause, Restart, Restore, Resume, Rot, ShuffleTasks, StepClock, Unclog,
};
use splitvote::peer::Damage;
use splitvote::sim::{
    DiskProfile, Latency, NetworkProfile, Probability, Realistic, RecordKind, Reordering, SlowSync,
    Staleness, Unsynced,
};
use splitvote::{Act, FaultClass, FaultClasses, Timed};

use crate::partitions::groups;
use crate::peers::{link, peer};
use crate::schedule::Schedule;
use crate::times::{instant, millis};

/// The most packets that a link with a limit carries at once; the fewest are two.
const MOST_PACKETS: u8 = 20;

/// What a fault plan is made of.
#[derive(Clone, Debug)]
pub struct Faults {
    /// Which classes of faults there are.
    pub classes: FaultClasses,
    /// How many acts.
    pub acts: RangeInclusive<usize>,
    /// Within which time.
    pub lasts: Duration,
}

impl Default for Faults {
    /// Up to twenty acts of all classes within five seconds.
    fn default() -> Self {
        let classes = FaultClass::ALL.iter().copied().collect();
        Self { classes, acts: 0..=20, lasts: Duration::from_secs(5) }
    }
}

impl Faults {
    /// Up to twenty acts of these classes within five seconds.
    #[must_use]
    pub fn of(classes: &[FaultClass]) -> Self {
        Self { classes: classes.iter().copied().collect(), ..Self::default() }
    }
}

/// Faults of the chosen classes, each within what Raft promises to survive. Shrinks to fewer acts, then to
/// simpler ones, lower peers, and earlier and rounder times.
pub fn fault_plan(peers: usize, faults: Faults) -> impl Strategy<Value = Schedule> {
    let Faults { classes, acts, lasts } = faults;
    let mut kinds: Vec<BoxedStrategy<Act>> = Vec::new();
    let mut is_network_in = false;
    for class in classes.iter() {
        let is_network = is_of_network(class);
        // One act changes all that is wrong with a network.
        if !(is_network && is_network_in) {
            kinds.push(acts_of(class, classes, peers));
        }
        is_network_in |= is_network;
    }
    // Without a class nothing can be done; a union of nothing cannot be made.
    let most = if kinds.is_empty() { 0 } else { *acts.end() };
    let kinds = if kinds.is_empty() { vec![Just(Heal.into()).boxed()] } else { kinds };
    let timed = (instant(lasts), Union::new(kinds)).prop_map(|(at, act)| Timed { at, act });
    proptest::collection::vec(timed, (*acts.start()).min(most)..=most)
        .prop_map(move |acts| Schedule::new(peers, acts))
}

fn is_of_network(class: FaultClass) -> bool {
    use FaultClass::{Duplication, Loss, Reordering, StaleReplay};
    matches!(class, Loss | Duplication | Reordering | StaleReplay)
}

fn acts_of(class: FaultClass, classes: FaultClasses, peers: usize) -> BoxedStrategy<Act> {
    let one = || peer(peers);
    let pair = || link(peers);
    match class {
        FaultClass::Partitions => prop_oneof![
            one().prop_map(|of| Disconnect { of }.into()),
            one().prop_map(|of| Connect { of }.into()),
            pair().prop_map(|(from, to)| Cut { from, to }.into()),
            pair().prop_map(|(from, to)| Restore { from, to }.into()),
            groups(peers).prop_map(|groups| Partition { groups }.into()),
            Just(Heal.into()),
        ]
        .boxed(),
        FaultClass::Clogs => prop_oneof![
            (pair(), millis(1..1_000))
                .prop_map(|((from, to), lasts)| Clog { from, to, lasts }.into()),
            pair().prop_map(|(from, to)| Unclog { from, to }.into()),
        ]
        .boxed(),
        FaultClass::Delays => (pair(), millis(0..300))
            .prop_map(|((from, to), by)| Delay { from, to, by }.into())
            .boxed(),
        FaultClass::Loss
        | FaultClass::Duplication
        | FaultClass::Reordering
        | FaultClass::StaleReplay => network(classes),
        FaultClass::Crashes => prop_oneof![
            one().prop_map(|of| Crash { of }.into()),
            one().prop_map(|of| Restart { of }.into())
        ]
        .boxed(),
        FaultClass::CrashPoints => prop_oneof![
            (one(), 0..6_u64).prop_map(|(peer, after)| CrashAtWrite { of: peer, after }.into()),
            (one(), 0..6_u64).prop_map(|(peer, after)| CrashAtSend { of: peer, after }.into()),
            one().prop_map(|of| Disarm { of }.into()),
            one().prop_map(|of| Restart { of }.into()),
        ]
        .boxed(),
        FaultClass::Pauses => prop_oneof![
            one().prop_map(|of| Pause { of }.into()),
            one().prop_map(|of| Resume { of }.into())
        ]
        .boxed(),
        FaultClass::Clocks => prop_oneof![
            (one(), millis(0..2_000)).prop_map(|(peer, by)| StepClock { of: peer, by }.into()),
            (one(), -100_000..100_000_i32)
                .prop_map(|(peer, ppm)| DriftClock { of: peer, ppm }.into()),
        ]
        .boxed(),
        FaultClass::Disks => prop_oneof![
            disk(),
            (one(), 0..6_u64).prop_map(|(of, after)| FailSync { of, after }.into()),
            one().prop_map(|of| FillDisk { of }.into()),
            one().prop_map(|of| FreeDisk { of }.into()),
            (one(), 0..6_u64).prop_map(|(of, back)| {
                Rot { of, record: RecordKind::Any, back, damage: Damage::Told }.into()
            }),
            one().prop_map(|of| MendDisk { of }.into()),
            one().prop_map(|of| Restart { of }.into()),
        ]
        .boxed(),
        FaultClass::Tasks => prop_oneof![
            one().prop_map(|of| ShuffleTasks { of }.into()),
            one().prop_map(|of| OrderTasks { of }.into()),
        ]
        .boxed(),
    }
}

/// A network that gets wrong what the classes allow; it shrinks toward one that gets nothing wrong. Losses may come in
/// bursts, and a link may carry only so many packets at once.
fn network(classes: FaultClasses) -> BoxedStrategy<Act> {
    let often = move |class, most: u32| {
        let most = if classes.contains(class) { most } else { 0 };
        (0..=most).prop_map(Probability::percent)
    };
    let usual = Realistic::default();
    let most = if classes.contains(FaultClass::Loss) { MOST_PACKETS } else { 0 };
    // Any number first, then fewer and fewer.
    let capacity = (0..=most).prop_map(|fewer| (fewer > 0).then(|| MOST_PACKETS + 2 - fewer));
    let odds = (
        often(FaultClass::Loss, 30),
        often(FaultClass::Loss, 90),
        capacity,
        often(FaultClass::Duplication, 30),
        often(FaultClass::Reordering, 30),
        often(FaultClass::StaleReplay, 10),
    );
    odds.prop_map(move |(loss, loss_correlation, capacity, duplicate, reorder, stale)| {
        let until = |max| Latency::Uniform { min: Duration::ZERO, max: Duration::from_millis(max) };
        let reorder = Reordering { probability: reorder, delay: until(300) };
        let stale = Staleness { probability: stale, delay: until(3_000) };
        Network(NetworkProfile::Realistic(Realistic {
            loss,
            loss_correlation,
            capacity,
            duplicate,
            reorder,
            stale,
            ..usual
        }))
        .into()
    })
    .boxed()
}

/// Disks that are slow, and keep parts of what was not synced; none that lies: no Raft survives that.
fn disk() -> BoxedStrategy<Act> {
    let unsynced = prop_oneof![
        Just(Unsynced::Lost),
        Just(Unsynced::Prefix),
        Just(Unsynced::Torn),
        Just(Unsynced::Varied),
    ];
    (unsynced, millis(0..20), (0..=20_u32), millis(0..500))
        .prop_map(|(unsynced, sync, slow, slowest)| {
            let until = |max| Latency::Uniform { min: Duration::ZERO, max };
            let probability = Probability::percent(slow);
            Disk(DiskProfile {
                sync_latency: until(sync),
                slow_sync: SlowSync { probability, latency: until(slowest) },
                unsynced,
                ..DiskProfile::default()
            })
            .into()
        })
        .boxed()
}
