//! Which mutant is on, and which places of the Raft a run has reached.
//!
//! A worker runs its worlds on its own thread, and so does what it asks here.

use std::cell::{Cell, RefCell};
use std::ops::{Add, Sub};

/// How many decisions one step of a peer may take before it counts as endless.
const MOST_DECISIONS: u32 = 2_000_000;

thread_local! {
    static ON: Cell<u32> = const { Cell::new(0) };
    static DECISIONS: Cell<u32> = const { Cell::new(0) };
    static REACHED: RefCell<Option<Vec<u64>>> = const { RefCell::new(None) };
    static IS_LOOKING: Cell<bool> = const { Cell::new(false) };
}

/// Switches a mutant on in all peers of this thread; 0 switches all off.
pub fn turn_on(number: u32) {
    ON.set(number);
}

/// Calls `work` with no mutant on, and says which places it has reached: a bit for the first mutant of each.
pub fn looking<T>(work: impl FnOnce() -> T) -> (T, Vec<u64>) {
    turn_on(0);
    REACHED.set(Some(Vec::new()));
    IS_LOOKING.set(true);
    let answer = work();
    IS_LOOKING.set(false);
    (answer, REACHED.take().unwrap_or_default())
}

/// Whether a place is among those that were reached.
#[must_use]
pub fn has_reached(reached: &[u64], site: u32) -> bool {
    let word = reached.get(site as usize / 64).copied().unwrap_or(0);
    word >> (site % 64) & 1 == 1
}

/// A step begins.
pub(crate) fn enter() {
    DECISIONS.set(0);
}

/// Which of the mutants of a place is on: its number among them, or one that none has.
#[inline]
pub(crate) fn which(first: u32, count: u32) -> u32 {
    if IS_LOOKING.get() {
        note(first);
    }
    let on = ON.get();
    if on == 0 {
        return u32::MAX;
    }
    count_decision();
    let place = on.wrapping_sub(first);
    if place < count { place } else { u32::MAX }
}

#[cold]
fn note(site: u32) {
    REACHED.with_borrow_mut(|reached| {
        let Some(reached) = reached else { return };
        let word = site as usize / 64;
        if reached.len() <= word {
            reached.resize(word + 1, 0);
        }
        reached[word] |= 1 << (site % 64);
    });
}

#[inline]
fn count_decision() {
    let decisions = DECISIONS.get() + 1;
    DECISIONS.set(decisions);
    if decisions > MOST_DECISIONS {
        give_up();
    }
}

#[cold]
#[expect(
    clippy::panic,
    reason = "a step of a mutant that never returns can be ended in no other way"
)]
fn give_up() {
    DECISIONS.set(0);
    panic!("a step took more than {MOST_DECISIONS} decisions");
}

#[inline]
pub(crate) fn is(first: u32) -> bool {
    which(first, 1) == 0
}

#[inline]
pub(crate) fn keeps(first: u32) -> bool {
    !is(first)
}

#[inline]
pub(crate) fn condition(first: u32, holds: bool) -> bool {
    match which(first, 2) {
        0 => true,
        1 => false,
        _ => holds,
    }
}

/// Comparisons: with the boundary on the other side, the opposite, true, false.
macro_rules! ordered {
    ($($name:ident: $op:tt, $boundary:tt, $opposite:tt;)*) => {
        $(
            #[inline]
            pub(crate) fn $name<T: PartialOrd + ?Sized>(first: u32, left: &T, right: &T) -> bool {
                match which(first, 4) {
                    0 => left $boundary right,
                    1 => left $opposite right,
                    2 => true,
                    3 => false,
                    _ => left $op right,
                }
            }
        )*
    };
}

ordered! {
    less: <, <=, >=;
    at_most: <=, <, >;
    more: >, >=, <=;
    at_least: >=, >, <;
}

#[inline]
pub(crate) fn same<T: PartialEq + ?Sized>(first: u32, left: &T, right: &T) -> bool {
    match which(first, 3) {
        0 => left != right,
        1 => true,
        2 => false,
        _ => left == right,
    }
}

#[inline]
pub(crate) fn other<T: PartialEq + ?Sized>(first: u32, left: &T, right: &T) -> bool {
    match which(first, 3) {
        0 => left == right,
        1 => true,
        2 => false,
        _ => left != right,
    }
}

/// A number that stands in the source: one more, or one less.
#[inline]
pub(crate) fn number<T: Add<Output = T> + Sub<Output = T> + From<bool>>(first: u32, value: T) -> T {
    match which(first, 2) {
        0 => value + T::from(true),
        1 => value - T::from(true),
        _ => value,
    }
}
