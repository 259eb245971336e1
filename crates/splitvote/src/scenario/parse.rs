//! The head of a scenario file: everything but its steps.

use std::path::Path;
use std::time::Duration;

use splitvote_check::Happening;
use splitvote_peer::{PeerId, Timing};
use splitvote_sim::{
    ClockProfile, DiskProfile, InFlight, Labrpc, Latency, Limits, NetworkProfile, Overrides,
    Probability, Realistic, Reordering, Tail, Unsynced, Verdict,
};
use toml::de::DeTable;

use super::Scenario;
use super::error::{ScenarioError, Source, nearest};
use super::parse_steps::StepParser;
use super::reader::{Table, Value};
use super::units::DurationRange;

type Result<T> = std::result::Result<T, ScenarioError>;

/// What a sweep of one scenario under `cargo test` runs unless the file says otherwise.
const DEFAULT_SEEDS: u64 = 20;

pub(super) fn parse(file: &Path, text: &str) -> Result<Scenario> {
    let source = Source { file, text };
    let document = DeTable::parse(text).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        source.error(&span, error.message().replace('\n', ", "), "a scenario is a TOML file")
    })?;
    let table = Table::new(source, document.get_ref(), 0..0);
    let peers = table.need("peers")?.int(1..PeerId::MAX_PEERS as u64 + 1)? as usize;
    let network = match table.get("network") {
        Some(value) => network(&value)?,
        None => NetworkProfile::Realistic(Realistic::default()),
    };
    let mut steps = StepParser::new(peers);
    let scenario = Scenario {
        name: name(&table.need("name")?)?,
        file: file.to_owned(),
        about: text_of(table.get("about"))?,
        source: text_of(table.get("source"))?,
        peers,
        seeds: table.get("seeds").map_or(Ok(DEFAULT_SEEDS), |value| value.int(1..1_000_001))?,
        timing: timing(&table)?,
        network,
        in_flight: table.get("in-flight").map_or(Ok(InFlight::Cut), |value| {
            value.word("policy", &[("cut", InFlight::Cut), ("kept", InFlight::Kept)])
        })?,
        disk: table.get("disk").map_or(Ok(DiskProfile::default()), |value| disk(&value))?,
        clocks: table.get("clocks").map_or(Ok(ClockProfile::default()), |value| clocks(&value))?,
        limits: limits(&table)?,
        overrides: overrides(&table, peers)?,
        steps: steps.parse_all(&table.need("steps")?)?,
        step_count: steps.count(),
        must_happen: table
            .get("must-happen")
            .map_or(Ok(Vec::new()), |value| must_happen(&value))?,
        only: None,
    };
    table.finish()?;
    Ok(scenario)
}

fn name(value: &Value<'_>) -> Result<String> {
    let name = value.str()?;
    let is_kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || !name.chars().all(is_kebab) {
        let remedy = "a name has lower-case letters, digits and hyphens";
        return Err(value.error(format!("`{name}` is no name for a scenario"), remedy));
    }
    Ok(name.to_owned())
}

fn text_of(value: Option<Value<'_>>) -> Result<String> {
    value.map_or(Ok(String::new()), |value| value.str().map(str::to_owned))
}

