//! One peer's place in the world: its Raft, clock, disk, state machine and chance.

use std::collections::VecDeque;
use std::rc::Rc;

use splitvote_peer::time::nanos;
use splitvote_peer::{Chance, LogIndex, Peer, PeerId, SimTime, SyncId, View};

use super::WorldConfig;
use super::events::Held;
use crate::chance::{Seed, Stream, StreamId};
use crate::clock::Clock;
use crate::disk::{Disk, Sync};
use crate::machine::Machine;
use crate::overrides::Overrides;

#[derive(Clone)]
pub(super) struct Node<P: Peer> {
    /// The Raft; none while it is down.
    pub(super) peer: Option<P>,
    /// It takes steps: it is up and not paused.
    pub(super) is_running: bool,
    /// What was to reach it since it was paused, in order.
    pub(super) held: VecDeque<Held<P::Message>>,
    /// The view after the last step.
    pub(super) view: View,
    /// The highest index that its log ever reached, in any life.
    pub(super) furthest: LogIndex,
    /// Which life this is, counted from 1.
    pub(super) boot: u32,
    pub(super) clock: Clock,
    /// How many syncs this life has asked for.
    pub(super) syncs: u64,
    /// How many of them have not completed yet.
    pub(super) syncs_under_way: u64,
    /// When the last of them completes: none overtakes another.
    pub(super) synced_at: SimTime,
    /// A sync has failed when so many had been asked for: those that complete later fail, too.
    pub(super) failed_through: u64,
    /// How many of those under way will fail with an I/O error, unless that is taken back.
    pub(super) failing_under_way: u64,
    /// When that was last taken back, so many syncs had been asked for.
    pub(super) spared_through: u64,
    pub(super) disk: Disk<P::Record>,
    /// No sync of its disk completes.
    pub(super) is_stalled: bool,
    /// The syncs of this life that should have completed since, in order.
    pub(super) hung: Vec<(SyncId, Sync)>,
    /// It crashes instead of a disk operation, when it has completed so many more.
    pub(super) crash_at_write: Option<u64>,
    /// It crashes instead of sending a message, when it has sent so many more.
    pub(super) crash_at_send: Option<u64>,
    pub(super) machine: Machine,
    pub(super) chance: PeerChance,
    pub(super) config: P::Config,
    /// Requests handed to this life.
    pub(super) requests: u64,
}

impl<P: Peer> Node<P> {
    pub(super) fn new(
        id: PeerId,
        world: &WorldConfig,
        config: &P::Config,
        records: Vec<P::Record>,
        overrides: &Rc<Overrides>,
    ) -> Self {
        Self {
            peer: None,
            is_running: false,
            held: VecDeque::new(),
            view: View::NEW,
            furthest: 0,
            boot: 0,
            clock: Clock::draw(world.seed, id, world.clocks),
            syncs: 0,
            syncs_under_way: 0,
            synced_at: SimTime::ZERO,
            failed_through: 0,
            failing_under_way: 0,
            spared_through: 0,
            disk: Disk::new(world.seed, id, records),
            is_stalled: false,
            hung: Vec::new(),
            crash_at_write: None,
            crash_at_send: None,
            machine: Machine::new(world.seed, id),
            chance: PeerChance::new(world.seed, id, overrides),
            config: config.clone(),
            requests: 0,
        }
    }

    /// When the peer next wants to be woken; never, if it is down or does not want to.
    #[inline(always)]
    pub(super) fn next_wake(&self) -> SimTime {
        let wake = self.peer.as_ref().and_then(Peer::next_wake);
        wake.map_or(SimTime::NEVER, |wake| self.clock.instant(wake))
    }
}

/// A peer's own stream of chance, and the election timeouts that a plan fixes.
#[derive(Clone)]
pub(super) struct PeerChance {
    peer: PeerId,
    stream: Stream,
    timeouts_drawn: u64,
    /// The election timeout in nanoseconds that every draw gives until further notice.
    pub(super) fixed_timeout: Option<u64>,
    /// Whether the next of the peer's ready tasks is drawn until further notice.
    pub(super) shuffles_tasks: bool,
    overrides: Rc<Overrides>,
}

impl PeerChance {
    fn new(seed: Seed, peer: PeerId, overrides: &Rc<Overrides>) -> Self {
        Self {
            peer,
            stream: Stream::new(seed, StreamId::Peer(peer)),
            timeouts_drawn: 0,
            fixed_timeout: None,
            shuffles_tasks: false,
            overrides: Rc::clone(overrides),
        }
    }
}

impl Chance for PeerChance {
    fn below(&mut self, bound: u64) -> u64 {
        self.stream.below(bound)
    }

    fn election_timeout(&mut self, min: u64, max: u64) -> u64 {
        let drawn = self.stream.between(min, max);
        let place = self.timeouts_drawn;
        self.timeouts_drawn += 1;
        if !self.overrides.election_timeouts.is_empty()
            && let Some(timeout) = self.overrides.election_timeouts.get(&(self.peer, place))
        {
            return nanos(*timeout);
        }
        self.fixed_timeout.unwrap_or(drawn)
    }

    fn shuffles_tasks(&self) -> bool {
        self.shuffles_tasks
    }
}
