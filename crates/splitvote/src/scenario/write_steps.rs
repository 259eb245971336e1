//! Writes the steps of a scenario, a line each.

use splitvote_check::Budget;
use splitvote_peer::SimTime;

use crate::language::inline::{Inline, quoted};
use crate::language::target::{Target, array, name, names};
use crate::language::units::CountRange;
use crate::language::units_text::{count, duration, instant};
use crate::language::write_profiles::quoted_percent;
use crate::setup::classes;
use crate::setup::write::fate;

use super::demand::{Agree, Condition, Expectation, PacketRule, Propose};
use super::step::{Action, Step};

/// An array of steps, within so many others.
pub(super) fn steps(steps: &[Step], depth: usize) -> String {
    let indent = "  ".repeat(depth + 1);
    let lines: Vec<String> =
        steps.iter().map(|one| format!("{indent}{},\n", step(one, depth))).collect();
    format!("[\n{}{}]", lines.concat(), "  ".repeat(depth))
}

fn step(step: &Step, depth: usize) -> Inline {
    let Step { place: _, number: _, at, action, save } = step;
    let mut table = at.map_or_else(Inline::default, |at| at_instant(SimTime::ZERO + at));
    write(action, depth, &mut table);
    if let Some(name) = save {
        table.put("save", quoted(name));
    }
    table
}

/// The beginning of a step that is taken at an instant.
pub(crate) fn at_instant(at: SimTime) -> Inline {
    let mut table = Inline::default();
    table.put("at", quoted(&instant(at)));
    table
}

/// Writes what a step does, within so many other steps.
pub(crate) fn write(action: &Action, depth: usize, table: &mut Inline) {
    match action {
        Action::Run(time) => table.put("run", time.written()),
        Action::RunUntil { happening, within } => {
            table.put("run-until", quoted(happening.name()));
            table.put("within", quoted(&duration(*within)));
        }
        Action::Expect(expectation) => write_expectation(expectation, table),
        Action::Remember(target) => table.put("remember", name(target)),
        Action::Fault(fault) => fault.write(table),
        Action::Storm(storm) => {
            table.put("storm", quoted(&duration(storm.lasts)));
            if let Some(every) = storm.proposals_every {
                table.put("proposals-every", quoted(&duration(every)));
            }
            if !storm.without.is_empty() {
                table.put("without", classes::written(storm.without));
            }
        }
        Action::Calm { core, lasts } => {
            let is_open = lasts.is_zero();
            table.put("calm", if is_open { "true".to_owned() } else { quoted(&duration(*lasts)) });
            if let Some(core) = core {
                let core: Vec<Target> = core.iter().map(Target::Peer).collect();
                table.put("core", array(&core));
            }
        }
        Action::Agree(agree) => write_agree(agree, table),
        Action::Join => table.put("join", true),
        Action::Propose(propose) => write_propose(propose, table),
        Action::Rule(rule) => write_rule(rule, table),
        Action::Lift(rule) => table.put("lift", quoted(&format!("${rule}"))),
        Action::Repeat { times, steps } => {
            table.put("repeat", times);
            nested(steps, "steps", depth, table);
        }
        Action::Chance { probability, steps, otherwise } => {
            table.put("chance", quoted_percent(*probability));
            nested(steps, "steps", depth, table);
            if !otherwise.is_empty() {
                nested(otherwise, "else", depth, table);
            }
        }
        Action::FewerThan { count, are, steps } => {
            table.put("fewer-than", count);
            table.put("are", quoted(condition(*are)));
            nested(steps, "steps", depth, table);
        }
        Action::Allow(budget) => write_budget(*budget, table),
        Action::Budget { budget, steps } => {
            write_budget(*budget, table);
            nested(steps, "steps", depth, table);
        }
        Action::Clients { count, steps } => {
            table.put("clients", count);
            nested(steps, "steps", depth, table);
        }
    }
}

/// Writes what may be spent.
pub(crate) fn write_budget(budget: Budget, table: &mut Inline) {
    table.put("budget", quoted(budget.what.name()));
    table.put("at-most", budget.at_most);
}

fn nested(of: &[Step], key: &'static str, depth: usize, table: &mut Inline) {
    table.put(key, steps(of, depth + 1));
}

fn write_expectation(expectation: &Expectation, table: &mut Inline) {
    let word = match expectation {
        Expectation::OneLeader => "one-leader",
        Expectation::NoLeader => "no-leader",
        Expectation::SameTerm => "same-term",
        Expectation::Applied { .. } => "applied",
        Expectation::Unapplied { .. } => "unapplied",
        Expectation::Hint { .. } => "hint",
    };
    table.put("expect", quoted(word));
    match expectation {
        Expectation::OneLeader | Expectation::NoLeader | Expectation::SameTerm => {}
        Expectation::Applied { index, on, within } => {
            table.put("index", index);
            table.put("on", on);
            table.put("within", quoted(&duration(*within)));
        }
        Expectation::Unapplied { index } => table.put("index", index),
        Expectation::Hint { from, is } => {
            table.put("from", names(from));
            table.put("is", name(is));
        }
    }
}

fn write_agree(agree: &Agree, table: &mut Inline) {
    let Agree { on, retry, count: many, bytes, index, is_in_background } = agree;
    let flag = |flag: bool| flag.to_string();
    table.put("agree", on);
    table.put_unless(false, "retry", *retry, flag);
    commands(*many, *bytes, table);
    if let Some(index) = index {
        table.put("index", index);
    }
    table.put_unless(false, "background", *is_in_background, flag);
}

fn write_propose(propose: &Propose, table: &mut Inline) {
    let Propose { to, count: many, bytes, index, applied_on } = propose;
    table.put("propose", names(to));
    commands(*many, *bytes, table);
    if let Some(index) = index {
        table.put("index", count(*index));
    }
    if let Some(on) = applied_on {
        table.put("applied-on", on);
    }
}

fn commands(many: CountRange, bytes: usize, table: &mut Inline) {
    table.put_unless(CountRange::exactly(1), "count", many, count);
    table.put_unless(0, "bytes", bytes, |bytes| bytes.to_string());
}

fn write_rule(rule: &PacketRule, table: &mut Inline) {
    // Its name is what the step saves.
    let PacketRule { name: _, verdict, kind, from, to, times } = rule;
    fate(*verdict, "rule", table);
    if let Some(kind) = kind {
        table.put("kind", quoted(kind));
    }
    table.put_unless(&Target::All, "from", from, name);
    table.put_unless(&Target::All, "to", to, name);
    if let Some(times) = times {
        table.put("times", times);
    }
}

fn condition(condition: Condition) -> &'static str {
    match condition {
        Condition::Alive => "alive",
        Condition::Connected => "connected",
    }
}
