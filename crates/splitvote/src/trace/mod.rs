//! What a recorder keeps of a run: every event, in order, for people and programs to look at.
//!
//! Nothing is recorded in a sweep. Because a run is deterministic, a failing one is simply run again
//! with the recorder on.
//!
//! - `head`: what was run. `event`: what may happen. `packet`, `command`: what is told of a message and of a
//!   client's command. `words`: what the sentences of events say of it.
//!
//! A trace can be written to a file and read back: `docs/trace.md` describes the format.

mod command;
mod event;
mod head;
mod packet;
mod words;

use std::fmt;

use serde::{Deserialize, Serialize};
use splitvote_check::{Election, Share};
use splitvote_peer::SimTime;

pub use command::CommandText;
pub use event::What;
pub use head::{ClockStart, FixedTimeout, Head};
pub use packet::{Direction, PacketText};

/// Everything that happened in a run: what [`crate::replay`] keeps, whose example looks at one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// What was run.
    pub head: Head,
    /// The events, in order.
    pub events: Vec<TraceEvent>,
    /// How many events are not kept, for there were too many: those after the first
    /// [`Trace::MAX_EVENTS`], and logs that were rewritten without end.
    pub left_out: u64,
    /// How each election went, in the order of terms.
    pub elections: Vec<Election>,
    /// What was sent, by kind of message and by cause: requests.
    pub rpcs: Vec<Share>,
    /// The same in bytes, replies included.
    pub bytes: Vec<Share>,
}

impl Trace {
    /// What is recorded of a run at the most: its first two million events, and how it failed.
    pub const MAX_EVENTS: usize = 2_000_000;

    /// Adds an event. One too many is only counted: a run that does not end must not fill the memory. How
    /// a run failed is kept all the same.
    pub(crate) fn push(&mut self, event: TraceEvent) {
        if self.events.len() < Self::MAX_EVENTS || matches!(event.what, What::Failed { .. }) {
            self.events.push(event);
        } else {
            self.leave_out();
        }
    }

    /// Counts an event that is not kept.
    pub(crate) fn leave_out(&mut self) {
        self.left_out += 1;
    }
}

/// One event of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceEvent {
    /// When it happens.
    pub at: SimTime,
    /// What happened at that instant.
    #[serde(flatten)]
    pub what: What,
}

/// Prints as `S1 crashes at 0.160000000 s`.
impl fmt::Display for TraceEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.what, words::instant(self.at))
    }
}
