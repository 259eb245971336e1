//! What is worth saying of a moment.

use splitvote::peer::{Durable, Progress, ProposalAnswer};
use splitvote::sim::{Disturbance, Fate};
use splitvote::trace::{TraceEvent, What};
use splitvote::{PeerId, SimTime};

use crate::change::{boot, changes};
use crate::fanout::Fanout;
use crate::moment::actor;
use crate::options::ColumnOptions;
use crate::part::{Ink, Part, Place};
use crate::stage::Stage;
use crate::topic::{Topic, Topics};

/// What is said of a moment: the cause, what it changed, what was sent.
pub(crate) struct Row {
    pub(crate) at: SimTime,
    /// In whose column; none for a line across all.
    pub(crate) peer: Option<PeerId>,
    pub(crate) parts: Vec<Part>,
    /// The messages that the moment dealt with.
    pub(crate) messages: usize,
}

/// The words with which steps begin that only wait, draw or remember.
const QUIET_STEPS: [&str; 6] =
    ["run ", "repeat ", "by chance", "remember ", "fewer than ", "budget"];

impl Row {
    /// The row of a moment. The stage has followed its events.
    pub(crate) fn of(moment: &[TraceEvent], stage: &mut Stage) -> Option<Self> {
        let first = moment.first()?;
        let mut row =
            Self { at: first.at, peer: actor(&first.what), parts: Vec::new(), messages: 0 };
        let mut asked_by = None;
        let mut fanout: Option<Fanout<'_>> = None;
        for event in moment {
            if let What::Received { packet } = &event.what {
                asked_by = Some(packet.from);
            }
            if let What::Sent { packet, fate } = &event.what {
                row.messages += 1;
                match &mut fanout {
                    // A copy is told where it arrives.
                    _ if matches!(fate, Fate::Duplicated(_)) => {}
                    Some(fanout) if fanout.takes(packet) => fanout.add(packet, *fate),
                    _ => {
                        let next = Fanout::new(packet, *fate);
                        row.send(fanout.replace(next), stage, asked_by);
                    }
                }
            } else {
                row.say(event, stage);
            }
        }
        row.send(fanout, stage, asked_by);
        if moment.iter().any(|event| matches!(event.what, What::Link { .. })) {
            row.parts.push(Part::change(Topic::Faults, Ink::Lost, stage.links.describe()));
        }
        Some(row)
    }

    fn send(&mut self, fanout: Option<Fanout<'_>>, stage: &Stage, asked_by: Option<PeerId>) {
        self.parts.extend(fanout.map(|fanout| fanout.part(stage.everyone, asked_by)));
    }

    fn say(&mut self, event: &TraceEvent, stage: &mut Stage) {
        match &event.what {
            What::Booted { boot: number, view, .. } => self.parts.push(boot(*number, view)),
            What::Crashed { .. } => {
                self.parts.push(Part::change(Topic::Faults, Ink::Down, "✗ crash".to_owned()));
            }
            What::Disturbed(what) => self.parts.push(disturbed(*what)),
            What::Changed { before, after, .. } => self.parts.extend(changes(before, after)),
            What::Received { packet } => {
                self.messages += 1;
                self.parts.push(stage.arrivals.received(event.at, packet));
            }
            What::Perished { packet, fate } => {
                self.messages += 1;
                self.parts.push(stage.arrivals.perished(event.at, packet, *fate));
            }
            What::Durable { record, .. } => self.parts.push(durable(*record)),
            What::Progress { follower, progress, .. } => {
                self.parts.push(account(*follower, *progress));
            }
            What::Restored { through, .. } => {
                let text = format!("machine restored through {through}");
                self.parts.push(Part::change(Topic::Clients, Ink::Plain, text));
            }
            What::SnapshotTaken { through, .. } => {
                let text = format!("machine's snapshot through {through}");
                self.parts.push(Part::change(Topic::Clients, Ink::Dim, text).quiet());
            }
            What::Answered { answer, .. } => self.parts.push(answered(answer)),
            What::Note { text } => {
                self.parts.push(Part::change(Topic::Steps, Ink::Step, text.clone()));
            }
            What::Step { line, text } => self.parts.push(step(*line, text)),
            What::Weather { text } => self.parts.push(weather(text)),
            What::Sent { .. } | What::Link { .. } | What::Failed { .. } => {}
        }
    }

