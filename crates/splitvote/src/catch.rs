//! A peer that panics fails its own seed and no other, and makes no noise.

use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    /// Inside `catching`: where the message of a panic is kept instead of being printed.
    static CAUGHT: RefCell<Option<String>> = const { RefCell::new(None) };
    static IS_CATCHING: Cell<bool> = const { Cell::new(false) };
}

/// Calls `action`; a panic in it is no noise on the terminal but its message.
pub(crate) fn catching<T>(action: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if IS_CATCHING.get() {
                let message = info.payload_as_str().unwrap_or("(no message)");
                let place =
                    info.location().map(|place| format!(" at {}:{}", place.file(), place.line()));
                CAUGHT.set(Some(format!("{message}{}", place.unwrap_or_default())));
            } else {
                previous(info);
            }
        }));
    });
    IS_CATCHING.set(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(action));
    IS_CATCHING.set(false);
    outcome.map_err(|_| CAUGHT.take().unwrap_or_default())
}
