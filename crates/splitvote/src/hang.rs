//! A peer that does not return: who it was, and at what, is told by the watch over its thread.

use std::fmt;

use serde::{Deserialize, Serialize};
use splitvote_peer::PeerId;
use splitvote_sim::Called;

use crate::panic::during;

/// A peer that did not return, or that filled the memory. Prints as one sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Hang {
    /// Which peer; `None` if the harness was at work between two calls of peers.
    pub peer: Option<PeerId>,
    /// What the peer was at, such as `handling its timer`.
    pub during: String,
    /// How it was noticed.
    pub trouble: Trouble,
}

/// How a run was noticed that does not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Trouble {
    /// Nothing happened for so many seconds of wall time.
    Silence {
        /// How many seconds of wall time.
        seconds: u64,
    },
    /// The process held nearly all memory that there is.
    Memory {
        /// How much it held.
        bytes: u64,
    },
}

impl Default for Trouble {
    fn default() -> Self {
        Self::Silence { seconds: 0 }
    }
}

impl Hang {
    pub(crate) fn new(called: Called, trouble: Trouble) -> Self {
        let peer = called.is_inside.then_some(called.peer);
        let during = match called.is_inside {
            true => during(called.task),
            false => format!("carrying out what {} did", called.peer),
        };
        Self { peer, during, trouble }
    }

    /// In which way it hangs, as a short stable name.
    #[must_use]
    pub fn cause(&self) -> &'static str {
        match self.trouble {
            Trouble::Silence { .. } => "does-not-return",
            Trouble::Memory { .. } => "fills-the-memory",
        }
    }
}

impl fmt::Display for Hang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let who = self.peer.map_or_else(|| "the harness".to_owned(), |peer| peer.to_string());
        let during = &self.during;
        match self.trouble {
            Trouble::Silence { seconds } => write!(
                f,
                "{who} hangs: it has not returned from {during} for {seconds} s of wall time; look for a \
                 loop that does not end, or a lock that nobody gives back"
            ),
            Trouble::Memory { bytes } => write!(
                f,
                "the process holds {} MiB, nearly all memory that there is, and {who} is {during}; look \
                 for something that grows with every step",
                bytes >> 20
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use splitvote_sim::Task;

    use super::*;

    #[test]
    fn a_hang_says_who_and_at_what() {
        let called = Called { peer: PeerId(1), task: Task::Wake, is_inside: true, number: 3 };
        let silent = Hang::new(called, Trouble::Silence { seconds: 10 }).to_string();
        let start = "S1 hangs: it has not returned from handling its timer for 10 s of wall time; ";
        assert!(silent.starts_with(start), "{silent}");
        let between =
            Hang::new(Called { is_inside: false, ..called }, Trouble::Memory { bytes: 5 << 30 });
        let start = "the process holds 5120 MiB, nearly all memory that there is, and the harness is \
                     carrying out what S1 did; ";
        assert!(between.to_string().starts_with(start), "{between}");
    }
}
