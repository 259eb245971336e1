//! The steps of a scenario file: each is a one-line table with one verb.

use crate::fault::Fault;
use crate::language::error::{Result, ScenarioError, nearest_or};
use crate::language::form::Form;
use crate::language::reader::{Table, Value};
use crate::language::target::Known;

use super::demand::Expectation;
use super::step::{Action, Step};
use super::verbs;

/// What a step that holds others may hold.
const STEPS: &str = "steps = [{ run = \"1s\" }]";
/// How deep `repeat` and `chance` may nest.
const MAX_DEPTH: usize = 8;

/// Every verb of the scenario language, those of faults last.
fn verbs() -> impl Iterator<Item = &'static str> {
    verbs::verbs().into_iter().map(|(verb, _)| verb).chain(Fault::VERBS.iter().copied())
}

/// Reads steps, and knows which names have been saved so far.
pub(super) struct StepParser {
    known: Known,
    rules: Vec<String>,
    count: usize,
    depth: usize,
}

impl StepParser {
    pub(super) fn new(peers: usize) -> Self {
        Self { known: Known::of(peers), rules: Vec::new(), count: 0, depth: 0 }
    }

    /// How many steps were read.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    pub(super) fn parse_all(&mut self, value: &Value<'_>) -> Result<Vec<Step>> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(value.error("steps nest too deeply", format!("at most {MAX_DEPTH} levels")));
        }
        let steps = value.array()?.iter().map(|step| self.parse(&step.table()?)).collect();
        self.depth -= 1;
        steps
    }

    fn parse(&mut self, table: &Table<'_>) -> Result<Step> {
        let number = self.count;
        self.count += 1;
        let (verb, value) = verb(table)?;
        let at = table.get("at").map(|at| at.range()).transpose()?;
        let action = self.action(verb, &value, table)?;
        let save = match table.get("save") {
            Some(name) if can_save(&action) => Some(self.save(&name, &action)?),
            Some(name) => {
                return Err(name.error("this step is about no peers to save", "leave it out"));
            }
            None => None,
        };
        table.finish()?;
        Ok(Step { place: table.place(), number, at, action, save })
    }

    fn save(&mut self, value: &Value<'_>, action: &Action) -> Result<String> {
        let name = value.str()?;
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)) {
            let remedy = "a name has letters, digits, hyphens and underscores";
            return Err(value.error(format!("`{name}` is no name to save"), remedy));
        }
        let is_rule = matches!(action, Action::Rule(_));
        let names = if is_rule { &mut self.rules } else { &mut self.known.saved };
        names.push(name.to_owned());
        Ok(name.to_owned())
    }

    fn action(&mut self, verb: &str, value: &Value<'_>, table: &Table<'_>) -> Result<Action> {
        let blank = || verbs::verbs().into_iter().find(|(known, _)| *known == verb);
        let fault = Fault::blank(verb).map(Action::Fault);
        let mut action = fault.or_else(|| Some(blank()?.1)).unwrap_or(Action::Join);
        verbs::keys(&mut Form::Reads(table), &self.known, &mut action)?;
        match &mut action {
            Action::Lift(name) if !self.rules.contains(name) => {
                let problem =
                    format!("`${name}` can never resolve: no earlier rule is saved as `{name}`");
                return Err(value.error(problem, "give the rule `save = \"…\"`"));
            }
            // From here on.
            Action::Budget { budget, .. } if table.get("steps").is_none() => {
                return Ok(Action::Allow(*budget));
            }
            Action::Repeat { steps, .. }
            | Action::FewerThan { steps, .. }
            | Action::Budget { steps, .. }
            | Action::Clients { steps, .. } => {
                *steps = self.parse_all(&table.need("steps", STEPS)?)?;
            }
            Action::Chance { steps, otherwise, .. } => {
                *steps = self.parse_all(&table.need("steps", STEPS)?)?;
                if let Some(steps) = table.get("else") {
                    *otherwise = self.parse_all(&steps)?;
                }
            }
            Action::Run(_) | Action::RunUntil { .. } | Action::Expect(_) | Action::Remember(_) => {}
            Action::Fault(_) | Action::Storm(_) | Action::Calm { .. } | Action::Agree(_) => {}
            Action::Join | Action::Propose(_) | Action::Rule(_) | Action::Lift(_) => {}
            Action::Allow(_) => {}
        }
        Ok(action)
    }
}

/// The one verb of a step, and what it is about.
fn verb<'a>(table: &Table<'a>) -> Result<(&'static str, Value<'a>)> {
    let mut found = table.entries().filter_map(|(key, value, span)| {
        verbs().find(|verb| *verb == key).map(|verb| (verb, value, span))
    });
    let Some((verb, value, _)) = found.next() else { return Err(no_verb(table)) };
    if let Some((second, _, span)) = found.next() {
        let remedy = "write two steps, each in a table of its own";
        let problem = format!("a step with two verbs, `{verb}` and `{second}`");
        return Err(table.error_at(&span, problem, remedy));
    }
    // Now it is known.
    _ = table.get(verb);
    Ok((verb, value))
}

/// Of the keys of a step without a verb, the one that is most like one is meant as it. What any step may have is not.
fn no_verb(table: &Table<'_>) -> ScenarioError {
    let distance = |key: &str| {
        verbs().map(|verb| strsim::damerau_levenshtein(key, verb)).min().unwrap_or(usize::MAX)
    };
    let others = table.entries().filter(|(key, ..)| !["at", "save"].contains(key));
    match others.min_by_key(|(key, ..)| distance(key)) {
        Some((key, _, span)) => {
            let all = "write what it does, as in { run = \"1s\" }; sim-scenarios/README.md lists all steps";
            let remedy = nearest_or(key, verbs(), all);
            let is_slip = remedy != all;
            let problem = if is_slip {
                format!("unknown step `{key}`")
            } else {
                format!("`{key}` is no step, nor is any other key here")
            };
            table.error_at(&span, problem, remedy)
        }
        None => {
            let is_empty = table.entries().next().is_none();
            let problem = if is_empty { "an empty step" } else { "this step does nothing" };
            table.error(problem, format!("verbs are: {}", verbs().collect::<Vec<_>>().join(", ")))
        }
    }
}

/// Whether a step is about somebody, so that `save` has something to keep.
fn can_save(action: &Action) -> bool {
    match action {
        Action::Fault(fault) => fault.is_about_peers(),
        Action::Expect(Expectation::OneLeader { .. })
        | Action::Remember(_)
        | Action::Propose(_)
        | Action::Rule(_) => true,
        _ => false,
    }
}
