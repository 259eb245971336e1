//! The steps of a scenario file: each is a one-line table with one verb.

use std::time::Duration;

use splitvote_check::Happening;

use super::demand::Expectation;
use super::error::{ScenarioError, nearest};
use super::parse_faults::storm;
use super::parse_network::network;
use super::parse_profiles::{disk, drift};
use super::reader::{Table, Value};
use super::step::{Action, Step};
use super::target::Target;

type Result<T> = std::result::Result<T, ScenarioError>;

/// Every verb of the scenario language.
const VERBS: [&str; 37] = [
    "run",
    "run-until",
    "expect",
    "remember",
    "disconnect",
    "connect",
    "crash",
    "crash-at-write",
    "crash-at-send",
    "disarm",
    "pause",
    "resume",
    "clog",
    "unclog",
    "clock-step",
    "clock-drift",
    "disk",
    "storm",
    "calm",
    "restart",
    "cut",
    "restore",
    "partition",
    "heal",
    "delay",
    "network",
    "election-timeout",
    "agree",
    "join",
    "propose",
    "rule",
    "lift",
    "repeat",
    "chance",
    "fewer-than",
    "budget",
    "clients",
];

/// The most rounds of one `repeat`.
const MAX_REPEAT: u64 = 100_000;
/// What a step that holds others may hold.
pub(super) const STEPS: &str = "steps = [{ run = \"1s\" }]";
/// How deep `repeat` and `chance` may nest.
const MAX_DEPTH: usize = 8;
/// How long `run-until` waits unless the step says otherwise.
const DEFAULT_WITHIN: Duration = Duration::from_secs(10);

/// Reads steps, and knows which names have been saved so far.
pub(super) struct StepParser {
    pub(super) peers: usize,
    saved: Vec<String>,
    pub(super) rules: Vec<String>,
    count: usize,
    depth: usize,
}

