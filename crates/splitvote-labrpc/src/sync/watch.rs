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
    let state = State { senders: 1, receivers: 1, ..State::default() };
    let shared = Rc::new(Shared { value: RefCell::new(value), state: RefCell::new(state) });
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
    senders: usize,
    receivers: usize,
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
        self.tell();
        before
    }

    /// Changes the value in its place. Watchers hear of it if `modify` says that it did change.
    pub fn send_if_modified(&self, modify: impl FnOnce(&mut T) -> bool) -> bool {
        let is_changed = modify(&mut self.shared.value.borrow_mut());
        if is_changed {
            self.tell();
        }
        is_changed
    }

    fn tell(&self) {
        let mut state = self.shared.state.borrow_mut();
        state.version += 1;
        let waiting = state.waiting.all();
        drop(state);
        wake_all(waiting);
    }

    /// Whether anybody watches.
    #[must_use]
    pub fn is_watched(&self) -> bool {
        self.shared.state.borrow().receivers > 0
    }

    /// The value as it is now. It is not to be kept over an await.
    #[must_use]
    pub fn borrow(&self) -> Ref<'_, T> {
        self.shared.value.borrow()
    }

    /// Another watcher, who has seen the value of now.
    #[must_use]
    pub fn subscribe(&self) -> Receiver<T> {
        let mut state = self.shared.state.borrow_mut();
        state.receivers += 1;
        Receiver { shared: Rc::clone(&self.shared), seen: state.version }
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        self.shared.state.borrow_mut().senders += 1;
        Self { shared: Rc::clone(&self.shared) }
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let mut state = self.shared.state.borrow_mut();
        state.senders -= 1;
        let waiting = if state.senders == 0 { state.waiting.all() } else { Default::default() };
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

    /// The latest value, which is seen by that: [`Self::changed`] waits for the next one.
    pub fn borrow_and_update(&mut self) -> Ref<'_, T> {
        self.seen = self.shared.state.borrow().version;
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
            if state.senders == 0 {
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
        self.shared.state.borrow_mut().receivers += 1;
        Self { shared: Rc::clone(&self.shared), seen: self.seen }
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.shared.state.borrow_mut().receivers -= 1;
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

    #[test]
    fn who_sets_a_value_can_be_several_and_knows_whether_anybody_watches() {
        let (sender, mut watcher) = channel(1);
        let other = sender.clone();
        drop(sender);
        assert!(!other.send_if_modified(|_| false) && other.send_if_modified(|value| *value == 1));
        assert_eq!(*watcher.borrow_and_update(), 1);
        let second = other.subscribe();
        drop(second);
        assert!(other.is_watched());
        let changed = run(async move {
            drop(other);
            watcher.changed().await
        });
        assert_eq!(changed, Some(Err(Closed)), "what was looked at is seen");
        let (sender, watcher) = channel(1);
        drop(watcher);
        assert!(!sender.is_watched());
    }
}
