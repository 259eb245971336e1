//! One `Raft<Paper>` driven by hand-made inputs: the test says what arrives, and sees what leaves.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::expect_used,
    reason = "each test file uses a part of this driver, and a test may fail loudly"
)]

use std::time::Duration;

use splitvote_peer::{
    CallId, Command, DiskError, Effect, History, Input, Leg, LogIndex, LogPosition, Parcel, Peer,
    PeerId, ProposalAnswer, RequestId, Role, RpcError, Settings, Snapshot, SyncId, Term, TestBench,
    View,
};
use splitvote_raft::{AppendResult, Batch, Config, DiskRecord, Entry, Message, Paper, Raft};

pub const S0: PeerId = PeerId(0);
pub const S1: PeerId = PeerId(1);
pub const S2: PeerId = PeerId(2);
pub const S3: PeerId = PeerId(3);
pub const EMPTY_LOG: LogPosition = LogPosition { index: 0, term: 0 };

/// S0 of a cluster, alone with its test.
pub struct Driver {
    pub raft: Raft<Paper>,
    bench: TestBench<Raft<Paper>>,
    cluster_size: usize,
    calls_received: u64,
    pub settings: Settings,
    /// What the last boot did.
    pub booted: Vec<Effect<Message, DiskRecord>>,
}

impl Driver {
    pub fn new(cluster_size: usize) -> Self {
        Self::with_disk(cluster_size, Vec::new())
    }

    pub fn with_disk(cluster_size: usize, disk: Vec<DiskRecord>) -> Self {
        Self::with_settings(cluster_size, disk, Settings::default())
    }

    pub fn with_settings(cluster_size: usize, disk: Vec<DiskRecord>, settings: Settings) -> Self {
        let mut bench = TestBench::with_disk(S0, cluster_size, disk);
        let (raft, booted) = bench.boot(&Config { settings: settings.clone(), rules: Paper });
        Self { raft, bench, cluster_size, calls_received: 0, settings, booted }
    }

    /// Crashes the peer, with the loss of all that was not durable, and boots it again.
    pub fn crash_and_restart(&mut self) {
        self.bench.lose_unsynced();
        self.restart();
    }

    /// Boots the peer from what the disk holds.
    pub fn restart(&mut self) {
        let config = Config { settings: self.settings.clone(), rules: Paper };
        (self.raft, self.booted) = self.bench.boot(&config);
    }

    /// The same, with what that does.
    pub fn restart_and_see(&mut self) -> &[Effect<Message, DiskRecord>] {
        self.restart();
        &self.booted
    }

    /// The last sync that was asked for fails.
    pub fn sync_failed(&mut self, error: DiskError) -> Vec<Effect<Message, DiskRecord>> {
        self.bench.fail_sync(&mut self.raft, error)
    }

    pub fn disk(&self) -> &[DiskRecord] {
        self.bench.disk()
    }

    pub fn disk_mut(&mut self) -> &mut Vec<DiskRecord> {
        self.bench.disk_mut()
    }

    pub fn step(&mut self, input: Input<'_, Message>) -> Vec<Effect<Message, DiskRecord>> {
        self.bench.step(&mut self.raft, input)
    }

    /// The next election timeout that is drawn.
    pub fn draw(&mut self, millis: u64) {
        self.bench.chance_mut().push(Duration::from_millis(millis));
    }

    pub fn pass(&mut self, millis: u64) {
        self.bench.pass(Duration::from_millis(millis));
    }

    /// Lets the time come that the peer asked for, and wakes it.
    pub fn wake(&mut self) -> Vec<Effect<Message, DiskRecord>> {
        assert!(self.raft.next_wake().is_some(), "a timer is armed");
        self.bench.pass_to_wake(&self.raft);
        self.step(Input::Wake)
    }

    /// Wakes it until it has stood for election.
    pub fn time_out(&mut self) -> Vec<Effect<Message, DiskRecord>> {
        let before = self.view().term;
        loop {
            let effects = self.wake();
            if self.view().term > before {
                return effects;
            }
        }
    }

    /// How many milliseconds until the next wake.
    pub fn wakes_in(&self) -> Option<u64> {
        let next = self.raft.next_wake()?;
        Some(next.0.saturating_sub(self.bench.now().0) / 1_000_000)
    }

    pub fn synced(&mut self, sync: u64) -> Vec<Effect<Message, DiskRecord>> {
        self.bench.complete(&mut self.raft, SyncId(sync))
    }

