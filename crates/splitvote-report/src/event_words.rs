//! What single events are in a few words.

use splitvote::PeerId;
use splitvote::peer::{Durable, Progress, ProposalAnswer};
use splitvote::sim::Disturbance;

use crate::part::{Ink, Part, Place};
use crate::surroundings::Surroundings;
use crate::topic::{Topic, Topics};

/// The words with which steps begin that only wait, draw or remember.
pub(crate) const QUIET_STEPS: [&str; 6] =
    ["run ", "repeat ", "by chance", "remember ", "fewer than ", "budget"];

/// `paused`, `clock +200ms`, `S0→S1 clogged until 1.203 s`, `network: loss 0 % → 5 %`.
pub(crate) fn disturbed(change: &Disturbance, surroundings: &mut Surroundings) -> Part {
    let text = match *change {
        Disturbance::Resumed { .. } => format!("▶ {change}"),
        Disturbance::Network { is } => surroundings.network(is),
        Disturbance::InFlight { is } => surroundings.in_flight(is),
        Disturbance::Disk { is } => surroundings.disk(is),
        _ => change.to_string(),
    };
    let ink = match change {
        Disturbance::Paused { .. } => Ink::Down,
        Disturbance::Clogged { .. } => Ink::Lost,
        Disturbance::Resumed { .. } | Disturbance::Unclogged { .. } => Ink::Plain,
        Disturbance::Disarmed { .. } | Disturbance::TaskOrder { is_drawn: false, .. } => Ink::Plain,
        Disturbance::Delayed { by, .. } if by.is_zero() => Ink::Plain,
        _ => Ink::Odd,
    };
    let part = Part::change(Topic::Faults, ink, text);
    // A shrunk case tells every peer at the start when to stand, in steps that are told.
    let is_quiet = matches!(change, Disturbance::ElectionTimeout { .. });
    if is_quiet { part.quiet() } else { part }
}

/// A call that the labs' network reports as failed.
pub(crate) fn call_failed(to: PeerId) -> Part {
    let text = format!("✗ no reply from {to}");
    let topics = Topics::only(Topic::Messages);
    Part { place: Place::Cause, topics, ..Part::change(Topic::Messages, Ink::Lost, text).quiet() }
}

/// A step of the scenario: `line 7: crash S2`; without the line, which is 0 then, if it stands in no file.
pub(crate) fn step(line: usize, text: &str) -> Part {
    let told = if line == 0 { format!("step: {text}") } else { format!("line {line}: {text}") };
    let part = Part::change(Topic::Steps, Ink::Step, told);
    let is_quiet = QUIET_STEPS.iter().any(|start| text.starts_with(start));
    if is_quiet { part.quiet() } else { part }
}

/// The parts of the nemesis in a storm that begins.
pub(crate) fn weather(text: &str) -> Part {
    Part::change(Topic::Steps, Ink::Step, format!("storm: {text}"))
}

/// What became durable: `disk T4 vote S1`.
pub(crate) fn durable(record: Durable) -> Part {
    Part::change(
        Topic::Disk,
        Ink::Dim,
        match record {
            Durable::Other => "disk".to_owned(),
            record => format!("disk {}", record_words(record)),
        },
    )
    .quiet()
}

/// What a leader knows of a follower now: `match S1 5 next 6`.
pub(crate) fn account(follower: PeerId, progress: Progress) -> Part {
    let text = format!("match {follower} {} next {}", progress.matched, progress.next);
    Part::change(Topic::Messages, Ink::Dim, text).quiet()
}

/// What a client was told: `client: accepted 3@2`.
pub(crate) fn answered(answer: &ProposalAnswer) -> Part {
    let text = match answer {
        ProposalAnswer::Accepted { index, term } => format!("client: accepted {index}@{term}"),
        ProposalAnswer::Redirect { leader: Some(leader) } => format!("client: go to {leader}"),
        ProposalAnswer::Redirect { leader: None } => "client: no leader known".to_owned(),
    };
    let part = Part::change(Topic::Clients, Ink::Plain, text);
    if matches!(answer, ProposalAnswer::Redirect { .. }) { part.quiet() } else { part }
}

/// `T4 vote S1`, `3@2`, `snapshot 9@2`.
pub(crate) fn record_words(record: Durable) -> String {
    match record {
        Durable::Ballot { term, voted_for: Some(candidate) } => {
            format!("T{term} vote {candidate}")
        }
        Durable::Ballot { term, voted_for: None } => format!("T{term} no vote"),
        Durable::Entry { index, entry } => format!("{index}@{}", entry.term),
        Durable::Truncated { from } => format!("without {from} and later"),
        Durable::Snapshot { through } => format!("snapshot {through}"),
        Durable::Other => "a record".to_owned(),
    }
}
