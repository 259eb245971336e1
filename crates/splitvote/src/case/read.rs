//! Reads cases. Whatever is wrong with one is said with line, column and remedy.

use std::path::{Path, PathBuf};

use splitvote_check::Checker;
use splitvote_sim::Seed;

use super::write::NO_CHECKER;
use super::{Case, Origin};
use crate::language::error::{Result, Source};
use crate::language::form::words;
use crate::language::reader::{Table, Value};
use crate::mechanism::Mechanism;
use crate::plan::{NoPlan, plan};
use crate::scenario::parse::{Title, check_liars, document, misplaced, steps, title};
use crate::scenario::{self, Scenario, ScenarioError, files, is_case, read};
use crate::setup::{DrawnTimers, Setup};
use crate::signature::Signature;

/// Reads a case from a file.
///
/// # Errors
/// If the file cannot be read or is no case.
pub fn load(file: &Path) -> Result<Case> {
    Case::parse(file, &read(file)?)
}

/// The case in a file; `None` if what is in it is meant as a scenario.
///
/// # Errors
/// If the file cannot be read, or is meant as a case and is none.
pub fn find(file: &Path) -> Result<Option<Case>> {
    let text = read(file)?;
    is_case(&text).then(|| Case::parse(file, &text)).transpose()
}

/// Reads all cases of a file, or of a directory with all its directories, ordered by path; scenarios
/// among them are passed over.
///
/// # Errors
/// If a file cannot be read, or is meant as a case and is none.
pub fn load_all(path: &Path) -> Result<Vec<Case>> {
    files(path)?.iter().filter_map(|file| find(file).transpose()).collect()
}

/// Reads all scenarios and all cases of a file, or of a directory with all its directories, ordered by path.
///
/// # Errors
/// If a file cannot be read, or is neither, or if there is none.
pub fn load_with_scenarios(path: &Path) -> Result<(Vec<Scenario>, Vec<Case>)> {
    let (mut scenarios, mut cases) = (Vec::new(), Vec::new());
    for file in files(path)? {
        match find(&file)? {
            Some(case) => cases.push(case),
            None => scenarios.push(scenario::load(&file)?),
        }
    }
    if scenarios.is_empty() && cases.is_empty() {
        let remedy = "a scenario or a case is a file whose name ends in .toml";
        return Err(ScenarioError::of_file(path, "nothing to run in this directory", remedy));
    }
    Ok((scenarios, cases))
}

impl Case {
    /// Reads a case from a text; `file` is what complaints call it.
    ///
    /// # Errors
    /// With line and column, if the text is no case, or one of a version that is not understood.
    pub fn parse(file: impl Into<PathBuf>, text: &str) -> Result<Self> {
        let file = file.into();
        let text = Source { file: &file, text };
        let document = document(&text)?;
        let table = Table::of_text(text, document.get_ref());
        let Some(stated) = table.get("case") else {
            let remedy = "a case ends with it; is the file cut off, or a scenario?";
            return Err(ScenarioError::of_file(&file, "the table `[case]` is missing", remedy));
        };
        Self::of(&table, &stated)
            .map_err(|error| misplaced(&text, document.get_ref()).unwrap_or(error))
    }

    /// The case of a file, and what its table states.
    fn of(table: &Table<'_>, stated: &Value<'_>) -> Result<Self> {
        let file = table.file().to_owned();
        let stated = stated.table()?;
        check_version(&stated.need("version", "version = 1")?)?;
        let Title { name, about, source, .. } = title(table)?;
        let mut setup = Setup::read(table)?;
        nothing_is_drawn(table, &setup)?;
        setup.only = stated.get("only").map(|value| asked(&value)).transpose()?;
        if let Some(value) = stated.get("departs") {
            setup.departs = checkers(&value)?;
        }
        let (steps, _) = steps(table, setup.peers)?;
        // Cases of old have what their scenario demanded of a sweep; it says nothing of a single run.
        for key in ["seeds", "within", "must-happen"] {
            _ = table.get(key);
        }
        table.finish()?;
        check_liars(table, &setup, &steps)?;
        let (plan, places) = plan(setup, &steps).map_err(|NoPlan { place, problem, remedy }| {
            let place = Some(place);
            ScenarioError { place, ..ScenarioError::of_file(&file, problem, remedy) }
        })?;
        // It stands last: without it others may be missing, too, and to write them would not help.
        let stated_digest = stated.need_or("digest", CUT_OFF)?;
        let raft = stated.need("raft", "raft = \"reference\"")?;
        let case = Self {
            name,
            file: file.clone(),
            about,
            source,
            plan,
            seed: seed(&stated.need("seed", "seed = 0")?)?,
            raft: raft.str()?.to_owned(),
            fails: fails(&stated)?,
            mechanism: stated.get("mechanism").map(|value| mechanism(&value)).transpose()?,
            says: stated.need("says", "says = \"all properties held\"")?.str()?.to_owned(),
            origin: origin(&stated)?,
            trail: trail(&stated.need("trail", "trail = \"\"")?)?,
            digest: digest(&stated_digest)?,
            places,
            raft_place: Some(raft.place()),
        };
        stated.finish()?;
        Ok(case)
    }
}

