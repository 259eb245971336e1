//! A scenario file: what it says of itself, its setup, its steps, and what it demands of a sweep.

use std::path::{Path, PathBuf};

use splitvote_check::Happening;
use splitvote_peer::{Feature, Features, PeerSet};
use toml::Spanned;
use toml::de::DeTable;

use crate::fault::{Disk, Fault};
use crate::language::error::{Place, Result, ScenarioError, Source, nearest_or};
use crate::language::form::words;
use crate::language::heads::below_head;
use crate::language::reader::{Table, Value};
use crate::nemesis::{Beyond, Promise, liars_of};
use crate::setup::Setup;

use super::Scenario;
use super::parse_steps::StepParser;
use super::step::{Action, Step};

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
    scenario(&table).map_err(|error| misplaced(&source, document.get_ref()).unwrap_or(error))
}

/// What a file may say outside of its tables.
pub(super) const KEYS: [&str; 29] = [
    "about",
    "case",
    "clocks",
    "disk",
    "election-timeout",
    "election-timeouts",
    "heartbeat",
    "in-flight",
    "logs",
    "max-changes-of-term",
    "max-events",
    "max-events-at-once",
    "max-events-waiting",
    "max-memory",
    "max-work",
    "must-happen",
    "name",
    "needs",
    "network",
    "packets",
    "peers",
    "raft",
    "seeds",
    "snapshots",
    "source",
    "steps",
    "timers-meant",
    "within",
    "without",
];

/// A key of the file below the head of a table, where it is one of the table, which does not know it. Asked only when a
/// file is wrong: what is said otherwise, that the key is missing or unknown, misleads whoever sees it in the file.
pub(crate) fn misplaced(source: &Source<'_>, document: &DeTable<'_>) -> Option<ScenarioError> {
    let is_of_table = |table: &str, key: &str| match table {
        // A step knows some of them as verbs.
        "steps" => true,
        "case" => key == "raft",
        "must-happen" => Happening::find(key).is_some(),
        _ => false,
    };
    below_head(source, document, |table, key| KEYS.contains(&key) && !is_of_table(table, key))
}

/// The TOML of a file.
pub(crate) fn document<'a>(source: &Source<'a>) -> Result<Spanned<DeTable<'a>>> {
    DeTable::parse(source.text).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        source.error(
            &span,
            format!("not TOML: {}", error.message().replace('\n', ", ")),
            "a scenario is a TOML file",
        )
    })
}

/// The scenario of a table.
fn scenario(table: &Table<'_>) -> Result<Scenario> {
    let Title { name, file, about, source } = title(table)?;
    let setup = Setup::read(table)?;
    let (steps, step_count) = steps(table, setup.peers)?;
    let scenario = Scenario {
        name,
        file,
        about,
        source,
        setup,
        seeds: table.get("seeds").map_or(Ok(DEFAULT_SEEDS), |value| value.int(1..1_000_001))?,
        within: table.get("within").map(|value| value.duration()).transpose()?,
        timers_meant: table.get("timers-meant").map_or(Ok(false), |value| value.bool())?,
        steps,
        step_count,
        needs: table.get("needs").map_or(Ok(Features::NONE), |value| needs(&value))?,
        must_happen: table
            .get("must-happen")
            .map_or(Ok(Vec::new()), |value| must_happen(&value))?,
    };
    table.finish()?;
    check_liars(table, &scenario.setup, &scenario.steps)?;
    Ok(scenario)
}

/// Refuses disks that lie, or lose records untold, if they are more than Raft promises to survive: at the first step
/// with which they are.
pub(crate) fn check_liars(table: &Table<'_>, setup: &Setup, steps: &[Step]) -> Result<()> {
    let (promise, mut liars) = (Promise::of(setup.peers), liars_of(&setup.disk));
    let at_first = promise.allows(liars).err().map(|beyond| (table.place(), beyond));
    let found = at_first.or_else(|| first_beyond(promise, &mut liars, steps.iter()));
    found.map_or(Ok(()), |(place, beyond)| {
        let remedy = "name fewer peers in `liars` and in steps with `told = false`";
        let error = ScenarioError::of_file(table.file(), beyond.to_string(), remedy);
        Err(ScenarioError { place: Some(place), ..error })
    })
}

fn first_beyond<'a>(
    promise: Promise,
    liars: &mut PeerSet,
    mut steps: impl Iterator<Item = &'a Step>,
) -> Option<(Place, Beyond)> {
    steps.find_map(|step| {
        *liars = liars.union(match &step.action {
            Action::Fault(Fault::Disk(Disk(profile))) => liars_of(profile),
            Action::Fault(Fault::Rot(rot)) => rot.betrayed(),
            _ => PeerSet::EMPTY,
        });
        match promise.allows(*liars) {
            Err(beyond) => Some((step.place, beyond)),
            Ok(()) => first_beyond(promise, liars, step.action.nested()),
        }
    })
}

/// What a file says of itself.
pub(crate) struct Title {
    pub(crate) name: String,
    pub(crate) file: PathBuf,
    pub(crate) about: String,
    pub(crate) source: String,
}

/// What a file says of itself.
pub(crate) fn title(table: &Table<'_>) -> Result<Title> {
    Ok(Title {
        name: name(&table.need("name", "name = \"my-scenario\"")?)?,
        file: table.file().to_owned(),
        about: text_of(table.get("about"))?,
        source: text_of(table.get("source"))?,
    })
}

/// The steps of a file, and how many there are, nested ones included.
pub(crate) fn steps(table: &Table<'_>, peers: usize) -> Result<(Vec<Step>, usize)> {
    let mut parser = StepParser::new(peers);
    let value = table.need("steps", "steps = [{ run = \"1s\" }]")?;
    let steps = parser.parse_all(&value)?;
    if steps.is_empty() {
        return Err(value.error("nothing happens in this scenario", "write { run = \"1s\" }"));
    }
    Ok((steps, parser.count()))
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

/// Reads a list of features, `["snapshots"]`.
fn needs(value: &Value<'_>) -> Result<Features> {
    let words = words(Feature::ALL, Feature::name);
    value
        .one_or_many()?
        .iter()
        .try_fold(Features::NONE, |needs, value| Ok(needs.with(value.word("feature", &words)?)))
}

fn must_happen(value: &Value<'_>) -> Result<Vec<Happening>> {
    let table = value.table()?;
    let event = |(name, value, span): (&str, Value<'_>, _)| {
        let Some(happening) = Happening::find(name) else {
            let events = Happening::ALL.iter().map(|happening| happening.name());
            let remedy = nearest_or(name, events, "`splitvote list events` shows all");
            return Err(table.error_at(&span, format!("unknown event `{name}`"), remedy));
        };
        if !value.bool()? {
            let problem = format!("`{name} = false` demands nothing");
            return Err(value.error(problem, "write `true`, or delete the line"));
        }
        Ok(happening)
    };
    table.entries().map(event).collect()
}
