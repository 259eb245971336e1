//! A channel from many tasks to one, in order.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::{Rc, Weak};
use std::task::{Poll, Waker};

use super::waiting::{Waiting, wake_all};

/// A channel that holds at most so many values, at least 1: who sends one more waits.
#[must_use]
pub fn channel<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    let shared = Rc::new(RefCell::new(Shared {
        values: VecDeque::new(),
        capacity: capacity.max(1),
        senders: 1,
        has_receiver: true,
        receiver: None,
        waiting: Waiting::default(),
    }));
    (Sender { shared: Rc::clone(&shared) }, Receiver { shared })
}

/// A channel that holds as many values as are sent.
#[must_use]
pub fn unbounded<T>() -> (Sender<T>, Receiver<T>) {
    channel(usize::MAX)
}

#[derive(Debug)]
struct Shared<T> {
    values: VecDeque<T>,
    capacity: usize,
    senders: usize,
    has_receiver: bool,
    receiver: Option<Waker>,
    /// Senders that wait for room.
    waiting: Waiting,
}

/// Where values go in.
#[derive(Debug)]
pub struct Sender<T> {
    shared: Rc<RefCell<Shared<T>>>,
}

/// A sender that does not keep the channel open: once all others are gone, the receiver is told so. Cheap to clone.
#[derive(Debug)]
pub struct WeakSender<T> {
    shared: Weak<RefCell<Shared<T>>>,
}

/// Where they come out.
#[derive(Debug)]
pub struct Receiver<T> {
    shared: Rc<RefCell<Shared<T>>>,
}

impl<T> Sender<T> {
    /// Sends a value, once there is room.
    ///
    /// # Errors
    /// The value, if nobody can receive it any more.
    pub async fn send(&self, value: T) -> Result<(), T> {
        let (mut value, mut place) = (Some(value), Place { sender: self, ticket: None });
        poll_fn(|cx| {
            let mut shared = self.shared.borrow_mut();
            if !shared.has_receiver {
                // It is polled no more once it is ready, so the value is still here.
                return value.take().map_or(Poll::Pending, |value| Poll::Ready(Err(value)));
            }
            if shared.values.len() >= shared.capacity {
                shared.waiting.keep(&mut place.ticket, cx.waker());
                return Poll::Pending;
            }
            shared.waiting.leave(&mut place.ticket);
            shared.values.extend(value.take());
            let receiver = shared.receiver.take();
            drop(shared);
            receiver.into_iter().for_each(Waker::wake);
            Poll::Ready(Ok(()))
        })
        .await
    }

    /// Sends a value if there is room for it now.
    ///
    /// # Errors
    /// The value, if there is none or nobody can receive it any more.
    pub fn try_send(&self, value: T) -> Result<(), T> {
        let mut shared = self.shared.borrow_mut();
        if !shared.has_receiver || shared.values.len() >= shared.capacity {
            return Err(value);
        }
        shared.values.push_back(value);
        let receiver = shared.receiver.take();
        drop(shared);
        receiver.into_iter().for_each(Waker::wake);
        Ok(())
    }

    /// A sender of the same channel that does not keep it open.
    #[must_use]
    pub fn downgrade(&self) -> WeakSender<T> {
        WeakSender { shared: Rc::downgrade(&self.shared) }
    }
}

impl<T> WeakSender<T> {
    /// A sender that keeps the channel open; `None` if all of those are gone.
    #[must_use]
    pub fn upgrade(&self) -> Option<Sender<T>> {
        let shared = self.shared.upgrade().filter(|shared| shared.borrow().senders > 0)?;
        shared.borrow_mut().senders += 1;
        Some(Sender { shared })
    }
}

impl<T> Clone for WeakSender<T> {
    fn clone(&self) -> Self {
        Self { shared: Weak::clone(&self.shared) }
    }
}

/// The place of a sender that waits. Given up, the room that it was woken for is the next one's.
struct Place<'a, T> {
    sender: &'a Sender<T>,
    ticket: Option<u64>,
}

