//! The end of a link, through which a peer calls another.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use splitvote_peer::{PeerId, RpcError};

use super::env::{Action, Shared};
use super::{Args, CallOf, LabRaft};

/// The end of the link to one peer. Cheap to clone.
pub struct ClientEnd<R: LabRaft> {
    pub(super) peer: PeerId,
    pub(super) shared: Rc<Shared<R>>,
}

impl<R: LabRaft> Clone for ClientEnd<R> {
    fn clone(&self) -> Self {
        Self { peer: self.peer, shared: Rc::clone(&self.shared) }
    }
}

impl<R: LabRaft> ClientEnd<R> {
    /// The peer at the other end.
    #[must_use]
    pub fn peer(&self) -> PeerId {
        self.peer
    }

    /// Calls a handler of the peer. The call leaves now; awaited, it gives the reply, or says that there is none.
    ///
    /// Under labrpc a failure comes when the network knows of it: whether the handler ran is not known. Under the
    /// realistic network, which reports nothing, a call whose reply is lost never ends: put it into
    /// [`crate::timeout`]. A call that is dropped is made all the same, and its reply is not heard.
    pub fn call<A: CallOf<R::Service>>(&self, args: A) -> Call<R, A> {
        let bytes = u32::try_from(Args::bytes(&args)).unwrap_or(u32::MAX);
        let place = self.shared.calls.borrow_mut().open();
        let request = args.wrap();
        self.shared.act(Action::Call { to: self.peer, request, bytes, place });
        Call { place, shared: Rc::clone(&self.shared), args: PhantomData }
    }
}

/// A call that was made: await it.
#[must_use = "a call that is not awaited is made, but its reply is not heard"]
pub struct Call<R: LabRaft, A> {
    place: usize,
    shared: Rc<Shared<R>>,
    args: PhantomData<fn() -> A>,
}

impl<R: LabRaft, A: CallOf<R::Service>> Future for Call<R, A> {
    type Output = Result<A::Reply, RpcError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let waiter = || self.shared.executor.waiter(cx.waker());
        let outcome = self.shared.calls.borrow_mut().take(self.place, waiter);
        match outcome {
            None => Poll::Pending,
            Some(outcome) => Poll::Ready(outcome.and_then(|reply| {
                // A peer replies by the handler of the call, so it is one to this call.
                A::unwrap(&reply).cloned().ok_or(RpcError::NoReply)
            })),
        }
    }
}

impl<R: LabRaft, A> Drop for Call<R, A> {
    fn drop(&mut self) {
        let mut calls = self.shared.calls.borrow_mut();
        calls.close(self.place);
    }
}
