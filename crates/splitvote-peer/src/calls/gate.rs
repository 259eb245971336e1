//! What waits for the disk.

use std::collections::VecDeque;

use crate::id::SyncId;

/// Holds what may leave only once a sync is done. What was put in first leaves first: a thing never leaves before
/// another one that was put in earlier, even if it waits for nothing itself.
///
/// ```
/// use splitvote_peer::SyncId;
/// use splitvote_peer::calls::Gate;
///
/// let mut gate = Gate::default();
/// gate.hold(SyncId(1), "a vote");
/// gate.hold(SyncId(2), "an acknowledgement");
/// assert_eq!(gate.release(), None, "neither sync is done");
/// gate.synced(SyncId(1));
/// assert_eq!((gate.release(), gate.release()), (Some("a vote"), None));
/// ```
#[derive(Clone, Debug)]
pub struct Gate<T> {
    waiting: VecDeque<(SyncId, T)>,
    done: SyncId,
    last: SyncId,
}

impl<T> Default for Gate<T> {
    fn default() -> Self {
        Self { waiting: VecDeque::new(), done: SyncId(0), last: SyncId(0) }
    }
}

impl<T> Gate<T> {
    /// Holds something until this sync is done.
    pub fn hold(&mut self, sync: SyncId, thing: T) {
        self.last = self.last.max(sync);
        self.waiting.push_back((self.last, thing));
    }

    /// Holds something that needs no sync of its own: it leaves behind all that waits already.
    pub fn queue(&mut self, thing: T) {
        self.hold(self.last, thing);
    }

    /// A sync is done, and with it all that were asked for before.
    pub fn synced(&mut self, sync: SyncId) {
        self.done = self.done.max(sync);
    }

    /// Keeps of all that waits only these.
    pub fn retain(&mut self, mut keeps: impl FnMut(&T) -> bool) {
        self.waiting.retain(|(_, thing)| keeps(thing));
    }

    /// Takes out the next thing that waits no more.
    pub fn release(&mut self) -> Option<T> {
        let is_free = self.waiting.front().is_some_and(|(sync, _)| *sync <= self.done);
        if is_free { self.waiting.pop_front().map(|(_, thing)| thing) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_no_sync_does_not_overtake() {
        let mut gate = Gate::default();
        gate.queue(1);
        assert_eq!(gate.release(), Some(1), "nothing was before it");
        gate.hold(SyncId(2), 2);
        gate.queue(3);
        assert_eq!(gate.release(), None);
        gate.synced(SyncId(2));
        gate.synced(SyncId(1));
        assert_eq!((gate.release(), gate.release(), gate.release()), (Some(2), Some(3), None));
    }
}
