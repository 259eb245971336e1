//! The event queue: what happens next, first in, first out among events of one instant.
//!
//! A key is one `u128`: the instant, then the number of the push, then the place of the payload in
//! a slab. Keys live in a four-ary heap, whose four children of a node share a cache line; payloads
//! never move while they wait. In steady state nothing is allocated.

use splitvote_peer::SimTime;

/// Bits of a key that name the payload's place.
const SLOT_BITS: u32 = 24;
/// Bits of a key that number the push, so that equal instants come out in order.
const NUMBER_BITS: u32 = 40;
/// How many children a node of the heap has.
const ARITY: usize = 4;

/// A queue of events ordered by instant, then by the order in which they were pushed.
#[derive(Clone, Debug)]
pub struct EventQueue<T> {
    heap: Vec<u128>,
    slots: Vec<Option<T>>,
    free: Vec<u32>,
    pushed: u64,
    is_overfull: bool,
}

impl<T> Default for EventQueue<T> {
    fn default() -> Self {
        Self {
            heap: Vec::new(),
            slots: Vec::new(),
            free: Vec::new(),
            pushed: 0,
            is_overfull: false,
        }
    }
}

impl<T> EventQueue<T> {
    /// How many events wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Whether no event waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    /// Whether an event had to be refused: 16 million were waiting, or 2^40 had been pushed.
    #[must_use]
    pub fn is_overfull(&self) -> bool {
        self.is_overfull
    }

    /// The instant of the next event.
    #[inline]
    #[must_use]
    pub fn next_at(&self) -> Option<SimTime> {
        self.heap.first().map(|key| SimTime((key >> 64) as u64))
    }

    /// Adds an event.
    #[inline]
    pub fn push(&mut self, at: SimTime, event: T) {
        let slot = match self.free.pop() {
            Some(slot) => {
                self.slots[slot as usize] = Some(event);
                slot
            }
            None => {
                self.slots.push(Some(event));
                (self.slots.len() - 1) as u32
            }
        };
        if slot >> SLOT_BITS != 0 || self.pushed >> NUMBER_BITS != 0 {
            self.is_overfull = true;
            return;
        }
        let tail = self.pushed << SLOT_BITS | u64::from(slot);
        self.pushed += 1;
        self.heap.push(u128::from(at.0) << 64 | u128::from(tail));
        self.sift_up(self.heap.len() - 1);
    }

    /// Takes out the next event.
    #[inline]
    pub fn pop(&mut self) -> Option<(SimTime, T)> {
        let next = *self.heap.first()?;
        let last = self.heap.pop()?;
        if !self.heap.is_empty() {
            self.sift_down(last);
        }
        let slot = (next as u32) & ((1 << SLOT_BITS) - 1);
        let event = self.slots[slot as usize].take()?;
        self.free.push(slot);
        Some((SimTime((next >> 64) as u64), event))
    }

    #[inline]
    fn sift_up(&mut self, mut place: usize) {
        let key = self.heap[place];
        while place > 0 {
            let parent = (place - 1) / ARITY;
            if self.heap[parent] <= key {
                break;
            }
            self.heap[place] = self.heap[parent];
            place = parent;
        }
        self.heap[place] = key;
    }

    /// Puts `key`, taken from the end, where it belongs below the vacated root.
    #[inline]
    fn sift_down(&mut self, key: u128) {
        let heap = self.heap.as_mut_slice();
        let mut place = 0;
        loop {
            let first = place * ARITY + 1;
            if first >= heap.len() {
                break;
            }
            let children = &heap[first..heap.len().min(first + ARITY)];
            let mut least = 0;
            for child in 1..children.len() {
                if children[child] < children[least] {
                    least = child;
                }
            }
            if children[least] >= key {
                break;
            }
            heap[place] = children[least];
            place = first + least;
        }
        heap[place] = key;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::{Seed, Stream, StreamId};

    #[test]
    fn events_of_one_instant_come_out_in_the_order_they_went_in() {
        let mut queue = EventQueue::default();
        for event in 0..100 {
            queue.push(SimTime(5), event);
        }
        queue.push(SimTime(4), -1);
        let order: Vec<i32> = std::iter::from_fn(|| queue.pop().map(|(_, event)| event)).collect();
        assert_eq!(order, (-1..100).collect::<Vec<_>>());
    }

    #[test]
    fn it_agrees_with_a_sorted_list_under_any_mix_of_pushes_and_pops() {
        let mut chance = Stream::new(Seed(1), StreamId::Workload);
        let (mut queue, mut model) = (EventQueue::default(), Vec::new());
        for number in 0..20_000_u64 {
            if chance.below(5) < 3 {
                let at = SimTime(chance.below(500));
                queue.push(at, number);
                model.push((at, number));
            } else {
                model.sort_unstable();
                let expected = if model.is_empty() { None } else { Some(model.remove(0)) };
                assert_eq!(queue.pop(), expected);
            }
            assert_eq!(queue.len(), model.len());
        }
    }
}
