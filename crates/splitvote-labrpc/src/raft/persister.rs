//! What survives a crash: a state and a snapshot, saved as one, as the labs' `Persister` does.
//!
//! The labs' disk is done at once. This one takes its time, as disks do, and a crash before it is done takes back
//! what was saved: so [`Persister::save`] is awaited before anything is said that rests on it.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use splitvote_peer::{Durable, EntryId, LogIndex, PeerId, Record, Snapshot, SyncId, Term};

use super::LabRaft;
use super::env::Shared;

/// What a Raft keeps over a crash: term, vote and log as one.
pub trait Persistent: Clone + 'static {
    /// The current term, and the vote cast in it.
    fn ballot(&self) -> (Term, Option<PeerId>);

    /// The index of the last entry of the log; 0 for none.
    fn last(&self) -> LogIndex {
        0
    }

    /// The entry at an index, from the one behind the snapshot to the last.
    fn entry(&self, index: LogIndex) -> Option<EntryId> {
        let _ = index;
        None
    }

    /// Up to which index the log is that of an earlier state, as far as that is known without a look at each entry.
    /// What is not changed is not told again, which matters where a log is long. 0 if nothing is known.
    fn unchanged_since(&self, earlier: &Self) -> LogIndex {
        let _ = earlier;
        0
    }

    /// Its size on the disk, which the labs limit.
    fn bytes(&self) -> usize {
        size_of::<Self>()
    }
}

/// A Raft without a disk saves nothing.
impl Persistent for () {
    fn ballot(&self) -> (Term, Option<PeerId>) {
        (0, None)
    }
}

/// What was saved: a record of the disk. It survives as a whole or not at all.
#[derive(Clone, Debug)]
pub struct Saved<S> {
    /// What the Raft keeps: term, vote and log.
    pub state: S,
    /// The snapshot, once there is one.
    pub snapshot: Option<Snapshot>,
    /// Up to here the entries are those of the record before it, which told them.
    told: LogIndex,
}

impl<S> Saved<S> {
    /// A state and a snapshot, saved as one.
    #[must_use]
    pub fn new(state: S, snapshot: Option<Snapshot>) -> Self {
        Self { state, snapshot, told: 0 }
    }
}

impl<S: Persistent> Record for Saved<S> {
    fn meaning(&self) -> Durable {
        let (term, voted_for) = self.state.ballot();
        Durable::Ballot { term, voted_for }
    }

    /// The whole state: the ballot, the snapshot, all entries behind it but those that the record before it has
    /// told, and that there are no more.
    fn meanings(&self, mut tell: impl FnMut(Durable)) {
        tell(self.meaning());
        let through = self.snapshot.as_ref().map(|snapshot| snapshot.through);
        if let Some(through) = through {
            tell(Durable::Snapshot { through });
        }
        let last = self.state.last();
        for index in through.map_or(0, |through| through.index).max(self.told) + 1..=last {
            if let Some(entry) = self.state.entry(index) {
                tell(Durable::Entry { index, entry });
            }
        }
        tell(Durable::Truncated { from: last.max(through.map_or(0, |through| through.index)) + 1 });
    }

    fn bytes(&self) -> usize {
        self.state.bytes()
    }
}

/// What is saved, and up to where the disk is done with it.
pub(super) struct Disk<S> {
    /// What the last save holds, durable or not.
    pub(super) latest: Option<Saved<S>>,
    /// How many saves were asked for.
    asked: u64,
    /// How many of them are durable.
    done: u64,
    /// The sync under way, and the saves that it covers.
    under_way: Option<(SyncId, u64)>,
    waiting: Vec<Waker>,
    /// What this life of the peer has written last: none before it is known what its disk has kept.
    written: Option<S>,
}

impl<S: Persistent> Disk<S> {
    pub(super) fn new(latest: Option<Saved<S>>) -> Self {
        Self { latest, asked: 0, done: 0, under_way: None, waiting: Vec::new(), written: None }
    }

    /// What is to be written now: the latest state, if it is not on the disk and none is on its way there. So a peer
    /// that saves faster than its disk is has two states on it at most, as if it wrote a file anew.
    pub(super) fn next_write(&mut self) -> Option<Saved<S>> {
        let is_due = self.under_way.is_none() && self.asked > self.done;
        let mut saved = self.latest.clone().filter(|_| is_due)?;
        let told = self.written.as_ref().map(|written| saved.state.unchanged_since(written));
        saved.told = told.unwrap_or(0);
        self.written = Some(saved.state.clone());
        Some(saved)
    }

