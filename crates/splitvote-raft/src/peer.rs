//! The contract with the harness: boot, step, the next wake, and what can be seen of the peer.

use splitvote_peer::{
    Command, Context, DiskError, EntryId, Features, Input, LocalTime, LogIndex, Peer, PeerId,
    Progress, Role, SyncId, Timing, Unknown, View,
};
use tracing::debug;

use crate::canvass::Canvass;
use crate::durable::Disk;
use crate::election::Campaign;
use crate::install::Incoming;
use crate::journal::Journal;
use crate::message::Message;
use crate::progress::Follower;
use crate::raft::{Config, NEVER, Raft};
use crate::record::{Ballot, DiskRecord};
use crate::recover::recover;
use crate::rules::Rules;

impl<R: Rules + Clone> Peer for Raft<R> {
    type Message = Message;
    type Record = DiskRecord;
    type Config = Config<R>;
    const FEATURES: Features = Features::ALL;

    /// Section 5.2: "When servers start up, they begin as followers", with what Figure 2 calls
    /// persistent state, and an armed election timer.
    fn boot(id: PeerId, config: &Config<R>, cx: &mut Context<'_, Self>) -> Self {
        let found = recover(cx.records(), &config.rules);
        if found.is_damaged && config.rules.stops_at_damage() {
            debug!(me = %id, boot = cx.boot(), "finds a damaged record and does not start");
            cx.stop();
        }
        let Ballot { term, voted_for } = found.ballot;
        let Timing { election_timeout_min, election_timeout_max, .. } = config.settings.timing;
        let first_timeout = cx.election_timeout(election_timeout_min, election_timeout_max);
        let (base, last) = (found.log.base().index, found.log.last());
        debug!(me = %id, boot = cx.boot(), term, first = base + 1, last_log = %last, "boots");
        if let Some(snapshot) = &found.snapshot {
            cx.restored(snapshot.clone());
        }
        let snapshot = found.snapshot.filter(|_| config.rules.reloads_snapshot());
        let journal = Journal::new(cx.records().len(), found.places, snapshot.as_ref());
        let mut peer = Self {
            applied: config.rules.applied_at_boot(base, last.index),
            rules: config.rules.clone(),
            me: id,
            role: Role::Follower,
            term,
            voted_for,
            leader: None,
            leader_heard_at: NEVER,
            election_deadline: cx.now() + first_timeout,
            beat_at: NEVER,
            round_at: NEVER,
            first_timeout,
            settings: config.settings.clone(),
            log: found.log,
            commit: config.rules.commit_at_boot(base, last.index),
            snapshot,
            incoming: Incoming::default(),
            disk: Disk::new(found.ballot, last.index, journal),
            campaign: Campaign::default(),
            canvass: Canvass::default(),
            followers: Vec::new(),
            no_op: Command::new(b""),
        };
        peer.clean_up(cx);
        peer
    }

    /// Heartbeats and their replies are most of what arrives, and go by the short way.
    #[inline(always)]
    fn step(&mut self, input: Input<'_, Message>, cx: &mut Context<'_, Self>) {
        match input {
            Input::Request { call, from, message } => self.on_request(call, from, message, cx),
            Input::Reply { call, from, outcome: Ok(message) } => {
                self.on_reply(call, from, message, cx);
            }
            other => self.on_other(other, cx),
        }
    }

    fn sync_failed(&mut self, _sync: SyncId, error: DiskError, cx: &mut Context<'_, Self>) {
        self.on_failed_sync(error, cx);
    }

    #[inline]
    fn next_wake(&self) -> Option<LocalTime> {
        let next = self.election_deadline.min(self.beat_at).min(self.round_at);
        (next != NEVER).then_some(next)
    }

    #[inline]
    fn view(&self) -> View {
        View {
            role: self.role,
            term: self.term,
            voted_for: self.voted_for,
            leader: self.leader,
            first: self.log.first(),
            last: self.log.last(),
            commit: self.commit,
            applied: self.applied,
            unknown: Unknown::NOTHING,
        }
    }

    fn entry(&self, index: LogIndex) -> Option<EntryId> {
        self.log.id(index)
    }

    fn progress(&self, follower: PeerId) -> Option<Progress> {
        self.account(follower).map(Follower::progress)
    }
}
