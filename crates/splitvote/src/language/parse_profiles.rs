//! Disks, clocks, snapshots and the options of a Raft, as the head of a scenario writes them.

use splitvote_peer::{PeerSet, Settings, Timing};
use splitvote_sim::{ClockProfile, DiskProfile, SnapshotProfile, Unsynced};

use super::error::ScenarioError;
use super::reader::{Table, Value};
use super::target::{Known, Target};

type Result<T> = std::result::Result<T, ScenarioError>;

/// The largest snapshot that a scenario may ask for: 64 MiB.
const MAX_SNAPSHOT_BYTES: u64 = 64 << 20;

/// `election-timeout`, `heartbeat`, and `raft = { no-op = true, batch-delay = "1ms", … }`.
pub(crate) fn settings(table: &Table<'_>) -> Result<Settings> {
    let mut settings = Settings::from(timing(table)?);
    let Some(value) = table.get("raft") else { return Ok(settings) };
    let raft = value.table()?;
    if let Some(value) = raft.get("no-op") {
        settings.no_op = value.bool()?;
    }
    if let Some(value) = raft.get("pre-vote") {
        settings.pre_vote = value.bool()?;
    }
    if let Some(value) = raft.get("check-quorum") {
        settings.check_quorum = value.bool()?;
    }
    if let Some(value) = raft.get("batch-delay") {
        settings.batch_delay = value.duration()?;
    }
    if let Some(value) = raft.get("entries-per-append") {
        settings.entries_per_append = value.int(1..1_000_001)? as usize;
    }
    if let Some(value) = raft.get("appends-in-flight") {
        settings.appends_in_flight = value.int(1..1_001)? as usize;
    }
    if let Some(value) = raft.get("snapshot-chunk") {
        settings.snapshot_chunk = Some(value.int(1..MAX_SNAPSHOT_BYTES + 1)? as usize);
    }
    raft.finish()?;
    Ok(settings)
}

fn timing(table: &Table<'_>) -> Result<Timing> {
    let mut timing = Timing::default();
    if let Some(value) = table.get("election-timeout") {
        let range = value.election_timeouts()?;
        (timing.election_timeout_min, timing.election_timeout_max) = (range.min, range.max);
    }
    if let Some(value) = table.get("heartbeat") {
        timing.heartbeat_interval = value.duration()?;
        if timing.heartbeat_interval.is_zero() {
            return Err(value.error("a heartbeat interval of zero stops time", "raise it"));
        }
    }
    Ok(timing)
}

/// `disk = { sync = "1ms-10ms", slow = "1%", slow-sync = "50ms-500ms", unsynced = "torn", failing = "1%", lying = "1%", liars = ["S0"] }`
///
/// Lying disks are beyond what Raft promises to survive. So a scenario says whose lie; how many they
/// may be, [`Promise`] says.
///
/// [`Promise`]: crate::nemesis::Promise
pub(crate) fn disk(value: &Value<'_>, peers: usize) -> Result<DiskProfile> {
    let table = value.table()?;
    let mut profile = DiskProfile::default();
    if let Some(value) = table.get("sync") {
        profile.sync_latency = value.latency()?;
    }
    if let Some(value) = table.get("slow") {
        profile.slow_sync.probability = value.probability()?;
        profile.slow_sync.latency =
            table.need("slow-sync", "slow-sync = \"50ms-500ms\"")?.latency()?;
    } else if let Some(value) = table.get("slow-sync") {
        profile.slow_sync.latency = value.latency()?;
    }
    if let Some(value) = table.get("unsynced") {
        let words = [
            ("lost", Unsynced::Lost),
            ("prefix", Unsynced::Prefix),
            ("torn", Unsynced::Torn),
            ("varied", Unsynced::Varied),
        ];
        profile.unsynced = value.word("policy", &words)?;
    }
    if let Some(value) = table.get("lying") {
        profile.lying = value.probability()?;
        profile.liars = liars(&table.need("liars", "liars = [\"S0\"]")?, peers)?;
    }
    if let Some(value) = table.get("failing") {
        profile.failing = value.probability()?;
    }
    table.finish()?;
    Ok(profile)
}

fn liars(value: &Value<'_>, peers: usize) -> Result<PeerSet> {
    let liar = |value: &Value<'_>| match Known::of(peers).target(value)? {
        Target::Peer(peer) => Ok(peer),
        _ => Err(value.error("a disk lies from the beginning", "name a peer such as \"S0\"")),
    };
    value.one_or_many()?.iter().map(liar).collect()
}

/// `snapshots = { every = 10, bytes = 1000, delay = "0ms-5ms" }`
pub(crate) fn snapshots(value: &Value<'_>) -> Result<SnapshotProfile> {
    let table = value.table()?;
    let every = table.need("every", "every = 10")?.int(1..u64::from(u32::MAX))?;
    let mut profile = SnapshotProfile { every: Some(every), ..SnapshotProfile::default() };
    if let Some(value) = table.get("bytes") {
        profile.bytes = value.int(0..MAX_SNAPSHOT_BYTES + 1)? as usize;
    }
    if let Some(value) = table.get("delay") {
        profile.latency = value.latency()?;
    }
    table.finish()?;
    Ok(profile)
}

/// `clocks = { offset = "1s", drift = "1%" }`
pub(crate) fn clocks(value: &Value<'_>) -> Result<ClockProfile> {
    let table = value.table()?;
    let mut profile = ClockProfile::default();
    if let Some(value) = table.get("offset") {
        profile.max_offset = value.duration()?;
    }
    if let Some(value) = table.get("drift") {
        profile.max_drift_ppm = value.probability()?.parts();
        if profile.max_drift_ppm > ClockProfile::MAX_DRIFT_PPM {
            return Err(value.error("a clock cannot drift that much", "write at most 50%"));
        }
    }
    table.finish()?;
    Ok(profile)
}
