//! The loop: takes the next event and lets it happen.

use splitvote_peer::{Input, Peer, PeerId, SimTime};

use super::World;
use super::events::{Event, Tag};
use super::limits::{Halt, WORK_OF_LOOK};
use crate::disturbance::Disturbance;
use crate::watcher::Watcher;

impl<P: Peer, W: Watcher<P>> World<P, W> {
    /// Runs until virtual time is `until`, all events of that instant included.
    ///
    /// # Errors
    /// If the watcher stops the run or a limit is reached.
    pub fn run_until(&mut self, until: SimTime) -> Result<(), Halt> {
        // Whoever waits may look again and again while nothing happens.
        self.spend(WORK_OF_LOOK);
        self.is_within_limits()?;
        while self.advance(until)? {}
        self.turn_clock(until);
        if self.breach.is_some() { Err(Halt::Breach) } else { Ok(()) }
    }

    /// The instant of the next event, such as may turn out stale included.
    #[inline]
    #[must_use]
    pub fn next_at(&self) -> Option<SimTime> {
        let (wake_at, _) = self.timers.next();
        let at = self.queue.next_at().map_or(wake_at, |at| at.min(wake_at));
        (at != SimTime::NEVER).then_some(at)
    }

    /// Lets the next event happen; false if there is none.
    ///
    /// # Errors
    /// If the watcher stops the run or a limit is reached.
    #[inline]
    pub fn step_once(&mut self) -> Result<bool, Halt> {
        self.advance(SimTime::NEVER)
    }

    /// Lets the next event happen, unless it is later than `until`; false if it is or if there is
    /// none. At one instant, what waits in the queue comes before the wakes.
    #[inline]
    fn advance(&mut self, until: SimTime) -> Result<bool, Halt> {
        let (wake_at, sleeper) = self.timers.next();
        if let Some((at, slot)) = self.queue.call_by(until.min(wake_at)) {
            self.turn_clock(at);
            self.taken += 1;
            match self.queue.get(slot) {
                Some(Event::Packet(_)) => self.arrive(slot),
                _ => self.happen(slot),
            }
        } else if wake_at <= until && wake_at != SimTime::NEVER {
            self.turn_clock(wake_at);
            self.queue.turn_to(wake_at);
            self.taken += 1;
            self.count(Tag::Wake, sleeper, sleeper, 0);
            self.watcher.woke(wake_at, sleeper);
            self.step(sleeper, Input::Wake);
            if self.timers.next() == (wake_at, sleeper) {
                self.woken_in_vain(sleeper);
            }
        } else {
            return Ok(false);
        }
        if self.watcher.stops() {
            return Err(Halt::Watcher);
        }
        if self.taken - self.taken_before_now >= self.limits.events_at_one_instant
            || self.events >= self.limits.events
            || self.changes_of_term >= self.limits.changes_of_term
            || self.queue.is_overfull()
        {
            return Err(self.halt());
        }
        Ok(true)
    }

    /// Turns virtual time to an instant that is not earlier than the present one.
    #[inline]
    fn turn_clock(&mut self, at: SimTime) {
        if at > self.now {
            self.now = at;
            self.taken_before_now = self.taken;
        }
    }

    /// What is no packet happens.
    fn happen(&mut self, slot: u32) {
        match self.queue.take(slot) {
            Some(Event::Synced { peer, boot, sync, outcome }) => {
                self.sync_ends(peer, boot, sync, &outcome);
            }
            Some(Event::CallFailed { call, to }) => self.call_failed(call, to),
            Some(Event::Snapshot { peer, boot, through, history }) => {
                self.hand_over(peer, boot, through, history);
            }
            Some(Event::DeadCheck { call }) => self.dead_check(call),
            Some(Event::Unclogged { from, to }) => self.end_clog(from, to),
            Some(Event::Released { peer, boot, what }) => self.released(peer, boot, *what),
            Some(Event::Packet(_)) | None => {}
        }
    }

    /// Counts an event and takes it into the digest.
    #[inline]
    pub(super) fn count(&mut self, tag: Tag, peer: PeerId, other: PeerId, detail: u64) {
        self.events += 1;
        self.stamp(tag, peer, other, detail);
    }

    /// Takes something into the digest that is no event by itself.
    #[inline]
    pub(super) fn stamp(&mut self, tag: Tag, peer: PeerId, other: PeerId, detail: u64) {
        self.stamp_number(tag as u64, peer, other, detail);
    }

    #[inline]
    fn stamp_number(&mut self, tag: u64, peer: PeerId, other: PeerId, detail: u64) {
        let head = tag << 56 | u64::from(peer.0) << 48 | u64::from(other.0) << 40;
        self.digest.absorb(self.now.0, head ^ detail);
    }

    /// Takes a disturbance into the digest, with its numbers, and tells the watcher of it.
    pub(super) fn disturbed(&mut self, what: Disturbance, detail: u64, numbers: &[u64]) {
        if let Some(tag) = what.tag() {
            let (from, to) = what.link().unwrap_or((PeerId(0), PeerId(0)));
            self.stamp_number(tag, from, to, detail);
        }
        self.digest.absorb_words(numbers);
        self.watcher.disturbed(self.now, &what);
    }
}
