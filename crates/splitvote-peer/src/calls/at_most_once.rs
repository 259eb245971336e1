//! Requests that are executed at most once, however often the network brings them.

use std::collections::BTreeMap;

use super::Calls;
use crate::context::Context;
use crate::id::{CallId, PeerId, Term};
use crate::peer::Peer;

/// The requests that came, and what was answered.
///
/// The network may bring a request twice, and Raft's RPCs are made so that this does no harm. A Raft whose RPC layer
/// promises that it does not happen asks [`AtMostOnce::is_new`] first, and answers by [`AtMostOnce::reply`]: a
/// request is executed once, and one that comes again gets the same answer.
///
/// So many of the latest calls of each caller are remembered. One that is older than these is not executed, since
/// nobody can tell whether it was before: it counts as lost. A crash forgets all, as a connection breaks with its
/// process.
///
/// ```
/// use splitvote_peer::calls::{AtMostOnce, Seen};
/// use splitvote_peer::{CallId, PeerId};
///
/// let mut once = AtMostOnce::<&str>::remembering(2);
/// let call = |number| CallId { number, boot: 1, caller: PeerId(1) };
/// assert_eq!(once.seen(call(4)), Seen::New, "to be executed");
/// assert_eq!(once.seen(call(4)), Seen::UnderWay, "it is being executed");
/// once.keep(call(4), "granted", 10);
/// assert_eq!(once.seen(call(4)), Seen::Answered(&"granted", 10));
/// assert_eq!(once.seen(call(7)), Seen::New);
/// assert_eq!(once.seen(call(8)), Seen::New);
/// assert_eq!(once.seen(call(4)), Seen::Forgotten, "two later ones are remembered");
/// ```
#[derive(Clone, Debug)]
pub struct AtMostOnce<M> {
    remembered: usize,
    callers: BTreeMap<PeerId, Caller<M>>,
}

/// What is remembered of one caller. Its calls have rising numbers, over its restarts, too.
#[derive(Clone, Debug)]
struct Caller<M> {
    calls: BTreeMap<u64, Option<(M, u32)>>,
    /// The greatest number that was forgotten.
    forgotten: Option<u64>,
}

/// What is known of a request that has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen<'a, M> {
    /// It comes for the first time: execute it.
    New,
    /// It came before and has no answer yet: leave it.
    UnderWay,
    /// It came before, and this was answered, of so many bytes: answer so again.
    Answered(&'a M, u32),
    /// It is so old that it may have come before: leave it.
    Forgotten,
}

impl<M> AtMostOnce<M> {
    /// Remembers so many calls of each caller, at least one.
    #[must_use]
    pub fn remembering(calls: usize) -> Self {
        Self { remembered: calls.max(1), callers: BTreeMap::new() }
    }

    /// A request has come: what is known of it. From now on it is known to be under way.
    pub fn seen(&mut self, call: CallId) -> Seen<'_, M> {
        let none = || Caller { calls: BTreeMap::new(), forgotten: None };
        let caller = self.callers.entry(call.caller).or_insert_with(none);
        if caller.calls.contains_key(&call.number) {
            return match caller.calls.get(&call.number) {
                Some(Some((message, bytes))) => Seen::Answered(message, *bytes),
                _ => Seen::UnderWay,
            };
        }
        if caller.forgotten.is_some_and(|forgotten| call.number <= forgotten) {
            return Seen::Forgotten;
        }
        caller.calls.insert(call.number, None);
        while caller.calls.len() > self.remembered {
            caller.forgotten = caller.calls.pop_first().map(|(number, _)| number);
        }
        Seen::New
    }

    /// Keeps an answer, and leaves it to the caller of this to send it.
    pub fn keep(&mut self, call: CallId, message: M, bytes: u32) {
        let caller = self.callers.get_mut(&call.caller);
        if let Some(answer) = caller.and_then(|caller| caller.calls.get_mut(&call.number)) {
            *answer = Some((message, bytes));
        }
    }
}

impl<M: Clone> AtMostOnce<M> {
    /// Whether a request is to be executed. One that was answered is answered again, as soon as all that was written is
    /// durable ([`Calls::reply`]): the first answer may still wait for the disk.
    pub fn is_new<P: Peer<Message = M>, T>(
        &mut self,
        call: CallId,
        term: Term,
        calls: &mut Calls<M, T>,
        cx: &mut Context<'_, P>,
    ) -> bool {
        match self.seen(call) {
            Seen::New => true,
            Seen::Answered(message, bytes) => {
                calls.reply(call, term, message.clone(), bytes, cx);
                false
            }
            Seen::UnderWay | Seen::Forgotten => false,
        }
    }

    /// Answers a call by [`Calls::reply`], and keeps the answer.
    pub fn reply<P: Peer<Message = M>, T>(
        &mut self,
        call: CallId,
        term: Term,
        (message, bytes): (M, u32),
        calls: &mut Calls<M, T>,
        cx: &mut Context<'_, P>,
    ) {
        self.keep(call, message.clone(), bytes);
        calls.reply(call, term, message, bytes, cx);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(number: u64, caller: u8) -> CallId {
        CallId { number, boot: 1, caller: PeerId(caller) }
    }

    #[test]
    fn callers_are_told_apart_and_their_restarts_are_not() {
        let mut once = AtMostOnce::<u8>::remembering(4);
        assert_eq!(once.seen(call(1, 1)), Seen::New);
        assert_eq!(once.seen(call(2, 2)), Seen::New);
        once.keep(call(1, 1), 7, 1);
        assert_eq!(once.seen(call(2, 2)), Seen::UnderWay);
        let again = CallId { boot: 2, ..call(1, 1) };
        assert_eq!(once.seen(again), Seen::Answered(&7, 1), "a number is given once in a run");
    }

    #[test]
    fn what_is_reordered_a_little_is_executed() {
        let mut once = AtMostOnce::<u8>::remembering(3);
        for number in [5, 9, 7, 6] {
            let seen = once.seen(call(number, 1));
            assert_eq!(seen, Seen::New, "{number}");
        }
        assert_eq!(once.seen(call(5, 1)), Seen::Forgotten);
        assert_eq!(once.seen(call(4, 1)), Seen::Forgotten, "never came, but nobody can tell");
        once.keep(call(5, 1), 1, 1);
        assert_eq!(once.seen(call(5, 1)), Seen::Forgotten, "an answer does not bring it back");
    }

    #[test]
    fn memory_is_bounded() {
        let mut once = AtMostOnce::<u8>::remembering(0);
        for number in 0..1_000 {
            assert_eq!(once.seen(call(number, 1)), Seen::New);
            once.keep(call(number, 1), 0, 1);
        }
        assert_eq!(once.callers.values().map(|caller| caller.calls.len()).sum::<usize>(), 1);
    }
}
