//! One peer alone with its test: the test says what arrives, and sees what leaves.
//!
//! A bench owns what a [`Context`] borrows: the peer's clock, its election timeouts and its disk. It
//! knows no network and starts no timer: what a peer sends is returned, and time passes when the test
//! says so.

use std::collections::VecDeque;
use std::time::Duration;

use crate::context::{Chance, Context, Effect, Outbox, Turn};
use crate::disk::DiskError;
use crate::id::{PeerId, SyncId};
use crate::peer::{Input, Peer};
use crate::time::{LocalTime, nanos};

/// What a peer did in one step, in order.
pub type Effects<P> = Vec<Effect<<P as Peer>::Message, <P as Peer>::Record>>;

/// Election timeouts as a test wrote them down; the longest possible once they are used up. Every
/// other number is 0.
#[derive(Clone, Debug, Default)]
pub struct Script(VecDeque<u64>);

impl Script {
    /// Adds the next timeout that is drawn.
    pub fn push(&mut self, timeout: Duration) {
        self.0.push_back(nanos(timeout));
    }
}

impl Chance for Script {
    fn below(&mut self, _bound: u64) -> u64 {
        0
    }
    fn election_timeout(&mut self, _min: u64, max: u64) -> u64 {
        self.0.pop_front().unwrap_or(max)
    }
}

/// The world of one peer in a unit test.
///
/// ```
/// use std::{fmt, time::Duration};
/// use splitvote_peer::*;
///
/// #[derive(Clone, Debug)]
/// struct Beat;
///
/// impl Message for Beat {
///     const KINDS: &'static [&'static str] = &["Beat"];
///     fn kind(&self) -> usize { 0 }
///     fn meaning(&self) -> Meaning { Meaning::Other }
/// }
///
/// impl Record for Beat {
///     fn meaning(&self) -> Durable { Durable::Other }
/// }
///
/// impl fmt::Display for Beat {
///     fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str("Beat") }
/// }
///
/// /// A peer that sends a message to each other peer every 50 ms.
/// struct Beating(LocalTime);
///
/// impl Peer for Beating {
///     type Message = Beat;
///     type Record = Beat;
///     type Config = ();
///     const FEATURES: Features = Features::NONE;
///
///     fn boot(_: PeerId, (): &(), cx: &mut Context<'_, Self>) -> Self {
///         Self(cx.now() + Duration::from_millis(50))
///     }
///     fn step(&mut self, _: Input<'_, Beat>, cx: &mut Context<'_, Self>) {
///         self.0 = cx.now() + Duration::from_millis(50);
///         cx.others().for_each(|other| cx.send(other, Beat, 1));
///     }
///     fn next_wake(&self) -> Option<LocalTime> { Some(self.0) }
///     fn view(&self) -> View { View::NEW }
///     fn entry(&self, _: LogIndex) -> Option<EntryId> { None }
/// }
///
/// let mut bench: TestBench<Beating> = TestBench::new(PeerId(0), 3);
/// let (mut peer, at_boot) = bench.boot(&());
/// assert!(at_boot.is_empty());
/// bench.pass_to_wake(&peer);
/// let effects = bench.step(&mut peer, Input::Wake);
/// assert!(matches!(effects[..], [Effect::Send(_), Effect::Send(_)]), "one to S1, one to S2");
/// ```
#[derive(Clone, Debug)]
pub struct TestBench<P: Peer, C = Script> {
    turn: Turn,
    chance: C,
    syncs: u64,
    outbox: Outbox<P::Message, P::Record>,
    disk: Vec<P::Record>,
    durable: usize,
    /// How many records of the disk each sync of this life covers, in order.
    covered: Vec<usize>,
    /// So many of the oldest records are to be forgotten, once the first one behind them is durable.
    forgotten: usize,
}

impl<P: Peer, C: Chance + Default> TestBench<P, C> {
    /// A peer of a cluster of `cluster_size`, with an empty disk, not booted yet.
    #[must_use]
    pub fn new(me: PeerId, cluster_size: usize) -> Self {
        Self::with_disk(me, cluster_size, Vec::new())
    }

