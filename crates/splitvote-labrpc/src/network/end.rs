//! The end of a link, and a call over it.

use std::fmt;
use std::future::{Future, pending};
use std::marker::PhantomData;
use std::panic::Location;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use splitvote_peer::RpcError;
use splitvote_sim::network::labrpc::DEAD_CHECK_INTERVAL;

use super::fatal::{Fatal, Mistake};
use super::shared::{Sample, Shared};
use super::wire::{Encoded, type_name};
use crate::sync::oneshot;
use crate::tasks::{sleep, spawn, with_current};

/// The end of a link, through which a server is called. A clone is the same end; calls over one end run beside each
/// other, in no order.
#[derive(Clone)]
pub struct ClientEnd {
    pub(super) name: Rc<str>,
    pub(super) shared: Rc<Shared>,
}

impl fmt::Debug for ClientEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientEnd({})", self.name)
    }
}

impl ClientEnd {
    /// The name under which the end was made.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Calls `Service.Method` of the server that the end is connected to. The call leaves now; awaited, it gives
    /// the reply, or says that there is none: whether the handler ran is not known then. If the handler never
    /// returns, neither does the call, unless the end is disabled or the server deleted.
    ///
    /// What is wrong with the call itself, such as a name that no method has, ends the run ([`Fatal`]), as it ends
    /// the process in Go.
    ///
    /// # Panics
    /// If it is called outside of [`super::Network::run`].
    #[track_caller]
    pub fn call<R: DeserializeOwned>(&self, method: &str, args: impl Serialize) -> Call<R> {
        let (sender, reply) = oneshot::channel();
        let (shared, method) = (Rc::clone(&self.shared), Rc::<str>::from(method));
        let called = Called { method: Rc::clone(&method), at: Location::caller() };
        match Encoded::of(&args, &format!("the arguments of `{method}`")) {
            Err(fatal) => shared.fail(fatal.at(called.at)),
            Ok(_) if shared.is_cleaned_up.get() => drop(sender.send(None)),
            Ok(args) => {
                shared.total_count.set(shared.total_count.get() + 1);
                shared.add_bytes(args.len());
                let (end, sample) = (self.clone(), shared.sample(&self.name));
                let at = called.at;
                let life = async move {
                    let outcome = end.live(&method, args, sample).await;
                    match outcome {
                        // Nobody may wait for it.
                        Ok(reply) => drop(sender.send(reply)),
                        Err(fatal) => end.shared.fail(fatal.at(at)),
                    }
                };
                with_current("call()", |executor| executor.spawn(life));
            }
        }
        Call { reply, shared, called, value: PhantomData }
    }

    /// The life of a call that the network has accepted (steps 2 to 9): the reply, none, or a mistake.
    async fn live(
        &self,
        method: &Rc<str>,
        args: Encoded,
        sample: Sample,
    ) -> Result<Option<Encoded>, Fatal> {
        let Sample { draws, server, reliable, long_reordering } = sample;
        let Some((name, server)) = server else {
            let long_delays = self.shared.switches.get().long_delays;
            sleep(Duration::from_nanos(draws.until_unreachable(long_delays))).await;
            return Ok(None);
        };
        if !reliable {
            sleep(Duration::from_nanos(draws.short_delay())).await;
            if draws.loses_request() {
                return Ok(None);
            }
        }
        let (handler, method) = (server.clone(), Rc::clone(method));
        let mut handled = spawn(async move { handler.dispatch(&method, &args).await });
        let is_dead = || self.shared.is_dead(&self.name, &name, &server);
        let reply = loop {
            crate::select! {
                reply = &mut handled => break reply,
                () = sleep(Duration::from_nanos(DEAD_CHECK_INTERVAL)) => if is_dead() {
                    return Ok(None);
                },
            }
        };
        let Some(reply) = reply.transpose()? else { return pending().await };
        if is_dead() || (!reliable && draws.loses_reply()) {
            return Ok(None);
        }
        if long_reordering {
            sleep(Duration::from_nanos(draws.reply_delay())).await;
        }
        self.shared.add_bytes(reply.len());
        Ok(Some(reply))
    }
}

/// What was called, and where in the program.
struct Called {
    method: Rc<str>,
    at: &'static Location<'static>,
}

/// A call that was made: await it. Dropped, it is made all the same.
#[must_use = "a call that is not awaited is made, but its reply is not heard"]
pub struct Call<R> {
    reply: oneshot::Receiver<Option<Encoded>>,
    shared: Rc<Shared>,
    called: Called,
    value: PhantomData<fn() -> R>,
}

impl<R> fmt::Debug for Call<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({})", self.called.method)
    }
}

impl<R: DeserializeOwned> Future for Call<R> {
    type Output = Result<R, RpcError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // A sender that is gone has made a mistake, which ends the run.
        let Poll::Ready(Ok(reply)) = Pin::new(&mut self.reply).poll(cx) else {
            return Poll::Pending;
        };
        let Some(reply) = reply else { return Poll::Ready(Err(RpcError::NoReply)) };
        match reply.decode() {
            Ok(value) => Poll::Ready(Ok(value)),
            Err(error) => {
                let (method, given, awaited) =
                    (&self.called.method, reply.type_name, type_name::<R>());
                let text = format!(
                    "`{method}` replies with `{given}`, and `{awaited}` is awaited ({error}): await `{given}`"
                );
                self.shared.fail(Fatal::new(Mistake::WrongReply, text).at(self.called.at));
                Poll::Pending
            }
        }
    }
}
