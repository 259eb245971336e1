//! A peer that does not return: who it was, and at what, is told by the watch over its thread, or by whoever runs seeds
//! in processes of their own.

use std::fmt;

use serde::{Deserialize, Serialize};
use splitvote_peer::PeerId;
use splitvote_sim::Called;

use crate::panic::during;

/// A peer that did not return, filled the memory or ended its process. Prints as one sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Hang {
    /// Which peer; `None` if the harness was at work between two calls of peers.
    pub peer: Option<PeerId>,
    /// What the peer was at, such as `handling its timer`.
    pub during: String,
    /// How it was noticed.
    pub trouble: Trouble,
    /// The last that a process said that died, if it said anything.
    #[serde(default)]
    pub said: String,
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
    /// The process of the run died.
    Death {
        /// The signal that ended it, if one did.
        signal: Option<i32>,
        /// Its exit status, if it had one.
        status: Option<i32>,
    },
}

/// The signals by which a process dies of its own, the same numbers on every Unix.
const NAMES: [(i32, &str); 5] =
    [(4, "SIGILL"), (6, "SIGABRT"), (8, "SIGFPE"), (9, "SIGKILL"), (11, "SIGSEGV")];

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
        Self { peer, during, trouble, said: String::new() }
    }

    /// A run that was told of by another process, which died of it or ended itself. `called` is the last call of a peer
    /// and when it began, if that is known; `said`, the last that the process said.
    #[must_use]
    pub fn of_process(called: Option<(PeerId, String)>, trouble: Trouble, said: String) -> Self {
        let (peer, at) = called.unzip();
        Self {
            peer,
            during: at.map(|at| format!("a call at {at}")).unwrap_or_default(),
            trouble,
            said,
        }
    }

    /// In which way it hangs, as a short stable name.
    #[must_use]
    pub fn cause(&self) -> &'static str {
        match self.trouble {
            Trouble::Silence { .. } => "does-not-return",
            Trouble::Memory { .. } => "fills-the-memory",
            Trouble::Death { .. } => "ends-the-process",
        }
    }

    /// What stands in the place of a checker.
    pub(crate) fn checker(&self) -> &'static str {
        if matches!(self.trouble, Trouble::Death { .. }) { "process-died" } else { "hang" }
    }

    /// How a process died, who was at work, and what it said.
    fn tell_death(
        &self,
        f: &mut fmt::Formatter<'_>,
        signal: Option<i32>,
        status: Option<i32>,
    ) -> fmt::Result {
        match (signal, status) {
            (Some(signal), _) => {
                let name = NAMES.iter().find(|(number, _)| *number == signal);
                let name = name.map(|(_, name)| format!(" ({name})")).unwrap_or_default();
                write!(f, "the process died by signal {signal}{name}")?;
            }
            (None, Some(status)) => write!(f, "the process exited with status {status}")?,
            (None, None) => write!(f, "the process died")?,
        }
        match self.peer {
            Some(peer) => write!(f, ", {peer} was in {}", self.during)?,
            None => write!(f, ", and which peer was at work is not known")?,
        }
        if !self.said.is_empty() {
            write!(f, "; it said: {}", self.said)?;
        }
        write!(
            f,
            "; look for an abort, an exit, a recursion without end, or something that grows with every step"
        )
    }
}

impl fmt::Display for Hang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let who = self.peer.map_or_else(|| "the harness".to_owned(), |peer| peer.to_string());
        let during = &self.during;
        match self.trouble {
            Trouble::Death { signal, status } => self.tell_death(f, signal, status),
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

    #[test]
    fn a_death_says_by_what_and_who_was_at_work() {
        let trouble = Trouble::Death { signal: Some(6), status: None };
        let said = "thread 'main' has overflowed its stack".to_owned();
        let called = Some((PeerId(2), "0.120000 s".to_owned()));
        let told = Hang::of_process(called, trouble, said).to_string();
        let start = "the process died by signal 6 (SIGABRT), S2 was in a call at 0.120000 s; it said: thread 'main' has \
                     overflowed its stack; look for ";
        assert!(told.starts_with(start), "{told}");
        let trouble = Trouble::Death { signal: None, status: Some(3) };
        let told = Hang::of_process(None, trouble, String::new()).to_string();
        let start =
            "the process exited with status 3, and which peer was at work is not known; look for ";
        assert!(told.starts_with(start), "{told}");
    }
}
