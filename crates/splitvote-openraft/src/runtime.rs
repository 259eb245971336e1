//! openraft's `AsyncRuntime` on the executor of `splitvote-labrpc`: one thread, virtual time, the peer's own chance.

use std::cell::{Ref, RefCell, RefMut};
use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::ops::{Add, AddAssign, Deref, DerefMut, Sub, SubAssign};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use openraft::rt::{self, RecvError, SendError, TryRecvError};
use rand_core::TryRng;
use splitvote_labrpc::peer::LocalTime;
use splitvote_labrpc::sync::{self, Closed, mpsc, oneshot, watch};
use splitvote_labrpc::{
    Elapsed, JoinHandle, Sleep, block_on, now, random, sleep, sleep_until, spawn,
};

/// The runtime. It has no state: whose tasks run is the executor's affair.
#[derive(Debug)]
pub(crate) struct Tasks;

/// An instant by the clock of the peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(u64);

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

impl rt::Instant for Moment {
    fn now() -> Self {
        Self(now().0)
    }
}

impl Add<Duration> for Moment {
    type Output = Self;
    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(nanos(duration)))
    }
}

impl AddAssign<Duration> for Moment {
    fn add_assign(&mut self, duration: Duration) {
        *self = *self + duration;
    }
}

impl Sub<Duration> for Moment {
    type Output = Self;
    fn sub(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(nanos(duration)))
    }
}

impl SubAssign<Duration> for Moment {
    fn sub_assign(&mut self, duration: Duration) {
        *self = *self - duration;
    }
}

impl Sub for Moment {
    type Output = Duration;
    fn sub(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }
}

/// A task that was begun.
pub(crate) struct Joined<T>(JoinHandle<T>);

impl<T: 'static> Future for Joined<T> {
    type Output = Result<T, Closed>;
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(cx).map(|value| value.ok_or(Closed))
    }
}

/// Something that may take so long.
pub(crate) struct Limited<F> {
    work: Pin<Box<F>>,
    limit: Sleep,
}

impl<F: Future> Future for Limited<F> {
    type Output = Result<F::Output, Elapsed>;
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.work.as_mut().poll(cx) {
            Poll::Ready(value) => Poll::Ready(Ok(value)),
            Poll::Pending => Pin::new(&mut self.limit).poll(cx).map(|()| Err(Elapsed)),
        }
    }
}

/// Random numbers of the peer.
pub(crate) struct Chance;

impl TryRng for Chance {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(random(1 << 32) as u32)
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok((random(1 << 32) << 32) | random(1 << 32))
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        bytes.iter_mut().for_each(|byte| *byte = random(1 << 8) as u8);
        Ok(())
    }
}

impl rt::AsyncRuntime for Tasks {
    type JoinError = Closed;
    type JoinHandle<T: 'static> = Joined<T>;
    type Sleep = Sleep;
    type Instant = Moment;
    type TimeoutError = Elapsed;
    type Timeout<R, T: Future<Output = R>> = Limited<T>;
    type ThreadLocalRng = Chance;
    type Mpsc = Channels;
    type Watch = Channels;
    type Oneshot = Channels;
    type Mutex<T: 'static> = Guarded<T>;

    fn spawn<T: Future<Output: 'static> + 'static>(future: T) -> Joined<T::Output> {
        Joined(spawn(future))
    }
    fn sleep(duration: Duration) -> Sleep {
        sleep(duration)
    }
    fn sleep_until(deadline: Moment) -> Sleep {
        sleep_until(LocalTime(deadline.0))
    }
    fn timeout<R, F: Future<Output = R>>(duration: Duration, future: F) -> Limited<F> {
        Limited { work: Box::pin(future), limit: sleep(duration) }
    }
    fn timeout_at<R, F: Future<Output = R>>(deadline: Moment, future: F) -> Limited<F> {
        Limited { work: Box::pin(future), limit: Self::sleep_until(deadline) }
    }
    fn is_panic(_ended: &Closed) -> bool {
        // A task that panics ends the step of its peer: nobody lives to ask.
        false
    }
    fn thread_rng() -> Chance {
        Chance
    }
    fn new(_threads: usize) -> Self {
        Self
    }
    #[expect(clippy::expect_used, reason = "only tests block: a peer has no thread to wait on")]
    fn block_on<F: Future<Output = T>, T>(&mut self, future: F) -> T {
        block_on(1, future).expect("the future waits, and nothing is left to wait for")
    }
    /// Refused: a thread of its own would be outside of the simulation.
    fn spawn_blocking<F, T>(_work: F) -> impl Future<Output = Result<T, io::Error>> + Send
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        std::future::ready(Err(io::Error::other("spawn_blocking: a simulated peer has no threads")))
    }
}

/// The channels that openraft asks for, as those of the executor.
pub(crate) struct Channels;

