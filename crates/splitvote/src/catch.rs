//! A peer that panics fails its own seed and no other, and makes no noise.
//!
//! Who is to blame is told by two things. Where the panic was raised: the compiler names the files of
//! the harness's own crates, wherever they lie. And whether the world was inside a call of a peer: code of
//! the contract or of the standard library that is called by a peer panics on its behalf.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::io::Write as _;
use std::panic::{self, AssertUnwindSafe, Location};
use std::sync::Once;

use crate::panic::Panic;
use crate::verdict::Verdict;

/// The root of each of the harness's own crates that no peer calls.
const HARNESS: [&str; 3] = [splitvote_sim::SOURCE, splitvote_check::SOURCE, crate::SOURCE];
/// Of what a panic says, so many characters are kept.
const MOST_CHARACTERS: usize = 400;

/// What a panic said, and where.
#[derive(Clone, Debug, Default)]
pub(crate) struct Caught {
    message: String,
    raised: Raised,
}

/// In whose code a panic was raised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Raised {
    /// The harness's own.
    Harness,
    /// The contract's or the standard library's, which both call.
    Shared,
    /// The peer's, or it is not known where.
    #[default]
    Elsewhere,
}

impl Raised {
    fn at(file: &str) -> Self {
        let is_of = |root: &&str| is_beside(file, root);
        if HARNESS.iter().any(&is_of) {
            Self::Harness
        } else if is_of(&splitvote_peer::SOURCE) || file.contains("/rustc/") {
            Self::Shared
        } else {
            Self::Elsewhere
        }
    }
}

/// Whether a file lies in the folder of this `lib.rs`. The compiler may name one of the two by its whole
/// path.
fn is_beside(file: &str, root: &str) -> bool {
    let folder = root.replace('\\', "/");
    let folder = folder.trim_end_matches("lib.rs");
    // A folder without a crate's name in front of it is one of anybody's.
    folder != "src/" && file.contains(folder)
}

/// A file of a crate from a registry without the folders of this machine, which a case would keep: another machine has
/// the crate elsewhere, and the panic is the same.
fn within_registry(file: &str) -> &str {
    let registry = file.rsplit_once("/registry/src/").and_then(|(_, rest)| rest.split_once('/'));
    registry.map_or(file, |(_, within)| within)
}

impl Caught {
    fn new(message: &str, place: Option<&Location<'_>>) -> Self {
        let message = plain(message);
        let Some(place) = place else { return Self { message, raised: Raised::Elsewhere } };
        let file = place.file().replace('\\', "/");
        let raised = Raised::at(&file);
        Self {
            message: format!("{message} at {}:{}", within_registry(&file), place.line()),
            raised,
        }
    }

    /// The verdict on it. `is_inside` says whether the world was inside a call of a peer.
    pub(crate) fn into_verdict(self, is_inside: bool) -> Verdict {
        match self.raised {
            Raised::Harness => Verdict::Fault(self.message),
            Raised::Shared if !is_inside => Verdict::Fault(self.message),
            _ => Verdict::Panicked(Panic { message: self.message, ..Panic::default() }),
        }
    }
}

/// A message on one line, without what a terminal would obey, and not without end.
pub(crate) fn plain(message: &str) -> String {
    let mut text = String::new();
    for (count, character) in message.chars().enumerate() {
        if count == MOST_CHARACTERS {
            text.push('…');
            break;
        }
        match character {
            '\n' | '\r' | '\t' => text.push(' '),
            control if control.is_control() => text.extend(control.escape_unicode()),
            other => text.push(other),
        }
    }
    text
}

/// What a panic was raised with, as words.
fn told(payload: &(dyn Any + Send)) -> String {
    macro_rules! value_of {
        ($($kind:ty),*) => {
            $(if let Some(value) = payload.downcast_ref::<$kind>() {
                return format!("a value of type {}: {value:?}", stringify!($kind));
            })*
        };
    }
    if let Some(text) = payload.downcast_ref::<&str>() {
        return (*text).to_owned();
    }
    if let Some(text) = payload.downcast_ref::<String>() {
        return text.clone();
    }
    if let Some(error) = payload.downcast_ref::<Box<dyn std::error::Error + Send + Sync>>() {
        return error.to_string();
    }
    value_of!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, bool, char, ());
    "(a panic without text)".to_owned()
}

thread_local! {
    /// Inside `catching`: where the place of a panic is kept instead of being printed.
    static CAUGHT: RefCell<Option<Caught>> = const { RefCell::new(None) };
    static IS_CATCHING: Cell<bool> = const { Cell::new(false) };
}

