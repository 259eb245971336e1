//! Boots, crashes and clocks.

use std::time::Duration;

use splitvote_peer::time::nanos;
use splitvote_peer::{Context, DiskTrouble, Effect, LocalTime, Peer, PeerId, SimTime, Turn};

use super::World;
use super::contract::contradiction;
use super::events::Tag;
use super::inspect::Task;
use super::step::digest_view;
use crate::disk::DiskProfile;
use crate::disturbance::Disturbance;
use crate::watcher::Watcher;

/// The work of a record that a boot finds.
const WORK_OF_RECORD: u64 = 5;

impl<P: Peer, W: Watcher<P>> World<P, W> {
    /// Starts a peer that is down, from what its disk holds. Does nothing if it runs. A peer may refuse
    /// to start with what it finds, and then it stays down.
    pub fn boot(&mut self, id: PeerId) {
        let cluster_size = self.nodes.len();
        let Some(node) = self.nodes.get_mut(id.index()) else { return };
        if node.peer.is_some() {
            return;
        }
        node.boot += 1;
        (node.syncs, node.syncs_under_way, node.requests) = (0, 0, 0);
        (node.failed_through, node.failing_under_way, node.spared_through) = (0, 0, 0);
        (node.crash_at_write, node.crash_at_send) = (None, None);
        node.machine.clear();
        if node.disk.is_rotten() && self.is_unreadable(id) {
            return self.refuse(id);
        }
        let node = &mut self.nodes[id.index()];
        let now = node.clock.local(self.now);
        let records = node.disk.found().unwrap_or_default();
        let work = WORK_OF_RECORD * records.len() as u64;
        let mut cx = Context::new(
            Turn { me: id, boot: node.boot, cluster_size, now },
            &mut node.chance,
            &mut node.syncs,
            &records,
            &mut self.outbox,
        );
        let span = tracing::enabled!(tracing::Level::DEBUG)
            .then(|| tracing::debug_span!("peer", at = %self.now, id = %id).entered());
        let called = self.pulse.begin(self.events, id, Task::Boot);
        let peer = P::boot(id, &node.config, &mut cx);
        drop(span);
        if self.outbox.effects.iter().any(|effect| matches!(effect, Effect::Stop)) {
            return self.refuse(id);
        }
        node.view = peer.view();
        node.furthest = node.furthest.max(node.view.last.index);
        self.pulse.end(called);
        node.peer = Some(peer);
        node.is_running = true;
        let (boot, view) = (node.boot, node.view);
        self.count(Tag::Booted, id, id, u64::from(boot));
        digest_view(&mut self.digest, &view);
        if let Some(peer) = &self.nodes[id.index()].peer {
            if let Some(cause) = contradiction(&view, cluster_size) {
                return self.reject(id, cause);
            }
            self.watcher.booted(self.now, id, boot, peer, &view);
            if let Some(cause) = self.watcher.breach() {
                return self.reject(id, cause);
            }
        }
        self.spend(work);
        self.perform(id);
        self.arm(id);
    }

    /// Whether a peer cannot start: a record is damaged, and its Raft cannot look at such. What is
    /// missing and not told of is gone from now on.
    #[cold]
    fn is_unreadable(&mut self, id: PeerId) -> bool {
        let disk = &mut self.nodes[id.index()].disk;
        let missing = disk.take_out_missing();
        let is_unreadable = disk.found().is_none();
        for _ in 0..missing {
            self.trouble(id, DiskTrouble::Missing, 0, &[]);
        }
        is_unreadable
    }

    /// A peer does not start with what it has found.
    #[cold]
    fn refuse(&mut self, id: PeerId) {
        self.pulse.close();
        self.outbox.effects.clear();
        self.trouble(id, DiskTrouble::Stopped, 1, &[]);
    }

    /// A peer stops by itself.
    #[cold]
    pub(super) fn stop(&mut self, id: PeerId) {
        self.trouble(id, DiskTrouble::Stopped, 0, &[]);
        self.go_down(id);
    }

    /// Crashes a peer: its state and that of its state machine are gone, its disk keeps what the profile says. Does
    /// nothing if it is down.
    pub fn crash(&mut self, id: PeerId) {
        self.look_at_peer(id);
        self.go_down(id);
    }

    /// Takes a peer out of a world that has come to its end.
    pub fn take_down(&mut self, id: PeerId) -> Option<P> {
        self.nodes.get_mut(id.index())?.peer.take()
    }

    /// Crashes a peer in the midst of a step, when the peer is ahead of what it did.
    pub(super) fn go_down(&mut self, id: PeerId) {
        let unsynced = self.disk.unsynced;
        let Some(node) = self.nodes.get_mut(id.index()) else { return };
        let Some(peer) = node.peer.take() else { return };
        // Its destructor is code of its own.
        let called = self.pulse.begin(self.events, id, Task::Drop);
        drop(peer);
        self.pulse.end(called);
        node.is_running = false;
        (node.syncs_under_way, node.failing_under_way) = (0, 0);
        node.synced_at = SimTime::ZERO;
        node.hung.clear();
        (node.crash_at_write, node.crash_at_send) = (None, None);
        node.machine.clear();
        for record in node.disk.crash(unsynced) {
            self.watcher.durable(self.now, id, record);
        }
        self.timers.arm(id, SimTime::NEVER);
        self.count(Tag::Crashed, id, id, 0);
        self.watcher.crashed(self.now, id);
        self.drop_held(id);
    }