/// Where values go into a channel from many tasks to one.
pub(crate) struct Sender<T>(mpsc::Sender<T>);
/// One that does not keep the channel open.
pub(crate) struct WeakSender<T>(mpsc::WeakSender<T>);
/// Where they come out.
pub(crate) struct Receiver<T>(mpsc::Receiver<T>);

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Clone for WeakSender<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl rt::Mpsc for Channels {
    type Sender<T> = Sender<T>;
    type Receiver<T> = Receiver<T>;
    type WeakSender<T> = WeakSender<T>;
    fn channel<T>(buffer: usize) -> (Sender<T>, Receiver<T>) {
        let (sender, receiver) = mpsc::channel(buffer);
        (Sender(sender), Receiver(receiver))
    }
}

impl<T> rt::MpscSender<Channels, T> for Sender<T> {
    async fn send(&self, value: T) -> Result<(), SendError<T>> {
        self.0.send(value).await.map_err(SendError)
    }
    fn downgrade(&self) -> WeakSender<T> {
        WeakSender(self.0.downgrade())
    }
}

impl<T> rt::MpscWeakSender<Channels, T> for WeakSender<T> {
    fn upgrade(&self) -> Option<Sender<T>> {
        self.0.upgrade().map(Sender)
    }
}

impl<T> rt::MpscReceiver<T> for Receiver<T> {
    async fn recv(&mut self) -> Option<T> {
        self.0.recv().await
    }
    fn try_recv(&mut self) -> Result<T, TryRecvError> {
        let none =
            if self.0.is_closed() { TryRecvError::Disconnected } else { TryRecvError::Empty };
        self.0.try_recv().ok_or(none)
    }
}

/// Who sets a value that many watch.
pub(crate) struct Setter<T>(watch::Sender<T>);
/// Who watches it.
pub(crate) struct Watcher<T>(watch::Receiver<T>);

impl<T> Clone for Setter<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Clone for Watcher<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl rt::Watch for Channels {
    type Sender<T> = Setter<T>;
    type Receiver<T> = Watcher<T>;
    type Ref<'a, T: 'a> = Ref<'a, T>;
    fn channel<T>(value: T) -> (Setter<T>, Watcher<T>) {
        let (sender, receiver) = watch::channel(value);
        (Setter(sender), Watcher(receiver))
    }
}

impl<T> rt::WatchSender<Channels, T> for Setter<T> {
    fn send(&self, value: T) -> Result<(), rt::watch::SendError<T>> {
        if !self.0.is_watched() {
            return Err(rt::watch::SendError(value));
        }
        self.0.send(value);
        Ok(())
    }
    fn send_if_modified<F: FnOnce(&mut T) -> bool>(&self, modify: F) -> bool {
        self.0.send_if_modified(modify)
    }
    fn borrow_watched(&self) -> Ref<'_, T> {
        self.0.borrow()
    }
    fn subscribe(&self) -> Watcher<T> {
        Watcher(self.0.subscribe())
    }
}

impl<T> rt::WatchReceiver<Channels, T> for Watcher<T> {
    async fn changed(&mut self) -> Result<(), RecvError> {
        self.0.changed().await.map_err(|Closed| RecvError(()))
    }
    fn borrow_watched(&self) -> Ref<'_, T> {
        self.0.borrow()
    }
    fn borrow_and_update(&mut self) -> Ref<'_, T> {
        self.0.borrow_and_update()
    }
}

/// Where the one value goes in.
pub(crate) struct Once<T>(oneshot::Sender<T>);

impl rt::Oneshot for Channels {
    type Sender<T> = Once<T>;
    type Receiver<T> = oneshot::Receiver<T>;
    type ReceiverError = Closed;
    fn channel<T>() -> (Once<T>, oneshot::Receiver<T>) {
        let (sender, receiver) = oneshot::channel();
        (Once(sender), receiver)
    }
}

impl<T> rt::OneshotSender<T> for Once<T> {
    fn send(self, value: T) -> Result<(), T> {
        self.0.send(value)
    }
}

/// A value under a lock that may be held over an await.
pub(crate) struct Guarded<T> {
    lock: sync::Mutex,
    value: RefCell<T>,
}

/// The value, for as long as it is held. It is given back before the lock is.
pub(crate) struct Guard<'a, T> {
    value: RefMut<'a, T>,
    _lock: sync::MutexGuard<'a>,
}

impl<T> Deref for Guard<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Guard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T: 'static> rt::Mutex<T> for Guarded<T> {
    type Guard<'a> = Guard<'a, T>;
    fn new(value: T) -> Self {
        Self { lock: sync::Mutex::new(), value: RefCell::new(value) }
    }
    async fn lock(&self) -> Guard<'_, T> {
        let lock = self.lock.lock().await;
        Guard { value: self.value.borrow_mut(), _lock: lock }
    }
}

#[cfg(test)]
mod tests {
    use openraft::rt::testing::Suite;

    /// openraft's own tests of a runtime.
    #[test]
    fn openrafts_own_suite_passes() {
        Suite::<super::Tasks>::test_all();
    }
}
