//! What single events are in a few words.

use splitvote::PeerId;
use splitvote::peer::{Durable, Progress, ProposalAnswer};
use splitvote::sim::Disturbance;

use crate::part::{Ink, Part, Place};
use crate::surroundings::Surroundings;
use crate::topic::{Topic, Topics};

/// The words with which steps begin that only wait, draw or remember.
const QUIET_STEPS: [&str; 6] =
    ["run ", "repeat ", "by chance", "remember ", "fewer than ", "budget"];

/// `paused`, `clock +200ms`, `S0→S1 clogged until 1.203 s`, `network: loss 0 % → 5 %`.
pub(crate) fn disturbed(change: &Disturbance, surroundings: &mut Surroundings) -> Part {
    let (ink, text) = match *change {
        Disturbance::Paused { .. } => (Ink::Down, "paused".to_owned()),
        Disturbance::Resumed { .. } => (Ink::Plain, "▶ resumed".to_owned()),
        Disturbance::ClockStepped { by, .. } => (Ink::Odd, format!("clock +{by:?}")),
        Disturbance::ClockDrift { ppm, .. } => (Ink::Odd, format!("clock drift {ppm:+} ppm")),
        Disturbance::Clogged { from, to, until } => {
            let millis = until.0 / 1_000_000;
            let until = format!("{}.{:03} s", millis / 1_000, millis % 1_000);
            (Ink::Lost, format!("{from}→{to} clogged until {until}"))
        }
        Disturbance::Unclogged { from, to } => {
            (Ink::Plain, format!("{from}→{to} no longer clogged"))
        }
        Disturbance::Delayed { from, to, by } if by.is_zero() => {
            (Ink::Plain, format!("{from}→{to} no longer slower"))
        }
        Disturbance::Delayed { from, to, by } => (Ink::Odd, format!("{from}→{to} {by:?} slower")),
        Disturbance::CrashAtWrite { after, .. } => {
            (Ink::Odd, format!("will crash after {}", counted(after, "disk operation")))
        }
        Disturbance::CrashAtSend { after, .. } => {
            (Ink::Odd, format!("will crash after {}", counted(after, "message")))
        }
        Disturbance::Disarmed { .. } => (Ink::Plain, "will not crash".to_owned()),
        Disturbance::ElectionTimeout { is, .. } => {
            let text = is.map_or_else(|| "drawn".to_owned(), |is| format!("{is:?}"));
            let part = Part::change(Topic::Faults, Ink::Odd, format!("election timeout {text}"));
            // A shrunk case tells every peer at the start when to stand, in steps that are told.
            return part.quiet();
        }
        Disturbance::Network { is } => (Ink::Odd, surroundings.network(is)),
        Disturbance::InFlight { is } => (Ink::Odd, surroundings.in_flight(is)),
        Disturbance::DiskTrouble { trouble, .. } => (Ink::Odd, trouble.to_string()),
        Disturbance::Disk { is } => (Ink::Odd, surroundings.disk(is)),
    };
    Part::change(Topic::Faults, ink, text)
}

/// `1 message`, `3 messages`.
fn counted(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// A call that the labs' network reports as failed.
pub(crate) fn call_failed(to: PeerId) -> Part {
    let text = format!("✗ no reply from {to}");
    let topics = Topics::only(Topic::Messages);
    Part { place: Place::Cause, topics, ..Part::change(Topic::Messages, Ink::Lost, text).quiet() }
}

/// A step of the scenario: `line 7: crash S2`.
pub(crate) fn step(line: usize, text: &str) -> Part {
    let part = Part::change(Topic::Steps, Ink::Step, format!("line {line}: {text}"));
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
