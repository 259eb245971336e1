//! Ctrl-C: the first ends the work in order, the second ends it at once.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::outcome::Stop;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Watches for Ctrl-C from now on.
pub(crate) fn watch() -> Result<&'static AtomicBool, Stop> {
    let on_signal = || {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    };
    ctrlc::set_handler(on_signal).map_err(|error| Stop::Fault(error.to_string()))?;
    Ok(&INTERRUPTED)
}

/// The exit code, given that of the results so far.
pub(crate) fn exit_code(of_results: u8) -> u8 {
    let is_interrupted = INTERRUPTED.load(Ordering::Relaxed);
    if is_interrupted && of_results == 0 { 130 } else { of_results }
}
