//! Networks, disks, clocks, snapshots and the options of a Raft: the keys of their tables. What is as usual is left
//! out of a file.

use std::time::Duration;

use splitvote_peer::{PeerSet, Settings, Timing};
use splitvote_sim::{
    ClockProfile, DiskProfile, Labrpc, Latency, NetworkProfile, Probability, Realistic, SlowSync,
    SnapshotProfile, Tail, Unsynced,
};

use super::error::Result;
use super::form::{Form, Text, written};
use super::inline::{Inline, quoted};
use super::reader::Value;
use super::target::{Known, peers as names};
use super::units::DurationRange;
use super::units_text::both;

/// The largest snapshot that a scenario may ask for: 64 MiB.
const MAX_SNAPSHOT_BYTES: u64 = 64 << 20;

/// What a crash leaves of what was not synced.
const UNSYNCED: [(&str, Unsynced); 4] = [
    ("lost", Unsynced::Lost),
    ("prefix", Unsynced::Prefix),
    ("torn", Unsynced::Torn),
    ("varied", Unsynced::Varied),
];

/// A timer that all peers share: the longest that it can be, and the range that it is drawn from once a run, if it is.
fn timer(
    form: &mut Form<'_, '_>,
    key: &'static str,
    longest: &mut Duration,
    drawn: &mut Option<DurationRange>,
    usual: Duration,
) -> Result {
    let mut range = drawn.unwrap_or((*longest).into());
    form.key(key, &mut range, usual.into())?;
    *longest = range.max;
    *drawn = (range.min < range.max).then_some(range);
    Ok(())
}

/// `election-timeout = "150ms-300ms"`, `heartbeat = "50ms"`, or `heartbeat = "40ms-60ms"`
pub(crate) fn timing(
    form: &mut Form<'_, '_>,
    timing: &mut Timing,
    heartbeats: &mut Option<DurationRange>,
) -> Result {
    let usual = Timing::default();
    let Timing { election_timeout_min: min, election_timeout_max: max, heartbeat_interval: beat } =
        timing;
    let usual_range =
        DurationRange { min: usual.election_timeout_min, max: usual.election_timeout_max };
    let mut range = DurationRange { min: *min, max: *max };
    form.key("election-timeout", &mut range, usual_range)?;
    let problem = "an election timeout of zero never lets a leader be";
    form.check(!range.min.is_zero(), "election-timeout", problem, "raise it")?;
    (*min, *max) = (range.min, range.max);
    timer(form, "heartbeat", beat, heartbeats, usual.heartbeat_interval)?;
    let shortest = heartbeats.map_or(*beat, |range| range.min);
    form.check(
        !shortest.is_zero(),
        "heartbeat",
        "a heartbeat interval of zero stops time",
        "raise it",
    )
}

/// `raft = { no-op = true, batch-delay = "1ms", … }`
pub(crate) fn raft(
    form: &mut Form<'_, '_>,
    (settings, delays): &mut (Settings, Option<DurationRange>),
) -> Result {
    let usual = Settings::default();
    let Settings {
        timing: _,
        no_op,
        pre_vote,
        check_quorum,
        batch_delay,
        entries_per_append: entries,
        bytes_per_append,
        appends_in_flight: appends,
        snapshot_chunk,
        shuffled_tasks,
    } = settings;
    form.key("no-op", no_op, usual.no_op)?;
    form.key("pre-vote", pre_vote, usual.pre_vote)?;
    form.key("check-quorum", check_quorum, usual.check_quorum)?;
    timer(form, "batch-delay", batch_delay, delays, usual.batch_delay)?;
    form.number("entries-per-append", entries, 1..1_000_001, usual.entries_per_append)?;
    form.optional_number("bytes-per-append", bytes_per_append, 1..MAX_SNAPSHOT_BYTES + 1)?;
    form.number("appends-in-flight", appends, 1..1_001, usual.appends_in_flight)?;
    form.optional_number("snapshot-chunk", snapshot_chunk, 1..MAX_SNAPSHOT_BYTES + 1)?;
    form.key("shuffled-tasks", shuffled_tasks, usual.shuffled_tasks)
}

/// The name of a profile, or a table with its settings.
impl Text for NetworkProfile {
    fn read(value: &Value<'_>) -> Result<Self> {
        let words = [
            ("labrpc", Self::Labrpc(Labrpc::default())),
            ("realistic", Self::Realistic(Realistic::default())),
        ];
        if value.is_str() {
            return value.word("network", &words);
        }
        let table = value.table()?;
        let profile = table.need("profile", "profile = \"realistic\"")?;
        let mut network = profile.word("network", &words)?;
        of_network(&mut Form::Reads(&table), &mut network)?;
        table.finish()?;
        Ok(network)
    }

