//! Tasks that are begun, ended and waited for.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll};

use super::{Executor, with_current};

/// Begins a task, as `go` does. It runs once it is its turn, which is after whoever began it waits.
///
/// ```no_run
/// # use std::time::Duration;
/// splitvote_labrpc::spawn(async {
///     splitvote_labrpc::sleep(Duration::from_millis(100)).await;
///     // …
/// });
/// ```
///
/// # Panics
/// If it is called outside of a peer's tasks.
pub fn spawn<T: 'static>(task: impl Future<Output = T> + 'static) -> JoinHandle<T> {
    with_current("spawn()", |executor| {
        let place = executor.begin(task, true);
        JoinHandle { executor: Rc::downgrade(executor), place, value: PhantomData }
    })
}

/// Lets the other tasks that are ready run first.
pub async fn yield_now() {
    let mut has_yielded = false;
    std::future::poll_fn(|cx| {
        if std::mem::replace(&mut has_yielded, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// A task that was begun. Awaited, it gives what the task gave, or none if it was ended before. Dropped, it lets the
/// task go on.
pub struct JoinHandle<T> {
    executor: Weak<Executor>,
    place: usize,
    value: PhantomData<fn() -> T>,
}

impl<T> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JoinHandle(is_finished: {})", self.is_finished())
    }
}

impl<T> Drop for JoinHandle<T> {
    fn drop(&mut self) {
        if let Some(executor) = self.executor.upgrade() {
            executor.unwatch(self.place);
        }
    }
}

impl<T> JoinHandle<T> {
    /// Ends the task in the midst of what it waits for. A task that ends itself runs on to its next await.
    pub fn abort(&self) {
        if let Some(executor) = self.executor.upgrade().filter(|_| !self.is_finished()) {
            executor.end(self.place);
        }
    }

    /// Whether the task has ended.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.executor.upgrade().is_none_or(|executor| executor.is_over(self.place))
    }
}

impl<T: 'static> Future for JoinHandle<T> {
    type Output = Option<T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let Some(executor) = self.executor.upgrade() else { return Poll::Ready(None) };
        let outcome = executor.outcome(self.place, cx.waker());
        outcome.map(|value| value.and_then(|value| value.downcast().ok()).map(|value| *value))
    }
}
