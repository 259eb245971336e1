//! The evidence that a core was able to make progress and made none: what it waited for, how long, and what it did
//! instead.
//!
//! It is data alone, below all that judges: see [`crate::calm`] for how it comes about.

mod awaited;
mod bound;
mod course;

use std::fmt;

use serde::{Deserialize, Serialize};
use splitvote_peer::{PeerId, PeerSet, SimTime, View};

pub use awaited::Awaited;
pub use bound::{Bound, Round};
pub use course::Course;

/// What a core waited for in vain, and how it stands. Prints as one sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Stall {
    /// When it was given up.
    pub at: SimTime,
    /// Since when the core is calm.
    pub calm_since: SimTime,
    /// Who has to make progress.
    pub core: PeerSet,
    /// What did not come.
    pub awaited: Awaited,
    /// Since when it was awaited.
    pub since: SimTime,
    /// How long it may take, and how that comes about.
    pub bound: Bound,
    /// What the core did instead.
    pub course: Course,
    /// How each peer of the core stands.
    pub stances: Vec<Stance>,
}

/// How a peer stands when a core is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stance {
    /// The peer that this is about.
    pub peer: PeerId,
    /// What it looks like; `None` if it is down.
    pub view: Option<View>,
}

impl Stall {
    /// In which way the core failed, as a short stable name.
    #[must_use]
    pub fn cause(&self) -> &'static str {
        match (self.course, self.awaited) {
            (Course::Livelock { .. }, Awaited::Leader { .. }) => "livelock",
            (_, awaited) => awaited.name(),
        }
    }
}

impl fmt::Display for Stall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { core, awaited, since, at, bound, course, .. } = self;
        match awaited {
            Awaited::Stability { leader, term, rival } => {
                write!(
                    f,
                    "the calm core {core} gave up {leader}, leader of term {term}, without cause"
                )?;
                if let Some(rival) = rival {
                    write!(f, ": {rival} stood at {since}")?;
                }
            }
            _ => write!(
                f,
                "the calm core {core} waited for {awaited} from {since} to {at}, longer than {bound}; \
                 {course}"
            )?,
        }
        self.stances.iter().try_for_each(|stance| write!(f, "; {stance}"))
    }
}

impl fmt::Display for Stance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(view) = self.view else { return write!(f, "{} is down", self.peer) };
        let View { role, term, last, commit, applied, .. } = view;
        write!(f, "{} is {role} in term {term}, log {last}, commit {commit}", self.peer)?;
        if applied == commit { Ok(()) } else { write!(f, ", applied {applied}") }
    }
}
