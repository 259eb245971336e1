//! Whose tasks are running on this thread: so that `sleep` and `spawn` need no handle, as in Go.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::Executor;
use super::waker::FromOutside;

thread_local! {
    /// A thread runs the step of one peer at a time; nothing is left here between two steps.
    static CURRENT: RefCell<Option<Rc<Executor>>> = const { RefCell::new(None) };
}

/// While it lives, this executor's tasks are those that run.
pub(super) struct Entered {
    before: Option<Rc<Executor>>,
}

#[inline]
pub(super) fn enter(executor: Rc<Executor>) -> Entered {
    Entered { before: CURRENT.with(|current| current.replace(Some(executor))) }
}

impl Drop for Entered {
    #[inline]
    fn drop(&mut self) {
        let before = self.before.take();
        let executor = CURRENT.with(|current| current.replace(before));
        drop(executor);
    }
}

/// Puts a place into the queue of the executor whose step this is; whether it is the one that the place belongs to.
pub(super) fn push(of: &Arc<FromOutside>, place: usize) -> bool {
    let pushed = CURRENT.try_with(|current| {
        let current = current.borrow();
        let own = current.as_ref().filter(|executor| executor.is_of(of));
        own.map(|executor| executor.push(place)).is_some()
    });
    pushed.unwrap_or(false)
}

/// Whether a task is running, and not merely being dropped by a crash.
pub(crate) fn is_running() -> bool {
    let runs = |current: &RefCell<Option<Rc<Executor>>>| {
        current.borrow().as_ref().is_some_and(|executor| !executor.has_ended())
    };
    CURRENT.try_with(runs).unwrap_or(false)
}

/// The executor whose task is running.
///
/// # Panics
/// If none is: what is called belongs into a task of a peer.
pub(crate) fn current(what: &str) -> Rc<Executor> {
    with_current(what, Rc::clone)
}

/// Does this with the executor whose task is running. It may not run anybody's code.
///
/// # Panics
/// If none is.
#[inline]
#[expect(clippy::panic, reason = "a mistake in the code of a Raft, which no value can report")]
pub(crate) fn with_current<T>(what: &str, work: impl FnOnce(&Rc<Executor>) -> T) -> T {
    let done = CURRENT.with(|current| current.borrow().as_ref().map(work));
    done.unwrap_or_else(|| {
        panic!(
            "{what} was called outside of a peer's tasks: call it in `make`, in a handler, in a task that they spawned, or in `Network::run`"
        )
    })
}

#[cfg(test)]
mod tests {
    #[test]
    #[should_panic(expected = "sleep() was called outside of a peer's tasks")]
    fn outside_of_a_task_nothing_can_be_waited_for() {
        drop(crate::sleep(std::time::Duration::from_secs(1)));
    }
}
