//! A row as lines of the screen.

use splitvote::{PeerId, Role, SimTime};

use crate::layout::{Layout, TIME, wrap};
use crate::line::Line;
use crate::part::{Ink, Span};
use crate::row::Row;
use crate::stage::Stage;

/// The room for a peer's name where there are no columns.
const NAME: usize = 5;

/// Sets rows as lines, with or without colour.
pub(crate) struct Screen {
    layout: Layout,
    colour: bool,
}

impl Screen {
    pub(crate) fn new(layout: Layout, colour: bool) -> Self {
        Self { layout, colour }
    }

    /// The names of the peers above their columns.
    pub(crate) fn header(&self) -> String {
        if !self.layout.has_columns() {
            return String::new();
        }
        let mut line = self.begin(true);
        for (peer, column) in self.layout.columns() {
            line.move_to(column);
            line.push(Ink::Plain, &peer.to_string());
        }
        self.stamp("seconds") + &line.finish()
    }

    /// The time before a row; blank if it is that of the row above.
    pub(crate) fn time(&self, at: Option<SimTime>) -> String {
        self.stamp(&at.map(clock).unwrap_or_default())
    }

    fn stamp(&self, words: &str) -> String {
        let mut line = Line::new(self.colour, 0);
        if !words.is_empty() {
            line.push(Ink::Dim, &format!("{words:>10}"));
        }
        line.move_to(TIME);
        line.into_text()
    }

    /// A row behind its time: in its peer's column, behind its peer's name, or across.
    pub(crate) fn row(&self, row: &Row, stage: &Stage) -> String {
        let parts: Vec<Vec<Span>> = row.parts.iter().map(|part| part.spans.clone()).collect();
        match row.peer {
            None => self.across(Ink::Step, "─", &parts),
            Some(peer) if self.layout.has_columns() => self.cell(peer, &parts, stage),
            Some(peer) => self.named(peer, &parts, stage),
        }
    }

    /// A remark on what is not shown.
    pub(crate) fn remark(&self, words: &str) -> String {
        let mut line = self.begin(true);
        line.push(Ink::Dim, words);
        line.finish()
    }

    /// A line across that tells the state of the links.
    pub(crate) fn links(&self, words: &str) -> String {
        self.across(Ink::Step, "─", &[vec![(Ink::Lost, words.to_owned())]])
    }

    /// Where the run failed: a mark in the column of everyone concerned, then the sentence.
    pub(crate) fn failure(
        &self,
        at: SimTime,
        sentence: &str,
        peers: &[PeerId],
        stage: &Stage,
    ) -> String {
        let mut text = String::new();
        if self.layout.has_columns() && !peers.is_empty() {
            let mut line = self.begin(false);
            for (peer, column) in self.layout.columns() {
                if peers.contains(&peer) {
                    line.move_to(column);
                    line.push(Ink::Failure, "✗");
                } else {
                    mark(&mut line, peer, column, stage);
                }
            }
            text.push_str(&line.finish());
        }
        let parts = [vec![(Ink::Failure, format!("✗ {sentence}"))]];
        text.push_str(&self.time(Some(at)));
        text.push_str(&self.across(Ink::Failure, "━", &parts));
        text
    }

    /// A line, behind a time that is put before it if it is the first of its row.
    fn begin(&self, is_first: bool) -> Line {
        if is_first {
            return Line::new(self.colour, TIME);
        }
        let mut line = Line::new(self.colour, 0);
        line.move_to(TIME);
        line
    }

    /// Words in a peer's column, and what the others are.
    fn cell(&self, peer: PeerId, parts: &[Vec<Span>], stage: &Stage) -> String {
        let column = self.layout.column(peer) + 2;
        let room = self.layout.width.saturating_sub(column);
        let mut text = String::new();
        for (place, words) in wrap(parts, room).iter().enumerate() {
            let mut line = self.begin(place == 0);
            for (other, at) in self.layout.columns().take_while(|(_, at)| *at < column) {
                mark(&mut line, other, at, stage);
            }
            line.move_to(column);
            line.push_all(words);
            for (other, at) in self.layout.columns() {
                if at > line.width() {
                    mark(&mut line, other, at, stage);
                }
            }
            text.push_str(&line.finish());
        }
        text
    }

    /// Words behind the peer's name: for more peers than columns fit.
    fn named(&self, peer: PeerId, parts: &[Vec<Span>], stage: &Stage) -> String {
        let ink = stage.role(peer).map_or(Ink::Down, Ink::Of);
        let mut text = String::new();
        for (place, words) in wrap(parts, self.layout.width - TIME - NAME).iter().enumerate() {
            let mut line = self.begin(place == 0);
            if place == 0 {
                line.push(ink, &peer.to_string());
            }
            line.move_to(TIME + NAME);
            line.push_all(words);
            text.push_str(&line.finish());
        }
        text
    }

    /// A line across all columns.
    fn across(&self, ink: Ink, stroke: &str, parts: &[Vec<Span>]) -> String {
        let mut text = String::new();
        let room = self.layout.width - TIME - NAME;
        for (place, words) in wrap(parts, room).iter().enumerate() {
            let mut line = self.begin(place == 0);
            line.push(ink, &format!("{stroke}{stroke} "));
            line.push_all(words);
            line.push(ink, " ");
            line.fill(ink, stroke, self.layout.width);
            text.push_str(&line.finish());
        }
        text
    }
}

/// What a peer is, as a stroke in its column. Who is down has none, who is paused two.
fn mark(line: &mut Line, peer: PeerId, at: usize, stage: &Stage) {
    let (ink, stroke) = match stage.role(peer) {
        None => (Ink::Plain, " "),
        Some(role) if stage.is_paused(peer) => (Ink::Of(role), "║"),
        Some(Role::Follower) => (Ink::Dim, "│"),
        Some(Role::Candidate) => (Ink::Of(Role::Candidate), "┆"),
        Some(Role::Leader) => (Ink::Of(Role::Leader), "┃"),
    };
    line.move_to(at);
    line.push(ink, stroke);
}

/// Seconds with microseconds, the milliseconds apart: `1.203 441`.
fn clock(at: SimTime) -> String {
    let micros = at.0 / 1_000;
    format!("{}.{:03} {:03}", micros / 1_000_000, micros / 1_000 % 1_000, micros % 1_000)
}
