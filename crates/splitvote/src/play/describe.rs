//! Steps in words, for the trace.

use crate::scenario::{Action, DurationRange, Expectation, Target};

/// What a step does, in a few words, for the trace.
pub(super) fn describe(action: &Action) -> String {
    let list =
        |targets: &[Target]| targets.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match action {
        Action::Run(DurationRange { min, max }) if min == max => format!("run {min:?}"),
        Action::Run(DurationRange { min, max }) => format!("run {min:?} to {max:?}"),
        Action::RunUntil { happening, .. } => format!("run until {}", happening.name()),
        Action::Expect(Expectation::OneLeader) => "expect one leader".to_owned(),
        Action::Expect(Expectation::NoLeader) => "expect no leader".to_owned(),
        Action::Expect(Expectation::SameTerm) => "expect one term".to_owned(),
        Action::Expect(Expectation::Hint { from, is }) => {
            format!("expect {} to name {is}", list(from))
        }
        Action::Remember(target) => format!("remember {target}"),
        Action::Disconnect(of) => format!("disconnect {}", list(of)),
        Action::Connect(of) => format!("connect {}", list(of)),
        Action::Crash(of) => format!("crash {}", list(of)),
        Action::Restart(of) => format!("restart {}", list(of)),
        Action::Cut { from, to } => format!("cut {from} to {to}"),
        Action::Restore { from, to } => format!("restore {from} to {to}"),
        Action::Partition(groups) => {
            let groups: Vec<String> =
                groups.iter().map(|group| format!("[{}]", list(group))).collect();
            format!("partition {}", groups.join(" "))
        }
        Action::Heal => "heal".to_owned(),
        Action::Delay { from, to, by } => format!("delay {from} to {to} by {by:?}"),
        Action::Network(_) => "change the network".to_owned(),
        Action::ElectionTimeout { of, is: Some(is) } => {
            format!("election timeout of {} is {is:?}", list(of))
        }
        Action::ElectionTimeout { of, is: None } => {
            format!("election timeout of {} is drawn", list(of))
        }
        Action::Propose { to, count } => format!("propose {count} to {}", list(to)),
        Action::Rule(rule) => {
            let kind = rule.kind.as_deref().unwrap_or("packets");
            format!("rule: {:?} {kind} from {} to {}", rule.verdict, rule.from, rule.to)
        }
        Action::Lift(name) => format!("lift ${name}"),
        Action::Repeat { times, .. } => format!("repeat {times} times"),
        Action::Chance { .. } => "by chance".to_owned(),
    }
}
