//! The state of Figure 2, and where each input goes.
//!
//! Three timers, all kept as deadlines of the peer's own clock: the election deadline, which a leader
//! has not; the beat, at which a leader repeats its heartbeat and a candidate its requests; and the
//! round, at which a leader sends what has gathered.

use std::time::Duration;

use splitvote_peer::{
    CallId, Command, Context, Input, LocalTime, LogIndex, PeerId, Role, Settings, Snapshot, Term,
};
use tracing::debug;

use crate::canvass::Canvass;
use crate::durable::Disk;
use crate::election::Campaign;
use crate::install::Incoming;
use crate::log::Log;
use crate::message::Message;
use crate::progress::Follower;
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
    /// The paper's `currentTerm`: the latest term that this peer has seen.
    pub(crate) term: Term,
    /// The paper's `votedFor`: who has this peer's vote in its term.
    pub(crate) voted_for: Option<PeerId>,
    /// Whom to redirect clients to: the leader of the current term, once heard of.
    pub(crate) leader: Option<PeerId>,
    /// When a leader was last heard of: never, until one is.
    pub(crate) leader_heard_at: LocalTime,
    /// When to stand for election.
    pub(crate) election_deadline: LocalTime,
    /// When to repeat heartbeats or requests for votes.
    pub(crate) beat_at: LocalTime,
    /// When to send what has gathered.
    pub(crate) round_at: LocalTime,
    /// The election timeout that was drawn at boot.
    pub(crate) first_timeout: Duration,
    pub(crate) settings: Settings,
    pub(crate) log: Log,
    /// The paper's `commitIndex`: the last index known to be committed.
    pub(crate) commit: LogIndex,
    /// The paper's `lastApplied`: the last index applied.
    pub(crate) applied: LogIndex,
    /// The newest snapshot that is durable.
    pub(crate) snapshot: Option<Snapshot>,
    /// A snapshot that is arriving.
    pub(crate) incoming: Incoming,
    pub(crate) disk: Disk,
    pub(crate) campaign: Campaign,
    /// What is asked before standing, with PreVote.
    pub(crate) canvass: Canvass,
    /// `nextIndex` and `matchIndex`, a row a peer; of use while the peer leads.
    pub(crate) followers: Vec<Follower>,
    /// What an entry of a new leader's own carries.
    pub(crate) no_op: Command,
}

impl<R: Rules + Clone> Raft<R> {
    /// What is no request and no reply.
    #[inline(never)]
    pub(crate) fn on_other(&mut self, input: Input<'_, Message>, cx: &mut Cx<'_, R>) {
        match input {
            Input::Reply { call, from, outcome: Err(_) } => self.on_call_failed(call, from, cx),
            // Their messages have been handed on.
            Input::Request { .. } | Input::Reply { .. } => {}
            // This Raft speaks in RPCs only.
            Input::Message { .. } => {}
            Input::Wake => self.on_wake(cx),
            Input::Synced(sync) => self.on_synced(sync, cx),
            Input::Propose { request, command } => self.on_propose(request, command, cx),
            Input::Snapshot(snapshot) => self.on_own_snapshot(snapshot, cx),
        }
    }

    /// A request arrives. Where the message stands, its kind is looked at once; heartbeats are most of
    /// what arrives.
    #[inline(always)]
    pub(crate) fn on_request(
        &mut self,
        call: CallId,
        from: PeerId,
        request: &Message,
        cx: &mut Cx<'_, R>,
    ) {
        match *request {
            Message::AppendEntries { term, previous, commit, ref entries } => {
                self.on_append(call, from, (term, previous, commit), entries, cx);
            }
            Message::RequestVote { term, last_log } => {
                self.on_request_vote(call, from, term, last_log, cx);
            }
            Message::InstallSnapshot { term, ref chunk } => {
                self.on_install(call, from, (term, chunk), cx);
            }
            Message::PreVote { asked_for, last_log } => {
                self.on_pre_vote(call, asked_for, last_log, cx);
            }
            // Replies come as replies; as a request they mean nothing.
            _ => {}
        }
    }

    /// A reply arrives.
    #[inline(always)]
    pub(crate) fn on_reply(
        &mut self,
        call: CallId,
        from: PeerId,
        reply: &Message,
        cx: &mut Cx<'_, R>,
    ) {
        match *reply {
            Message::AppendEntriesReply { term, ref result } => {
                self.on_append_reply(call, from, term, result, cx);
            }
            Message::RequestVoteReply { term, asked_in, granted } => {
                self.on_vote_reply(from, (term, asked_in, granted), cx);
            }
            Message::InstallSnapshotReply { term, through, received, installed } => {
                self.on_install_reply(call, from, (term, through, received, installed), cx);
            }
            Message::PreVoteReply { term, asked_for, granted } => {
                self.on_pre_vote_reply(call, from, (term, asked_for, granted), cx);
            }
            _ => {}
        }
    }

    /// One timer a wake: if more are due, the peer asks to be woken again at once.
    fn on_wake(&mut self, cx: &mut Cx<'_, R>) {
        let now = cx.now();
        if now >= self.election_deadline {
            debug!(me = %self.me, role = %self.role, term = self.term, "election timeout elapses");
            self.on_election_timeout(cx);
        } else if now >= self.round_at {
            self.on_round(cx);
        } else if now >= self.beat_at {
            match self.role {
                Role::Leader => self.on_beat(cx),
                Role::Candidate | Role::Follower => self.repeat_requests(cx),
            }
        }
    }
}
