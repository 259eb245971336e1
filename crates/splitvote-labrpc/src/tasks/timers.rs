//! Timers in virtual time, by the clock of the peer whose tasks wait.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use splitvote_peer::LocalTime;

use super::Executor;
use super::current;

/// All timers of a peer. Those of one instant are due in the order in which they were set.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    queue: BinaryHeap<Reverse<(LocalTime, u64, usize)>>,
    slots: Vec<Slot>,
    free: Vec<usize>,
    number: u64,
}

/// A timer. One that was taken back keeps its place in the queue until its time has come; by then its slot has
/// another number.
#[derive(Debug, Default)]
struct Slot {
    number: u64,
    waker: Option<Waker>,
}

impl Timers {
    fn set(&mut self, due: LocalTime, waker: Waker) -> (usize, u64) {
        self.number += 1;
        let slot = Slot { number: self.number, waker: Some(waker) };
        let place = match self.free.pop() {
            Some(place) => {
                self.slots[place] = slot;
                place
            }
            None => {
                self.slots.push(slot);
                self.slots.len() - 1
            }
        };
        self.queue.push(Reverse((due, self.number, place)));
        (place, self.number)
    }

    /// Whose waker is kept anew, as the task that waits may be another by now.
    fn keep(&mut self, (place, number): (usize, u64), waker: &Waker) {
        if let Some(slot) = self.slots.get_mut(place).filter(|slot| slot.number == number) {
            slot.waker.get_or_insert_with(|| waker.clone()).clone_from(waker);
        }
    }

    fn take_back(&mut self, (place, number): (usize, u64)) {
        if let Some(slot) = self.slots.get_mut(place).filter(|slot| slot.number == number) {
            *slot = Slot::default();
            self.free.push(place);
        }
    }

    fn is_set(&self, place: usize, number: u64) -> bool {
        self.slots.get(place).is_some_and(|slot| slot.number == number)
    }

    /// When the next one is due.
    #[inline]
    pub(crate) fn next(&mut self) -> Option<LocalTime> {
        while let Some(Reverse((due, number, place))) = self.queue.peek().copied() {
            if self.is_set(place, number) {
                return Some(due);
            }
            self.queue.pop();
        }
        None
    }

    /// Takes one that is due.
    pub(crate) fn due(&mut self, now: LocalTime) -> Option<Waker> {
        while self.next().is_some_and(|due| due <= now) {
            let Reverse((_, number, place)) = self.queue.pop()?;
            let waker = self.slots[place].waker.take();
            self.take_back((place, number));
            if waker.is_some() {
                return waker;
            }
        }
        None
    }
}

/// Waits so long by the peer's own clock.
///
/// # Panics
/// If it is called outside of a peer's tasks.
pub fn sleep(duration: Duration) -> Sleep {
    let executor = current("sleep()");
    Sleep { due: executor.now() + duration, timer: None, executor }
}

/// Waits until the peer's own clock shows this.
///
/// # Panics
/// If it is called outside of a peer's tasks.
pub fn sleep_until(due: LocalTime) -> Sleep {
    Sleep { due, timer: None, executor: current("sleep_until()") }
}

/// Waits for an instant.
#[must_use = "a sleep that is not awaited waits for nothing"]
pub struct Sleep {
    due: LocalTime,
    timer: Option<(usize, u64)>,
    executor: Rc<Executor>,
}

impl Future for Sleep {
    type Output = ();

    #[expect(clippy::panic, reason = "a mistake in the code of a Raft, which no value can report")]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.executor.has_ended() {
            panic!(
                "a sleep of a peer that has crashed was awaited: nothing may outlive a crash but what the persister has; \
                 look for a `static` or a `thread_local!`"
            );
        }
        if self.executor.now() >= self.due {
            return Poll::Ready(());
        }
        match self.timer {
            Some(timer) => self.executor.timers.borrow_mut().keep(timer, cx.waker()),
            None => {
                let timer = self.executor.timers.borrow_mut().set(self.due, cx.waker().clone());
                self.timer = Some(timer);
            }
        }
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(timer) = self.timer {
            self.executor.timers.borrow_mut().take_back(timer);
        }
    }
}

/// Waits for something, but no longer than this. What is not done by then is dropped; a call that is dropped is not
/// called back, only its reply is not heard.
///
/// # Errors
/// [`Elapsed`], once the time is up.
///
/// # Panics
/// If it is awaited outside of a peer's tasks.
pub async fn timeout<F: Future>(duration: Duration, work: F) -> Result<F::Output, Elapsed> {
    let (mut work, mut limit) = (pin!(work), sleep(duration));
    poll_fn(|cx| match work.as_mut().poll(cx) {
        Poll::Ready(value) => Poll::Ready(Ok(value)),
        Poll::Pending => Pin::new(&mut limit).poll(cx).map(|()| Err(Elapsed)),
    })
    .await
}

/// It took longer than it might.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elapsed;

impl std::fmt::Display for Elapsed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the time is up")
    }
}

impl std::error::Error for Elapsed {}
