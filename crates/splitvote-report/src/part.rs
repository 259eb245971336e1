//! The least thing a row can say: a few words with their ink, and what they are about.

use splitvote::Role;

use crate::topic::{Topic, Topics};

/// How words are inked, by meaning. Colours are chosen in one place, [`crate::line`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    Plain,
    /// What matters less.
    Dim,
    /// What a leader, a candidate or a follower is written in.
    Of(Role),
    /// A peer that is down.
    Down,
    /// A message that never arrives.
    Lost,
    /// A message that is not where or when it should be.
    Odd,
    /// What the scenario does.
    Step,
    /// What broke the run.
    Failure,
}

/// Words of one ink.
pub(crate) type Span = (Ink, String);

/// How a part stands to the others of its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Why the step was taken. Shown with whatever came of it.
    Cause,
    /// What it changed in the peer, or did to it.
    Change,
    /// What it sent.
    Effect,
}

/// How much a part matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// Worth a row.
    News,
    /// Not worth a row of its own, unless its topic is asked for or the run failed there.
    Quiet,
    /// Shown only if its topic is asked for.
    Detail,
}

/// A few words about one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) place: Place,
    pub(crate) topics: Topics,
    pub(crate) weight: Weight,
    pub(crate) spans: Vec<Span>,
}

impl Part {
    pub(crate) fn change(topic: Topic, ink: Ink, text: String) -> Self {
        let topics = Topics::only(topic);
        Self { place: Place::Change, topics, weight: Weight::News, spans: vec![(ink, text)] }
    }

    pub(crate) fn quiet(self) -> Self {
        Self { weight: Weight::Quiet, ..self }
    }

    pub(crate) fn detail(self) -> Self {
        Self { weight: Weight::Detail, ..self }
    }

    /// Worth a row if it was quiet.
    pub(crate) fn speak_up(&mut self) {
        if self.weight == Weight::Quiet {
            self.weight = Weight::News;
        }
    }
}
