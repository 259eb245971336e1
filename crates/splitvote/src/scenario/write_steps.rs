//! Writes the steps of a scenario, a line each.

use splitvote_check::Budget;
use splitvote_peer::SimTime;
use splitvote_sim::Probability;

use super::demand::{Agree, Condition, Expectation, PacketRule, Propose};
use super::inline::{Inline, quoted};
use super::step::{Action, Step};
use super::target::Target;
use super::units::CountRange;
use super::units_text::{count, duration, instant, percent, range};
use super::write::fate;
use super::write_profiles::{disk, fault_classes, network, quoted_percent};

/// An array of steps, within so many others.
pub(super) fn steps(steps: &[Step], depth: usize) -> String {
    let indent = "  ".repeat(depth + 1);
    let lines: Vec<String> =
        steps.iter().map(|one| format!("{indent}{},\n", step(one, depth))).collect();
    format!("[\n{}{}]", lines.concat(), "  ".repeat(depth))
}

fn step(step: &Step, depth: usize) -> String {
    let Step { place: _, number: _, at, action, save } = step;
    let mut table = Inline::default();
    if let Some(at) = at {
        table.put("at", quoted(&instant(SimTime::ZERO + *at)));
    }
    write(action, depth, &mut table);
    if let Some(name) = save {
        table.put("save", quoted(name));
    }
    table.to_string()
}

fn write(action: &Action, depth: usize, table: &mut Inline) {
    match action {
        Action::Run(time) => table.put("run", quoted(&range(*time))),
        Action::RunUntil { happening, within } => {
            table.put("run-until", quoted(happening.name()));
            table.put("within", quoted(&duration(*within)));
        }
        Action::Expect(expectation) => write_expectation(expectation, table),
        Action::Remember(target) => table.put("remember", name(target)),
        Action::Disconnect(of) => table.put("disconnect", names(of)),
        Action::Connect(of) => table.put("connect", names(of)),
        Action::Crash(of) => table.put("crash", names(of)),
        Action::CrashAtWrite { of, after } => point("crash-at-write", of, *after, table),
        Action::CrashAtSend { of, after } => point("crash-at-send", of, *after, table),
        Action::Restart(of) => table.put("restart", names(of)),
        Action::Disarm(of) => table.put("disarm", names(of)),
        Action::Pause(of) => table.put("pause", names(of)),
        Action::Resume(of) => table.put("resume", names(of)),
        Action::Cut { from, to } => table.put("cut", pair(from, to)),
        Action::Restore { from, to } => table.put("restore", pair(from, to)),
        Action::Partition(groups) => {
            let groups: Vec<String> = groups.iter().map(|group| list(group)).collect();
            table.put("partition", format!("[{}]", groups.join(", ")));
        }
        Action::Heal => table.put("heal", true),
        Action::Delay { from, to, by } => {
            table.put("delay", pair(from, to));
            table.put("by", quoted(&duration(*by)));
        }
        Action::Clog { from, to, lasts } => {
            table.put("clog", pair(from, to));
            table.put("for", quoted(&duration(*lasts)));
        }
        Action::Unclog { from, to } => table.put("unclog", pair(from, to)),
        Action::StepClock { of, by } => {
            table.put("clock-step", names(of));
            table.put("by", quoted(&duration(*by)));
        }
        Action::DriftClock { of, ppm } => {
            let sign = if *ppm < 0 { "-" } else { "" };
            let share = percent(Probability::per_million(ppm.unsigned_abs()));
            table.put("clock-drift", names(of));
            table.put("by", quoted(&format!("{sign}{share}")));
        }
        Action::Storm(storm) => {
            table.put("storm", quoted(&duration(storm.lasts)));
            if let Some(every) = storm.proposals_every {
                table.put("proposals-every", quoted(&duration(every)));
            }
            if !storm.without.is_empty() {
                table.put("without", fault_classes(storm.without));
            }
        }
        Action::Calm { core, lasts } => {
            let is_open = lasts.is_zero();
            table.put("calm", if is_open { "true".to_owned() } else { quoted(&duration(*lasts)) });
            if let Some(core) = core {
                let core: Vec<Target> = core.iter().map(Target::Peer).collect();
                table.put("core", list(&core));
            }
        }
        Action::Disk(profile) => table.put("disk", disk(*profile)),
        Action::Network(profile) => table.put("network", network(*profile)),
        Action::ElectionTimeout { of, is } => {
            let is = is.map_or_else(|| "drawn".to_owned(), duration);
            table.put("election-timeout", quoted(&is));
            table.put("of", names(of));
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

fn write_budget(budget: Budget, table: &mut Inline) {
    table.put("budget", quoted(budget.what.name()));
    table.put("at-most", budget.at_most);
}

fn nested(of: &[Step], key: &'static str, depth: usize, table: &mut Inline) {
    table.put(key, steps(of, depth + 1));
}

fn point(verb: &'static str, of: &[Target], after: CountRange, table: &mut Inline) {
    table.put(verb, names(of));
    table.put("after", count(after));
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

fn name(target: &Target) -> String {
    quoted(&target.to_string())
}

/// A target by itself, or an array of them.
fn names(targets: &[Target]) -> String {
    match targets {
        [target] => name(target),
        targets => list(targets),
    }
}

fn list(targets: &[Target]) -> String {
    let names: Vec<String> = targets.iter().map(name).collect();
    format!("[{}]", names.join(", "))
}

fn pair(from: &Target, to: &Target) -> String {
    format!("[{}, {}]", name(from), name(to))
}
