//! What every piece of evidence can tell, whichever checker gives it.

use std::fmt;

use splitvote_peer::PeerId;

pub(crate) use crate::lead::Lead;
pub(crate) use crate::rule::Rule;
use crate::standing::Standing;

/// What proves that a rule was broken. Prints as its sentence.
pub trait Proof: fmt::Display {
    /// In which way the rule was broken, by which peers, and where the reason is to be found.
    fn finding(&self) -> Finding;

    /// One sentence, without the time.
    fn sentence(&self) -> String;
}

/// What is to be known of a piece of evidence besides its sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The way in which the rule was broken, such as `vote-forgotten`. Two violations of one checker
    /// with one cause are of one kind, whatever the peers, terms and indexes.
    pub cause: &'static str,
    /// The peers that the sentence is about, the accused first.
    pub peers: Vec<PeerId>,
    /// Whether a guarantee was broken, or practice departed from.
    pub standing: Standing,
    /// What an explanation has to look for in the trace, in this order.
    pub leads: Vec<Lead>,
    /// How the sentence goes on when it says when.
    pub(crate) time: TimeStated,
}

/// How a sentence says when the rule was seen to be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeStated {
    /// `…, at 1.500000 s`: set off from a clause at the end.
    AfterComma,
    /// `… at 1.500000 s`.
    Directly,
    /// The sentence names times of its own.
    Within,
}

impl Finding {
    /// A finding that breaks a guarantee, with no leads, whose time is set off by a comma.
    pub(crate) fn new(cause: &'static str, peers: impl Into<Vec<PeerId>>) -> Self {
        Self {
            cause,
            peers: peers.into(),
            standing: Standing::Guarantee,
            leads: Vec::new(),
            time: TimeStated::AfterComma,
        }
    }

    pub(crate) fn leads<const COUNT: usize>(mut self, leads: [Lead; COUNT]) -> Self {
        self.leads.extend(leads);
        self
    }

    /// The same as a departure from practice.
    pub(crate) fn of_practice(self) -> Self {
        Self { standing: Standing::Practice, ..self }
    }

    /// The same as a departure from practice, unless this holds.
    pub(crate) fn of_practice_unless(self, breaks_a_guarantee: bool) -> Self {
        if breaks_a_guarantee { self } else { self.of_practice() }
    }

    pub(crate) fn without_comma(self) -> Self {
        Self { time: TimeStated::Directly, ..self }
    }

    pub(crate) fn with_own_times(self) -> Self {
        Self { time: TimeStated::Within, ..self }
    }
}
