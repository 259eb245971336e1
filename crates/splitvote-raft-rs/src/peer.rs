//! A peer around raft-rs.
//!
//! - Ticks are counted and not waited for, one by one ([`Ticks`]); the tick at which a timeout ends is the deadline.
//! - raft-rs draws its election timeouts from the thread's random numbers. Each draw is far beyond any timeout of a
//!   scenario, so that it can be told, and is replaced by one of the world.
//! - The disk is driven by the asynchronous Ready: `messages` leave at once, `persisted_messages` wait at the [`Gate`]
//!   for the sync of their Ready, and raft-rs is told of it by `on_persist_ready`.
//! - raft-rs asks to be told if a snapshot does not arrive. Nobody tells here, so a snapshot that was not acknowledged
//!   within an election timeout counts as lost.

use raft::eraftpb::{Message as Inner, Snapshot as InnerSnapshot};
use raft::{ProgressState, RawNode, Ready, SnapshotStatus, StateRole};
use splitvote::peer::{
    Command, Context, EntryId, Feature, Features, Input, LocalTime, LogIndex, LogPosition, Payload,
    Peer, Progress, ProposalAnswer, RequestId, Settings, Snapshot, SyncId,
};
use splitvote::{PeerId, Role, View};
use splitvote_adapter::{Carried, Gate, Ticks};

use crate::fault::{Config, Fault};
use crate::say::Say;
use crate::store::{Kept, Note, Store, entry_id, id_of, number_of, peer_of};

/// No timeout of a scenario is as long as this, in ticks, and no draw of raft-rs is shorter.
const NOBODYS: usize = 1 << 32;

/// What waits for the disk.
enum Waiting {
    /// A Ready, with the messages that it holds back and the snapshot that it installs.
    Ready { number: u64, messages: Vec<Inner>, installed: Option<Snapshot> },
    /// The state of a snapshot, which is written too late (a fault).
    LateState,
}

pub(crate) struct RaftRs {
    node: RawNode<Store>,
    config: Config,
    ticks: Ticks,
    gate: Gate<Waiting>,
    /// The ballot that was written last.
    ballot: (u64, u64),
    /// When each peer was sent the snapshot that is under way to it.
    sent: Vec<LocalTime>,
    /// The state of the snapshot that is being received in this step.
    arriving: Option<Payload>,
    /// How many snapshots are on their way to the disk.
    installing: usize,
}

type Cx<'a> = Context<'a, RaftRs>;

impl RaftRs {
    fn has(&self, fault: Fault) -> bool {
        self.config.fault == Some(fault)
    }

    /// Takes the ticks that are due. What a peer that stood still has missed is not made up for.
    fn catch_up(&mut self, cx: &mut Cx<'_>) {
        if self.is_installing() {
            self.ticks.skip(cx.now());
        }
        while self.ticks.take(cx.now()) {
            if self.node.tick() {
                self.ticks.skip(cx.now());
                self.give_up_snapshots(cx.now());
            }
        }
        self.redraw(cx);
    }

    /// Whether a snapshot is on its way to the disk. raft-rs panics if an election timeout ends meanwhile (raft.rs,
    /// `hup`, which asks for entries that the snapshot has replaced). TiKV, too, does not tick then.
    fn is_installing(&self) -> bool {
        self.installing > 0 && !self.has(Fault::TicksDuringInstall)
    }

    fn redraw(&mut self, cx: &mut Cx<'_>) {
        if self.node.raft.randomized_election_timeout() >= NOBODYS {
            let timing = &self.config.settings.timing;
            let (min, max) = (timing.election_timeout_min, timing.election_timeout_max);
            // A message comes between two ticks, and the next one counts as a whole: hence one more.
            let drawn = self.ticks.in_ticks(cx.election_timeout(min, max)) + 1;
            let drawn = drawn.max(self.node.raft.election_timeout());
            self.node.raft.set_randomized_election_timeout(drawn);
        }
    }

