//! Steps in words, for the trace.

use splitvote_sim::Verdict;

use crate::language::target::list;
use crate::scenario::{Action, Condition, DurationRange, Expectation};

/// What a step does, in a few words, for the trace.
pub(super) fn describe(action: &Action) -> String {
    match action {
        Action::Run(time) => format!("run {time}"),
        Action::RunUntil { happening, .. } => format!("run until {}", happening.name()),
        Action::Expect(Expectation::OneLeader { .. }) => "expect one leader".to_owned(),
        Action::Expect(Expectation::NoLeader) => "expect no leader".to_owned(),
        Action::Expect(Expectation::SameTerm) => "expect one term".to_owned(),
        Action::Expect(Expectation::Applied { index, on, .. }) => {
            format!("expect {index} applied on {on}")
        }
        Action::Expect(Expectation::Unapplied { index }) => format!("expect {index} unapplied"),
        Action::Expect(Expectation::Hint { from, is }) => {
            format!("expect {} to name {is}", list(from))
        }
        Action::Remember(target) => format!("remember {target}"),
        Action::Fault(fault) => fault.to_string(),
        Action::Calm { core, load, .. } => {
            let core = core.map(|core| format!(" of {core}")).unwrap_or_default();
            let load = load.map(|load| format!(" under load, every {load}")).unwrap_or_default();
            format!("calm{core}{load}")
        }
        Action::Storm(storm) => format!("storm of {}", storm.lasts),
        Action::Propose(propose) => {
            let applied = propose.applied_on.map(|on| format!(", applied on {on}"));
            let applied = applied.unwrap_or_default();
            format!("propose {} to {}{applied}", propose.count, list(&propose.to))
        }
        Action::Agree(agree) => {
            let background = if agree.is_in_background { " in the background" } else { "" };
            format!("agree on {} with {} peers{background}", agree.count, agree.on)
        }
        Action::Join => "join".to_owned(),
        Action::Rule(rule) => {
            let kind = rule.kind.as_deref().unwrap_or("packets");
            format!("rule: {} {kind} from {} to {}", fate(rule.verdict), rule.from, rule.to)
        }
        Action::Lift(name) => format!("lift ${name}"),
        Action::Repeat { times, .. } => format!("repeat {times} times"),
        Action::Chance { .. } => "by chance".to_owned(),
        Action::FewerThan { count, are: Condition::Alive, .. } => {
            format!("fewer than {count} alive")
        }
        Action::FewerThan { count, are: Condition::Connected, .. } => {
            format!("fewer than {count} connected")
        }
        Action::Allow(budget) => format!("from here on {budget}"),
        Action::Budget { budget, .. } => format!("budget: {budget}"),
        Action::Clients { count, .. } => format!("{count} clients"),
    }
}

/// What a rule does to a packet, as the library calls it.
fn fate(verdict: Verdict<DurationRange>) -> String {
    match verdict {
        Verdict::Delay(by) => format!("Delay({by})"),
        Verdict::Replay(by) => format!("Replay({by})"),
        verdict => format!("{verdict:?}"),
    }
}
