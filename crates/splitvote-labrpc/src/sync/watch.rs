//! A value that many tasks watch. Who looks late sees the latest one only.

use std::cell::{Ref, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

use super::Closed;
use super::waiting::{Waiting, wake_all};

/// A value to watch, and its first watcher, who has seen it.
#[must_use]
pub fn channel<T>(value: T) -> (Sender<T>, Receiver<T>) {
    let shared = Shared { value: RefCell::new(value), state: RefCell::new(State::default()) };
    let shared = Rc::new(shared);
    (Sender { shared: Rc::clone(&shared) }, Receiver { shared, seen: 0 })
}

#[derive(Debug)]
struct Shared<T> {
    value: RefCell<T>,
    state: RefCell<State>,
}

#[derive(Debug, Default)]
struct State {
    version: u64,
    is_closed: bool,
    waiting: Waiting,
}

/// Who sets the value.
#[derive(Debug)]
pub struct Sender<T> {
    shared: Rc<Shared<T>>,
}

/// Who watches it.
#[derive(Debug)]
pub struct Receiver<T> {
    shared: Rc<Shared<T>>,
    seen: u64,
}

impl<T> Sender<T> {
    /// Sets the value. The one before.
    pub fn send(&self, value: T) -> T {
        let before = self.shared.value.replace(value);
        let mut state = self.shared.state.borrow_mut();
        state.version += 1;
        let waiting = state.waiting.all();
        drop(state);
        wake_all(waiting);
        before
    }

    /// The value as it is now. It is not to be kept over an await.
    #[must_use]
    pub fn borrow(&self) -> Ref<'_, T> {
        self.shared.value.borrow()
    }

    /// Another watcher, who has seen the value of now.
    #[must_use]
    pub fn subscribe(&self) -> Receiver<T> {
        let seen = self.shared.state.borrow().version;
        Receiver { shared: Rc::clone(&self.shared), seen }
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let mut state = self.shared.state.borrow_mut();
        state.is_closed = true;
        let waiting = state.waiting.all();
        drop(state);
        wake_all(waiting);
    }
}

impl<T> Receiver<T> {
    /// The latest value. It is not to be kept over an await: who sets the next one needs it.
    #[must_use]
    pub fn borrow(&self) -> Ref<'_, T> {
        self.shared.value.borrow()
    }

    /// Waits until the value has been set since this was last awaited.
    ///
    /// # Errors
    /// [`Closed`], if nobody can set it any more.
    pub async fn changed(&mut self) -> Result<(), Closed> {
        let mut ticket = None;
        poll_fn(|cx| {
            let mut state = self.shared.state.borrow_mut();
            if state.version != self.seen {
                self.seen = state.version;
                return Poll::Ready(Ok(()));
            }
            if state.is_closed {
                return Poll::Ready(Err(Closed));
            }
            state.waiting.keep(&mut ticket, cx.waker());
            Poll::Pending
        })
        .await
    }
}

impl<T> Clone for Receiver<T> {
    fn clone(&self) -> Self {
        Self { shared: Rc::clone(&self.shared), seen: self.seen }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::run;

    #[test]
    fn a_watcher_sees_the_latest_value_once() {
        let (sender, mut watcher) = channel(0);
        let seen = run(async move {
            sender.send(1);
            sender.send(2);
            let first = watcher.changed().await.map(|()| *watcher.borrow());
            drop(sender);
            (first, watcher.changed().await)
        });
        assert_eq!(seen, Some((Ok(2), Err(Closed))));
    }
}
