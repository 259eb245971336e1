//! What peers owe: how often each call or request was handed to its receiver, and how often that has
//! answered it.
//!
//! Calls and requests are numbered in order. Of the latest [`WINDOW`] numbers each has a slot, found by
//! the number alone, so that a call costs two looks at one place. What is older is not known any more,
//! and then nobody is accused:
//! 1. Suppose a peer keeps a call while its disk is slow, and 5,000 others come and go.
//! 2. It replies at last, once, as it may.
//! 3. The slot has long been taken by a younger call, which shows that this one is too old to be judged.
//!
//! So a slot never goes back to an older call, such as the network may bring long after it was sent.

use splitvote_peer::{CallId, PeerId};

/// How many of the latest numbers are known. A power of two.
const WINDOW: usize = 256;

/// What the receiver of a call or a request owes.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// The number and 1; 0 for a slot that was never taken.
    mark: u64,
    boot: u32,
    caller: u8,
    receiver: u8,
    /// How often it was handed over and not answered yet.
    due: u16,
}

/// What became of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    /// It was due, or is too old to be judged.
    InOrder,
    /// Nothing of the kind was ever handed to who answers.
    Unasked,
    /// It was answered as often as it was handed over.
    Again,
}

/// What all peers owe.
#[derive(Clone, Debug)]
pub(crate) struct Dues {
    slots: Vec<Slot>,
}

impl Dues {
    pub(crate) fn new() -> Self {
        Self { slots: Vec::new() }
    }

    /// A call, or a request in the shape of one, is handed to its receiver.
    #[inline(always)]
    pub(crate) fn handed(&mut self, call: CallId, receiver: PeerId) {
        let place = call.number as usize % WINDOW;
        let Some(slot) = self.slots.get_mut(place) else {
            return self.first_handed(call, receiver);
        };
        if slot.mark == call.number + 1 {
            slot.due = slot.due.saturating_add(1);
        } else if slot.mark <= call.number {
            *slot = Slot::of(call, receiver);
        }
    }

    #[cold]
    fn first_handed(&mut self, call: CallId, receiver: PeerId) {
        self.slots.resize(WINDOW, Slot::default());
        self.slots[call.number as usize % WINDOW] = Slot::of(call, receiver);
    }

    /// Somebody answers it.
    #[inline(always)]
    pub(crate) fn answered(&mut self, call: CallId, by: PeerId) -> Settled {
        let Some(slot) = self.slots.get_mut(call.number as usize % WINDOW) else {
            return Settled::Unasked;
        };
        let is_it = slot.mark == call.number.wrapping_add(1)
            && (slot.boot, slot.caller, slot.receiver) == (call.boot, call.caller.0, by.0);
        if is_it && slot.due > 0 {
            slot.due -= 1;
            return Settled::InOrder;
        }
        slot.why_not(call, is_it)
    }
}

impl Slot {
    fn of(call: CallId, receiver: PeerId) -> Self {
        let CallId { number, boot, caller } = call;
        Self { mark: number + 1, boot, caller: caller.0, receiver: receiver.0, due: 1 }
    }

    #[cold]
    fn why_not(&self, call: CallId, is_it: bool) -> Settled {
        match self.mark.cmp(&call.number.saturating_add(1)) {
            _ if is_it => Settled::Again,
            std::cmp::Ordering::Greater => Settled::InOrder,
            _ => Settled::Unasked,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(number: u64) -> CallId {
        CallId { number, boot: 1, caller: PeerId(0) }
    }

    #[test]
    fn an_answer_is_due_once_for_each_time_that_it_was_asked_for() {
        let mut dues = Dues::new();
        let receiver = PeerId(2);
        assert_eq!(dues.answered(call(0), receiver), Settled::Unasked, "before any call");
        dues.handed(call(7), receiver);
        // The network may bring a request twice.
        dues.handed(call(7), receiver);
        let answers = [(); 3].map(|()| dues.answered(call(7), receiver));
        assert_eq!(answers, [Settled::InOrder, Settled::InOrder, Settled::Again]);
        assert_eq!(dues.answered(call(8), receiver), Settled::Unasked);
        assert_eq!(dues.answered(call(u64::MAX), receiver), Settled::Unasked);
    }

    #[test]
    fn only_who_was_asked_answers_and_only_the_call_that_was_made() {
        let mut dues = Dues::new();
        dues.handed(call(7), PeerId(2));
        assert_eq!(dues.answered(call(7), PeerId(1)), Settled::Unasked);
        let of_another_life = CallId { boot: 2, ..call(7) };
        assert_eq!(dues.answered(of_another_life, PeerId(2)), Settled::Unasked);
        let of_another = CallId { caller: PeerId(1), ..call(7) };
        assert_eq!(dues.answered(of_another, PeerId(2)), Settled::Unasked);
        assert_eq!(dues.answered(call(7), PeerId(2)), Settled::InOrder);
    }

    #[test]
    fn an_old_call_that_comes_late_makes_nobody_forget_a_younger_one() {
        let mut dues = Dues::new();
        let receiver = PeerId(2);
        let old = call(5);
        let young = call(5 + WINDOW as u64);
        dues.handed(young, receiver);
        dues.handed(old, receiver);
        assert_eq!(dues.answered(young, receiver), Settled::InOrder);
        assert_eq!(dues.answered(young, receiver), Settled::Again);
        assert_eq!(dues.answered(old, receiver), Settled::InOrder);
    }

    #[test]
    fn what_is_too_old_to_be_known_is_in_order() {
        let mut dues = Dues::new();
        let receiver = PeerId(2);
        (0..=WINDOW as u64).for_each(|number| dues.handed(call(number), receiver));
        assert_eq!(dues.answered(call(0), receiver), Settled::InOrder);
        assert_eq!(dues.answered(call(0), receiver), Settled::InOrder, "nobody knows better");
        assert_eq!(dues.slots.len(), WINDOW);
    }
}