fn timing(table: &Table<'_>) -> Result<Timing> {
    let mut timing = Timing::default();
    if let Some(value) = table.get("election-timeout") {
        let range = value.range()?;
        if range.min.is_zero() {
            return Err(
                value.error("an election timeout of zero never lets a leader be", "raise it")
            );
        }
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

/// A network: the name of a profile, or a table with its settings.
pub(super) fn network(value: &Value<'_>) -> Result<NetworkProfile> {
    #[derive(Clone, Copy)]
    enum Profile {
        Labrpc,
        Realistic,
    }
    let words = [("labrpc", Profile::Labrpc), ("realistic", Profile::Realistic)];
    if value.is_str() {
        return Ok(match value.word("network", &words)? {
            Profile::Labrpc => NetworkProfile::Labrpc(Labrpc::default()),
            Profile::Realistic => NetworkProfile::Realistic(Realistic::default()),
        });
    }
    let table = value.table()?;
    let profile = match table.need("profile")?.word("network", &words)? {
        Profile::Labrpc => NetworkProfile::Labrpc(labrpc(&table)?),
        Profile::Realistic => NetworkProfile::Realistic(realistic(&table)?),
    };
    table.finish()?;
    Ok(profile)
}

fn labrpc(table: &Table<'_>) -> Result<Labrpc> {
    let mut profile = Labrpc::default();
    let set = |key, flag: &mut bool| -> Result<()> {
        if let Some(value) = table.get(key) {
            *flag = value.bool()?;
        }
        Ok(())
    };
    set("reliable", &mut profile.reliable)?;
    set("long-delays", &mut profile.long_delays)?;
    set("long-reordering", &mut profile.long_reordering)?;
    Ok(profile)
}

fn realistic(table: &Table<'_>) -> Result<Realistic> {
    let mut profile = Realistic::default();
    if let Some(value) = table.get("delay") {
        profile.one_way_delay = uniform(value.range()?);
    }
    if let Some(value) = table.get("mean") {
        let min = table.get("delay").map_or(Ok(Duration::ZERO), |value| Ok(value.range()?.min))?;
        let probability = probability(table, "tail")?;
        let factor = table.get("tail-factor").map_or(Ok(100), |value| value.int(1..10_001))? as u32;
        let tail = Tail { probability, factor };
        profile.one_way_delay = Latency::Exponential { min, mean: value.duration()?, tail };
    }
    profile.loss = probability(table, "loss")?;
    profile.duplicate = probability(table, "duplicate")?;
    profile.reorder = Reordering {
        probability: probability(table, "reorder")?,
        delay: table.get("reorder-delay").map_or(Ok(Latency::NONE), |v| Ok(uniform(v.range()?)))?,
    };
    Ok(profile)
}

fn probability(table: &Table<'_>, key: &'static str) -> Result<Probability> {
    table.get(key).map_or(Ok(Probability::NEVER), |value| value.probability())
}

fn uniform(range: DurationRange) -> Latency {
    Latency::Uniform { min: range.min, max: range.max }
}

fn disk(value: &Value<'_>) -> Result<DiskProfile> {
    let table = value.table()?;
    let mut profile = DiskProfile::default();
    if let Some(value) = table.get("sync") {
        profile.sync_latency = uniform(value.range()?);
    }
    if let Some(value) = table.get("unsynced") {
        let words = [("lost", Unsynced::Lost), ("prefix", Unsynced::Prefix)];
        profile.unsynced = value.word("policy", &words)?;
    }
    table.finish()?;
    Ok(profile)
}

fn clocks(value: &Value<'_>) -> Result<ClockProfile> {
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

fn limits(table: &Table<'_>) -> Result<Limits> {
    let mut limits = Limits::default();
    if let Some(value) = table.get("max-events") {
        limits.events = value.int(1..u64::from(u32::MAX))?;
    }
    Ok(limits)
}

/// Draws that are written down: `[election-timeouts]` and `[[packets]]`.
fn overrides(table: &Table<'_>, peers: usize) -> Result<Overrides> {
    let mut overrides = Overrides::default();
    if let Some(value) = table.get("election-timeouts") {
        let table = value.table()?;
        for (name, timeouts, span) in table.entries() {
            let Some(peer) = PeerId::all(peers).find(|peer| peer.to_string() == name) else {
                let remedy = format!("the peers are S0 to S{}", peers - 1);
                return Err(table.error_at(&span, format!("no peer `{name}`"), remedy));
            };
            for (place, timeout) in timeouts.one_or_many()?.iter().enumerate() {
                overrides.election_timeouts.insert((peer, place as u64), timeout.duration()?);
            }
        }
    }
    for packet in table.get("packets").map_or(Ok(Vec::new()), |value| value.array())? {
        let packet = packet.table()?;
        let peer = |key| -> Result<PeerId> {
            let value = packet.need(key)?;
            let name = value.str()?;
            let remedy = format!("the peers are S0 to S{}", peers - 1);
            PeerId::all(peers)
                .find(|peer| peer.to_string() == name)
                .ok_or_else(|| value.error(format!("no peer `{name}`"), remedy))
        };
        let place = packet.need("nth")?.int(0..u64::from(u32::MAX))?;
        let verdict = verdict(&packet.need("fate")?, packet.get("by"))?;
        overrides.packets.insert((peer("from")?, peer("to")?, place), verdict);
        packet.finish()?;
    }
    Ok(overrides)
}

/// `deliver`, `drop`, `duplicate`, or `delay` with a duration.
pub(super) fn verdict(value: &Value<'_>, by: Option<Value<'_>>) -> Result<Verdict> {
    let words = [
        ("deliver", Verdict::Deliver),
        ("delay", Verdict::Delay(Duration::ZERO)),
        ("drop", Verdict::Drop),
        ("duplicate", Verdict::Duplicate),
    ];
    let verdict = value.word("fate", &words)?;
    match (verdict, by) {
        (Verdict::Delay(_), Some(by)) => Ok(Verdict::Delay(by.duration()?)),
        (Verdict::Delay(_), None) => Err(value.error("a delay needs `by`", "add `by = \"100ms\"`")),
        (_, Some(by)) => Err(by.error("only a delay has `by`", "leave it out")),
        (verdict, None) => Ok(verdict),
    }
}

fn must_happen(value: &Value<'_>) -> Result<Vec<Happening>> {
    let table = value.table()?;
    let mut happenings = Vec::new();
    for (name, value, span) in table.entries() {
        let Some(happening) = Happening::find(name) else {
            let remedy = nearest(name, Happening::ALL.iter().map(|happening| happening.name()));
            return Err(table.error_at(&span, format!("unknown event `{name}`"), remedy));
        };
        if !value.bool()? {
            return Err(value.error("an event is demanded or left out", "write true"));
        }
        happenings.push(happening);
    }
    Ok(happenings)
}
