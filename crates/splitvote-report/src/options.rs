//! What to show of a replay, and how.

use splitvote::check::{Departure, Lead, Proof as _};
use splitvote::peer::PeerSet;
use splitvote::{Failure, SimTime, Trace, Verdict};

use crate::topic::Topics;
use crate::window::default_from;

/// What to show of a replay, and how. The default shows the whole story, plain, 120 wide.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnOptions {
    /// Nothing before this.
    pub from: Option<SimTime>,
    /// Nothing after this.
    pub to: Option<SimTime>,
    /// Columns for these peers alone; `None` for all.
    pub peers: Option<PeerSet>,
    /// Rows about these topics alone. None for the story: all but the disks, the steps that only
    /// wait, clients that are sent elsewhere, and the messages that are not about votes and changed
    /// nothing. The moment in which the run failed is part of the story with all that was done in it.
    pub topics: Option<Topics>,
    /// Whether what became durable is part of the story.
    pub disks: bool,
    /// Only that many rows, the last ones; how many went before is said.
    pub last_rows: Option<usize>,
    /// With `last_rows`: rows from here on belong to the story, and are kept though they be more
    /// (up to three times as many).
    pub story_from: Option<SimTime>,
    /// What shows the rows that are left out, such as an option of a command; empty if it goes
    /// without saying.
    pub remedy: &'static str,
    /// The departures from practice to mark where they were first seen, in the order of time
    /// ([`splitvote::RunReport::departures`]).
    pub departures: Vec<Departure>,
    /// Whether to colour by role, with ANSI escapes.
    pub colour: bool,
    /// How wide the terminal is; 0 for [`Self::USUAL_WIDTH`].
    pub width: usize,
}

impl ColumnOptions {
    /// The width unless one is given.
    pub const USUAL_WIDTH: usize = 120;

    /// About as many rows as one screen holds beside header and verdict.
    pub const SCREENFUL: usize = 40;

    /// What to show of a trace when nothing is asked for: the last screenful, and all that led to
    /// a failure ([`default_from`]).
    #[must_use]
    pub fn story(trace: &Trace) -> Self {
        let from = default_from(trace);
        let is_whole = from == SimTime::ZERO;
        Self {
            last_rows: Some(Self::SCREENFUL),
            story_from: (!is_whole).then_some(from),
            ..Self::default()
        }
    }

    /// The same with all that the broken rule is about: if that is what disks hold, what was durable when, what a boot
    /// found, and what a compaction left.
    #[must_use]
    pub fn about(self, verdict: &Verdict) -> Self {
        let Verdict::Failed(Failure::Violation(violation)) = verdict else { return self };
        let leads = violation.evidence.finding().leads;
        let is_of_disks = |lead: &Lead| {
            matches!(
                lead,
                Lead::BallotOnDisk(..)
                    | Lead::EntryOnDisk(..)
                    | Lead::EntryNotOnDisk(..)
                    | Lead::SnapshotOnDisk(..)
                    | Lead::Durability { .. }
                    | Lead::DiskRewritten(..)
            )
        };
        Self { disks: self.disks || leads.iter().any(is_of_disks), ..self }
    }

    pub(crate) fn usable_width(&self) -> usize {
        if self.width == 0 { Self::USUAL_WIDTH } else { self.width.max(40) }
    }
}

/// How sentences are set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TextOptions {
    /// Whether to colour, with ANSI escapes.
    pub colour: bool,
    /// How many characters fit on a line, 40 at least; `None` for 120.
    pub width: Option<usize>,
}
