//! A peer that panics fails its own seed and no other, and makes no noise. Who it was, and at what,
//! is told by the world and by the recorder.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::panic::{self, AssertUnwindSafe, Location};
use std::sync::Once;

use splitvote_peer::{PeerId, SimTime};
use splitvote_sim::world::Task;

use crate::run::Verdict;
use crate::trace::{Trace, TraceEvent, What};

/// The harness's own crates: a panic in one of these is no fault of the Raft under test.
const HARNESS: [&str; 4] =
    ["splitvote/src/", "splitvote-sim/src/", "splitvote-check/src/", "splitvote-peer/src/"];

/// A panic of a peer. Prints as one sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Panic {
    /// What it said, and where in the source.
    pub message: String,
    /// Who panicked; none if it was before the run began.
    pub peer: Option<PeerId>,
    /// When.
    pub at: SimTime,
    /// What the peer was at, such as `handling its timer`.
    pub during: String,
}

impl Panic {
    /// The same panic of the peer that the world called last. What a packet said is known if the
    /// run was recorded.
    pub(crate) fn of(self, called: (PeerId, Task), at: SimTime, trace: Option<&Trace>) -> Self {
        let (peer, task) = called;
        let during = match task {
            Task::Boot => "booting".to_owned(),
            Task::Wake => "handling its timer".to_owned(),
            Task::FailedCall => "handling the failure of a call".to_owned(),
            Task::Sync => "handling a completed sync".to_owned(),
            Task::Proposal => "handling a client's command".to_owned(),
            Task::Snapshot => "handling a snapshot of its state machine".to_owned(),
            Task::Packet => format!("handling {}", packet(peer, at, trace)),
        };
        Self { peer: Some(peer), at, during, ..self }
    }
}

/// What the last packet to a peer said, and from whom it was.
fn packet(peer: PeerId, now: SimTime, trace: Option<&Trace>) -> String {
    let received = |TraceEvent { at, what }: &TraceEvent| match what {
        What::Received { packet } if packet.to == peer && *at == now => {
            Some(format!("{} from {}", packet.text, packet.from))
        }
        _ => None,
    };
    let events = trace.map_or(&[][..], |trace| &trace.events);
    events.iter().rev().find_map(received).unwrap_or_else(|| "a message".to_owned())
}

impl Panic {
    /// Where in the source it panicked; the message, if that is not known.
    #[must_use]
    pub fn place(&self) -> String {
        let place = self.message.rsplit_once(" at ").map(|(_, place)| place);
        place.unwrap_or(&self.message).to_owned()
    }
}

impl fmt::Display for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { message, at, during, .. } = self;
        match self.peer {
            Some(peer) => write!(f, "{peer} panicked at {at} while {during}: {message}"),
            None => write!(f, "a peer panicked before the run began: {message}"),
        }
    }
}

/// What a panic said, and whether the harness itself is to blame.
#[derive(Clone, Debug, Default)]
pub(crate) struct Caught {
    message: String,
    is_harness: bool,
}

impl Caught {
    fn new(message: &str, place: Option<&Location<'_>>) -> Self {
        let Some(place) = place else { return Self { message: message.into(), is_harness: false } };
        let file = place.file().replace('\\', "/");
        let is_harness = HARNESS.iter().any(|part| file.contains(&format!("crates/{part}")));
        Self { message: format!("{message} at {file}:{}", place.line()), is_harness }
    }

    pub(crate) fn into_verdict(self) -> Verdict {
        if self.is_harness {
            Verdict::Fault(self.message)
        } else {
            Verdict::Panicked(Panic { message: self.message, ..Panic::default() })
        }
    }
}

thread_local! {
    /// Inside `catching`: where a panic is kept instead of being printed.
    static CAUGHT: RefCell<Caught> = const {
        RefCell::new(Caught { message: String::new(), is_harness: false })
    };
    static IS_CATCHING: Cell<bool> = const { Cell::new(false) };
}

/// Calls `action`; a panic in it is no noise on the terminal but an error.
pub(crate) fn catching<T>(action: impl FnOnce() -> T) -> Result<T, Caught> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if IS_CATCHING.get() {
                let message = info.payload_as_str().unwrap_or("(no message)");
                CAUGHT.set(Caught::new(message, info.location()));
            } else {
                previous(info);
            }
        }));
    });
    IS_CATCHING.set(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(action));
    IS_CATCHING.set(false);
    outcome.map_err(|_| CAUGHT.take())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_of_the_harness_is_told_from_one_of_a_peer() {
        let caught = catching(|| panic!("out of order")).unwrap_err();
        // This file belongs to the harness.
        assert!(
            matches!(caught.into_verdict(), Verdict::Fault(message) if message.contains("out of order at "))
        );
        let peer = Caught { message: "x".into(), is_harness: false };
        assert_eq!(
            peer.into_verdict(),
            Verdict::Panicked(Panic { message: "x".into(), ..Panic::default() })
        );
    }
}