impl StepParser {
    pub(super) fn new(peers: usize) -> Self {
        Self { peers, saved: Vec::new(), rules: Vec::new(), count: 0, depth: 0 }
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
        let at = table.get("at").map(|at| at.duration()).transpose()?;
        let action = self.action(verb, &value, table)?;
        let save = match table.get("save") {
            Some(name) if can_save(&action) => Some(self.save(&name, &action)?),
            Some(name) => return Err(name.error("this step has nobody to save", "leave it out")),
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
        let names =
            if matches!(action, Action::Rule(_)) { &mut self.rules } else { &mut self.saved };
        names.push(name.to_owned());
        Ok(name.to_owned())
    }

    fn action(&mut self, verb: &str, value: &Value<'_>, table: &Table<'_>) -> Result<Action> {
        Ok(match verb {
            "run" => Action::Run(value.range()?),
            "run-until" => run_until(value, table)?,
            "expect" => Action::Expect(self.expectation(value, table)?),
            "remember" => Action::Remember(self.target(value)?),
            "disconnect" => Action::Disconnect(self.targets(value)?),
            "connect" => Action::Connect(self.targets(value)?),
            "crash" => Action::Crash(self.targets(value)?),
            "crash-at-write" => {
                let (of, after) = self.crash_point(value, table)?;
                Action::CrashAtWrite { of, after }
            }
            "crash-at-send" => {
                let (of, after) = self.crash_point(value, table)?;
                Action::CrashAtSend { of, after }
            }
            "disarm" => Action::Disarm(self.targets(value)?),
            "pause" => Action::Pause(self.targets(value)?),
            "resume" => Action::Resume(self.targets(value)?),
            "clog" => {
                let (from, to) = self.pair(value)?;
                Action::Clog { from, to, lasts: table.need("for", "for = \"500ms\"")?.duration()? }
            }
            "unclog" => {
                let (from, to) = self.pair(value)?;
                Action::Unclog { from, to }
            }
            "clock-step" => {
                let by = table.need("by", "by = \"500ms\"")?.duration()?;
                Action::StepClock { of: self.targets(value)?, by }
            }
            "clock-drift" => {
                let ppm = drift(&table.need("by", "by = \"1%\"")?)?;
                Action::DriftClock { of: self.targets(value)?, ppm }
            }
            "storm" => Action::Storm(storm(value, table)?),
            "calm" => self.calm(value, table)?,
            "disk" => Action::Disk(disk(value, self.peers)?),
            "restart" => Action::Restart(self.targets(value)?),
            "cut" => {
                let (from, to) = self.pair(value)?;
                Action::Cut { from, to }
            }
            "restore" => {
                let (from, to) = self.pair(value)?;
                Action::Restore { from, to }
            }
            "partition" => self.partition(value)?,
            "heal" => {
                if !value.bool()? {
                    return Err(value.error("`heal` is true", "write { heal = true }"));
                }
                Action::Heal
            }
            "delay" => {
                let (from, to) = self.pair(value)?;
                let by = table.need("by", "by = \"50ms\"")?.duration()?;
                Action::Delay { from, to, by }
            }
            "network" => Action::Network(network(value)?),
            "election-timeout" => self.election_timeout(value, table)?,
            "agree" => self.agree(value, table)?,
            "join" => {
                if !value.bool()? {
                    return Err(value.error("`join` is true", "write { join = true }"));
                }
                Action::Join
            }
            "propose" => self.propose(value, table)?,
            "fewer-than" => self.fewer_than(value, table)?,
            "budget" => self.budget(value, table)?,
            "clients" => self.clients(value, table)?,
            "rule" => Action::Rule(self.rule(value, table)?),
            "lift" => self.lift(value)?,
            "repeat" => {
                let times = value.int(1..MAX_REPEAT + 1)?;
                Action::Repeat { times, steps: self.parse_all(&table.need("steps", STEPS)?)? }
            }
            _ => {
                let probability = value.probability()?;
                let steps = self.parse_all(&table.need("steps", STEPS)?)?;
                let otherwise =
                    table.get("else").map(|steps| self.parse_all(&steps)).transpose()?;
                Action::Chance { probability, steps, otherwise: otherwise.unwrap_or_default() }
            }
        })
    }

    pub(super) fn target(&self, value: &Value<'_>) -> Result<Target> {
        Target::parse(value, self.peers, &self.saved)
    }

    pub(super) fn targets(&self, value: &Value<'_>) -> Result<Vec<Target>> {
        let targets = value.one_or_many()?;
        if targets.is_empty() {
            return Err(value.error("nobody is named", "name at least one target"));
        }
        targets.iter().map(|target| self.target(target)).collect()
    }

    fn expectation(&self, value: &Value<'_>, table: &Table<'_>) -> Result<Expectation> {
        #[derive(Clone, Copy)]
        enum What {
            OneLeader,
            NoLeader,
            SameTerm,
            Applied,
            Unapplied,
            Hint,
        }
        let words = [
            ("one-leader", What::OneLeader),
            ("no-leader", What::NoLeader),
            ("same-term", What::SameTerm),
            ("applied", What::Applied),
            ("unapplied", What::Unapplied),
            ("hint", What::Hint),
        ];
        Ok(match value.word("expectation", &words)? {
            What::OneLeader => Expectation::OneLeader,
            What::NoLeader => Expectation::NoLeader,
            What::SameTerm => Expectation::SameTerm,
            What::Applied => self.applied(table)?,
            What::Unapplied => {
                let index = table.need("index", "index = 1")?.int(1..u64::MAX)?;
                Expectation::Unapplied { index }
            }
            What::Hint => {
                let from = self.targets(&table.need("from", "from = \"follower\"")?)?;
                Expectation::Hint { from, is: self.target(&table.need("is", "is = \"leader\"")?)? }
            }
        })
    }
}

/// The one verb of a step, and what it is about.
fn verb<'a>(table: &Table<'a>) -> Result<(&'static str, Value<'a>)> {
    let mut found = table.entries().filter_map(|(key, value, span)| {
        VERBS.into_iter().find(|verb| *verb == key).map(|verb| (verb, value, span))
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
        VERBS.iter().map(|verb| strsim::damerau_levenshtein(key, verb)).min().unwrap_or(usize::MAX)
    };
    let others = table.entries().filter(|(key, ..)| !["at", "save"].contains(key));
    match others.min_by_key(|(key, ..)| distance(key)) {
        Some((key, _, span)) => {
            table.error_at(&span, format!("unknown step `{key}`"), nearest(key, VERBS))
        }
        None => {
            let is_empty = table.entries().next().is_none();
            let problem = if is_empty { "an empty step" } else { "this step does nothing" };
            table.error(problem, format!("verbs are: {}", VERBS.join(", ")))
        }
    }
}

fn run_until(value: &Value<'_>, table: &Table<'_>) -> Result<Action> {
    let name = value.str()?;
    let Some(happening) = Happening::find(name) else {
        let remedy = nearest(name, Happening::ALL.iter().map(|happening| happening.name()));
        return Err(value.error(format!("unknown event `{name}`"), remedy));
    };
    let within = table.get("within").map_or(Ok(DEFAULT_WITHIN), |value| value.duration())?;
    Ok(Action::RunUntil { happening, within })
}

/// Whether a step is about somebody, so that `save` has something to keep.
fn can_save(action: &Action) -> bool {
    matches!(
        action,
        Action::Expect(Expectation::OneLeader)
            | Action::Remember(_)
            | Action::Disconnect(_)
            | Action::Connect(_)
            | Action::Crash(_)
            | Action::Restart(_)
            | Action::CrashAtWrite { .. }
            | Action::CrashAtSend { .. }
            | Action::Pause(_)
            | Action::Resume(_)
            | Action::Propose(_)
            | Action::Rule(_)
    )
}