    /// The latest state is on its way.
    pub(super) fn syncs(&mut self, sync: SyncId) {
        self.under_way = Some((sync, self.asked));
    }

    /// A sync is done. Whom to wake.
    pub(super) fn synced(&mut self, sync: SyncId) -> Vec<Waker> {
        if let Some((_, covered)) = self.under_way.take_if(|(under_way, _)| *under_way <= sync) {
            self.done = covered;
        }
        std::mem::take(&mut self.waiting)
    }
}

/// What survives a crash. Cheap to clone.
pub struct Persister<R: LabRaft> {
    pub(super) shared: Rc<Shared<R>>,
}

impl<R: LabRaft> Clone for Persister<R> {
    fn clone(&self) -> Self {
        Self { shared: Rc::clone(&self.shared) }
    }
}

impl<R: LabRaft> Persister<R> {
    /// Saves the state; the snapshot stays what it was. The disk is asked now; awaited, it is done. A save that is not
    /// awaited reaches the disk too, some time.
    pub fn save(&self, state: R::State) -> Saving<R> {
        let snapshot =
            self.shared.disk.borrow().latest.as_ref().and_then(|saved| saved.snapshot.clone());
        self.put(Saved::new(state, snapshot))
    }

    /// Saves both, as one: after a crash there are both or neither.
    pub fn save_with_snapshot(&self, state: R::State, snapshot: Snapshot) -> Saving<R> {
        self.put(Saved::new(state, Some(snapshot)))
    }

    fn put(&self, saved: Saved<R::State>) -> Saving<R> {
        // What a crash drops may save; nobody reads it any more.
        self.shared.is_alive();
        let mut disk = self.shared.disk.borrow_mut();
        disk.asked += 1;
        disk.latest = Some(saved);
        let number = disk.asked;
        Saving { number, shared: Rc::clone(&self.shared) }
    }

    /// Waits until all that was saved so far is durable: for a reply that rests on what an earlier call has changed.
    pub fn flush(&self) -> Saving<R> {
        let number = self.shared.disk.borrow().asked;
        Saving { number, shared: Rc::clone(&self.shared) }
    }

    /// What was saved last; after a boot, what survived. None if nothing was ever saved.
    #[must_use]
    pub fn read(&self) -> Option<Saved<R::State>> {
        self.shared.disk.borrow().latest.clone()
    }
}

/// A save that the disk was asked for: await it, and it is durable.
#[must_use = "until it is awaited, a crash may take back what was saved"]
pub struct Saving<R: LabRaft> {
    number: u64,
    shared: Rc<Shared<R>>,
}

impl<R: LabRaft> Future for Saving<R> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut disk = self.shared.disk.borrow_mut();
        if disk.done >= self.number {
            return Poll::Ready(());
        }
        disk.waiting.push(cx.waker().clone());
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A log of so many entries, of which the first so many are those of every other.
    #[derive(Clone)]
    struct Kept {
        last: LogIndex,
        shared: LogIndex,
    }

    impl Persistent for Kept {
        fn ballot(&self) -> (Term, Option<PeerId>) {
            (1, None)
        }

        fn last(&self) -> LogIndex {
            self.last
        }

        fn entry(&self, index: LogIndex) -> Option<EntryId> {
            (index <= self.last).then_some(EntryId { term: 1, digest: index })
        }

        fn unchanged_since(&self, earlier: &Self) -> LogIndex {
            self.shared.min(earlier.last)
        }
    }

    fn told(saved: &Saved<Kept>) -> Vec<LogIndex> {
        let mut told = Vec::new();
        saved.meanings(|meaning| {
            if let Durable::Entry { index, .. } = meaning {
                told.push(index);
            }
        });
        told
    }

    #[test]
    fn what_a_record_before_has_told_is_not_told_again_within_a_life() {
        let saved = |last, shared| Some(Saved::new(Kept { last, shared }, None));
        let mut disk = Disk::new(saved(3, 3));
        let mut write = |last, shared| {
            (disk.latest, disk.asked) = (saved(last, shared), disk.asked + 1);
            let record = disk.next_write();
            disk.syncs(SyncId(disk.asked));
            disk.synced(SyncId(disk.asked));
            record.as_ref().map(told)
        };
        assert_eq!(write(4, 4), Some(vec![1, 2, 3, 4]), "what the disk has kept is not known");
        assert_eq!(write(5, 4), Some(vec![5]));
        assert_eq!(write(5, 2), Some(vec![3, 4, 5]), "a tail was replaced");
        assert_eq!(write(2, 2), Some(vec![]), "a tail was cut off, which is told by itself");
    }
}
