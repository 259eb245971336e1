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

/// A few words about one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) place: Place,
    pub(crate) topics: Topics,
    /// Not worth a row of its own, unless its topic is asked for.
    pub(crate) is_quiet: bool,
    pub(crate) spans: Vec<Span>,
}

impl Part {
    pub(crate) fn change(topic: Topic, ink: Ink, text: String) -> Self {
        let topics = Topics::only(topic);
        Self { place: Place::Change, topics, is_quiet: false, spans: vec![(ink, text)] }
    }

    pub(crate) fn quiet(self) -> Self {
        Self { is_quiet: true, ..self }
    }
}
