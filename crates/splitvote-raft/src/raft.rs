//! The state of Figure 2, and where each input goes.
//!
//! Two timers, both kept as deadlines of the peer's own clock: the election deadline, which a leader
//! has not; and the beat, at which a leader repeats its heartbeat and a candidate its requests.

use std::time::Duration;

use splitvote_peer::{
    CallId, Context, EntryId, Input, LocalTime, LogIndex, Peer, PeerId, Role, Settings, Term,
    Timing, View,
};
use tracing::debug;

use crate::durable::Disk;
use crate::election::Campaign;
use crate::log::Log;
use crate::message::Message;
use crate::record::{Ballot, DiskRecord, recover};
use crate::rules::Rules;

/// What a step of this Raft acts through.
pub(crate) type Cx<'a, R> = Context<'a, Raft<R>>;

/// The deadline of a timer that is not armed.
pub(crate) const NEVER: LocalTime = LocalTime(u64::MAX);

/// What a peer is told at every boot.
#[derive(Clone, Debug, Default)]
pub struct Config<R> {
    /// What the scenario asks for.
    pub settings: Settings,
    /// The rules to play by; [`crate::Paper`] for the paper's.
    pub rules: R,
}

/// One Raft server, as the paper describes it.
#[derive(Clone, Debug)]
pub struct Raft<R: Rules> {
    pub(crate) rules: R,
    pub(crate) me: PeerId,
    pub(crate) role: Role,
    /// `currentTerm`.
    pub(crate) term: Term,
    /// `votedFor`.
    pub(crate) voted_for: Option<PeerId>,
    /// Whom to redirect clients to: the leader of the current term, once heard of.
    pub(crate) leader: Option<PeerId>,
    /// When to stand for election.
    pub(crate) election_deadline: LocalTime,
    /// When to repeat heartbeats or requests for votes.
    pub(crate) beat_at: LocalTime,
    /// The election timeout that was drawn at boot.
    pub(crate) first_timeout: Duration,
    pub(crate) timing: Timing,
    pub(crate) log: Log,
    /// `commitIndex`.
    pub(crate) commit: LogIndex,
    pub(crate) disk: Disk,
    pub(crate) campaign: Campaign,
}

impl<R: Rules + Clone> Raft<R> {
    #[inline]
    fn on_request(&mut self, call: CallId, from: PeerId, request: &Message, cx: &mut Cx<'_, R>) {
        match *request {
            Message::AppendEntries { term, previous, commit } => {
                self.on_append(call, from, (term, previous, commit), cx);
            }
            Message::RequestVote { term, last_log } => {
                self.on_request_vote(call, from, term, last_log, cx);
            }
            // Replies come as replies; as a request they mean nothing.
            Message::RequestVoteReply { .. } | Message::AppendEntriesReply { .. } => {}
        }
    }

    #[inline]
    fn on_reply(&mut self, from: PeerId, reply: &Message, cx: &mut Cx<'_, R>) {
        match *reply {
            Message::AppendEntriesReply { term, .. } => {
                self.yields_to_reply(term, cx);
            }
            Message::RequestVoteReply { term, asked_in, granted } => {
                self.on_vote_reply(from, (term, asked_in, granted), cx);
            }
            Message::RequestVote { .. } | Message::AppendEntries { .. } => {}
        }
    }

    /// One timer a wake: if both are due, the peer asks to be woken again at once.
    fn on_wake(&mut self, cx: &mut Cx<'_, R>) {
        let now = cx.now();
        if now >= self.election_deadline {
            debug!(me = %self.me, role = %self.role, term = self.term, "election timeout elapses");
            self.on_election_timeout(cx);
        } else if now >= self.beat_at {
            match self.role {
                Role::Leader => self.send_heartbeats(cx),
                Role::Candidate | Role::Follower => self.repeat_requests(cx),
            }
        }
    }
}

impl<R: Rules + Clone> Peer for Raft<R> {
    type Message = Message;
    type Record = DiskRecord;
    type Config = Config<R>;

    /// Section 5.2: "When servers start up, they begin as followers", with what Figure 2 calls
    /// persistent state, and an armed election timer.
    fn boot(id: PeerId, config: &Config<R>, cx: &mut Context<'_, Self>) -> Self {
        let (ballot, log) = recover(cx.records());
        let Ballot { term, voted_for } = ballot;
        let Timing { election_timeout_min, election_timeout_max, .. } = config.settings.timing;
        let first_timeout = cx.election_timeout(election_timeout_min, election_timeout_max);
        debug!(me = %id, boot = cx.boot, term, last_log = %log.last(), "boots");
        Self {
            rules: config.rules.clone(),
            me: id,
            role: Role::Follower,
            term,
            voted_for,
            leader: None,
            election_deadline: cx.now() + first_timeout,
            beat_at: NEVER,
            first_timeout,
            timing: config.settings.timing.clone(),
            log,
            commit: 0,
            disk: Disk::new(ballot, cx.records().len()),
            campaign: Campaign::default(),
        }
    }

    #[inline]
    fn step(&mut self, input: Input<Message>, cx: &mut Context<'_, Self>) {
        match input {
            Input::Request { call, from, message } => self.on_request(call, from, &message, cx),
            Input::Reply { from, outcome: Ok(message), .. } => self.on_reply(from, &message, cx),
            // The timers repeat what was lost; a reported loss tells nothing more. And this Raft
            // speaks in RPCs only.
            Input::Reply { outcome: Err(_), .. } | Input::Message { .. } => {}
            Input::Wake => self.on_wake(cx),
            Input::Synced(sync) => self.on_synced(sync, cx),
            Input::Propose { request, command } => self.on_propose(request, command, cx),
            // Nothing is applied yet, so that no snapshot can be asked for.
            Input::Snapshot(_) => {}
        }
    }

    #[inline]
    fn next_wake(&self) -> Option<LocalTime> {
        let next = self.election_deadline.min(self.beat_at);
        (next != NEVER).then_some(next)
    }

    #[inline]
    fn view(&self) -> View {
        View {
            role: self.role,
            term: self.term,
            voted_for: self.voted_for,
            leader: self.leader,
            first: 1,
            last: self.log.last(),
            commit: self.commit,
            // Nothing is applied before entries are replicated.
            applied: 0,
        }
    }

    fn entry(&self, index: LogIndex) -> Option<EntryId> {
        self.log.id(index)
    }
}
