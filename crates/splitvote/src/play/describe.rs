//! Steps in words, for the trace.

use crate::scenario::{Action, Condition, DurationRange, Expectation, Target};

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
        Action::Expect(Expectation::Applied { index, on, .. }) => {
            format!("expect {index} applied on {on}")
        }
        Action::Expect(Expectation::Unapplied { index }) => format!("expect {index} unapplied"),
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
        Action::CrashAtSend { of, after } => format!("crash {} at message {after}", list(of)),
        Action::Disarm(of) => format!("disarm {}", list(of)),
        Action::Unclog { from, to } => format!("unclog {from} to {to}"),
        Action::Calm { core: Some(core), .. } => format!("calm of {core}"),
        Action::Calm { core: None, .. } => "calm".to_owned(),
        Action::Pause(of) => format!("pause {}", list(of)),
        Action::Resume(of) => format!("resume {}", list(of)),
        Action::Clog { from, to, lasts } => format!("clog {from} to {to} for {lasts:?}"),
        Action::StepClock { of, by } => format!("step the clock of {} by {by:?}", list(of)),
        Action::DriftClock { of, ppm } => format!("clock of {} drifts by {ppm} ppm", list(of)),
        Action::Storm(storm) => format!("storm of {:?}", storm.lasts),
        Action::Disk(_) => "change the disks".to_owned(),
        Action::Network(_) => "change the network".to_owned(),
        Action::ElectionTimeout { of, is: Some(is) } => {
            format!("election timeout of {} is {is:?}", list(of))
        }
        Action::ElectionTimeout { of, is: None } => {
            format!("election timeout of {} is drawn", list(of))
        }
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
        Action::CrashAtWrite { of, after } => format!("crash {} at write {after}", list(of)),
        Action::Rule(rule) => {
            let kind = rule.kind.as_deref().unwrap_or("packets");
            format!("rule: {:?} {kind} from {} to {}", rule.verdict, rule.from, rule.to)
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