    fn written(&self) -> String {
        let (name, usual) = match self {
            Self::Labrpc(_) => ("labrpc", Self::Labrpc(Labrpc::default())),
            Self::Realistic(_) => ("realistic", Self::Realistic(Realistic::default())),
        };
        if *self == usual {
            return quoted(name);
        }
        let mut table = Inline::default();
        table.put("profile", quoted(name));
        _ = of_network(&mut Form::Writes(&mut table), &mut self.clone());
        table.to_string()
    }
}

fn of_network(form: &mut Form<'_, '_>, network: &mut NetworkProfile) -> Result {
    match network {
        NetworkProfile::Labrpc(lab) => labrpc(form, lab),
        NetworkProfile::Realistic(profile) => realistic(form, profile),
    }
}

fn labrpc(form: &mut Form<'_, '_>, lab: &mut Labrpc) -> Result {
    let usual = Labrpc::default();
    let Labrpc { reliable, long_delays, long_reordering } = lab;
    form.key("reliable", reliable, usual.reliable)?;
    form.key("long-delays", long_delays, usual.long_delays)?;
    form.key("long-reordering", long_reordering, usual.long_reordering)
}

fn realistic(form: &mut Form<'_, '_>, profile: &mut Realistic) -> Result {
    let usual = Realistic::default().one_way_delay;
    let Realistic { one_way_delay, loss, loss_correlation, capacity, duplicate, reorder, stale } =
        profile;
    form.key("delay", one_way_delay, usual)?;
    mean(form, one_way_delay)?;
    form.key("loss", loss, Probability::NEVER)?;
    form.key("loss-correlation", loss_correlation, Probability::NEVER)?;
    form.optional_number("capacity", capacity, 1..256)?;
    form.key("duplicate", duplicate, Probability::NEVER)?;
    form.key("reorder", &mut reorder.probability, Probability::NEVER)?;
    form.key("reorder-delay", &mut reorder.delay, Latency::NONE)?;
    form.key("stale", &mut stale.probability, Probability::NEVER)?;
    let is_stale = stale.probability != Probability::NEVER;
    if is_stale && matches!(form, Form::Reads(_)) {
        // A copy that turns up later does so 100 ms to 3 s later, if nothing else is said.
        let (min, max) = (Duration::from_millis(100), Duration::from_secs(3));
        stale.delay = Latency::Uniform { min, max };
    }
    let says_something = is_stale || stale.delay != Latency::NONE;
    form.entry(says_something, "stale-delay", &mut stale.delay, Text::read, Text::written)
}

/// A delay may be exponential in so many keys, too: `delay`, `mean`, `tail`, `tail-factor`.
fn mean(form: &Form<'_, '_>, delay: &mut Latency) -> Result {
    let Form::Reads(table) = form else { return Ok(()) };
    let Some(mean) = table.get("mean") else { return Ok(()) };
    let min = table.get("delay").map_or(Ok(Duration::ZERO), |value| Ok(value.range()?.min))?;
    let probability =
        table.get("tail").map_or(Ok(Probability::NEVER), |tail| tail.probability())?;
    let factor = table.get("tail-factor").map_or(Ok(100), |value| value.int(1..10_001))? as u32;
    let tail = Tail { probability, factor };
    *delay = Latency::Exponential { min, mean: mean.duration()?, tail };
    Ok(())
}

