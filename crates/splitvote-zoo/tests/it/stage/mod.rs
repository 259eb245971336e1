//! A stage for one peer, S0: stories are told to it, and it shows what it does.

#![allow(dead_code, reason = "each test uses the events that its stories are made of")]

use std::collections::VecDeque;
use std::time::Duration;

use Event::*;
use splitvote_peer::{
    CallId, Chance, Command, Context, DiskError, Effect, Input, Leg, LocalTime, LogIndex,
    LogPosition, Outbox, Parcel, Peer, PeerId, Record, RequestId, RpcError, Settings, Snapshot,
    SyncId, Term, Turn,
};
use splitvote_raft::{
    AppendResult, Batch, Chunk, Config, DiskRecord, Entry, Message, Raft, Rules, disk_with_log,
};

type Mutated = Raft<splitvote_raft::Own>;

/// Index and term.
pub(crate) type At = (LogIndex, Term);

/// What happens to S0.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event {
    /// S1 or another asks for a vote in a term, its log ending there.
    Ask(u8, Term, At),
    /// S1 or another asks whether it would get a vote in a term, its log ending there.
    PreAsk(u8, Term, At),
    /// A peer would vote for S0 in a term: the answer to what it was last asked.
    Yes(u8, Term),
    /// The same, but to the first call that S0 has made.
    LateYes(u8, Term),
    /// A heartbeat in a term, for a log that holds this entry.
    Beat(u8, Term, At),
    /// AppendEntries in a term: behind which entry, entries of which terms, leaderCommit.
    Append(u8, Term, At, &'static [Term], LogIndex),
    /// A snapshot through this entry, whole, in a term.
    Install(u8, Term, At),
    /// Three bytes of such a snapshot, from this one on.
    Part(u8, Term, At, usize),
    /// A vote granted by a peer, in a term.
    Granted(u8, Term),
    /// A refusal from a peer that is in this term.
    Refused(u8, Term),
    /// A peer in this term holds the log up to here.
    Holds(u8, Term, LogIndex),
    /// A peer in this term lacks the entry at an index; its hint.
    Lacks(u8, Term, LogIndex, At),
    /// A peer in this term has so many bytes of the snapshot through an index.
    Received(u8, Term, LogIndex, u64),
    /// The network reports that the last call to a peer was lost.
    Lost(u8),
    /// A client proposes a command.
    Propose,
    /// The same, a command of 100 bytes.
    ProposeLarge,
    /// The own state machine has made a snapshot of itself.
    OwnSnapshot(At),
    /// So many milliseconds pass, and all timers that elapse in them.
    Pass(u64),
    /// The earliest sync under way completes, if there is one.
    Sync,
    /// The earliest sync under way fails, and all others with it: a later one does not cover what they
    /// should have covered.
    FailSync,
    /// The newest record on the disk is damaged.
    Rot,
    /// The peer crashes, loses what was not durable but for so many records, and restarts.
    Crash(usize),
}

/// 200 ms, then 210 ms, and so on: no two election timeouts are the same.
#[derive(Default)]
struct Rising(u64);

impl Chance for Rising {
    fn below(&mut self, _bound: u64) -> u64 {
        0
    }
    fn election_timeout(&mut self, _min: u64, _max: u64) -> u64 {
        self.0 += 10;
        (190 + self.0) * 1_000_000
    }
}

/// S0, its clock, and its disk.
pub(crate) struct Stage {
    rules: &'static dyn Rules,
    settings: Settings,
    cluster_size: usize,
    now: LocalTime,
    chance: Rising,
    calls: u64,
    /// The last call to each peer.
    called: [u64; 8],
    syncs: u64,
    under_way: VecDeque<(u64, usize)>,
    disk: Vec<DiskRecord>,
    durable: usize,
    peer: Option<Mutated>,
    /// What was asked of S1 or answered, in the last event.
    said: Vec<String>,
    /// All that was done in the last event.
    done: Vec<String>,
}

/// The stage at the end of a story.
pub(crate) fn told(
    rules: &'static dyn Rules,
    cluster_size: usize,
    log: &[Term],
    story: &[Event],
) -> Stage {
    told_with(Settings::default(), rules, cluster_size, log, story)
}

/// The same, with options.
pub(crate) fn told_with(
    settings: Settings,
    rules: &'static dyn Rules,
    cluster_size: usize,
    log: &[Term],
    story: &[Event],
) -> Stage {
    let disk = disk_with_log(log);
    let mut stage = Stage {
        rules,
        settings,
        cluster_size,
        now: LocalTime(0),
        chance: Rising::default(),
        calls: 0,
        called: [0; 8],
        syncs: 0,
        under_way: VecDeque::new(),
        durable: disk.len(),
        disk,
        peer: None,
        said: Vec::new(),
        done: Vec::new(),
    };
    stage.run(None);
    for event in story {
        stage.happens(*event);
    }
    stage
}

