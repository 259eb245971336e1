//! Targeted faults: rules on single packets.
//!
//! A rule is asked for every packet that leaves, in the order of installation; the first verdict
//! that is not [`Verdict::Pass`] counts. It is lifted when its [`RuleGuard`] drops. A packet makes
//! its draws whatever the rules say, so that a rule changes nothing but the packets it aims at.

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use crate::watcher::Packet;

/// What a rule says of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict<T = Duration> {
    /// The rule does not concern it.
    Pass,
    /// It arrives once, after the delay that was drawn.
    Deliver,
    /// It arrives once, that much later than was drawn.
    Delay(T),
    /// It is lost.
    Drop,
    /// It arrives twice.
    Duplicate,
    /// It arrives after the delay that was drawn, and a copy of it that much later still.
    Replay(T),
}

impl<T> Verdict<T> {
    /// The same with another duration in place of its own.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Verdict<U> {
        match self {
            Self::Pass => Verdict::Pass,
            Self::Deliver => Verdict::Deliver,
            Self::Delay(by) => Verdict::Delay(change(by)),
            Self::Drop => Verdict::Drop,
            Self::Duplicate => Verdict::Duplicate,
            Self::Replay(by) => Verdict::Replay(change(by)),
        }
    }
}

type Decide<M> = dyn Fn(&Packet<'_, M>, u64) -> Verdict;

struct Rule<M> {
    is_lifted: Rc<Cell<bool>>,
    /// How many packets the rule has decided on so far.
    decided: u64,
    decide: Rc<Decide<M>>,
}

impl<M> Clone for Rule<M> {
    /// In a forked run the rule stands on its own: lifting it in one does not lift it in the other.
    fn clone(&self) -> Self {
        Self {
            is_lifted: Rc::new(Cell::new(self.is_lifted.get())),
            decided: self.decided,
            decide: Rc::clone(&self.decide),
        }
    }
}

/// The rules in force.
pub(crate) struct Rules<M>(Vec<Rule<M>>);

impl<M> Default for Rules<M> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<M> Clone for Rules<M> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<M> fmt::Debug for Rules<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rules({})", self.0.len())
    }
}

impl<M> Rules<M> {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn install(
        &mut self,
        decide: impl Fn(&Packet<'_, M>, u64) -> Verdict + 'static,
    ) -> RuleGuard {
        let is_lifted = Rc::new(Cell::new(false));
        let guard = RuleGuard { is_lifted: Rc::clone(&is_lifted) };
        self.0.push(Rule { is_lifted, decided: 0, decide: Rc::new(decide) });
        guard
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a rule may still decide on a packet.
    pub(crate) fn are_in_force(&self) -> bool {
        self.0.iter().any(|rule| !rule.is_lifted.get())
    }

    /// The first verdict that is not [`Verdict::Pass`].
    pub(crate) fn judge(&mut self, packet: &Packet<'_, M>) -> Verdict {
        self.0.retain(|rule| !rule.is_lifted.get());
        for rule in &mut self.0 {
            let verdict = (rule.decide)(packet, rule.decided);
            if verdict != Verdict::Pass {
                rule.decided += 1;
                return verdict;
            }
        }
        Verdict::Pass
    }
}

/// Keeps a rule in force; dropping it lifts the rule.
#[must_use = "the rule is lifted when its guard drops"]
#[derive(Debug)]
pub struct RuleGuard {
    is_lifted: Rc<Cell<bool>>,
}

impl RuleGuard {
    /// Leaves the rule in force until the end of the run.
    pub fn keep(self) {
        std::mem::forget(self);
    }
}

impl Drop for RuleGuard {
    fn drop(&mut self) {
        self.is_lifted.set(true);
    }
}