/// `disk = { sync = "1ms-10ms", slow = "1%", slow-sync = "50ms-500ms", unsynced = "torn", failing = "1%", lying =
/// "1%", liars = ["S0"], of = ["S1"] }`
///
/// Lying disks are beyond what Raft promises to survive. So a scenario says whose lie; how many they
/// may be, [`Promise`] says.
///
/// [`Promise`]: crate::nemesis::Promise
pub(crate) fn disk(form: &mut Form<'_, '_>, disk: &mut DiskProfile, peers: usize) -> Result {
    let DiskProfile { sync_latency, slow_sync, unsynced, lying, liars, failing, of } = disk;
    let SlowSync { probability, latency } = slow_sync;
    form.key("sync", sync_latency, Latency::NONE)?;
    form.key("slow", probability, Probability::NEVER)?;
    if form.has("slow") || *probability != Probability::NEVER {
        form.need_beside("slow-sync", "slow-sync = \"50ms-500ms\"")?;
        form.always("slow-sync", latency)?;
    } else {
        form.key("slow-sync", latency, Latency::NONE)?;
    }
    form.word(*unsynced != Unsynced::Lost, "unsynced", "policy", unsynced, &UNSYNCED)?;
    form.key("lying", lying, Probability::NEVER)?;
    if form.has("lying") || *lying != Probability::NEVER {
        form.need_beside("liars", "liars = [\"S0\"]")?;
        let read = |stated: &Value<'_>| read_peers(stated, peers, "a disk lies from the beginning");
        form.entry(true, "liars", liars, read, |liars| names(*liars))?;
    }
    form.key("failing", failing, Probability::NEVER)?;
    let is_said = *of != DiskProfile::default().of;
    let read =
        |stated: &Value<'_>| read_peers(stated, peers, "a disk is as it is from the beginning");
    form.entry(is_said, "of", of, read, |of| names(*of))?;
    let is_right =
        [*failing, slow_sync.probability].iter().any(|often| *often != Probability::NEVER);
    let problem = "`of` says whose syncs are slow and fail, and none is or does";
    form.check(is_right, "of", problem, "add `slow` or `failing`, or leave `of` out")
}

/// Peers by name; `why` says why they cannot be named otherwise.
fn read_peers(value: &Value<'_>, peers: usize, why: &str) -> Result<PeerSet> {
    let known = Known::of(peers);
    value.one_or_many()?.iter().map(|value| known.peer(value, why)).collect()
}

/// `snapshots = { every = 10, bytes = 1000, delay = "0ms-5ms" }`
pub(crate) fn snapshots(form: &mut Form<'_, '_>, profile: &mut SnapshotProfile) -> Result {
    let usual = SnapshotProfile::default();
    let SnapshotProfile { every, bytes, latency } = profile;
    form.need("every", "every = 10")?;
    // Without a rhythm nothing is written, whatever else is said.
    if every.is_none() && matches!(form, Form::Writes(_)) {
        return Ok(());
    }
    form.optional_number("every", every, 1..u64::from(u32::MAX))?;
    form.number("bytes", bytes, 0..MAX_SNAPSHOT_BYTES + 1, usual.bytes)?;
    form.key("delay", latency, usual.latency)
}

/// `clocks = { offset = "1s", drift = "1%" }`
pub(crate) fn clocks(form: &mut Form<'_, '_>, clocks: &mut ClockProfile) -> Result {
    let ClockProfile { max_offset, max_drift_ppm } = clocks;
    form.key("offset", max_offset, Duration::ZERO)?;
    let mut drift = Probability::per_million(*max_drift_ppm);
    form.key("drift", &mut drift, Probability::NEVER)?;
    *max_drift_ppm = drift.parts();
    let is_right = *max_drift_ppm <= ClockProfile::MAX_DRIFT_PPM;
    form.check(is_right, "drift", "a clock cannot drift that much", "write at most 50%")
}

/// A single duration is always the same; a range is drawn from; a table is exponential.
impl Text for Latency {
    fn read(value: &Value<'_>) -> Result<Self> {
        if value.is_table() {
            let mut parts = (Duration::ZERO, Duration::ZERO, Tail::default());
            super::form::read(value, &mut parts, exponential)?;
            let (min, mean, tail) = parts;
            return Ok(Self::Exponential { min, mean, tail });
        }
        let DurationRange { min, max } = value.range()?;
        let is_range = value.str()?.contains('-');
        Ok(if is_range { Self::Uniform { min, max } } else { Self::Constant(min) })
    }

    fn written(&self) -> String {
        match *self {
            Self::Constant(delay) => delay.written(),
            Self::Uniform { min, max } => quoted(&both(min, max)),
            Self::Exponential { min, mean, tail } => {
                written(&(min, mean, tail), exponential).to_string()
            }
        }
    }
}

/// `{ min = "1ms", mean = "5ms", tail = "0.1%", tail-factor = 100 }`
fn exponential(
    form: &mut Form<'_, '_>,
    (min, mean, tail): &mut (Duration, Duration, Tail),
) -> Result {
    form.always("min", min)?;
    form.need("mean", "mean = \"5ms\"")?;
    form.always("mean", mean)?;
    form.key("tail", &mut tail.probability, Probability::NEVER)?;
    if form.has("tail") {
        tail.factor = 100;
    }
    form.number("tail-factor", &mut tail.factor, 0..10_001, 0)
}
