//! The head of a scenario file: everything but its steps.

use std::path::Path;

use splitvote_check::Happening;
use splitvote_peer::{PeerId, Settings, Timing};
use splitvote_sim::{
    ClockProfile, DiskProfile, InFlight, Limits, NetworkProfile, Realistic, Unsynced,
};
use toml::de::DeTable;

use super::Scenario;
use super::error::{ScenarioError, Source, nearest};
use super::parse_network::{network, uniform};
use super::parse_overrides::overrides;
use super::parse_steps::StepParser;
use super::reader::{Table, Value};
use super::step::Step;

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
        settings: Settings::from(timing(&table)?),
        network,
        in_flight: table.get("in-flight").map_or(Ok(InFlight::Cut), |value| {
            value.word("policy", &[("cut", InFlight::Cut), ("kept", InFlight::Kept)])
        })?,
        disk: table.get("disk").map_or(Ok(DiskProfile::default()), |value| disk(&value))?,
        clocks: table.get("clocks").map_or(Ok(ClockProfile::default()), |value| clocks(&value))?,
        limits: limits(&table)?,
        overrides: overrides(&table, peers)?,
        steps: some_steps(&table.need("steps")?, &mut steps)?,
        step_count: steps.count(),
        must_happen: table
            .get("must-happen")
            .map_or(Ok(Vec::new()), |value| must_happen(&value))?,
        only: None,
    };
    table.finish()?;
    Ok(scenario)
}

fn some_steps(value: &Value<'_>, parser: &mut StepParser) -> Result<Vec<Step>> {
    let steps = parser.parse_all(value)?;
    if steps.is_empty() {
        return Err(value.error("nothing happens in this scenario", "write { run = \"1s\" }"));
    }
    Ok(steps)
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