    /// Makes everything in the row worth showing.
    pub(crate) fn speak_up(&mut self) {
        self.parts.iter_mut().for_each(|part| part.is_quiet = false);
    }

    /// What is to be shown of the row, if anything.
    pub(crate) fn shown(mut self, options: &ColumnOptions) -> Option<Self> {
        match options.topics {
            None => {
                let is_disk = |part: &Part| part.topics.meets(Topics::only(Topic::Disk));
                let is_loud = |part: &Part| !part.is_quiet || options.disks && is_disk(part);
                let has_news = self.parts.iter().any(is_loud);
                self.parts.retain(|part| has_news && (is_loud(part) || part.place == Place::Cause));
            }
            Some(topics) => {
                let is_asked_for = |part: &Part| part.topics.meets(topics);
                let has_change =
                    self.parts.iter().any(|part| part.place == Place::Change && is_asked_for(part));
                self.parts
                    .retain(|part| is_asked_for(part) || part.place == Place::Cause && has_change);
            }
        }
        (!self.parts.is_empty()).then_some(self)
    }
}

/// `paused`, `▶ resumed`, `clock +200ms`, `S0→S1 clogged until 1.203 s`.
fn disturbed(what: Disturbance) -> Part {
    let (ink, text) = match what {
        Disturbance::Paused(_) => (Ink::Down, "paused".to_owned()),
        Disturbance::Resumed(_) => (Ink::Plain, "▶ resumed".to_owned()),
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
        Disturbance::Network => (Ink::Odd, "another network".to_owned()),
        Disturbance::Disk => (Ink::Odd, "other disks".to_owned()),
    };
    Part::change(Topic::Faults, ink, text)
}

fn step(line: usize, text: &str) -> Part {
    let part = Part::change(Topic::Steps, Ink::Step, format!("line {line}: {text}"));
    let is_quiet = QUIET_STEPS.iter().any(|start| text.starts_with(start));
    if is_quiet { part.quiet() } else { part }
}

fn weather(text: &str) -> Part {
    Part::change(Topic::Steps, Ink::Step, format!("storm: {text}"))
}

fn durable(record: Durable) -> Part {
    let text = match record {
        Durable::Ballot { term, voted_for: Some(candidate) } => {
            format!("disk T{term} vote {candidate}")
        }
        Durable::Ballot { term, voted_for: None } => format!("disk T{term} no vote"),
        Durable::Entry { index, entry } => format!("disk {index}@{}", entry.term),
        Durable::Truncated { from } => format!("disk without {from} and later"),
        Durable::Snapshot { through } => format!("disk snapshot {through}"),
        Durable::Other => "disk".to_owned(),
    };
    Part::change(Topic::Disk, Ink::Dim, text).quiet()
}

/// What a leader knows of a follower now: `match S1 5 next 6`.
fn account(follower: PeerId, progress: Progress) -> Part {
    let text = format!("match {follower} {} next {}", progress.matched, progress.next);
    Part::change(Topic::Messages, Ink::Dim, text).quiet()
}

fn answered(answer: &ProposalAnswer) -> Part {
    let text = match answer {
        ProposalAnswer::Accepted { index, term } => format!("client: accepted {index}@{term}"),
        ProposalAnswer::Redirect { leader: Some(leader) } => format!("client: go to {leader}"),
        ProposalAnswer::Redirect { leader: None } => "client: no leader known".to_owned(),
    };
    let part = Part::change(Topic::Clients, Ink::Plain, text);
    if matches!(answer, ProposalAnswer::Redirect { .. }) { part.quiet() } else { part }
}
