//! Why a run failed, as numbered sentences and as data.

use std::collections::BTreeSet;
use std::fmt;
use std::io;

use splitvote::{PeerId, SimTime};

use crate::layout::wrap;
use crate::line::Line;
use crate::options::TextOptions;
use crate::part::{Ink, Span};

/// Where the sentences begin, behind number and time.
const SENTENCE: usize = 17;
const USUAL_WIDTH: usize = 120;

/// Why a run failed: the chain of causes, and what it ends in. Prints as numbered sentences.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explanation {
    pub(super) steps: Vec<ExplainedStep>,
    pub(super) left_out: usize,
    pub(super) deliveries: usize,
    pub(super) telling: Vec<usize>,
    pub(super) conclusion: String,
    pub(super) broken_rule: Option<String>,
}

/// A link of the chain: something that happened before the failure and mattered to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedStep {
    /// When it happens.
    pub at: SimTime,
    /// The peers that took part: who acted, then who sent what it acted upon.
    pub peers: Vec<PeerId>,
    /// What happened, without a full stop.
    pub sentence: String,
    /// The numbers of the events in the trace that this is told from, in their order.
    pub events: Vec<usize>,
    pub(super) ink: Ink,
}

impl Explanation {
    /// The chain, in the order of time.
    #[must_use]
    pub fn steps(&self) -> &[ExplainedStep] {
        &self.steps
    }

    /// How many links of the chain were left out, to keep it short.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// The places, from 0, of one or two steps that say most of what went wrong.
    #[must_use]
    pub fn telling(&self) -> &[usize] {
        &self.telling
    }

    /// How many deliveries of messages the chain consists of.
    #[must_use]
    pub fn deliveries(&self) -> usize {
        self.deliveries
    }

    /// The numbers of the events of the trace that the chain consists of.
    #[must_use]
    pub fn events(&self) -> BTreeSet<usize> {
        self.steps.iter().flat_map(|step| step.events.iter().copied()).collect()
    }

    /// What the chain ends in: the verdict's sentence.
    #[must_use]
    pub fn conclusion(&self) -> &str {
        &self.conclusion
    }

    /// Prints the explanation.
    ///
    /// # Errors
    /// If `out` cannot be written to.
    pub fn write(&self, out: &mut impl io::Write, options: TextOptions) -> io::Result<()> {
        out.write_all(self.text(options).as_bytes())
    }

    fn text(&self, TextOptions { colour, width }: TextOptions) -> String {
        let width = width.map_or(USUAL_WIDTH, |width| width.max(40));
        let mut text = String::new();
        if self.left_out > 0 {
            let mut line = Line::new(colour, 0);
            line.move_to(SENTENCE);
            let plural = if self.left_out == 1 { "" } else { "s" };
            line.push(Ink::Dim, &format!("({} remoter cause{plural} left out)", self.left_out));
            text.push_str(&line.finish());
        }
        for (place, step) in self.steps.iter().enumerate() {
            let spans = vec![(step.ink, format!("{}.", step.sentence))];
            let number = format!("{:>2}. {:>11}", place + 1, step.at.to_string());
            text.push_str(&paragraph(&number, &[spans], colour, width));
        }
        let number = match self.steps.len() {
            0 => "    →".to_owned(),
            steps => format!("{:>2}. →", steps + 1),
        };
        let spans = vec![(Ink::Failure, self.conclusion.clone())];
        text.push_str(&paragraph(&number, &[spans], colour, width));
        if let Some(rule) = &self.broken_rule {
            text.push_str(&paragraph("", &[vec![(Ink::Plain, rule.clone())]], colour, width));
        }
        text
    }
}

pub(super) fn paragraph(head: &str, parts: &[Vec<Span>], colour: bool, width: usize) -> String {
    let mut text = String::new();
    for (place, words) in wrap(parts, width - SENTENCE).iter().enumerate() {
        let mut line = Line::new(colour, 0);
        if place == 0 {
            line.push(Ink::Dim, head);
        }
        line.move_to(SENTENCE);
        line.push_all(words);
        text.push_str(&line.finish());
    }
    text
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(TextOptions::default()))
    }
}
