//! What peers owe: how often each call or request was handed to its receiver, and how often that has
//! answered it.
//!
//! Most are answered in the step that took them: such a one is only held in hand. The others are put
//! down in slots. Calls and requests are numbered in order, and each has the slot of its number modulo
//! [`WINDOW`], so that it costs two looks at one place. What is older is not known any more, and then
//! nobody is accused:
//! 1. Suppose a peer keeps a call while its disk is slow, and 5,000 others come and go.
//! 2. It replies at last, once, as it may.
//! 3. The slot has long been taken by a younger call, which shows that this one is too old to be judged.
//!
//! So a slot never goes back to an older call, such as the network may bring long after it was sent.

use splitvote_peer::{CallId, PeerId};

/// How many of the latest numbers are known. A power of two.
const WINDOW: usize = 256;

/// A call that somebody has yet to answer, or has answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Slot {
    call: CallId,
    receiver: PeerId,
    /// How often it was handed over and not answered yet.
    due: u16,
}

/// What became of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    /// It was due, or is too old to be judged.
    InOrder,
    /// Nothing of the kind is known: it was never handed to who answers, or was answered some steps ago.
    Unasked,
    /// It was answered as often as it was handed over.
    Again,
}

/// What all peers owe.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dues {
    /// What was handed over last, and whether it is not answered yet.
    in_hand: Option<CallId>,
    is_due: bool,
    slots: Vec<Option<Slot>>,
}

impl Dues {
    /// A call, or a request in the shape of one, is handed to its receiver.
    #[inline(always)]
    pub(crate) fn hand(&mut self, call: CallId) {
        self.in_hand = Some(call);
        self.is_due = true;
    }

    /// The step of the receiver has ended: what it has not answered is kept for later.
    #[inline(always)]
    pub(crate) fn put_down(&mut self, call: CallId, receiver: PeerId) {
        if self.is_due {
            self.keep(call, receiver);
        }
    }

    #[inline(never)]
    fn keep(&mut self, call: CallId, receiver: PeerId) {
        self.is_due = false;
        if self.slots.is_empty() {
            self.slots.resize(WINDOW, None);
        }
        let slot = &mut self.slots[call.number as usize % WINDOW];
        match slot {
            Some(slot) if slot.call == call => slot.due = slot.due.saturating_add(1),
            Some(younger) if younger.call.number > call.number => {}
            _ => *slot = Some(Slot { call, receiver, due: 1 }),
        }
    }

    /// Somebody answers it.
    #[inline(always)]
    pub(crate) fn answered(&mut self, call: CallId, by: PeerId) -> Settled {
        if self.is_due && self.in_hand == Some(call) {
            self.is_due = false;
            return Settled::InOrder;
        }
        self.answered_later(call, by)
    }

    #[inline(never)]
    fn answered_later(&mut self, call: CallId, by: PeerId) -> Settled {
        match self.slots.get_mut(call.number as usize % WINDOW) {
            Some(Some(slot)) if slot.call == call => {
                if slot.receiver != by {
                    return Settled::Unasked;
                }
                let is_due = slot.due > 0;
                slot.due = slot.due.saturating_sub(1);
                if is_due { Settled::InOrder } else { Settled::Again }
            }
            // Too old to be known.
            Some(Some(younger)) if younger.call.number > call.number => Settled::InOrder,
            _ if self.in_hand == Some(call) => Settled::Again,
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

    impl Dues {
        /// A call is handed over, and its receiver takes its time.
        fn handed(&mut self, call: CallId, receiver: PeerId) {
            self.hand(call);
            self.put_down(call, receiver);
        }
    }

    #[test]
    fn an_answer_is_due_once_for_each_time_that_it_was_asked_for() {
        let mut dues = Dues::default();
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
    fn what_is_answered_at_once_takes_no_slot() {
        let mut dues = Dues::default();
        let receiver = PeerId(2);
        dues.hand(call(7));
        assert_eq!(dues.answered(call(7), receiver), Settled::InOrder);
        assert_eq!(dues.answered(call(7), receiver), Settled::Again);
        dues.put_down(call(7), receiver);
        assert!(dues.slots.is_empty());
        // The first copy waits, the second is answered at once.
        dues.handed(call(8), receiver);
        dues.hand(call(8));
        let answers = [(); 3].map(|()| dues.answered(call(8), receiver));
        assert_eq!(answers, [Settled::InOrder, Settled::InOrder, Settled::Again]);
        dues.hand(call(9));
        assert_eq!(dues.answered(call(7), receiver), Settled::Unasked, "or long since");
    }

    #[test]
    fn only_who_was_asked_answers_and_only_the_call_that_was_made() {
        let mut dues = Dues::default();
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
        let mut dues = Dues::default();
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
        let mut dues = Dues::default();
        let receiver = PeerId(2);
        (0..=WINDOW as u64).for_each(|number| dues.handed(call(number), receiver));
        assert_eq!(dues.answered(call(0), receiver), Settled::InOrder);
        assert_eq!(dues.answered(call(0), receiver), Settled::InOrder, "nobody knows better");
        assert_eq!(dues.slots.len(), WINDOW);
    }
}
