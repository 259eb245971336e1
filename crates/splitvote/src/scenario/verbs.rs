//! The verbs of the scenario language but those of faults: what a step with each begins as, and its keys, as they
//! are read and as they are written. The steps that a step holds are for `parse_steps` and `write_steps`.

use std::time::Duration;

use splitvote_check::{Allowance, Budget, Happening};
use splitvote_peer::{Configuration, PeerSet};
use splitvote_sim::{Probability, Verdict};

use crate::fault::{FaultClass, FaultClasses};
use crate::language::error::Result;
use crate::language::form::{Form, Text, words};
use crate::language::inline::quoted;
use crate::language::keys::Takes;
use crate::language::reader::{Table, Value};
use crate::language::target::{Known, Target, name, peers as names};
use crate::language::units::{CountRange, DurationRange};
use crate::nemesis::Storm;
use crate::setup::read_overrides::fate;

use super::demand::{Agree, Condition, Expectation, PacketRule, Propose};
use super::keys_of_clients::{agree, expectation, peers, propose};
use super::step::Action;

/// The most rounds of one `repeat`.
const MAX_REPEAT: u64 = 100_000;
/// The most clients at once.
const MAX_CLIENTS: u64 = 1_000;
/// All that a budget can be of.
const ALLOWANCES: [Allowance; 4] =
    [Allowance::Rpcs, Allowance::Bytes, Allowance::RaftState, Allowance::Elections];

/// Each verb, and its step before anything is read.
pub(super) fn verbs() -> [(&'static str, Action); 16] {
    let nothing = DurationRange::exactly(Duration::ZERO);
    let storm = Storm { lasts: nothing, proposals_every: None, without: FaultClasses::NONE };
    let (from, to) = (Target::All, Target::All);
    let rule = PacketRule { name: None, verdict: Verdict::Pass, kind: None, from, to, times: None };
    let budget = Budget { what: Allowance::Rpcs, at_most: 0 };
    let (probability, happening) = (Probability::NEVER, Happening::WonElection);
    let (steps, otherwise) = (Vec::new(), Vec::new());
    let (within, are, count) = (None, Condition::Alive, CountRange::exactly(1));
    [
        ("run", Action::Run(nothing)),
        ("run-until", Action::RunUntil { happening, within }),
        ("expect", Action::Expect(Expectation::OneLeader { within: None })),
        ("remember", Action::Remember(Target::All)),
        ("storm", Action::Storm(storm)),
        ("calm", Action::Calm { core: None, lasts: nothing, load: None }),
        ("agree", Action::Agree(Agree { count, ..Agree::default() })),
        ("join", Action::Join),
        ("propose", Action::Propose(Propose { count, ..Propose::default() })),
        ("rule", Action::Rule(rule)),
        ("lift", Action::Lift(String::new())),
        ("repeat", Action::Repeat { times: 0, steps: Vec::new() }),
        ("chance", Action::Chance { probability, steps, otherwise }),
        ("fewer-than", Action::FewerThan { count: 0, are, steps: Vec::new() }),
        ("budget", Action::Budget { budget, steps: Vec::new() }),
        ("clients", Action::Clients { count: 0, steps: Vec::new() }),
    ]
}

/// The keys of a step, but for the steps within.
pub(super) fn keys(form: &mut Form<'_, '_>, known: &Known, action: &mut Action) -> Result {
    match action {
        Action::Run(time) => form.always("run", time),
        Action::RunUntil { happening, within } => {
            let events = words(Happening::ALL, Happening::name);
            form.word(true, "run-until", "event", happening, &events)?;
            form.key("within", within, None)
        }
        Action::Expect(demanded) => expectation(form, known, demanded),
        Action::Remember(whom) => {
            form.takes("remember", Takes::Text);
            form.entry(true, "remember", whom, |stated| known.target(stated), name)
        }
        Action::Fault(fault) => fault.keys(form, known),
        Action::Storm(storm) => of_storm(form, storm),
        Action::Calm { core, lasts, load } => calm(form, known, core, (lasts, load)),
        Action::Agree(wanted) => agree(form, known, wanted),
        Action::Join => form.is_true("join"),
        Action::Propose(proposed) => propose(form, known, proposed),
        Action::Rule(installed) => rule(form, known, installed),
        Action::Lift(rule) => {
            let read = |stated: &Value<'_>| Ok(stated.str()?.trim_start_matches('$').to_owned());
            form.takes("lift", Takes::Text);
            form.entry(true, "lift", rule, read, |rule| quoted(&format!("${rule}")))
        }
        Action::Repeat { times, .. } => form.number("repeat", times, 1..MAX_REPEAT + 1, 0),
        Action::Chance { probability, .. } => form.always("chance", probability),
        Action::FewerThan { count, are, .. } => {
            peers(form, known, "fewer-than", count)?;
            form.need("are", "are = \"alive\"")?;
            let words = [("alive", Condition::Alive), ("connected", Condition::Connected)];
            form.word(true, "are", "condition", are, &words)
        }
        Action::Allow(budget) | Action::Budget { budget, .. } => {
            let words = words(&ALLOWANCES, Allowance::name);
            form.word(true, "budget", "budget", &mut budget.what, &words)?;
            form.needed_number("at-most", "at-most = 100", &mut budget.at_most, 0..u64::MAX)
        }
        Action::Clients { count, .. } => form.number("clients", count, 1..MAX_CLIENTS + 1, 0),
    }
}

/// `{ storm = "8s", proposals-every = "200ms", without = ["clocks"] }`, or `only = [...]`.
fn of_storm(form: &mut Form<'_, '_>, storm: &mut Storm<DurationRange>) -> Result {
    let Storm { lasts, proposals_every, without } = storm;
    form.always("storm", lasts)?;
    form.key("proposals-every", proposals_every, None)?;
    form.key("without", without, FaultClasses::NONE)?;
    form.takes("only", Takes::Names);
    if let Form::Reads(table) = form {
        *without = only(table)?.unwrap_or(*without);
    }
    let remedy = "write { run = \"8s\" }, or name a class of faults that is on";
    let is_right = !FaultClass::ALL.iter().all(|class| without.contains(*class));
    form.check(is_right, "storm", "a storm without any fault", remedy)
}

/// The classes that are off where `only` says which are on.
fn only(table: &Table<'_>) -> Result<Option<FaultClasses>> {
    let Some(only) = table.get("only") else { return Ok(None) };
    if let Some(without) = table.get("without") {
        let remedy = "name those that are on, or those that are off";
        return Err(without.error("a storm with both `only` and `without`", remedy));
    }
    let only = FaultClasses::read(&only)?;
    Ok(Some(FaultClass::ALL.iter().copied().filter(|class| !only.contains(*class)).collect()))
}

/// `{ calm = true }`, `{ calm = "2s", core = ["S0", "S2", "S3"], load = "10ms" }`
fn calm(
    form: &mut Form<'_, '_>,
    known: &Known,
    core: &mut Option<PeerSet>,
    (lasts, load): (&mut DurationRange, &mut Option<DurationRange>),
) -> Result {
    let read = |stated: &Value<'_>| match stated.bool() {
        Ok(true) => Ok(DurationRange::default()),
        Ok(false) => {
            let remedy = "write { calm = true } or { calm = \"2s\" }";
            Err(stated.error("`calm` takes `true` or a duration", remedy))
        }
        Err(_) => stated.range(),
    };
    let text =
        |lasts: &DurationRange| if lasts.max.is_zero() { "true".into() } else { lasts.written() };
    form.entry(true, "calm", lasts, read, text)?;
    let read = |stated: &Value<'_>| read_core(known, stated).map(Some);
    form.entry(core.is_some(), "core", core, read, |core| core.map(names).unwrap_or_default())?;
    form.key("load", load, None)?;
    let remedy = "write how often a command is proposed, or leave `load` out";
    let is_right = load.is_none_or(|load| !load.min.is_zero());
    form.check(is_right, "load", "a load of commands without end", remedy)
}

