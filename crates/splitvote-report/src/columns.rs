//! The columns of a replay: which moments of a trace become rows.

use std::io;
use std::iter::Peekable;
use std::rc::Rc;
use std::slice::Iter;

use splitvote::check::Departure;
use splitvote::trace::{TraceEvent, What};
use splitvote::{PeerId, SimTime, Trace};

use crate::decisive::Decisive;
use crate::layout::Layout;
use crate::moment::moments;
use crate::options::ColumnOptions;
use crate::part::Part;
use crate::row::Row;
use crate::screen::Screen;
use crate::stage::Stage;
use crate::tail::{Ready, Tail};

/// So many quiet messages in a row are worth a line that counts them.
const MANY_QUIET: usize = 20;

/// Prints a trace in columns, one a peer.
///
/// A moment of a peer is a row in its column: what it was given, what that changed, what it sent.
/// The stroke in each column is what the peer is: `│` follower, `┆` candidate, `┃` leader, `║`
/// while it is paused, nothing while it is down. Where the run failed is always shown, whatever the filters.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_columns(
    out: &mut impl io::Write,
    trace: &Trace,
    cluster_size: usize,
    options: &ColumnOptions,
) -> io::Result<()> {
    let mut teller = Teller::new(out, trace, cluster_size, options);
    teller.decisive = Decisive::of(trace);
    for moment in moments(&trace.events) {
        teller.tell(moment)?;
    }
    teller.departures(SimTime::NEVER)?;
    teller.tail.finish(&teller.end, &teller.screen)
}

/// Tells the moments of a run as they come.
struct Teller<'a, W> {
    options: &'a ColumnOptions,
    screen: Screen,
    stage: Stage,
    tail: Tail<'a, W>,
    /// Which links are cut; `None` if all are up.
    cuts: Option<Rc<str>>,
    /// The messages since the last row that were not worth one.
    quiet: usize,
    /// The last row, if it was the scenario's: doing the same again is not told again.
    last_step: Option<Vec<Part>>,
    /// Those that are still to be marked.
    departures: Peekable<Iter<'a, Departure>>,
    /// Which moments made the run fail, if it did.
    decisive: Option<Decisive>,
    /// How the run failed, if it did.
    end: String,
}

impl<'a, W: io::Write> Teller<'a, W> {
    fn new(out: &'a mut W, trace: &Trace, cluster_size: usize, options: &'a ColumnOptions) -> Self {
        let is_wanted = |peer: &PeerId| options.peers.is_none_or(|peers| peers.contains(*peer));
        let peers = PeerId::all(cluster_size).filter(is_wanted).collect();
        let layout = Layout::new(options.usable_width(), peers);
        Self {
            options,
            screen: Screen::new(layout, options.colour),
            stage: Stage::new(cluster_size, &trace.head),
            tail: Tail::new(out, options),
            cuts: None,
            quiet: 0,
            last_step: None,
            departures: options.departures.iter().peekable(),
            decisive: None,
            end: String::new(),
        }
    }

    /// Marks the departures that were seen before.
    fn departures(&mut self, before: SimTime) -> io::Result<()> {
        while let Some(departure) = self.departures.next_if(|it| it.first.at < before) {
            let row = Row::departure(departure);
            if self.is_wanted(&row) {
                self.show(row, self.cuts.clone())?;
            }
        }
        Ok(())
    }

    fn tell(&mut self, moment: &[TraceEvent]) -> io::Result<()> {
        if let Some(first) = moment.first() {
            let is_end = matches!(first.what, What::Failed { .. });
            self.departures(if is_end { SimTime::NEVER } else { first.at })?;
        }
        for event in moment {
            self.stage.follow(event);
        }
        let cuts_before = self.cuts.clone();
        if moment.iter().any(|event| matches!(event.what, What::Link { .. })) {
            self.cuts = self.stage.links.any_cut().then(|| self.stage.links.describe().into());
        }
        if let Some(TraceEvent { at, what: What::Failed { sentence, peers } }) = moment.first() {
            self.end = self.screen.failure(*at, sentence, peers, &self.stage);
            return self.count_quiet(*at, cuts_before);
        }
        match Row::of(moment, &mut self.stage) {
            Some(mut row) if self.is_wanted(&row) => {
                if self.decisive.as_ref().is_some_and(|decisive| decisive.is(moment)) {
                    row.speak_up();
                }
                self.show(row, cuts_before)
            }
            _ => Ok(()),
        }
    }

    fn is_wanted(&self, row: &Row) -> bool {
        let is_wanted = |peer| self.options.peers.is_none_or(|peers| peers.contains(peer));
        self.options.to.is_none_or(|to| row.at <= to) && row.peer.is_none_or(is_wanted)
    }

    fn show(&mut self, row: Row, cuts_before: Option<Rc<str>>) -> io::Result<()> {
        let (at, messages) = (row.at, row.messages);
        let is_early = self.options.from.is_some_and(|from| at < from);
        match row.shown(self.options) {
            None if is_early => {}
            None => self.quiet += messages,
            Some(_) if is_early => self.tail.leave_out(),
            Some(row) if self.is_again(&row) => {}
            Some(row) => {
                self.count_quiet(at, cuts_before.clone())?;
                let text = self.screen.row(&row, &self.stage);
                self.tail.push(Ready { at, is_timed: true, text, cuts_before }, &self.screen)?;
            }
        }
        Ok(())
    }

    /// Whether the row says what the one above it says, across all columns.
    fn is_again(&mut self, row: &Row) -> bool {
        let step = row.peer.is_none().then(|| row.parts.clone());
        let is_again = step.is_some() && step == self.last_step && self.options.topics.is_none();
        self.last_step = step;
        is_again
    }

    /// Counts the quiet messages since the last row, if they are many.
    fn count_quiet(&mut self, at: SimTime, cuts_before: Option<Rc<str>>) -> io::Result<()> {
        let quiet = std::mem::take(&mut self.quiet);
        if quiet < MANY_QUIET || self.options.topics.is_some() {
            return Ok(());
        }
        let text = self.screen.remark(&format!("⋮ {quiet} quiet messages"));
        self.tail.push(Ready { at, is_timed: false, text, cuts_before }, &self.screen)
    }
}