fn position((index, term): At) -> LogPosition {
    LogPosition { index, term }
}

fn snapshot(through: At) -> Snapshot {
    Snapshot { through: position(through), state: (0..8).collect() }
}

impl Stage {
    /// Boots, or takes a step, and carries out what the peer did.
    fn run(&mut self, input: Option<Input<'_, Message>>) {
        self.hand_over(|peer, cx| {
            if let Some(input) = input {
                peer.step(input, cx);
            }
        });
    }

    /// Boots if it is down, or hands something over, and carries out what the peer did.
    fn hand_over(&mut self, what: impl FnOnce(&mut Mutated, &mut Context<'_, Mutated>)) {
        let mut outbox = Outbox { calls: self.calls, ..Outbox::default() };
        let turn = Turn { me: PeerId(0), boot: 1, cluster_size: self.cluster_size, now: self.now };
        let Self { chance, syncs, disk, .. } = self;
        let mut cx = Context::new(turn, chance, syncs, disk, &mut outbox);
        match &mut self.peer {
            Some(peer) => what(peer, &mut cx),
            None => {
                let config = Config { settings: self.settings.clone(), rules: self.rules.into() };
                self.peer = Some(Mutated::boot(PeerId(0), &config, &mut cx));
            }
        }
        self.calls = outbox.calls;
        for effect in outbox.effects {
            self.perform(effect);
        }
    }

    fn perform(&mut self, effect: Effect<Message, DiskRecord>) {
        match effect {
            Effect::Persist(record) => self.disk.push(record),
            Effect::Sync(sync) => {
                self.under_way.push_back((sync.0, self.disk.len()));
                self.done.push("syncs".into());
            }
            Effect::Compact { keep } => {
                let gone = self.disk.len() - keep;
                self.disk.drain(..gone);
                self.durable = self.durable.saturating_sub(gone);
                self.under_way.iter_mut().for_each(|(_, covers)| *covers -= gone.min(*covers));
            }
            Effect::Send(Parcel { to, message, leg: Leg::Request(call), .. }) => {
                self.called[to.index()] = call.number;
                if to == PeerId(1) {
                    self.said.push(format!("asks {message}"));
                }
                let commit = match &message {
                    Message::AppendEntries { entries, commit, .. } if entries.is_empty() => *commit,
                    _ => 0,
                };
                let commit = if commit > 0 { format!(" commit {commit}") } else { String::new() };
                self.done.push(format!("to {to} {message}{commit}"));
            }
            Effect::Send(Parcel { message, leg: Leg::Reply(_), .. }) => {
                self.said.push(message.to_string());
                self.done.push(message.to_string());
            }
            Effect::Applied { index, .. } => self.done.push(format!("applies {index}")),
            Effect::Restored(snapshot) => self.done.push(format!("restores {}", snapshot.through)),
            Effect::Stop => self.done.push("stops".into()),
            Effect::Send(Parcel { leg: Leg::OneWay, .. }) | Effect::Answer { .. } => {}
        }
    }

    fn happens(&mut self, event: Event) {
        if matches!(event, Sync) && self.under_way.is_empty() {
            return;
        }
        self.said.clear();
        self.done.clear();
        match event {
            Ask(from, term, log) => {
                self.request(from, Message::RequestVote { term, last_log: position(log) });
            }
            PreAsk(from, asked_for, log) => {
                let last_log = position(log);
                self.request(from, Message::PreVote { asked_for, last_log });
            }
            Yes(from, asked_for) => {
                self.yes(self.called[usize::from(from)], from, asked_for);
            }
            LateYes(from, asked_for) => self.yes(0, from, asked_for),
            Beat(from, term, log) => {
                self.request(from, Message::heartbeat(term, position(log), 0));
            }
            Append(from, term, previous, terms, commit) => {
                let entry = |term: &Term| Entry { term: *term, command: Command::new(b"c") };
                let entries = Batch::from(terms.iter().map(entry).collect::<Vec<_>>());
                let previous = position(previous);
                self.request(from, Message::AppendEntries { term, previous, commit, entries });
            }
            Install(from, term, through) => {
                let chunk = Chunk::of(&snapshot(through), 0, usize::MAX).into();
                self.request(from, Message::InstallSnapshot { term, chunk });
            }
            Part(from, term, through, first) => {
                let chunk = Chunk::of(&snapshot(through), first, 3).into();
                self.request(from, Message::InstallSnapshot { term, chunk });
            }
            Granted(from, term) => self.vote(from, term, true),
            Refused(from, term) => self.vote(from, term, false),
            Holds(from, term, through) => {
                self.append_reply(from, term, AppendResult::Success { through });
            }
            Lacks(from, term, previous, hint) => {
                let hint = position(hint);
                self.append_reply(from, term, AppendResult::Conflict { previous, hint });
            }
            Received(from, term, through, received) => {
                let installed = false;
                let reply = Message::InstallSnapshotReply { term, through, received, installed };
                self.outcome(from, Ok(reply));
            }
            Lost(to) => self.outcome(to, Err(RpcError::NoReply)),
            Propose => {
                let command = Command::new(b"c");
                self.run(Some(Input::Propose { request: RequestId(0), command }));
            }
            ProposeLarge => {
                let command = Command::new(&[b'c'; 100]);
                self.run(Some(Input::Propose { request: RequestId(1), command }));
            }
            OwnSnapshot(through) => self.run(Some(Input::Snapshot(snapshot(through)))),
            Pass(millis) => self.pass(millis),
            Sync => {
                if let Some((sync, covers)) = self.under_way.pop_front() {
                    self.durable = covers;
                    self.run(Some(Input::Synced(SyncId(sync))));
                }
            }
            FailSync => {
                if let Some((sync, _)) = self.under_way.pop_front() {
                    self.under_way.clear();
                    self.hand_over(|peer, cx| peer.sync_failed(SyncId(sync), DiskError::Io, cx));
                }
            }
            Rot => {
                let damaged = self.disk.last().and_then(Record::damaged);
                self.disk.pop();
                self.disk.extend(damaged);
            }
            Crash(kept) => {
                self.disk.truncate(self.durable + kept);
                (self.syncs, self.peer) = (0, None);
                self.under_way.clear();
                self.run(None);
            }
        }
    }

    #[expect(clippy::needless_pass_by_value, reason = "a script reads better without borrowing")]
    fn request(&mut self, from: u8, message: Message) {
        let from = PeerId(from);
        let call = CallId { number: 0, boot: 1, caller: from };
        self.run(Some(Input::Request { call, from, message: &message }));
    }

    fn yes(&mut self, call: u64, from: u8, asked_for: Term) {
        let reply = Message::PreVoteReply { term: asked_for - 1, asked_for, granted: true };
        self.outcome_of(call, from, Ok(reply));
    }

    fn outcome(&mut self, from: u8, outcome: Result<Message, RpcError>) {
        self.outcome_of(self.called[usize::from(from)], from, outcome);
    }

    #[expect(clippy::needless_pass_by_value, reason = "a script reads better without borrowing")]
    fn outcome_of(&mut self, number: u64, from: u8, outcome: Result<Message, RpcError>) {
        let call = CallId { number, boot: 1, caller: PeerId(0) };
        let outcome = outcome.as_ref().map_err(|error| *error);
        self.run(Some(Input::Reply { call, from: PeerId(from), outcome }));
    }

    fn vote(&mut self, from: u8, term: Term, granted: bool) {
        self.outcome(from, Ok(Message::RequestVoteReply { term, asked_in: term, granted }));
    }

    fn append_reply(&mut self, from: u8, term: Term, result: AppendResult) {
        self.outcome(from, Ok(Message::AppendEntriesReply { term, result }));
    }

    fn pass(&mut self, millis: u64) {
        let end = self.now + Duration::from_millis(millis);
        while let Some(wake) = self.peer.as_ref().and_then(Peer::next_wake) {
            if wake > end {
                break;
            }
            self.now = self.now.max(wake);
            self.run(Some(Input::Wake));
        }
        self.now = end;
    }

    /// Role and term, vote, leader, milliseconds to the next wake; what was said last.
    pub(crate) fn election(&self) -> String {
        let Some(peer) = &self.peer else { return String::new() };
        let view = peer.view();
        let name = |peer: Option<PeerId>| peer.map_or("-".into(), |peer| peer.to_string());
        let wake = peer.next_wake().map_or(0, |wake| (wake.0 - self.now.0) / 1_000_000);
        let (vote, leader) = (name(view.voted_for), name(view.leader));
        let said = self.said.last().map_or("-", String::as_str);
        format!("{} T{} vote {vote} leader {leader} wake {wake}: {said}", view.role, view.term)
    }

    /// Role and term, the terms of the log, commitIndex and lastApplied, nextIndex and matchIndex of
    /// S1; all that was done last.
    pub(crate) fn log(&self) -> String {
        let Some(peer) = &self.peer else { return String::new() };
        let view = peer.view();
        let terms: Vec<_> = (view.first..=view.last.index)
            .map(|index| peer.entry(index).map_or("-".into(), |entry| entry.term.to_string()))
            .collect();
        let s1 = peer.progress(PeerId(1)).map_or(String::new(), |progress| {
            format!(", S1 next {} match {}", progress.next, progress.matched)
        });
        format!(
            "{} T{}, log {}:[{}], commit {}, applied {}{s1}: {}",
            view.role,
            view.term,
            view.first,
            terms.join(" "),
            view.commit,
            view.applied,
            self.done.join(" · ")
        )
    }
}