/// Calls `action`; a panic in it is no noise on the terminal but an error.
pub(crate) fn catching<T>(action: impl FnOnce() -> T) -> Result<T, Caught> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if IS_CATCHING.get() && !ends_the_process(info.payload()) {
                CAUGHT.set(Some(Caught::new(&told(info.payload()), info.location())));
            } else {
                previous(info);
            }
        }));
    });
    CAUGHT.set(None);
    let was_catching = IS_CATCHING.replace(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(action));
    IS_CATCHING.set(was_catching);
    outcome.map_err(|payload| {
        // Without the hook, as where a peer has taken it away, the place is not known.
        let caught = CAUGHT.take().unwrap_or_else(|| Caught::new(&told(&*payload), None));
        if !payload.is::<&str>() && !payload.is::<String>() {
            // It may panic when it is dropped.
            std::mem::forget(payload);
        }
        caught
    })
}

/// Whether a panic is the one by which the process ends: then it has to be heard, and where it was.
fn ends_the_process(payload: &(dyn Any + Send)) -> bool {
    let told = told(payload);
    let is_last = told.contains("in a destructor during cleanup")
        || told.contains("in a function that cannot unwind");
    if is_last {
        let first = CAUGHT.take().map(|caught| caught.message).unwrap_or_default();
        // Where nobody can be told, a further panic would tell nothing either.
        let mut out = std::io::stderr();
        _ = writeln!(
            out,
            "a peer panicked while it was being dropped, which ends the process: {first}"
        );
        if let Some(run) = crate::desk::run_of_this_thread() {
            _ = writeln!(out, "it was in {run}");
        }
    }
    is_last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_of_a_released_crate_is_told_the_same_on_every_machine() {
        let here =
            "/home/me/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/raft-0.7.0/src/raft.rs";
        assert_eq!(within_registry(here), "raft-0.7.0/src/raft.rs");
        assert_eq!(within_registry("crates/mine/src/raft.rs"), "crates/mine/src/raft.rs");
    }

    #[test]
    fn a_panic_of_the_harness_is_told_from_one_of_a_peer() {
        let caught = catching(|| panic!("out of order")).unwrap_err();
        // This file belongs to the harness.
        assert_eq!(caught.raised, Raised::Harness);
        assert!(
            matches!(caught.into_verdict(true), Verdict::Fault(message) if message.contains("out of order at "))
        );
        let peer = Caught { message: "x".into(), raised: Raised::Elsewhere };
        let panicked = Verdict::Panicked(Panic { message: "x".into(), ..Panic::default() });
        assert_eq!(peer.into_verdict(false), panicked);
    }

    #[test]
    fn where_the_crates_lie_makes_no_difference() {
        let registry = "/home/me/.cargo/registry/src/index/splitvote-sim-0.1.0/src/lib.rs";
        assert!(is_beside(
            "/home/me/.cargo/registry/src/index/splitvote-sim-0.1.0/src/a/b.rs",
            registry
        ));
        assert!(!is_beside("/home/me/raft/src/splitvote-sim.rs", registry));
        assert!(is_beside(
            "/somewhere/crates/splitvote-sim/src/queue.rs",
            "crates/splitvote-sim/src/lib.rs"
        ));
        assert!(!is_beside("src/raft.rs", "src/lib.rs"), "anybody has such a folder");
        assert_eq!(Raised::at("/home/me/my-raft/src/lib.rs"), Raised::Elsewhere);
        for root in HARNESS {
            assert_eq!(Raised::at(&root.replace("lib.rs", "some/file.rs")), Raised::Harness);
        }
    }

    #[test]
    fn what_both_call_panics_on_behalf_of_whom_the_world_called() {
        for file in [splitvote_peer::SOURCE, "/rustc/abc/library/alloc/src/raw_vec.rs"] {
            let caught = Caught { message: "x".into(), raised: Raised::at(file) };
            assert!(matches!(caught.clone().into_verdict(true), Verdict::Panicked(_)), "{file}");
            assert!(matches!(caught.into_verdict(false), Verdict::Fault(_)), "{file}");
        }
    }

    #[test]
    fn what_is_no_text_is_told_by_its_type() {
        let told = |action: fn()| catching(action).unwrap_err().message;
        let text = told(|| panic::panic_any(42));
        assert!(text.starts_with("a value of type i32: 42 at "), "{text}");
        let text = told(|| panic::panic_any(Cell::new(1)));
        assert!(text.starts_with("(a panic without text) at "), "{text}");
        let text = told(|| panic!("\x1b[31mred\n{}", "x".repeat(1_000)));
        assert!(text.starts_with("\\u{1b}[31mred xxx") && text.contains("x… at "), "{text}");
    }

    #[test]
    fn a_payload_that_panics_when_it_is_dropped_does_no_harm() {
        struct Bomb;
        impl Drop for Bomb {
            fn drop(&mut self) {
                panic!("dropped")
            }
        }
        let text = catching(|| panic::panic_any(Bomb)).unwrap_err().message;
        assert!(text.starts_with("(a panic without text)"), "{text}");
    }
}
