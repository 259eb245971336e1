//! Whom a world calls at the moment, for those who watch it from outside.
//!
//! A world cannot be asked while a peer does not return, nor when a panic has taken it down. So it
//! writes whom it calls into a word that others may hold, too. It never reads it to decide anything.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use splitvote_peer::PeerId;

use crate::world::Task;

/// Whom a world called last. A clone, such as that of a forked world, goes its own way.
#[derive(Debug, Default)]
pub struct Pulse(Arc<AtomicU64>);

/// A call of a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Called {
    /// Whom the world called.
    pub peer: PeerId,
    /// What it is called for.
    pub task: Task,
    /// Whether the call has not returned yet.
    pub is_inside: bool,
    /// Differs from call to call.
    pub number: u64,
}

impl Clone for Pulse {
    fn clone(&self) -> Self {
        Self(Arc::new(AtomicU64::new(self.0.load(Ordering::Relaxed))))
    }
}

impl Pulse {
    /// The same pulse once more, to be watched.
    #[must_use]
    pub fn share(&self) -> Self {
        Self(Arc::clone(&self.0))
    }

    /// The call that is under way, or else the last one; `None` before the first.
    #[must_use]
    pub fn called(&self) -> Option<Called> {
        let word = self.0.load(Ordering::Relaxed);
        let task = *Task::ALL.get(usize::from((word >> 1) as u8 & 0x7f).checked_sub(1)?)?;
        let peer = PeerId((word >> 8) as u8);
        Some(Called { peer, task, is_inside: word & 1 == 1, number: word >> 16 })
    }

    /// A call begins; how it is ended.
    #[inline(always)]
    pub(crate) fn begin(&self, number: u64, peer: PeerId, task: Task) -> u64 {
        let called = number << 16 | u64::from(peer.0) << 8 | (task as u64 + 1) << 1;
        self.0.store(called | 1, Ordering::Relaxed);
        called
    }

    /// The call has returned, whichever it is.
    #[cold]
    pub(crate) fn close(&self) {
        self.0.store(self.0.load(Ordering::Relaxed) & !1, Ordering::Relaxed);
    }

    /// The call has returned.
    #[inline(always)]
    pub(crate) fn end(&self, called: u64) {
        self.0.store(called, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_shares_a_pulse_sees_whom_the_world_calls() {
        let pulse = Pulse::default();
        let (shared, fork) = (pulse.share(), pulse.clone());
        assert_eq!(shared.called(), None);
        for (number, task) in (7..).zip(Task::ALL) {
            let called = pulse.begin(number, PeerId(127), task);
            let seen = Called { peer: PeerId(127), task, is_inside: true, number };
            assert_eq!(shared.called(), Some(seen));
            pulse.end(called);
            assert_eq!(shared.called(), Some(Called { is_inside: false, ..seen }));
        }
        assert_eq!(fork.called(), None);
    }
}