impl<T> Drop for Place<'_, T> {
    fn drop(&mut self) {
        let mut shared = self.sender.shared.borrow_mut();
        let was_woken = self.ticket.is_some() && !shared.waiting.leave(&mut self.ticket);
        let next = if was_woken { shared.waiting.first() } else { None };
        drop(shared);
        next.into_iter().for_each(Waker::wake);
    }
}

impl<T> Receiver<T> {
    /// The next value, once there is one; none if all senders are gone.
    pub async fn recv(&mut self) -> Option<T> {
        poll_fn(|cx| match self.try_recv() {
            Some(value) => Poll::Ready(Some(value)),
            None => {
                let mut shared = self.shared.borrow_mut();
                if shared.senders == 0 {
                    return Poll::Ready(None);
                }
                shared.receiver = Some(cx.waker().clone());
                Poll::Pending
            }
        })
        .await
    }

    /// Whether all senders are gone. Values that they have sent may still be there.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.shared.borrow().senders == 0
    }

    /// The next value, if there is one now.
    pub fn try_recv(&mut self) -> Option<T> {
        let mut shared = self.shared.borrow_mut();
        let value = shared.values.pop_front()?;
        let sender = shared.waiting.first();
        drop(shared);
        sender.into_iter().for_each(Waker::wake);
        Some(value)
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        self.shared.borrow_mut().senders += 1;
        Self { shared: Rc::clone(&self.shared) }
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let mut shared = self.shared.borrow_mut();
        shared.senders -= 1;
        let receiver = if shared.senders == 0 { shared.receiver.take() } else { None };
        drop(shared);
        receiver.into_iter().for_each(Waker::wake);
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        let mut shared = self.shared.borrow_mut();
        shared.has_receiver = false;
        let (values, waiting) = (std::mem::take(&mut shared.values), shared.waiting.all());
        drop(shared);
        drop(values);
        wake_all(waiting);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{run, run_each};

    #[test]
    fn values_come_out_in_order_and_the_end_is_told() {
        let (sender, mut receiver) = unbounded();
        let got = run(async move {
            sender.send(1).await.unwrap();
            sender.clone().send(2).await.unwrap();
            drop(sender);
            [receiver.recv().await, receiver.recv().await, receiver.recv().await]
        });
        assert_eq!(got, Some([Some(1), Some(2), None]));
    }

    #[test]
    fn who_waits_for_room_is_served_in_order() {
        let (sender, mut receiver) = channel(1);
        let said: Rc<RefCell<Vec<u32>>> = Rc::default();
        let heard = Rc::clone(&said);
        let senders = (0..3).map(|number| {
            let sender = sender.clone();
            Box::pin(async move { sender.send(number).await.unwrap() }) as crate::tests::Task
        });
        let hearing = Box::pin(async move {
            for _ in 0..3 {
                let value = receiver.recv().await;
                heard.borrow_mut().extend(value);
            }
        });
        run_each(senders.chain([hearing as crate::tests::Task]).collect());
        assert_eq!(*said.borrow(), [0, 1, 2]);
    }

    #[test]
    fn a_channel_whose_other_end_is_gone_says_so() {
        let (sender, receiver) = channel(1);
        drop(receiver);
        assert_eq!(sender.try_send(1), Err(1));
        assert_eq!(run(async move { sender.send(1).await }), Some(Err(1)));
    }

    #[test]
    fn a_weak_sender_does_not_keep_a_channel_open() {
        let (sender, mut receiver) = unbounded();
        let weak = sender.downgrade();
        let again = weak.clone().upgrade();
        drop(sender);
        assert!(!receiver.is_closed(), "the one that was upgraded keeps it open");
        assert!(again.is_some_and(|again| again.try_send(7).is_ok()));
        assert!(receiver.is_closed() && weak.upgrade().is_none());
        assert_eq!((receiver.try_recv(), receiver.try_recv()), (Some(7), None));
    }
}