/// What to do if the digest is missing: whoever made one up would state what was not found.
const CUT_OFF: &str = "the file may be cut off; write the case again";

/// Before all else: what another version says, this one does not understand.
fn check_version(value: &Value<'_>) -> Result<()> {
    let version = value.int(0..u64::MAX)?;
    if version == Case::VERSION {
        return Ok(());
    }
    let understood = Case::VERSION;
    let problem = format!("a case of version {version}; this program reads version {understood}");
    let remedy = if version > understood {
        "replay it with a newer splitvote"
    } else {
        "find it anew with this splitvote"
    };
    Err(value.error(problem, remedy))
}

fn seed(value: &Value<'_>) -> Result<Seed> {
    value.int(0..u64::MAX).map(Seed)
}

/// `fails` and `cause`, or `holds = true`.
fn fails(table: &Table<'_>) -> Result<Option<Signature>> {
    if let Some(holds) = table.get("holds") {
        let is_both = table.get("fails").is_some() || table.get("cause").is_some();
        if is_both || !holds.bool()? {
            let remedy = "write `holds = true`, or `fails` and `cause`";
            return Err(holds.error("a case fails or holds", remedy));
        }
        return Ok(None);
    }
    let checker = table.need("fails", "fails = \"election-safety\"` or `holds = true")?;
    let cause = table.need("cause", "cause = \"two-leaders\"")?.str()?.to_owned();
    let words: Vec<(&'static str, &'static str)> =
        Signature::checkers().map(|name| (name, name)).collect();
    Ok(Some(Signature { checker: checker.word("checker", &words)?.to_owned(), cause }))
}

fn mechanism(value: &Value<'_>) -> Result<Mechanism> {
    value.str().map(Mechanism::stated)
}

fn origin(table: &Table<'_>) -> Result<Option<Origin>> {
    let (found_in, found_at) = (table.get("found-in"), table.get("found-at"));
    if found_in.is_none() && found_at.is_none() {
        return Ok(None);
    }
    // One says nothing without the other.
    let scenario = table.need("found-in", "found-in = \"swarm-five\"")?.str()?.to_owned();
    Ok(Some(Origin { scenario, seed: seed(&table.need("found-at", "found-at = 0")?)? }))
}

/// Some checkers, or in so many words none.
fn asked(value: &Value<'_>) -> Result<Vec<Checker>> {
    if value.is_str() && value.str()? == NO_CHECKER {
        return Ok(Vec::new());
    }
    if value.one_or_many()?.is_empty() {
        let remedy = "name some, leave `only` out to ask them all, or write `only = \"none\"`";
        return Err(value.error("no checker is asked", remedy));
    }
    checkers(value)
}

fn checkers(value: &Value<'_>) -> Result<Vec<Checker>> {
    let words = words(Checker::ALL, Checker::name);
    value.one_or_many()?.iter().map(|value| value.word("checker", &words)).collect()
}

fn trail(value: &Value<'_>) -> Result<Vec<u16>> {
    let step = |word: &str| {
        let digest = hexadecimal(word, 4).and_then(|digest| u16::try_from(digest).ok());
        let remedy = "write four hexadecimal digits a step, or an empty string";
        digest.ok_or_else(|| value.error(format!("no trail, for `{word}`"), remedy))
    };
    value.str()?.split_whitespace().map(step).collect()
}

fn digest(value: &Value<'_>) -> Result<u64> {
    let remedy = "write sixteen hexadecimal digits";
    hexadecimal(value.str()?, 16).ok_or_else(|| value.error("no digest", remedy))
}

/// A number of exactly so many hexadecimal digits.
fn hexadecimal(text: &str, digits: usize) -> Option<u64> {
    let is_it = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_it.then(|| u64::from_str_radix(text, 16).ok()).flatten()
}
/// A case is one run, so its timers are written out.
fn nothing_is_drawn(table: &Table<'_>, setup: &Setup) -> Result<()> {
    let DrawnTimers { heartbeat, batch_delay } = setup.timers;
    let key = if heartbeat.is_some() { "heartbeat" } else { "raft" };
    match table.get(key) {
        Some(stated) if heartbeat.or(batch_delay).is_some() => {
            Err(stated.error("nothing is drawn in a case", "write one duration"))
        }
        _ => Ok(()),
    }
}
