//! The last rows of a stream: older ones are let go of as newer ones come, and counted.

use std::collections::VecDeque;
use std::io;
use std::rc::Rc;

use splitvote::SimTime;

use crate::options::ColumnOptions;
use crate::screen::Screen;

/// After so many rows the header is repeated.
const HEADER_EVERY: usize = 50;
/// The rows of a story may be that many times more than asked for, if they belong to it.
const STRETCH: usize = 3;

/// A row that is ready to be printed.
pub(crate) struct Ready {
    pub(crate) at: SimTime,
    /// Whether the time stands before it.
    pub(crate) is_timed: bool,
    pub(crate) text: String,
    /// Which links were cut before it; `None` if all were up.
    pub(crate) cuts_before: Option<Rc<str>>,
}

/// Prints rows: all at once, or the last when all have come.
pub(crate) struct Tail<'a, W> {
    out: &'a mut W,
    options: &'a ColumnOptions,
    held: VecDeque<Ready>,
    left_out: usize,
    printed: usize,
    last_time: Option<SimTime>,
}

impl<'a, W: io::Write> Tail<'a, W> {
    pub(crate) fn new(out: &'a mut W, options: &'a ColumnOptions) -> Self {
        Self { out, options, held: VecDeque::new(), left_out: 0, printed: 0, last_time: None }
    }

    /// Counts a row that is older than anything wanted.
    pub(crate) fn leave_out(&mut self) {
        self.left_out += 1;
    }

    pub(crate) fn push(&mut self, row: Ready, screen: &Screen) -> io::Result<()> {
        let Some(wanted) = self.options.last_rows else { return self.print(&row, screen) };
        self.held.push_back(row);
        while self.held.front().is_some_and(|first| self.is_too_old(first, wanted)) {
            self.held.pop_front();
            self.left_out += 1;
        }
        Ok(())
    }

    fn is_too_old(&self, first: &Ready, wanted: usize) -> bool {
        let is_of_the_story = self.options.story_from.is_some_and(|from| first.at >= from);
        let room = if is_of_the_story { wanted.saturating_mul(STRETCH) } else { wanted };
        self.held.len() > room
    }

    /// Prints what is held, then the end, which is no row.
    pub(crate) fn finish(&mut self, end: &str, screen: &Screen) -> io::Result<()> {
        for row in std::mem::take(&mut self.held) {
            self.print(&row, screen)?;
        }
        if self.printed == 0 {
            self.begin(None, screen)?;
        }
        self.out.write_all(end.as_bytes())
    }

    fn print(&mut self, row: &Ready, screen: &Screen) -> io::Result<()> {
        if self.printed == 0 {
            self.begin(row.cuts_before.as_deref(), screen)?;
        } else if self.printed.is_multiple_of(HEADER_EVERY) && self.options.last_rows.is_none() {
            self.out.write_all(screen.header().as_bytes())?;
        }
        self.printed += 1;
        let is_new = row.is_timed && self.last_time.replace(row.at) != Some(row.at);
        self.out.write_all(screen.time(is_new.then_some(row.at)).as_bytes())?;
        self.out.write_all(row.text.as_bytes())
    }

    /// The header, and what one has to know of the rows that are left out.
    fn begin(&mut self, cuts: Option<&str>, screen: &Screen) -> io::Result<()> {
        self.out.write_all(screen.header().as_bytes())?;
        if self.left_out == 0 {
            return Ok(());
        }
        let (rows, them) = match self.left_out {
            1 => ("1 earlier row".to_owned(), "it"),
            many => (format!("{many} earlier rows"), "them"),
        };
        let remark = match self.options.remedy {
            "" => format!("({rows})"),
            remedy => format!("({rows}; {remedy} shows {them})"),
        };
        let blank = screen.time(None);
        write!(self.out, "{blank}{}", screen.remark(&remark))?;
        cuts.map_or(Ok(()), |cuts| write!(self.out, "{blank}{}", screen.links(cuts)))
    }
}
