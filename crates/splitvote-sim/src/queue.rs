//! The event queue: what happens next, first in, first out among events of one instant.
//!
//! A key is one `u128`: the instant, then the number of the push, then the place of the payload in
//! a slab; payloads never move while they wait. Keys wait in a calendar: a quarter of a millisecond a
//! page, the next 64 pages at hand, and a heap for all that is further ahead. A page of a cluster that is
//! not flooded holds a key or two, so an event costs neither a search nor a deep heap; the rest of
//! a page is a heap, so that a flood costs a logarithm and no more. In steady state nothing is
//! allocated.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use splitvote_peer::SimTime;

/// Bits of a key that name the payload's place.
const SLOT_BITS: u32 = 24;
/// Bits of a key that number the push, so that equal instants come out in order.
const NUMBER_BITS: u32 = 40;
/// How many pages are at hand: one bit of a word each.
const PAGES: usize = 64;
/// A page covers 2^18 ns, about a quarter of a millisecond; all pages at hand about 17 ms.
const PAGE_BITS: u32 = 18;
/// Keys that a page has room for, once it holds more than one, before it has to grow.
const PAGE_CAPACITY: usize = 16;

/// Keys, the least first.
type Keys = BinaryHeap<Reverse<u128>>;

/// A queue of events ordered by instant, then by the order in which they were pushed.
#[derive(Clone, Debug)]
pub struct EventQueue<T> {
    /// The least key of each page. Page p of the calendar is at place p modulo 64.
    least: [u128; PAGES],
    /// The other keys of each page.
    others: [Keys; PAGES],
    /// A bit for each page that holds keys.
    filled: u64,
    /// The first page at hand.
    today: u64,
    /// Keys of later pages than those at hand.
    ahead: Keys,
    /// The payloads. A free place holds none.
    slots: Vec<Option<T>>,
    /// The free places, the next one to be filled last.
    free: Vec<u32>,
    len: usize,
    pushed: u64,
    /// How many events may wait.
    room: u32,
    is_overfull: bool,
}

impl<T> Default for EventQueue<T> {
    fn default() -> Self {
        Self::with_room(Self::MOST_ROOM)
    }
}

impl<T> EventQueue<T> {
    /// The most room that a queue can have, in events.
    pub const MOST_ROOM: u64 = 1 << SLOT_BITS;

    /// A queue in which so many events may wait, or [`Self::MOST_ROOM`] if that is less.
    #[must_use]
    pub fn with_room(room: u64) -> Self {
        Self {
            least: [0; PAGES],
            others: std::array::from_fn(|_| Keys::new()),
            filled: 0,
            today: 0,
            ahead: Keys::with_capacity(PAGES),
            slots: Vec::with_capacity(PAGES),
            free: Vec::with_capacity(PAGES),
            len: 0,
            pushed: 0,
            room: room.min(Self::MOST_ROOM) as u32,
            is_overfull: false,
        }
    }

    /// How many events may wait.
    #[must_use]
    pub fn room(&self) -> u64 {
        u64::from(self.room)
    }

    /// How many events wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether no event waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether an event had to be refused: there was no more room, or 2^40 had been pushed.
    #[must_use]
    pub fn is_overfull(&self) -> bool {
        self.is_overfull
    }

    /// The instant of the next event.
    #[inline]
    #[must_use]
    pub fn next_at(&self) -> Option<SimTime> {
        if self.filled != 0 {
            return Some(instant(self.least[self.first_filled()]));
        }
        self.ahead.peek().map(|Reverse(key)| instant(*key))
    }

    /// The instant of the last event.
    #[must_use]
    pub fn last_at(&self) -> Option<SimTime> {
        let is_filled = |place: &usize| self.filled & 1 << place != 0;
        let at_hand = (0..PAGES).filter(is_filled).map(|place| {
            self.others[place].iter().map(|Reverse(key)| *key).fold(self.least[place], u128::max)
        });
        let ahead = self.ahead.iter().map(|Reverse(key)| *key);
        at_hand.chain(ahead).max().map(instant)
    }

    /// Adds an event.
    #[inline]
    pub fn push(&mut self, at: SimTime, event: T) {
        if let Some(slot) = self.reserve(at) {
            fill(slot, event);
        }
    }

    /// The slot of an event that will happen then, to be filled at once. So the event is made where it
    /// stays; handed over, even to a closure, it would be copied once or twice more.
    #[inline(always)]
    pub(crate) fn reserve(&mut self, at: SimTime) -> Option<&mut Option<T>> {
        let Some(slot) = self.free_slot() else {
            self.is_overfull = true;
            return None;
        };
        let tail = self.pushed << SLOT_BITS | u64::from(slot);
        let key = u128::from(at.0) << 64 | u128::from(tail);
        self.pushed += 1;
        self.len += 1;
        let page = (at.0 >> PAGE_BITS).max(self.today);
        if page - self.today < PAGES as u64 {
            self.write(page, key);
        } else {
            self.ahead.push(Reverse(key));
        }
        self.slots.get_mut(slot as usize)
    }

    /// Takes out the next event.
    pub fn pop(&mut self) -> Option<(SimTime, T)> {
        self.pop_by(SimTime::NEVER)
    }

    /// Takes out the next event, unless it is later than `limit`.
    #[inline]
    pub fn pop_by(&mut self, limit: SimTime) -> Option<(SimTime, T)> {
        let (at, slot) = self.call_by(limit)?;
        self.take(slot).map(|event| (at, event))
    }

