//! What is worth saying of a moment.

use splitvote::check::Departure;
use splitvote::sim::Fate;
use splitvote::trace::{TraceEvent, What};
use splitvote::{PeerId, SimTime};

use crate::change::{boot, changes, found};
use crate::fanout::Fanout;
use crate::moment::actor;
use crate::options::ColumnOptions;
use crate::part::{Ink, Part, Place, Weight};
use crate::stage::Stage;
use crate::topic::{Topic, Topics};
use crate::{details, event_words};

/// What is said of a moment: the cause, what it changed, what was sent.
pub(crate) struct Row {
    pub(crate) at: SimTime,
    /// In whose column; `None` for a line across all.
    pub(crate) peer: Option<PeerId>,
    pub(crate) parts: Vec<Part>,
    /// The messages that the moment dealt with.
    pub(crate) messages: usize,
}

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

    /// That a Raft departs from practice, behind the moments of that instant. Shown whatever the topics.
    pub(crate) fn departure(departure: &Departure) -> Self {
        let Departure { first, times } = departure;
        let often = if *times > 1 { format!(", the first of {times}") } else { String::new() };
        let text = format!("departs from practice ({}{often}): {}", first.checker, first.evidence);
        let topics = Topic::ALL.iter().copied().collect();
        let part = Part { topics, ..Part::change(Topic::Roles, Ink::Odd, text) };
        Self { at: first.at, peer: None, parts: vec![part], messages: 0 }
    }

    fn send(&mut self, fanout: Option<Fanout<'_>>, stage: &Stage, asked_by: Option<PeerId>) {
        self.parts.extend(fanout.map(|fanout| fanout.part(stage.everyone, asked_by)));
    }

    fn say(&mut self, event: &TraceEvent, stage: &mut Stage) {
        match &event.what {
            What::Booted { boot: number, view, .. } => {
                self.parts.push(boot(*number, view));
                self.parts.extend(found(*number, view));
            }
            What::Crashed { .. } => {
                self.parts.push(Part::change(Topic::Faults, Ink::Down, "✗ crash".to_owned()));
            }
            What::Disturbed { change } => {
                self.parts.push(event_words::disturbed(change, &mut stage.surroundings));
            }
            What::CallFailed { to, .. } => self.parts.push(event_words::call_failed(*to)),
            What::Changed { before, after, .. } => self.parts.extend(changes(before, after)),
            What::Received { packet } => {
                self.messages += 1;
                self.parts.push(stage.arrivals.received(event.at, packet));
            }
            What::Perished { packet, fate } => {
                self.messages += 1;
                self.parts.push(stage.arrivals.perished(event.at, packet, *fate));
            }
            What::Durable { record, .. } => self.parts.push(event_words::durable(*record)),
            What::Compacted { keep, .. } => {
                let text = format!("keep last {keep} records");
                self.parts.push(Part::change(Topic::Disk, Ink::Dim, text).quiet());
            }
            What::Progress { follower, progress, .. } => {
                self.parts.push(event_words::account(*follower, *progress));
            }
            What::Restored { through, .. } => {
                let text = format!("machine restored through {through}");
                self.parts.push(Part::change(Topic::Clients, Ink::Plain, text));
            }
            What::SnapshotTaken { through, .. } => {
                let text = format!("machine's snapshot through {through}");
                self.parts.push(Part::change(Topic::Clients, Ink::Dim, text).quiet());
            }
            What::Answered { answer, .. } => self.parts.push(event_words::answered(answer)),
            What::Note { text } => {
                self.parts.push(Part::change(Topic::Steps, Ink::Step, text.clone()));
            }
            What::Step { line, text } => self.parts.push(event_words::step(*line, text)),
            What::Weather { text } => self.parts.push(event_words::weather(text)),
            What::Woke { .. }
            | What::Armed { .. }
            | What::Log { .. }
            | What::Held { .. }
            | What::Written { .. }
            | What::SyncBegun { .. }
            | What::SyncDone { .. }
            | What::Applied { .. }
            | What::Proposed { .. } => self.parts.extend(details::of(&event.what)),
            What::Sent { .. } | What::Link { .. } | What::Failed { .. } => {}
        }
    }

    /// Makes everything in the row worth showing.
    pub(crate) fn speak_up(&mut self) {
        self.parts.iter_mut().for_each(Part::speak_up);
    }

    /// What is to be shown of the row, if anything.
    pub(crate) fn shown(mut self, options: &ColumnOptions) -> Option<Self> {
        match options.topics {
            None => {
                let is_disk = |part: &Part| part.topics.meets(Topics::only(Topic::Disk));
                self.parts.retain(|part| part.weight != Weight::Detail);
                let is_news = |part: &Part| part.weight == Weight::News;
                let is_loud = |part: &Part| is_news(part) || options.disks && is_disk(part);
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