    /// The same with a disk, all of it durable.
    #[must_use]
    pub fn with_disk(me: PeerId, cluster_size: usize, disk: Vec<P::Record>) -> Self {
        Self {
            turn: Turn { me, boot: 0, cluster_size, now: LocalTime(0) },
            chance: C::default(),
            syncs: 0,
            outbox: Outbox::default(),
            durable: disk.len(),
            covered: Vec::new(),
            forgotten: 0,
            disk,
        }
    }
}

impl<P: Peer, C: Chance> TestBench<P, C> {
    /// Boots the peer from what the disk holds, which is durable from then on. The second boot and
    /// every later one is a restart: a new life.
    pub fn boot(&mut self, config: &P::Config) -> (P, Effects<P>) {
        self.turn.boot += 1;
        (self.syncs, self.durable, self.forgotten) = (0, self.disk.len(), 0);
        self.covered.clear();
        let Self { turn, chance, syncs, outbox, disk, .. } = self;
        let mut cx = Context::new(*turn, chance, syncs, disk, outbox);
        let peer = P::boot(turn.me, config, &mut cx);
        (peer, self.carry_out())
    }

    /// Hands the peer an input, and carries out what it does to its disk.
    pub fn step(&mut self, peer: &mut P, input: Input<'_, P::Message>) -> Effects<P> {
        let Self { turn, chance, syncs, outbox, .. } = self;
        peer.step(input, &mut Context::new(*turn, chance, syncs, &[], outbox));
        self.carry_out()
    }

    /// Completes this sync, and all before it: what the peer wrote before it asked for the sync is durable. A sync
    /// that it never asked for makes nothing durable.
    pub fn complete(&mut self, peer: &mut P, sync: SyncId) -> Effects<P> {
        let covered = (sync.0 as usize).checked_sub(1).and_then(|place| self.covered.get(place));
        self.durable = covered.map_or(self.durable, |covered| self.durable.max(*covered));
        self.forget();
        self.step(peer, Input::Synced(sync))
    }

    /// The last sync that the peer asked for fails.
    pub fn fail_sync(&mut self, peer: &mut P, error: DiskError) -> Effects<P> {
        let sync = self.last_sync();
        let mut cx =
            Context::new(self.turn, &mut self.chance, &mut self.syncs, &[], &mut self.outbox);
        peer.sync_failed(sync, error, &mut cx);
        self.carry_out()
    }

    /// The last sync that this life of the peer has asked for; 0 before the first.
    #[must_use]
    pub fn last_sync(&self) -> SyncId {
        SyncId(self.syncs)
    }

    /// Takes from the disk what is not durable, as a crash does.
    pub fn lose_unsynced(&mut self) {
        self.disk.truncate(self.durable);
        self.forgotten = 0;
    }

    /// What the disk holds, durable or not, oldest first.
    #[must_use]
    pub fn disk(&self) -> &[P::Record] {
        &self.disk
    }

    /// The same, to be changed by hand.
    pub fn disk_mut(&mut self) -> &mut Vec<P::Record> {
        &mut self.disk
    }

    /// Where the peer's chance comes from.
    pub fn chance_mut(&mut self) -> &mut C {
        &mut self.chance
    }

    /// What the peer's clock shows.
    #[must_use]
    pub fn now(&self) -> LocalTime {
        self.turn.now
    }

    /// Lets time pass; the peer is not woken.
    pub fn pass(&mut self, time: Duration) {
        self.turn.now = self.turn.now + time;
    }

    /// Lets time pass until the peer wants to be woken. If it does not, or the time has come, none
    /// passes.
    pub fn pass_to_wake(&mut self, peer: &P) {
        self.turn.now = peer.next_wake().map_or(self.turn.now, |wake| wake.max(self.turn.now));
    }

    /// Forgets the oldest records, if the first one that is kept is durable.
    fn forget(&mut self) {
        let keeps_none = self.forgotten == self.disk.len();
        if self.forgotten >= self.durable && !keeps_none {
            return;
        }
        let forgotten = std::mem::take(&mut self.forgotten);
        self.disk.drain(..forgotten);
        for count in self.covered.iter_mut().chain([&mut self.durable]) {
            *count = count.saturating_sub(forgotten);
        }
    }

