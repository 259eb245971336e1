//! A peer that panics fails its own seed and no other, and makes no noise.

use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe, Location};
use std::sync::Once;

use crate::panic::Panic;
use crate::verdict::Verdict;

/// The harness's own crates: a panic in one of these is no fault of the Raft under test.
const HARNESS: [&str; 4] =
    ["splitvote/src/", "splitvote-sim/src/", "splitvote-check/src/", "splitvote-peer/src/"];

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
