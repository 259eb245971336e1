//! A channel for one value.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::Closed;

/// A channel for one value.
#[must_use]
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let shared = Rc::new(RefCell::new(Shared { value: None, is_closed: false, receiver: None }));
    (Sender { shared: Rc::clone(&shared) }, Receiver { shared })
}

#[derive(Debug)]
struct Shared<T> {
    value: Option<T>,
    /// One of the two ends is gone.
    is_closed: bool,
    receiver: Option<Waker>,
}

/// Where the value goes in.
#[derive(Debug)]
pub struct Sender<T> {
    shared: Rc<RefCell<Shared<T>>>,
}

/// Where it comes out: await it.
#[derive(Debug)]
pub struct Receiver<T> {
    shared: Rc<RefCell<Shared<T>>>,
}

impl<T> Sender<T> {
    /// Sends the value.
    ///
    /// # Errors
    /// The value, if nobody can receive it any more.
    pub fn send(self, value: T) -> Result<(), T> {
        let mut shared = self.shared.borrow_mut();
        if shared.is_closed {
            return Err(value);
        }
        shared.value = Some(value);
        Ok(())
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let mut shared = self.shared.borrow_mut();
        shared.is_closed = true;
        let receiver = shared.receiver.take();
        drop(shared);
        receiver.into_iter().for_each(Waker::wake);
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.shared.borrow_mut().is_closed = true;
    }
}

impl<T> Future for Receiver<T> {
    type Output = Result<T, Closed>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut shared = self.shared.borrow_mut();
        if let Some(value) = shared.value.take() {
            return Poll::Ready(Ok(value));
        }
        if shared.is_closed {
            return Poll::Ready(Err(Closed));
        }
        shared.receiver = Some(cx.waker().clone());
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::run;

    #[test]
    fn one_value_comes_out_or_the_end_is_told() {
        let (sender, receiver) = channel();
        assert_eq!(sender.send(7), Ok(()));
        assert_eq!(run(receiver), Some(Ok(7)));
        let (sender, receiver) = channel::<u32>();
        drop(sender);
        assert_eq!(run(receiver), Some(Err(Closed)));
        let (sender, receiver) = channel();
        drop(receiver);
        assert_eq!(sender.send(7), Err(7));
    }
}