    /// The peer will crash instead of a disk operation (a record, a sync or a compaction) when it has
    /// completed `after` more; all else that it would have done in that step is lost. With 0 it is the
    /// next one. Does nothing if the peer is down; a crash or a boot in between takes it back.
    pub fn crash_at_write(&mut self, id: PeerId, after: u64) {
        let Some(node) = self.nodes.get_mut(id.index()) else { return };
        if node.peer.is_some() {
            node.crash_at_write = Some(after);
            self.disturbed(Disturbance::CrashAtWrite { peer: id, after }, 0, &[after]);
        }
    }

    /// The peer will crash instead of sending a message (a call, a reply or a one-way message, to any
    /// peer) when it has sent `after` more. What it did before in that step stays done, all else is lost.
    /// With 0 it is the next one. Does nothing if the peer is down; a crash or a boot in between takes it
    /// back.
    pub fn crash_at_send(&mut self, id: PeerId, after: u64) {
        let Some(node) = self.nodes.get_mut(id.index()) else { return };
        if node.peer.is_some() {
            node.crash_at_send = Some(after);
            self.disturbed(Disturbance::CrashAtSend { peer: id, after }, 0, &[after]);
        }
    }

    /// Takes back what [`Self::crash_at_write`], [`Self::crash_at_send`] and [`Self::fail_sync`] have
    /// armed; a sync under way that was to fail with an I/O error succeeds after all. Does nothing if
    /// nothing is armed.
    pub fn disarm(&mut self, id: PeerId) {
        let Some(node) = self.nodes.get_mut(id.index()) else { return };
        let armed = (node.crash_at_write.take(), node.crash_at_send.take());
        let is_spared = node.disk.fail_sync(None) | (node.failing_under_way > 0);
        (node.failing_under_way, node.spared_through) = (0, node.syncs);
        if is_spared || armed != (None, None) {
            self.disturbed(Disturbance::Disarmed { peer: id }, 0, &[]);
        }
    }

    /// Whether a crash at a write or at a message of the peer, or a sync that fails, is still to come.
    #[must_use]
    pub fn is_armed(&self, id: PeerId) -> bool {
        let node = self.nodes.get(id.index());
        node.is_some_and(|node| {
            let crashes = node.crash_at_write.is_some() || node.crash_at_send.is_some();
            crashes || node.disk.is_to_fail() || node.failing_under_way > 0
        })
    }

    /// The election timeout that the peer is to draw until further notice, if one is fixed.
    #[must_use]
    pub fn fixed_election_timeout(&self, id: PeerId) -> Option<Duration> {
        self.nodes.get(id.index())?.chance.fixed_timeout.map(Duration::from_nanos)
    }

    /// Until further notice every election timeout that the peer draws is this; `None` lets it draw
    /// again. A timer that runs already is not moved.
    pub fn fix_election_timeout(&mut self, id: PeerId, timeout: Option<Duration>) {
        if let Some(node) = self.nodes.get_mut(id.index()) {
            node.chance.fixed_timeout = timeout.map(nanos);
            let what = Disturbance::ElectionTimeout { peer: id, is: timeout };
            self.disturbed(what, 0, &[timeout.map_or(u64::MAX, nanos)]);
        }
    }

    /// Whether the next of the peer's ready tasks is drawn until further notice.
    #[must_use]
    pub fn shuffles_tasks(&self, id: PeerId) -> bool {
        self.nodes.get(id.index()).is_some_and(|node| node.chance.shuffles_tasks)
    }

    /// Until further notice, also through a restart, the next of the peer's ready tasks is drawn, or is the one that
    /// was woken first. A Raft without tasks leaves it aside.
    pub fn shuffle_tasks(&mut self, id: PeerId, is_drawn: bool) {
        if let Some(node) = self.nodes.get_mut(id.index()) {
            node.chance.shuffles_tasks = is_drawn;
            self.disturbed(Disturbance::TaskOrder { peer: id, is_drawn }, is_drawn.into(), &[]);
        }
    }

    /// From now on all disks behave like that. A sync under way completes when it was to.
    pub fn set_disk(&mut self, profile: DiskProfile) {
        self.disk = profile;
        self.disturbed(Disturbance::Disk { is: profile }, 0, &[]);
        profile.absorb(&mut self.digest);
    }

    /// From now on the peer's clock runs faster than virtual time by so many parts per million.
    pub fn set_clock_drift(&mut self, id: PeerId, drift_ppm: i32) {
        let now = self.now;
        if let Some(node) = self.nodes.get_mut(id.index()) {
            node.clock.set_drift(now, drift_ppm);
            let what = Disturbance::ClockDrift { peer: id, ppm: self.clock_drift(id) };
            self.disturbed(what, u64::from(drift_ppm.cast_unsigned()), &[]);
            self.rearm(id);
        }
    }

    /// What the peer's clock shows now.
    #[must_use]
    pub fn local_time(&self, id: PeerId) -> LocalTime {
        self.nodes.get(id.index()).map_or(LocalTime(0), |node| node.clock.local(self.now))
    }

    /// By how many parts per million the peer's clock runs faster than virtual time.
    #[must_use]
    pub fn clock_drift(&self, id: PeerId) -> i32 {
        self.nodes.get(id.index()).map_or(0, |node| node.clock.drift_ppm())
    }

    /// The peer's clock jumps forward.
    pub fn step_clock(&mut self, id: PeerId, by: Duration) {
        let now = self.now;
        if let Some(node) = self.nodes.get_mut(id.index()) {
            node.clock.step(now, by);
            self.disturbed(Disturbance::ClockStepped { peer: id, by }, 0, &[nanos(by)]);
            self.rearm(id);
        }
    }

    /// The peer's clock has changed. A timer of one that is paused is armed when it resumes.
    fn rearm(&mut self, id: PeerId) {
        if self.nodes[id.index()].is_running {
            self.arm(id);
        }
    }
}