    fn give_up_snapshots(&mut self, now: LocalTime) {
        if self.node.raft.state != StateRole::Leader {
            return;
        }
        let patience = self.config.settings.timing.election_timeout_max;
        for peer in PeerId::all(self.sent.len()) {
            let number = number_of(peer);
            let progress = self.node.raft.prs().get(number);
            let is_under_way = progress.is_some_and(|it| it.state == ProgressState::Snapshot);
            if is_under_way && now >= self.sent[peer.index()] + patience {
                self.node.report_snapshot(number, SnapshotStatus::Failure);
            }
        }
    }

    fn hear(&mut self, message: &Say) {
        self.arriving = message.state().cloned();
        // What raft-rs disregards might as well have been lost.
        _ = self.node.step(message.inner().clone());
    }

    fn propose(&mut self, request: RequestId, command: &Command, cx: &mut Cx<'_>) {
        let before = self.node.raft.raft_log.last_index();
        // A follower would pass it on to its leader, and nobody would know where it went.
        let leads = self.node.raft.state == StateRole::Leader;
        let data = Carried::of(command).to_bytes().to_vec();
        let answer = if leads && self.node.propose(Vec::new(), data).is_ok() {
            ProposalAnswer::Accepted { index: before + 1, term: self.node.raft.term }
        } else {
            ProposalAnswer::Redirect { leader: peer_of(self.node.raft.leader_id) }
        };
        cx.answer(request, answer);
    }

    fn shorten(&mut self, snapshot: &Snapshot, cx: &mut Cx<'_>) {
        let through = snapshot.through.index;
        if through > self.node.store().log().base().index
            && through <= self.node.raft.raft_log.applied
        {
            self.node.mut_store().replace_front(snapshot);
            self.rewrite(cx);
            let sync = self.sync(cx);
            self.late_state(sync);
        }
    }

    /// Writes all anew, and forgets the older records as soon as that is durable.
    fn rewrite(&mut self, cx: &mut Cx<'_>) {
        let store = self.node.store();
        let early = self.has(Fault::SnapshotBeforeData);
        let snapshot = store.newest_snapshot().cloned().map(|mut snapshot| {
            if early {
                snapshot.state = Payload::default();
            }
            Note::Snapshot(snapshot)
        });
        let rest = store.log().iter().map(|Kept(entry)| Note::Entry(entry.clone()));
        let notes = std::iter::once(self.ballot_note()).chain(snapshot).chain(rest);
        let mut count = 0;
        for note in notes {
            cx.persist(note);
            count += 1;
        }
        cx.compact(count);
    }

    fn ballot_note(&self) -> Note {
        let (term, vote) = self.ballot;
        Note::Ballot { term, vote: if self.has(Fault::VoteNotPersisted) { 0 } else { vote } }
    }

    /// The sync for which to wait; none if it is said to be done.
    fn sync(&mut self, cx: &mut Cx<'_>) -> Option<SyncId> {
        (!self.has(Fault::LyingSync)).then(|| cx.sync())
    }

    fn late_state(&mut self, sync: Option<SyncId>) {
        if let (true, Some(sync)) = (self.has(Fault::SnapshotBeforeData), sync) {
            self.gate.hold(sync, Waiting::LateState);
        }
    }

    fn send(&mut self, messages: Vec<Inner>, cx: &mut Cx<'_>) {
        for message in messages {
            let mut state = None;
            if message.has_snapshot() {
                // What waited for the disk may be an older one, which is there no more: as if it were lost.
                let through = message.get_snapshot().get_metadata().index;
                let newest = self.node.store().newest_snapshot();
                let Some(snapshot) = newest.filter(|it| it.through.index == through) else {
                    continue;
                };
                state = Some(snapshot.state.clone());
                if let Some(sent) = self.sent.get_mut(id_of(message.to).index()) {
                    *sent = cx.now();
                }
            }
            let say = Say::new(message, state);
            let (to, bytes) = (say.to(), say.bytes());
            cx.send(to, say, bytes);
        }
    }

