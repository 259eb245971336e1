//! The event queue: what happens next, first in, first out among events of one instant.
//!
//! A key is one `u128`: the instant, then the number of the push, then the place of the payload in
//! a slab; payloads never move while they wait. Keys wait in a calendar: half a millisecond a page,
//! the next 64 pages at hand, and a heap for all that is further ahead. A page of a cluster that is
//! not flooded holds a key or two, so an event costs neither a search nor a deep heap. Pages are
//! heaps themselves, so that a flood costs a logarithm and no more. In steady state nothing is
//! allocated.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use splitvote_peer::SimTime;

/// Bits of a key that name the payload's place.
const SLOT_BITS: u32 = 24;
/// Bits of a key that number the push, so that equal instants come out in order.
const NUMBER_BITS: u32 = 40;
/// How many pages are at hand: one bit of a word each.
const PAGES: u64 = 64;
/// A page covers 2^19 ns, about half a millisecond; all pages at hand about 34 ms.
const PAGE_BITS: u32 = 19;
/// Keys that a page holds before it has to grow.
const PAGE_CAPACITY: usize = 16;

type Keys = BinaryHeap<Reverse<u128>>;

/// A queue of events ordered by instant, then by the order in which they were pushed.
#[derive(Clone, Debug)]
pub struct EventQueue<T> {
    /// Page p of the calendar is at place p modulo 64.
    pages: [Keys; PAGES as usize],
    /// A bit for each place of `pages` that holds keys. None only if the queue is empty.
    filled: u64,
    /// The first page at hand.
    today: u64,
    /// Keys of later pages than those at hand.
    ahead: Keys,
    slots: Vec<Option<T>>,
    free: Vec<u32>,
    pushed: u64,
    is_overfull: bool,
}

impl<T> Default for EventQueue<T> {
    fn default() -> Self {
        Self {
            pages: std::array::from_fn(|_| Keys::with_capacity(PAGE_CAPACITY)),
            filled: 0,
            today: 0,
            ahead: Keys::with_capacity(PAGES as usize),
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
        self.slots.len() - self.free.len()
    }

    /// Whether no event waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.filled == 0
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
        let Reverse(key) = self.pages[self.first_filled()].peek()?;
        Some(instant(*key))
    }

    /// Adds an event.
    #[inline(always)]
    pub fn push(&mut self, at: SimTime, event: T) {
        if self.pushed >> NUMBER_BITS != 0 {
            self.is_overfull = true;
            return;
        }
        let slot = match self.free.pop() {
            Some(slot) => {
                self.slots[slot as usize] = Some(event);
                slot
            }
            None if self.slots.len() >> SLOT_BITS != 0 => {
                self.is_overfull = true;
                return;
            }
            None => {
                self.slots.push(Some(event));
                (self.slots.len() - 1) as u32
            }
        };
        let tail = self.pushed << SLOT_BITS | u64::from(slot);
        self.pushed += 1;
        let page = (at.0 >> PAGE_BITS).max(self.today);
        let key = Reverse(u128::from(at.0) << 64 | u128::from(tail));
        if page - self.today < PAGES {
            self.write(page, key);
        } else {
            self.ahead.push(key);
            if self.filled == 0 {
                self.turn_to_next();
            }
        }
    }

    /// Takes out the next event.
    #[inline(always)]
    pub fn pop(&mut self) -> Option<(SimTime, T)> {
        let place = self.first_filled();
        let Reverse(next) = self.pages[place].pop()?;
        if self.pages[place].is_empty() {
            self.filled &= !(1 << place);
        }
        let page = (next >> (64 + PAGE_BITS)) as u64;
        if page > self.today || self.filled == 0 {
            self.today = self.today.max(page);
            if !self.ahead.is_empty() {
                self.turn_to_next();
            }
        }
        let slot = (next as u32) & ((1 << SLOT_BITS) - 1);
        let event = self.slots[slot as usize].take()?;
        self.free.push(slot);
        Some((instant(next), event))
    }

    /// The place of the next page that holds keys; that of any page if none does.
    #[inline]
    fn first_filled(&self) -> usize {
        let start = self.today % PAGES;
        let pages_ahead = self.filled.rotate_right(start as u32).trailing_zeros();
        ((start + u64::from(pages_ahead)) % PAGES) as usize
    }

    #[inline]
    fn write(&mut self, page: u64, key: Reverse<u128>) {
        let place = page % PAGES;
        self.filled |= 1 << place;
        self.pages[place as usize].push(key);
    }

    /// Puts the keys of pages that have come to hand onto them. If all pages at hand are empty,
    /// turns to the first page of what is ahead.
    fn turn_to_next(&mut self) {
        while let Some(key) = self.ahead.peek() {
            let page = (key.0 >> (64 + PAGE_BITS)) as u64;
            if self.filled == 0 {
                self.today = page;
            }
            if page - self.today >= PAGES {
                break;
            }
            if let Some(key) = self.ahead.pop() {
                self.write(page, key);
            }
        }
    }
}

#[inline]
fn instant(key: u128) -> SimTime {
    SimTime((key >> 64) as u64)
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
                // Near, far, and now and then in the past.
                let range = [500, 5_000_000, 500_000_000][chance.below(3) as usize];
                let at = SimTime(number * 1_000 + chance.below(range));
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