    /// Completes all syncs.
    pub fn sync_all(&mut self) -> Vec<Effect<Message, DiskRecord>> {
        self.synced(self.syncs())
    }

    pub fn syncs(&self) -> u64 {
        self.bench.last_sync().0
    }

    #[expect(clippy::needless_pass_by_value, reason = "a script reads better without borrowing")]
    pub fn request(&mut self, from: PeerId, message: Message) -> Vec<Effect<Message, DiskRecord>> {
        self.calls_received += 1;
        let call = CallId { number: 1_000 + self.calls_received, boot: 1, caller: from };
        self.step(Input::Request { call, from, message: &message })
    }

    pub fn ask_vote(&mut self, from: PeerId, term: Term, last_log: LogPosition) -> Vec<Message> {
        replies(&self.request(from, Message::RequestVote { term, last_log }))
    }

    pub fn heartbeat(&mut self, from: PeerId, term: Term) -> Vec<Message> {
        self.heartbeat_after(from, term, EMPTY_LOG)
    }

    pub fn heartbeat_after(
        &mut self,
        from: PeerId,
        term: Term,
        previous: LogPosition,
    ) -> Vec<Message> {
        replies(&self.request(from, Message::heartbeat(term, previous, 0)))
    }

    #[expect(clippy::needless_pass_by_value, reason = "a script reads better without borrowing")]
    pub fn answer(&mut self, from: PeerId, message: Message) -> Vec<Effect<Message, DiskRecord>> {
        let call = CallId { number: 0, boot: 1, caller: S0 };
        self.step(Input::Reply { call, from, outcome: Ok(&message) })
    }

    /// The answer to a call that was made.
    #[expect(clippy::needless_pass_by_value, reason = "a script reads better without borrowing")]
    pub fn answer_to(
        &mut self,
        call: CallId,
        from: PeerId,
        message: Message,
    ) -> Vec<Effect<Message, DiskRecord>> {
        self.step(Input::Reply { call, from, outcome: Ok(&message) })
    }

    /// The network reports the loss of a call.
    pub fn lost(&mut self, call: CallId, from: PeerId) -> Vec<Effect<Message, DiskRecord>> {
        self.step(Input::Reply { call, from, outcome: Err(RpcError::NoReply) })
    }

    /// An AppendEntries from a leader, with entries of these terms.
    pub fn append(
        &mut self,
        from: PeerId,
        (term, previous, commit): (Term, LogPosition, LogIndex),
        terms: &[Term],
    ) -> Vec<Effect<Message, DiskRecord>> {
        let entries = entries(terms);
        self.request(from, Message::AppendEntries { term, previous, commit, entries })
    }

    /// The terms of the log, from its first entry on.
    pub fn log_terms(&self) -> Vec<Term> {
        let view = self.view();
        let entries = (view.first..=view.last.index).filter_map(|index| self.raft.entry(index));
        entries.map(|entry| entry.term).collect()
    }

    /// `nextIndex` and `matchIndex`.
    pub fn progress(&self, of: PeerId) -> (LogIndex, LogIndex) {
        self.raft.progress(of).map_or((0, 0), |progress| (progress.next, progress.matched))
    }

    pub fn no_answer(&mut self, from: PeerId) -> Vec<Effect<Message, DiskRecord>> {
        let call = CallId { number: 0, boot: 1, caller: S0 };
        self.step(Input::Reply { call, from, outcome: Err(RpcError::NoReply) })
    }

    pub fn granted(&mut self, from: PeerId, term: Term) -> Vec<Effect<Message, DiskRecord>> {
        self.answer(from, vote(term, term, true))
    }

    pub fn propose(&mut self, request: u64, bytes: &[u8]) -> Vec<Effect<Message, DiskRecord>> {
        let command = Command::new(bytes);
        self.step(Input::Propose { request: RequestId(request), command })
    }

    pub fn view(&self) -> View {
        self.raft.view()
    }

    pub fn role(&self) -> Role {
        self.view().role
    }
}

/// S0 of three or more, elected in term 1.
pub fn leader(cluster_size: usize) -> Driver {
    elected(Driver::new(cluster_size)).0
}

/// Lets a peer be elected, and says what it did then.
pub fn elected(mut s0: Driver) -> (Driver, Vec<Effect<Message, DiskRecord>>) {
    s0.time_out();
    let mut effects = s0.sync_all();
    let term = s0.view().term;
    for peer in PeerId::all(s0.cluster_size).skip(1).take(s0.cluster_size / 2) {
        effects = s0.granted(peer, term);
    }
    assert_eq!(s0.role(), Role::Leader);
    (s0, effects)
}

