//! One line of the screen, built from left to right. The one place that knows colours.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use splitvote::Role;

use crate::part::{Ink, Span};

/// A line that knows how far it has come.
pub(crate) struct Line {
    text: String,
    width: usize,
    colour: bool,
}

impl Line {
    /// A line that goes on at this column.
    pub(crate) fn new(colour: bool, width: usize) -> Self {
        Self { text: String::new(), width, colour }
    }

    /// How many columns are filled.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn push(&mut self, ink: Ink, words: &str) {
        self.width += words.chars().count();
        let style = style(ink);
        if self.colour && style != Style::new() {
            // Writing to a string cannot fail.
            let _ = write!(self.text, "{style}{words}{style:#}");
        } else {
            self.text.push_str(words);
        }
    }

    pub(crate) fn push_all(&mut self, spans: &[Span]) {
        spans.iter().for_each(|(ink, words)| self.push(*ink, words));
    }

    /// Goes on at this column, if the line is not there yet.
    pub(crate) fn move_to(&mut self, column: usize) {
        while self.width < column {
            self.text.push(' ');
            self.width += 1;
        }
    }

    /// Fills the line up to this column.
    pub(crate) fn fill(&mut self, ink: Ink, stroke: &str, column: usize) {
        let missing = column.saturating_sub(self.width);
        self.push(ink, &stroke.repeat(missing));
    }

    /// What there is of the line, to be gone on with.
    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// The line, without blanks at its end.
    pub(crate) fn finish(mut self) -> String {
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.text.push('\n');
        self.text
    }
}

fn style(ink: Ink) -> Style {
    let coloured = |colour: AnsiColor| Style::new().fg_color(Some(colour.into()));
    match ink {
        Ink::Plain | Ink::Of(Role::Follower) => Style::new(),
        Ink::Dim => Style::new().dimmed(),
        Ink::Of(Role::Leader) => coloured(AnsiColor::Green).bold(),
        Ink::Of(Role::Candidate) => coloured(AnsiColor::Yellow),
        Ink::Down => coloured(AnsiColor::Red).dimmed(),
        Ink::Lost => coloured(AnsiColor::Red),
        Ink::Odd => coloured(AnsiColor::Magenta),
        Ink::Step => coloured(AnsiColor::Cyan),
        Ink::Failure => coloured(AnsiColor::Red).bold(),
    }
}
