//! The floor: what one event costs at the least, if all a program does is take it out of std's
//! heap, draw a delay, and put the next one in. No handicaps: the payload is plain data, nothing
//! is boxed, and one `ChaCha8` stream serves all.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::hint::black_box;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Events that wait at any time.
const PENDING: u64 = 64;

/// 64 bytes: when it happens, its place among the events of that instant, and what it says.
#[derive(Clone, Debug)]
pub(crate) struct Event<T> {
    pub(crate) at: u64,
    pub(crate) number: u64,
    pub(crate) payload: T,
}

const _: () = assert!(size_of::<Event<[u64; 6]>>() == 64);

impl<T> Ord for Event<T> {
    /// The earliest event is the greatest: std's heap gives the greatest first.
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.number).cmp(&(self.at, self.number))
    }
}

impl<T> PartialOrd for Event<T> {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> PartialEq for Event<T> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<T> Eq for Event<T> {}

/// Virtual nanoseconds from 1 to 10 ms, from one draw.
#[inline]
pub(crate) fn delay(chance: &mut ChaCha8Rng) -> u64 {
    let span = 9_000_001_u128;
    1_000_000 + ((u128::from(chance.next_u64()) * span) >> 64) as u64
}

/// Lets `events` events happen, 64 of them waiting at any time.
pub(crate) fn run(events: u64) -> u64 {
    let mut chance = ChaCha8Rng::seed_from_u64(1);
    let mut heap = BinaryHeap::with_capacity(PENDING as usize + 1);
    for number in 0..PENDING {
        heap.push(Event { at: delay(&mut chance), number, payload: [number; 6] });
    }
    for number in PENDING..PENDING + events {
        let Some(event) = heap.pop() else { break };
        let payload = black_box(event.payload);
        heap.push(Event { at: event.at + delay(&mut chance), number, payload });
    }
    black_box(&heap);
    events
}
