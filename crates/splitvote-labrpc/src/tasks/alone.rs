//! Tasks without a peer, for their unit tests.

use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use splitvote_peer::LocalTime;

use super::{Executor, Order};

/// Whether the future of [`block_on`] is to be polled.
struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Runs a future, and the tasks that it begins, in virtual time until it has ended; `None` if it waits and nothing is
/// left to wait for. The tasks that it leaves behind are dropped. Random numbers come from `seed`.
///
/// ```
/// use splitvote_labrpc::{block_on, now, sleep};
/// use std::time::Duration;
///
/// let elapsed = block_on(1, async {
///     sleep(Duration::from_secs(3600)).await;
///     now()
/// });
/// assert_eq!(elapsed.map(|time| time.0), Some(3_600_000_000_000));
/// assert_eq!(block_on(1, std::future::pending::<()>()), None);
/// ```
pub fn block_on<F: Future>(seed: u64, future: F) -> Option<F::Output> {
    let executor = Rc::new(Executor::new(LocalTime(0), Order::FirstIn, seed));
    drive(&executor, future, || false)
}

/// Runs a future, and the tasks that it begins, until it has ended; `None` if it waits and nothing is left to wait for,
/// or if at the end of an instant it `is_over`.
pub(crate) fn drive<F: Future>(
    executor: &Rc<Executor>,
    future: F,
    is_over: impl Fn() -> bool,
) -> Option<F::Output> {
    let flag = Arc::new(Flag(AtomicBool::new(true)));
    let waker = Waker::from(Arc::clone(&flag));
    let mut future = pin!(future);
    let mut now = executor.now();
    let value = loop {
        let ended = executor.within(now, || {
            loop {
                if flag.0.swap(false, Ordering::Relaxed)
                    && let Poll::Ready(value) =
                        future.as_mut().poll(&mut Context::from_waker(&waker))
                {
                    return Some(value);
                }
                executor.run(|| {});
                if !flag.0.load(Ordering::Relaxed) || is_over() {
                    return None;
                }
            }
        });
        if ended.is_some() || is_over() {
            break ended;
        }
        let Some(next) = executor.next_timer() else { break None };
        now = next.max(now);
        executor.within(now, || executor.fire_timer());
    };
    executor.crash();
    value
}
