//! The head of a scenario file: everything but its steps.

use std::path::Path;

use splitvote_check::Happening;
use splitvote_peer::{Feature, Features, PeerId};
use splitvote_sim::{
    ClockProfile, DiskProfile, InFlight, Limits, NetworkProfile, Realistic, SnapshotProfile,
};
use toml::Spanned;
use toml::de::DeTable;

use crate::fault::FaultClasses;
use crate::language::error::{ScenarioError, Source, nearest};
use crate::language::parse_network::network;
use crate::language::parse_profiles::{clocks, disk, settings, snapshots};
use crate::language::reader::{Table, Value};
use crate::nemesis::Promise;

use super::parse_overrides::{logs, overrides};
use super::parse_steps::StepParser;
use super::step::Step;
use super::{Scenario, classes};

type Result<T> = std::result::Result<T, ScenarioError>;

/// What a sweep of one scenario under `cargo test` runs unless the file says otherwise.
pub(crate) const DEFAULT_SEEDS: u64 = 20;

pub(super) fn parse(file: &Path, text: &str) -> Result<Scenario> {
    let source = Source { file, text };
    let document = document(&source)?;
    let table = Table::of_text(source, document.get_ref());
    if let Some(case) = table.get("case") {
        let remedy = "`splitvote replay` shows it, and knows its seed and its Raft";
        return Err(case.error("this is a case, not a scenario", remedy));
    }
    scenario(&table)
}

/// The TOML of a file.
pub(crate) fn document<'a>(source: &Source<'a>) -> Result<Spanned<DeTable<'a>>> {
    DeTable::parse(source.text).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        source.error(&span, error.message().replace('\n', ", "), "a scenario is a TOML file")
    })
}

/// The scenario of a table of which whatever is no part of a scenario has been asked for.
pub(crate) fn scenario(table: &Table<'_>) -> Result<Scenario> {
    let peers = table.need("peers", "peers = 3")?.int(1..PeerId::MAX_PEERS as u64 + 1)? as usize;
    let network = match table.get("network") {
        Some(value) => network(&value)?,
        None => NetworkProfile::Realistic(Realistic::default()),
    };
    let mut steps = StepParser::new(peers);
    let scenario = Scenario {
        name: name(&table.need("name", "name = \"my-scenario\"")?)?,
        file: table.file().to_owned(),
        about: text_of(table.get("about"))?,
        source: text_of(table.get("source"))?,
        peers,
        seeds: table.get("seeds").map_or(Ok(DEFAULT_SEEDS), |value| value.int(1..1_000_001))?,
        settings: settings(table)?,
        network,
        in_flight: table.get("in-flight").map_or(Ok(InFlight::Cut), |value| {
            value.word("policy", &[("cut", InFlight::Cut), ("kept", InFlight::Kept)])
        })?,
        disk: table.get("disk").map_or(Ok(DiskProfile::default()), |value| disk(&value, peers))?,
        snapshots: table
            .get("snapshots")
            .map_or(Ok(SnapshotProfile::default()), |value| snapshots(&value))?,
        clocks: table.get("clocks").map_or(Ok(ClockProfile::default()), |value| clocks(&value))?,
        limits: limits(table)?,
        within: table.get("within").map(|value| value.duration()).transpose()?,
        logs: logs(table, peers)?,
        overrides: overrides(table, peers)?,
        without: table
            .get("without")
            .map_or(Ok(FaultClasses::NONE), |value| classes::read(&value))?,
        steps: some_steps(&table.need("steps", "steps = [{ run = \"1s\" }]")?, &mut steps)?,
        step_count: steps.count(),
        needs: table.get("needs").map_or(Ok(Features::NONE), |value| needs(&value))?,
        must_happen: table
            .get("must-happen")
            .map_or(Ok(Vec::new()), |value| must_happen(&value))?,
        only: None,
    };
    table.finish()?;
    Promise::of(peers).allows(scenario.liars()).map_err(|beyond| {
        table.error(beyond.to_string(), "name fewer `liars` in all steps together")
    })?;
    Ok(scenario)
}

fn some_steps(value: &Value<'_>, parser: &mut StepParser) -> Result<Vec<Step>> {
    let steps = parser.parse_all(value)?;
    if steps.is_empty() {
        return Err(value.error("nothing happens in this scenario", "write { run = \"1s\" }"));
    }
    Ok(steps)
}

/// Whether a text can be the name of a scenario or a case: lower-case letters, digits and hyphens.
#[must_use]
pub fn is_name(text: &str) -> bool {
    let is_kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !text.is_empty() && text.chars().all(is_kebab)
}

fn name(value: &Value<'_>) -> Result<String> {
    let name = value.str()?;
    if !is_name(name) {
        let remedy = "a name has lower-case letters, digits and hyphens";
        return Err(value.error(format!("`{name}` is no name for a scenario"), remedy));
    }
    Ok(name.to_owned())
}

fn text_of(value: Option<Value<'_>>) -> Result<String> {
    value.map_or(Ok(String::new()), |value| value.str().map(str::to_owned))
}

fn limits(table: &Table<'_>) -> Result<Limits> {
    let mut limits = Limits::default();
    let set = |key, limit: &mut u64| -> Result<()> {
        if let Some(value) = table.get(key) {
            *limit = value.int(1..u64::from(u32::MAX))?;
        }
        Ok(())
    };
    set("max-events", &mut limits.events)?;
    set("max-events-at-once", &mut limits.events_at_one_instant)?;
    set("max-events-waiting", &mut limits.events_waiting)?;
    set("max-changes-of-term", &mut limits.changes_of_term)?;
    Ok(limits)
}

/// `["snapshots"]`
fn needs(value: &Value<'_>) -> Result<Features> {
    let words: Vec<(&'static str, Feature)> =
        Feature::ALL.iter().map(|feature| (feature.name(), *feature)).collect();
    value
        .one_or_many()?
        .iter()
        .try_fold(Features::NONE, |needs, value| Ok(needs.with(value.word("feature", &words)?)))
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
