//! SIGINT (Ctrl-C) and SIGTERM (`timeout`, CI, Kubernetes): the first ends the work in order, the second ends it at
//! once.
//!
//! In order means that what is finished is printed and written. What is begun is finished, too, if it does not take
//! long. A single run may take for ever: then the last words are said without it. SIGHUP is left alone, so that `nohup`
//! does what it says.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::outcome::Stop;
use crate::output::channel;

static INTERRUPTED: OnceLock<Arc<AtomicBool>> = OnceLock::new();
/// What is said if the work does not end in time; its exit code.
static LAST_WORDS: Mutex<Option<LastWords>> = Mutex::new(None);

type LastWords = Box<dyn FnOnce() -> u8 + Send>;

/// How long what is begun may take after the first signal. A sweep gives up its own threads sooner.
pub(crate) const PATIENCE: Duration = Duration::from_secs(8);
/// The same of a shrinker, which runs its smallest case some more times and tells it.
pub(crate) const PATIENCE_OF_SHRINKER: Duration = Duration::from_secs(20);
/// How often a signal is looked for.
const LOOK: Duration = Duration::from_millis(50);
/// What an interrupted command ends with, unless its results so far have a graver code.
const CODE: u8 = 130;

/// Watches for signals from now on.
pub(crate) fn watch() -> Result<&'static AtomicBool, Stop> {
    let flag = INTERRUPTED.get_or_init(|| Arc::new(AtomicBool::new(false)));
    for signal in [SIGINT, SIGTERM] {
        // In this order the first signal does nothing but set the flag.
        flag::register_conditional_shutdown(signal, CODE.into(), Arc::clone(flag))?;
        flag::register(signal, Arc::clone(flag))?;
    }
    Ok(flag)
}

/// If the work has not ended so long after a signal, says these last words of what is finished, and ends with the
/// code that they return.
#[expect(clippy::disallowed_methods, reason = "this thread waits for a signal and runs no world")]
pub(crate) fn or_else(patience: Duration, last_words: impl FnOnce() -> u8 + Send + 'static) {
    *LAST_WORDS.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(last_words));
    std::thread::spawn(move || {
        while !is_interrupted() {
            std::thread::park_timeout(LOOK);
        }
        std::thread::sleep(patience);
        // It is held to the end, so that whoever has come to an end meanwhile does not begin to print.
        let mut words = LAST_WORDS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(words) = words.take() {
            let code = exit_code(words());
            channel::close();
            splitvote::threads::end_in_silence();
            std::process::exit(code.into());
        }
    });
}

/// The work has ended: its results are printed by whoever calls this, and by nobody else.
pub(crate) fn has_ended() {
    LAST_WORDS.lock().unwrap_or_else(PoisonError::into_inner).take();
}

fn is_interrupted() -> bool {
    INTERRUPTED.get().is_some_and(|flag| flag.load(Ordering::Relaxed))
}

/// The exit code, given that of the results so far.
pub(crate) fn exit_code(of_results: u8) -> u8 {
    if is_interrupted() && of_results == 0 { CODE } else { of_results }
}