    /// Does what raft-rs wants done, and lets go what waits no more, until there is nothing left.
    fn drain(&mut self, cx: &mut Cx<'_>) {
        loop {
            self.redraw(cx);
            if self.node.has_ready() {
                let ready = self.node.ready();
                self.handle(ready, cx);
            } else if let Some(waiting) = self.gate.release() {
                self.let_go(waiting, cx);
            } else {
                return;
            }
        }
    }

    fn handle(&mut self, mut ready: Ready, cx: &mut Cx<'_>) {
        self.send(ready.take_messages(), cx);
        let must_sync = ready.must_sync();
        if let Some(hard) = ready.hs()
            && (hard.term, hard.vote) != self.ballot
        {
            self.ballot = (hard.term, hard.vote);
            cx.persist(self.ballot_note());
        }
        let installed = self.install(ready.snapshot(), cx);
        for entry in ready.entries() {
            self.node.mut_store().put(entry);
            cx.persist(Note::Entry(entry.clone()));
        }
        if let Some(commit) = ready.hs().map(|hard| hard.commit)
            && let Some(term) = self.node.store().log().term_at(commit)
        {
            cx.persist(Note::Commit(LogPosition { index: commit, term }));
        }
        let mut messages = ready.take_persisted_messages();
        if self.has(Fault::ReplyBeforeSync) {
            self.send(std::mem::take(&mut messages), cx);
        }
        let is_install = installed.is_some();
        let waiting = Waiting::Ready { number: ready.number(), messages, installed };
        let sync = if must_sync { self.sync(cx) } else { None };
        match sync {
            Some(sync) => self.gate.hold(sync, waiting),
            None => self.gate.queue(waiting),
        }
        if is_install {
            self.late_state(sync);
        }
        let committed = ready.take_committed_entries();
        self.node.advance_append_async(ready);
        for entry in &committed {
            cx.applied(entry.index, entry_id(entry));
        }
        if let Some(last) = committed.last() {
            self.node.advance_apply_to(last.index);
        }
    }

    /// Takes in the snapshot of a Ready, if it has one: its state came beside the message.
    fn install(&mut self, inner: &InnerSnapshot, cx: &mut Cx<'_>) -> Option<Snapshot> {
        let metadata = inner.get_metadata();
        if metadata.index == 0 {
            return None;
        }
        let through = LogPosition { index: metadata.index, term: metadata.term };
        let snapshot = Snapshot { through, state: self.arriving.take().unwrap_or_default() };
        self.node.mut_store().replace_front(&snapshot);
        self.rewrite(cx);
        self.installing += 1;
        Some(snapshot)
    }

    fn let_go(&mut self, waiting: Waiting, cx: &mut Cx<'_>) {
        match waiting {
            Waiting::Ready { number, messages, installed } => {
                self.send(messages, cx);
                self.node.on_persist_ready(number);
                if let Some(snapshot) = installed {
                    let through = snapshot.through.index;
                    cx.restored(snapshot);
                    self.installing -= 1;
                    self.node.advance_apply_to(through);
                }
            }
            Waiting::LateState => {
                if let Some(snapshot) = self.node.store().newest_snapshot() {
                    cx.persist(Note::Snapshot(snapshot.clone()));
                    cx.sync();
                }
            }
        }
    }
}

impl Peer for RaftRs {
    type Message = Say;
    type Record = Note;
    type Config = Config;
    const FEATURES: Features = Features::of(&[
        Feature::Log,
        Feature::Disk,
        Feature::Snapshots,
        Feature::NoOp,
        Feature::PreVote,
        Feature::CheckQuorum,
        Feature::HeedsCandidates,
        Feature::OutlivesStalls,
    ]);