/// Peers by name: a core is known before the run, or drawn.
fn read_core(known: &Known, value: &Value<'_>) -> Result<PeerSet> {
    let member = |member| known.peer(member, "a core names its peers");
    let core = value.array()?.iter().map(member).collect::<Result<PeerSet>>()?;
    let cluster = Configuration::simple(known.peers);
    if !cluster.has_quorum(core) {
        let quorum = cluster.quorum_size();
        let problem = format!("{core} is no quorum of {} peers", known.peers);
        return Err(value.error(problem, format!("a core has at least {quorum} peers")));
    }
    Ok(core)
}

/// `{ rule = "delay", by = "1s", kind = "append-entries", from = "leader", to = "S2", times = 3 }`
fn rule(form: &mut Form<'_, '_>, known: &Known, rule: &mut PacketRule) -> Result {
    let PacketRule { name: saved, verdict: decided, kind, from, to, times } = rule;
    if let Form::Reads(table) = form {
        // Its name is what the step saves.
        *saved = table.get("save").map(|name| String::read(&name)).transpose()?;
    }
    fate(form, "rule", decided)?;
    form.takes("kind", Takes::Text);
    form.takes("from", Takes::Text);
    form.takes("to", Takes::Text);
    form.entry(kind.is_some(), "kind", kind, Text::read, Text::written)?;
    for (key, end) in [("from", from), ("to", to)] {
        form.entry(*end != Target::All, key, end, |stated| known.target(stated), name)?;
    }
    form.optional_number("times", times, 1..u64::from(u32::MAX))
}