    fn carry_out(&mut self) -> Effects<P> {
        let mut effects = std::mem::take(&mut self.outbox.effects);
        // What follows a stop is lost.
        if let Some(stop) = effects.iter().position(|effect| matches!(effect, Effect::Stop)) {
            effects.truncate(stop + 1);
        }
        for effect in &effects {
            match effect {
                Effect::Persist(record) => self.disk.push(record.clone()),
                Effect::Sync(_) => self.covered.push(self.disk.len()),
                Effect::Compact { keep } => {
                    self.forgotten = self.forgotten.max(self.disk.len().saturating_sub(*keep));
                    self.forget();
                }
                Effect::Send(_)
                | Effect::Answer { .. }
                | Effect::Applied { .. }
                | Effect::Restored(_)
                | Effect::Stop => {}
            }
        }
        effects
    }
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use super::*;
    use crate::{Durable, EntryId, Features, LogIndex, Meaning, Message, Record, View};

    #[derive(Clone, Debug, PartialEq, Eq)]
    struct Mark(u8);

    impl Message for Mark {
        const KINDS: &'static [&'static str] = &["mark"];
        fn kind(&self) -> usize {
            0
        }
        fn meaning(&self) -> Meaning {
            Meaning::Other
        }
    }

    impl Record for Mark {
        fn meaning(&self) -> Durable {
            Durable::Other
        }
    }

    impl fmt::Display for Mark {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "mark {}", self.0)
        }
    }

    /// Writes a record and asks for a sync whenever it is woken; a failed sync stops it, in the midst of its work.
    struct Scribe(u8);

    impl Peer for Scribe {
        type Message = Mark;
        type Record = Mark;
        type Config = ();
        const FEATURES: Features = Features::NONE;

        fn boot(_: PeerId, (): &(), _: &mut Context<'_, Self>) -> Self {
            Self(0)
        }
        fn step(&mut self, input: Input<'_, Mark>, cx: &mut Context<'_, Self>) {
            if matches!(input, Input::Wake) {
                self.0 += 1;
                cx.persist(Mark(self.0));
                cx.sync();
            }
        }
        fn sync_failed(&mut self, _: SyncId, _: DiskError, cx: &mut Context<'_, Self>) {
            cx.persist(Mark(100));
            cx.stop();
            cx.persist(Mark(101));
            cx.send(PeerId(1), Mark(102), 1);
        }
        fn next_wake(&self) -> Option<LocalTime> {
            None
        }
        fn view(&self) -> View {
            View::NEW
        }
        fn entry(&self, _: LogIndex) -> Option<EntryId> {
            None
        }
    }

    fn scribe(records: u8) -> (TestBench<Scribe>, Scribe) {
        let mut bench = TestBench::new(PeerId(0), 3);
        let (mut peer, _) = bench.boot(&());
        for _ in 0..records {
            bench.step(&mut peer, Input::Wake);
        }
        (bench, peer)
    }

    #[test]
    fn a_sync_makes_durable_what_was_written_before_it_and_no_more() {
        let (mut bench, mut peer) = scribe(3);
        bench.complete(&mut peer, SyncId(2));
        bench.lose_unsynced();
        assert_eq!(bench.disk(), [Mark(1), Mark(2)]);
        let (mut bench, mut peer) = scribe(3);
        bench.complete(&mut peer, SyncId(3));
        bench.complete(&mut peer, SyncId(1));
        bench.lose_unsynced();
        assert_eq!(bench.disk().len(), 3, "an older sync takes nothing back");
    }

    #[test]
    fn what_a_peer_does_after_it_has_stopped_is_not_done() {
        let (mut bench, mut peer) = scribe(0);
        let effects = bench.fail_sync(&mut peer, DiskError::Io);
        assert_eq!(bench.disk(), [Mark(100)]);
        assert!(matches!(effects[..], [Effect::Persist(_), Effect::Stop]), "{effects:?}");
    }
}
