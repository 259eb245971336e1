//! Writes networks, disks, snapshots, clocks and the options of a Raft. What is as usual is left out; an
//! empty table says nothing.

use splitvote_peer::{Settings, Timing};
use splitvote_sim::{
    ClockProfile, DiskProfile, Labrpc, Latency, NetworkProfile, Probability, Realistic, Reordering,
    SlowSync, SnapshotProfile, Staleness, Tail, Unsynced,
};

use super::inline::{Inline, quoted};
use super::units::DurationRange;
use super::units_text::{both, duration, percent, range};

/// What of the timing is not as usual: keys and values.
pub(crate) fn timing(timing: &Timing) -> Vec<(&'static str, String)> {
    let usual = Timing::default();
    let Timing { election_timeout_min: min, election_timeout_max: max, heartbeat_interval } =
        timing;
    let mut lines = Vec::new();
    if (usual.election_timeout_min, usual.election_timeout_max) != (*min, *max) {
        let timeouts = DurationRange { min: *min, max: *max };
        lines.push(("election-timeout", quoted(&range(timeouts))));
    }
    if usual.heartbeat_interval != *heartbeat_interval {
        lines.push(("heartbeat", quoted(&duration(*heartbeat_interval))));
    }
    lines
}

pub(crate) fn raft(settings: &Settings) -> Inline {
    let usual = Settings::default();
    let Settings {
        timing: _,
        no_op,
        pre_vote,
        check_quorum,
        batch_delay,
        entries_per_append,
        appends_in_flight,
        snapshot_chunk,
    } = settings;
    let mut table = Inline::default();
    let flag = |is_on: bool| is_on.to_string();
    table.put_unless(usual.no_op, "no-op", *no_op, flag);
    table.put_unless(usual.pre_vote, "pre-vote", *pre_vote, flag);
    table.put_unless(usual.check_quorum, "check-quorum", *check_quorum, flag);
    let text = |delay| quoted(&duration(delay));
    table.put_unless(usual.batch_delay, "batch-delay", *batch_delay, text);
    let most = usual.entries_per_append;
    table.put_unless(most, "entries-per-append", *entries_per_append, |most| most.to_string());
    let most = usual.appends_in_flight;
    table.put_unless(most, "appends-in-flight", *appends_in_flight, |most| most.to_string());
    if let Some(bytes) = snapshot_chunk {
        table.put("snapshot-chunk", bytes);
    }
    table
}

/// The name of a profile, or a table with its settings.
pub(crate) fn network(profile: NetworkProfile) -> String {
    let (name, table) = match profile {
        NetworkProfile::Labrpc(profile) => ("labrpc", labrpc(profile)),
        NetworkProfile::Realistic(profile) => ("realistic", realistic(profile)),
    };
    // The first key of the table is the profile's name itself.
    let is_usual = profile == NetworkProfile::Labrpc(Labrpc::default())
        || profile == NetworkProfile::Realistic(Realistic::default());
    if is_usual { quoted(name) } else { table.to_string() }
}

fn labrpc(profile: Labrpc) -> Inline {
    let usual = Labrpc::default();
    let Labrpc { reliable, long_delays, long_reordering } = profile;
    let mut table = Inline::default();
    table.put("profile", quoted("labrpc"));
    let text = |flag: bool| flag.to_string();
    table.put_unless(usual.reliable, "reliable", reliable, text);
    table.put_unless(usual.long_delays, "long-delays", long_delays, text);
    table.put_unless(usual.long_reordering, "long-reordering", long_reordering, text);
    table
}

