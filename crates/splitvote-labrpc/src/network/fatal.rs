//! What ends a run, as a line of Go's `log.Fatal` ends a process: a mistake in the program, never the network's doing.

use std::fmt;
use std::panic::Location;

/// Which mistake it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mistake {
    /// A call names no service: it has no dot.
    NoService,
    /// The server has no service of this name.
    UnknownService,
    /// The service has no method of this name.
    UnknownMethod,
    /// The arguments are of another type than those of the handler.
    WrongArguments,
    /// The reply is of another type than the one that is awaited.
    WrongReply,
    /// A value cannot be put on the wire.
    NotEncoded,
    /// An end of this name was made before.
    DuplicateEnd,
    /// There is no end of this name.
    UnknownEnd,
    /// There is no server of this name.
    NoServer,
    /// A handler panicked.
    Panicked,
    /// All tasks wait, and nothing is left to wait for.
    Deadlock,
}

/// Why a run ended early: the mistake, where it was made, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Fatal {
    mistake: Mistake,
    at: Option<&'static Location<'static>>,
    text: String,
}

impl Fatal {
    pub(super) fn new(mistake: Mistake, text: String) -> Self {
        Self { mistake, at: None, text }
    }

    pub(super) fn at(self, at: &'static Location<'static>) -> Self {
        Self { at: Some(at), ..self }
    }

    /// Which mistake it was.
    #[must_use]
    pub fn mistake(&self) -> Mistake {
        self.mistake
    }
}

impl fmt::Display for Fatal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            Some(at) => write!(f, "{at}: {}", self.text),
            None => f.write_str(&self.text),
        }
    }
}

/// Names for an error: "`a`, `b`", or that there are none.
pub(super) fn names<'a>(all: impl Iterator<Item = &'a String>) -> String {
    let all: Vec<String> = all.map(|name| format!("`{name}`")).collect();
    if all.is_empty() { "none".to_owned() } else { all.join(", ") }
}