    /// Calls the next event up, unless it is later than `limit`: its instant, and its slot. It stays
    /// there until it is taken, so that it can be looked at before it is moved.
    #[inline(always)]
    pub(crate) fn call_by(&mut self, limit: SimTime) -> Option<(SimTime, u32)> {
        if self.filled == 0 {
            // Pages are not turned past the limit: what is pushed next may come before.
            let Reverse(key) = *self.ahead.peek()?;
            if instant(key) > limit {
                return None;
            }
            self.turn_to(instant(key));
        }
        let place = self.first_filled();
        let key = self.least[place];
        if instant(key) > limit {
            return None;
        }
        match self.others[place].pop() {
            Some(Reverse(next)) => self.least[place] = next,
            None => self.filled &= !(1 << place),
        }
        self.turn_to(instant(key));
        self.len -= 1;
        Some((instant(key), (key as u32) & ((1 << SLOT_BITS) - 1)))
    }

    /// The event in a slot.
    #[inline(always)]
    pub(crate) fn get(&self, slot: u32) -> Option<&T> {
        self.slots.get(slot as usize)?.as_ref()
    }

    /// Takes an event that was called up out of its slot.
    #[inline(always)]
    pub(crate) fn take(&mut self, slot: u32) -> Option<T> {
        self.free.push(slot);
        self.slots.get_mut(slot as usize)?.take()
    }

    /// Throws away an event that was called up.
    #[inline(always)]
    pub(crate) fn discard(&mut self, slot: u32) {
        self.free.push(slot);
        if let Some(event) = self.slots.get_mut(slot as usize) {
            *event = None;
        }
    }

    /// An event cannot wait elsewhere either: there is no more room.
    pub(crate) fn refuse(&mut self) {
        self.is_overfull = true;
    }

    /// Puts an event into a slot as if it had been called up there; `None` if there is no room.
    pub(crate) fn lodge(&mut self, event: T) -> Option<u32> {
        let Some(slot) = self.free_slot() else {
            self.is_overfull = true;
            return None;
        };
        *self.slots.get_mut(slot as usize)? = Some(event);
        Some(slot)
    }

    /// A free place for a payload, unless there are too many.
    #[inline]
    fn free_slot(&mut self) -> Option<u32> {
        if self.pushed >> NUMBER_BITS != 0 {
            return None;
        }
        if let Some(slot) = self.free.pop() {
            return Some(slot);
        }
        let slot = self.slots.len() as u32;
        if slot >= self.room {
            return None;
        }
        self.slots.push(None);
        Some(slot)
    }

    /// The place of the next page that holds keys, if any does.
    #[inline]
    fn first_filled(&self) -> usize {
        let start = (self.today % PAGES as u64) as u32;
        let pages_ahead = self.filled.rotate_right(start).trailing_zeros();
        (start + pages_ahead) as usize % PAGES
    }

    /// Writes a key on a page that is at hand.
    #[inline]
    fn write(&mut self, page: u64, mut key: u128) {
        let place = page as usize % PAGES;
        let is_empty = self.filled & 1 << place == 0;
        self.filled |= 1 << place;
        let least = &mut self.least[place];
        if is_empty {
            *least = key;
            return;
        }
        if key < *least {
            std::mem::swap(&mut key, least);
        }
        let others = &mut self.others[place];
        if others.capacity() == 0 {
            others.reserve(PAGE_CAPACITY);
        }
        others.push(Reverse(key));
    }

    /// Turns the calendar to an instant. All events before it must have been taken out.
    #[inline]
    pub(crate) fn turn_to(&mut self, now: SimTime) {
        let page = now.0 >> PAGE_BITS;
        if page > self.today {
            self.today = page;
            // Mostly nothing waits further ahead than the pages at hand.
            if self.ahead.peek().is_some_and(|Reverse(key)| page_of(*key) - page < PAGES as u64) {
                self.write_what_comes_to_hand();
            }
        }
    }

    #[cold]
    fn write_what_comes_to_hand(&mut self) {
        while let Some(&Reverse(key)) = self.ahead.peek() {
            if page_of(key) - self.today >= PAGES as u64 {
                break;
            }
            self.ahead.pop();
            self.write(page_of(key), key);
        }
    }
}

/// Puts an event into the slot that was reserved for it.
#[inline(always)]
pub(crate) fn fill<T>(slot: &mut Option<T>, event: T) {
    debug_assert!(slot.is_none());
    // A free slot is empty: there is nothing to drop, and to look for it would cost a copy.
    std::mem::forget(slot.replace(event));
}

#[inline]
fn instant(key: u128) -> SimTime {
    SimTime((key >> 64) as u64)
}

#[inline]
fn page_of(key: u128) -> u64 {
    (key >> (64 + PAGE_BITS)) as u64
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
    fn an_event_too_many_is_refused() {
        let mut queue = EventQueue::with_room(2);
        queue.push(SimTime(1), 1);
        queue.push(SimTime(2), 2);
        assert_eq!(queue.pop(), Some((SimTime(1), 1)), "room is made anew");
        queue.push(SimTime(3), 3);
        assert!(!queue.is_overfull());
        queue.push(SimTime(4), 4);
        assert!(queue.is_overfull());
        assert_eq!((queue.len(), queue.room()), (2, 2));
        assert_eq!(EventQueue::<()>::with_room(u64::MAX).room(), 1 << 24);
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
                assert_eq!(queue.last_at(), model.last().map(|(at, _)| *at));
                let expected = if model.is_empty() { None } else { Some(model.remove(0)) };
                assert_eq!(queue.pop(), expected);
            }
            assert_eq!(queue.len(), model.len());
        }
    }
}
