//! Whose tasks are running on this thread: so that `sleep` and `spawn` need no handle, as in Go.

use std::cell::RefCell;
use std::rc::Rc;

use super::Executor;

thread_local! {
    /// A thread runs the step of one peer at a time; nothing is left here between two steps.
    static CURRENT: RefCell<Option<Rc<Executor>>> = const { RefCell::new(None) };
}

/// While it lives, this executor's tasks are those that run.
pub(super) struct Entered {
    before: Option<Rc<Executor>>,
}

pub(super) fn enter(executor: Rc<Executor>) -> Entered {
    Entered { before: CURRENT.with(|current| current.replace(Some(executor))) }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let before = self.before.take();
        let executor = CURRENT.with(|current| current.replace(before));
        drop(executor);
    }
}

/// The executor whose task is running.
///
/// # Panics
/// If none is: what is called belongs into a task of a peer.
#[expect(clippy::panic, reason = "a mistake in the code of a Raft, which no value can report")]
pub(crate) fn current(what: &str) -> Rc<Executor> {
    let executor = CURRENT.with(|current| current.borrow().clone());
    executor.unwrap_or_else(|| {
        panic!(
            "{what} was called outside of a peer's tasks: call it in `make`, in a handler, or in a task that they spawned"
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