    #[expect(
        clippy::expect_used,
        reason = "raft-rs refuses a configuration only if this adapter is wrong"
    )]
    fn boot(me: PeerId, config: &Config, cx: &mut Context<'_, Self>) -> Self {
        let Settings { timing, check_quorum, pre_vote, appends_in_flight, .. } = &config.settings;
        let millisecond = std::time::Duration::from_millis(1);
        let ticks = Ticks::new(millisecond.min(timing.heartbeat_interval / 50), cx.now());
        let heartbeat_tick = ticks.in_ticks(timing.heartbeat_interval);
        let election_tick = ticks.in_ticks(timing.election_timeout_min).max(heartbeat_tick) + 1;
        let store = Store::recover(cx.records(), cx.cluster_size(), &config.settings);
        let snapshot = store.newest_snapshot().cloned();
        let inner = raft::Config {
            id: number_of(me),
            election_tick,
            heartbeat_tick,
            applied: store.log().base().index,
            // The store cuts a batch by the sizes of the commands, which raft-rs does not see.
            max_size_per_msg: raft::NO_LIMIT - 1,
            max_inflight_msgs: (*appends_in_flight).max(1),
            check_quorum: *check_quorum,
            pre_vote: *pre_vote,
            min_election_tick: election_tick,
            max_election_tick: usize::MAX / 2,
            ..raft::Config::default()
        };
        let logger = slog::Logger::root(slog::Discard, slog::o!());
        let node = RawNode::new(&inner, store, &logger).expect("a valid configuration");
        let ballot = (node.raft.term, node.raft.vote);
        let sent = vec![cx.now(); cx.cluster_size()];
        let (gate, config) = (Gate::default(), config.clone());
        let mut peer =
            Self { node, config, ticks, gate, ballot, sent, arriving: None, installing: 0 };
        if let Some(snapshot) = snapshot {
            cx.restored(snapshot);
        }
        peer.drain(cx);
        peer
    }

    fn step(&mut self, input: Input<'_, Say>, cx: &mut Context<'_, Self>) {
        self.catch_up(cx);
        match input {
            Input::Wake => {}
            Input::Message { message, .. } => self.hear(message),
            Input::Synced(sync) => self.gate.synced(sync),
            Input::Propose { request, command } => self.propose(request, &command, cx),
            Input::Snapshot(snapshot) => self.shorten(&snapshot, cx),
            // It speaks in messages.
            Input::Request { .. } | Input::Reply { .. } => {}
        }
        self.drain(cx);
    }

    fn next_wake(&self) -> Option<LocalTime> {
        if self.is_installing() {
            return None;
        }
        let raft = &self.node.raft;
        let until_election = |timeout: usize| timeout.saturating_sub(raft.election_elapsed);
        let ticks = if raft.state == StateRole::Leader {
            let beat = raft.heartbeat_timeout().saturating_sub(raft.heartbeat_elapsed());
            if raft.check_quorum { beat.min(until_election(raft.election_timeout())) } else { beat }
        } else {
            until_election(raft.randomized_election_timeout())
        };
        Some(self.ticks.deadline(ticks))
    }

    fn view(&self) -> View {
        let raft = &self.node.raft;
        let role = match raft.state {
            StateRole::Leader => Role::Leader,
            StateRole::Candidate => Role::Candidate,
            // Who asks whether it would be elected stands in no term.
            StateRole::PreCandidate | StateRole::Follower => Role::Follower,
        };
        View {
            role,
            term: raft.term,
            voted_for: peer_of(raft.vote),
            leader: peer_of(raft.leader_id),
            first: self.node.store().log().first(),
            last: self.node.store().log().last(),
            commit: raft.raft_log.committed,
            applied: raft.raft_log.applied,
            ..View::NEW
        }
    }

    fn entry(&self, index: LogIndex) -> Option<EntryId> {
        self.node.store().log().get(index).map(|Kept(entry)| entry_id(entry))
    }

    fn progress(&self, follower: PeerId) -> Option<Progress> {
        let raft = &self.node.raft;
        let progress = raft.prs().get(number_of(follower))?;
        let (matched, next) = (progress.matched, progress.next_idx);
        (raft.state == StateRole::Leader).then_some(Progress { matched, next })
    }
}