pub fn vote(term: Term, asked_in: Term, granted: bool) -> Message {
    Message::RequestVoteReply { term, asked_in, granted }
}

pub fn pre_vote_reply(term: Term, asked_for: Term, granted: bool) -> Message {
    Message::PreVoteReply { term, asked_for, granted }
}

pub fn beat_ok(term: Term) -> Message {
    append_ok(term, 0)
}

pub fn append_ok(term: Term, through: LogIndex) -> Message {
    Message::AppendEntriesReply { term, result: AppendResult::Success { through } }
}

pub fn beat_refused(term: Term) -> Message {
    Message::AppendEntriesReply { term, result: AppendResult::Stale }
}

pub fn conflict(term: Term, previous: LogIndex, index: LogIndex, in_term: Term) -> Message {
    let hint = LogPosition { index, term: in_term };
    Message::AppendEntriesReply { term, result: AppendResult::Conflict { previous, hint } }
}

pub fn calls(effects: &[Effect<Message, DiskRecord>]) -> Vec<(PeerId, Message)> {
    let calls = effects.iter().filter_map(|effect| match effect {
        Effect::Send(Parcel { to, leg: Leg::Request(_), message, .. }) => {
            Some((*to, message.clone()))
        }
        _ => None,
    });
    calls.collect()
}

/// The first call to a peer.
pub fn call_to(peer: PeerId, effects: &[Effect<Message, DiskRecord>]) -> CallId {
    let found = effects.iter().find_map(|effect| match effect {
        Effect::Send(Parcel { to, leg: Leg::Request(call), .. }) if *to == peer => Some(*call),
        _ => None,
    });
    found.expect("a call to this peer")
}

/// The calls with entries among the effects, with their names.
pub fn appends(effects: &[Effect<Message, DiskRecord>]) -> Vec<(PeerId, CallId, Message)> {
    let appends = effects.iter().filter_map(|effect| match effect {
        Effect::Send(Parcel { to, leg: Leg::Request(call), message, .. }) => match message {
            Message::AppendEntries { entries, .. } if !entries.is_empty() => {
                Some((*to, *call, message.clone()))
            }
            _ => None,
        },
        _ => None,
    });
    appends.collect()
}

pub fn at(index: LogIndex, term: Term) -> LogPosition {
    LogPosition { index, term }
}

/// One entry of each term, with the term as its command.
pub fn entries(terms: &[Term]) -> Batch {
    let entry = |term: &Term| Entry { term: *term, command: Command::new(&term.to_le_bytes()) };
    terms.iter().map(entry).collect::<Vec<_>>().into()
}

/// The disk of a peer whose log holds one entry of each term, as [`entries`] makes them.
pub fn disk(terms: &[Term]) -> Vec<DiskRecord> {
    let mut records = splitvote_raft::disk_with_log(terms);
    for record in &mut records {
        if let DiskRecord::Entry { term, command, .. } = record {
            *command = Command::new(&term.to_le_bytes());
        }
    }
    records
}

/// What was applied among the effects.
pub fn applied(effects: &[Effect<Message, DiskRecord>]) -> Vec<LogIndex> {
    let applied = effects.iter().filter_map(|effect| match effect {
        Effect::Applied { index, .. } => Some(*index),
        _ => None,
    });
    applied.collect()
}

/// The snapshots that the state machine was set to.
pub fn restored(effects: &[Effect<Message, DiskRecord>]) -> Vec<LogIndex> {
    let restored = effects.iter().filter_map(|effect| match effect {
        Effect::Restored(snapshot) => Some(snapshot.through.index),
        _ => None,
    });
    restored.collect()
}

/// A snapshot of so many bytes.
pub fn snapshot(through: LogPosition, bytes: usize) -> Snapshot {
    Snapshot::of(through, History(through.index), bytes)
}

pub fn replies(effects: &[Effect<Message, DiskRecord>]) -> Vec<Message> {
    let replies = effects.iter().filter_map(|effect| match effect {
        Effect::Send(Parcel { leg: Leg::Reply(_), message, .. }) => Some(message.clone()),
        _ => None,
    });
    replies.collect()
}

pub fn answers(effects: &[Effect<Message, DiskRecord>]) -> Vec<(u64, ProposalAnswer)> {
    let answers = effects.iter().filter_map(|effect| match effect {
        Effect::Answer { request, answer } => Some((request.0, answer.clone())),
        _ => None,
    });
    answers.collect()
}