fn realistic(profile: Realistic) -> Inline {
    let usual = Realistic::default();
    let Realistic { one_way_delay, loss, loss_correlation, capacity, duplicate, reorder, stale } =
        profile;
    let Reordering { probability: reordered, delay: behind } = reorder;
    let Staleness { probability: staled, delay: staleness } = stale;
    let mut table = Inline::default();
    table.put("profile", quoted("realistic"));
    table.put_unless(usual.one_way_delay, "delay", one_way_delay, latency);
    table.put_unless(Probability::NEVER, "loss", loss, quoted_percent);
    table.put_unless(Probability::NEVER, "loss-correlation", loss_correlation, quoted_percent);
    if let Some(most) = capacity {
        table.put("capacity", most);
    }
    table.put_unless(Probability::NEVER, "duplicate", duplicate, quoted_percent);
    table.put_unless(Probability::NEVER, "reorder", reordered, quoted_percent);
    table.put_unless(Latency::NONE, "reorder-delay", behind, latency);
    table.put_unless(Probability::NEVER, "stale", staled, quoted_percent);
    // Where copies turn up, the delay that a file leaves out is not none.
    if staled != Probability::NEVER || staleness != Latency::NONE {
        table.put("stale-delay", latency(staleness));
    }
    table
}

pub(crate) fn disk(profile: DiskProfile) -> Inline {
    let DiskProfile { sync_latency, slow_sync, unsynced, lying, liars, failing } = profile;
    let SlowSync { probability, latency: slow } = slow_sync;
    let mut table = Inline::default();
    table.put_unless(Latency::NONE, "sync", sync_latency, latency);
    table.put_unless(Probability::NEVER, "slow", probability, quoted_percent);
    if probability != Probability::NEVER || slow != Latency::NONE {
        table.put("slow-sync", latency(slow));
    }
    let word = |unsynced| match unsynced {
        Unsynced::Lost => quoted("lost"),
        Unsynced::Prefix => quoted("prefix"),
        Unsynced::Torn => quoted("torn"),
        Unsynced::Varied => quoted("varied"),
    };
    table.put_unless(Unsynced::Lost, "unsynced", unsynced, word);
    if lying != Probability::NEVER {
        table.put("lying", quoted_percent(lying));
        let names: Vec<String> = liars.iter().map(|liar| quoted(&liar.to_string())).collect();
        table.put("liars", format!("[{}]", names.join(", ")));
    }
    table.put_unless(Probability::NEVER, "failing", failing, quoted_percent);
    table
}

pub(crate) fn snapshots(profile: SnapshotProfile) -> Inline {
    let usual = SnapshotProfile::default();
    let SnapshotProfile { every, bytes, latency: delay } = profile;
    let mut table = Inline::default();
    // Without a rhythm there is none, whatever else is said.
    if let Some(every) = every {
        table.put("every", every);
        table.put_unless(usual.bytes, "bytes", bytes, |bytes| bytes.to_string());
        table.put_unless(usual.latency, "delay", delay, latency);
    }
    table
}

pub(crate) fn clocks(profile: ClockProfile) -> Inline {
    let usual = ClockProfile::default();
    let ClockProfile { max_offset, max_drift_ppm } = profile;
    let mut table = Inline::default();
    table.put_unless(usual.max_offset, "offset", max_offset, |offset| quoted(&duration(offset)));
    let text = |ppm| quoted_percent(Probability::per_million(ppm));
    table.put_unless(usual.max_drift_ppm, "drift", max_drift_ppm, text);
    table
}

/// A single duration, a range, or a table if it is exponential.
fn latency(latency: Latency) -> String {
    match latency {
        Latency::Constant(delay) => quoted(&duration(delay)),
        Latency::Uniform { min, max } => quoted(&both(min, max)),
        Latency::Exponential { min, mean, tail: Tail { probability, factor } } => {
            let mut table = Inline::default();
            table.put("min", quoted(&duration(min)));
            table.put("mean", quoted(&duration(mean)));
            table.put_unless(Probability::NEVER, "tail", probability, quoted_percent);
            table.put_unless(0, "tail-factor", factor, |factor| factor.to_string());
            table.to_string()
        }
    }
}

pub(crate) fn quoted_percent(probability: Probability) -> String {
    quoted(&percent(probability))
}
