//! A few peers with a network and disks that do what the test says: messages take one millisecond,
//! and a sync as long as the test says.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::expect_used,
    clippy::panic,
    reason = "each test file uses a part of this cluster, and a test may fail loudly"
)]

pub mod soak;

use std::collections::BTreeMap;
use std::time::Duration;

use splitvote_peer::{
    CallId, Chance, Command, Context, Effect, EntryId, History, Input, Leg, LocalTime, LogIndex,
    LogPosition, Outbox, Parcel, Peer, PeerId, PeerSet, Record, RequestId, Role, RpcError,
    Settings, Snapshot, SyncId, Turn, View,
};
use splitvote_raft::{Config, DiskRecord, Message, Raft, Rules};

/// Timeouts that rise with the peer's number and never repeat.
struct Spread(u64, u64);

impl Chance for Spread {
    fn below(&mut self, _bound: u64) -> u64 {
        0
    }
    fn election_timeout(&mut self, min: u64, max: u64) -> u64 {
        self.1 = (self.1 * 5 + 3) % 16;
        min + (max - min) / 5 * (self.0 % 5) + self.1 * 1_000_000
    }
}

/// What can be under way.
#[derive(Clone)]
enum Event {
    Request { call: CallId, to: PeerId, boot: u32, message: Message },
    Reply { call: CallId, from: PeerId, message: Message },
    Failed { call: CallId, to: PeerId },
    Synced { peer: PeerId, boot: u32, sync: u64, covers: usize },
}

/// One peer, its disk and its state machine.
pub struct Seat<R: Rules + Clone> {
    pub raft: Option<Raft<R>>,
    boot: u32,
    syncs: u64,
    chance: Spread,
    pub disk: Vec<DiskRecord>,
    forgotten: usize,
    durable: usize,
    /// What its records take, snapshots not counted.
    state_bytes: usize,
    /// What the state machine holds: how far, and the history.
    pub machine: (LogIndex, History),
    /// What it applied, since its boot.
    pub applied: Vec<(LogIndex, EntryId)>,
    pub restored: Vec<LogIndex>,
}

pub struct Cluster<R: Rules + Clone> {
    config: Config<R>,
    pub now: u64,
    queue: BTreeMap<(u64, u64), Event>,
    sent: u64,
    outbox: Outbox<Message, DiskRecord>,
    pub seats: Vec<Seat<R>>,
    pub isolated: PeerSet,
    /// What messages arrived, by kind, with their bytes.
    pub log: Vec<(PeerId, PeerId, Message)>,
    pub sync_millis: u64,
    /// Messages take up to so many milliseconds longer, so that they overtake each other.
    pub jitter_millis: u64,
    /// Whether a lost call is reported to its caller.
    pub reports_loss: bool,
    /// The state machines make a snapshot whenever they have applied so many entries more.
    pub snapshot_every: Option<u64>,
    pub snapshot_bytes: usize,
    /// Of how many messages the first is lost: 0 for none.
    pub lose_one_of: u64,
    requests: u64,
    /// The bytes of all calls that were made, whether or not they arrived.
    pub sent_bytes: u64,
    pub answers: Vec<(u64, splitvote_peer::ProposalAnswer)>,
    /// The most bytes that a disk held, snapshots not counted.
    pub most_state_bytes: usize,
    /// What must not happen, and did.
    pub wrong: Vec<String>,
}

impl<R: Rules + Clone> Cluster<R> {
    pub fn new(peers: usize, settings: Settings, rules: R) -> Self {
        Self::with_disks(peers, settings, rules, |_| Vec::new())
    }

    pub fn with_disks(
        peers: usize,
        settings: Settings,
        rules: R,
        disks: impl Fn(PeerId) -> Vec<DiskRecord>,
    ) -> Self {
        let seat = |id: PeerId| Seat {
            raft: None,
            boot: 0,
            syncs: 0,
            chance: Spread(id.0.into(), 7),
            durable: disks(id).len(),
            disk: disks(id),
            state_bytes: disks(id).iter().map(Record::bytes).sum(),
            forgotten: 0,
            machine: (0, History::EMPTY),
            applied: Vec::new(),
            restored: Vec::new(),
        };
        let mut cluster = Self {
            config: Config { settings, rules },
            now: 0,
            queue: BTreeMap::new(),
            sent: 0,
            outbox: Outbox::default(),
            seats: PeerId::all(peers).map(seat).collect(),
            isolated: PeerSet::EMPTY,
            log: Vec::new(),
            sync_millis: 0,
            jitter_millis: 0,
            reports_loss: false,
            snapshot_every: None,
            snapshot_bytes: 16,
            lose_one_of: 0,
            requests: 0,
            sent_bytes: 0,
            answers: Vec::new(),
            most_state_bytes: 0,
            wrong: Vec::new(),
        };
        PeerId::all(peers).for_each(|id| cluster.boot(id));
        cluster
    }

    pub fn settings(&self) -> &Settings {
        &self.config.settings
    }

    pub fn boot(&mut self, id: PeerId) {
        let seat = &mut self.seats[id.index()];
        seat.boot += 1;
        seat.syncs = 0;
        seat.machine = (0, History::EMPTY);
        seat.applied.clear();
        let disk = seat.disk.clone();
        self.act(id, &disk, |_, config, cx| Some(Raft::boot(id, config, cx)));
    }

    /// The power fails: of what was not synced, the first `kept` records survive, and the next is
    /// torn if `torn`.
    pub fn crash(&mut self, id: PeerId, kept: usize, torn: bool) {
        let seat = &mut self.seats[id.index()];
        seat.raft = None;
        let at_risk = seat.durable - seat.forgotten;
        let torn = torn.then(|| seat.disk.get(at_risk + kept).and_then(Record::torn)).flatten();
        seat.disk.truncate(at_risk + kept);
        seat.disk.extend(torn);
        seat.state_bytes = seat.disk.iter().map(Record::bytes).sum();
        seat.durable = seat.forgotten + seat.disk.len();
    }

    fn act(
        &mut self,
        id: PeerId,
        records: &[DiskRecord],
        action: impl FnOnce(Option<Raft<R>>, &Config<R>, &mut Context<'_, Raft<R>>) -> Option<Raft<R>>,
    ) {
        let cluster_size = self.seats.len();
        let seat = &mut self.seats[id.index()];
        let turn = Turn { me: id, boot: seat.boot, cluster_size, now: LocalTime(self.now) };
        let Seat { raft, chance, syncs, .. } = seat;
        let mut cx = Context::new(turn, chance, syncs, records, &mut self.outbox);
        *raft = action(raft.take(), &self.config, &mut cx);
        for effect in std::mem::take(&mut self.outbox.effects) {
            self.carry_out(id, effect);
        }
    }

    pub fn step(&mut self, id: PeerId, input: Input<'_, Message>) {
        self.act(id, &[], |raft, _, cx| {
            raft.map(|mut raft| {
                raft.step(input, cx);
                raft
            })
        });
    }

    fn push(&mut self, millis: u64, event: Event) {
        self.sent += 1;
        self.queue.insert((self.now + millis * 1_000_000, self.sent), event);
    }

    /// Some number that depends on what was sent so far.
    fn jitter(&self) -> u64 {
        let mixed = (self.sent ^ self.now).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 40) % (self.jitter_millis + 1)
    }

    fn carry_out(&mut self, id: PeerId, effect: Effect<Message, DiskRecord>) {
        let seat = &mut self.seats[id.index()];
        let boot = seat.boot;
        match effect {
            Effect::Send(Parcel { leg: Leg::Request(call), to, message, bytes }) => {
                self.sent_bytes += u64::from(bytes);
                let boot = self.seats[to.index()].boot;
                self.push(1 + self.jitter(), Event::Request { call, to, boot, message });
            }
            Effect::Send(Parcel { leg: Leg::Reply(call), message, .. }) => {
                self.push(1 + self.jitter(), Event::Reply { call, from: id, message });
            }
            Effect::Send(Parcel { leg: Leg::OneWay, .. }) => {}
            Effect::Persist(record) => {
                seat.state_bytes += record.bytes();
                self.most_state_bytes = self.most_state_bytes.max(seat.state_bytes);
                seat.disk.push(record);
            }
            Effect::Sync(SyncId(sync)) => {
                let covers = seat.forgotten + seat.disk.len();
                self.push(self.sync_millis, Event::Synced { peer: id, boot, sync, covers });
            }
            Effect::Compact { keep } => {
                let dropped = seat.disk.len() - keep;
                if seat.forgotten + dropped >= seat.durable {
                    self.wrong.push(format!("{id} forgets before what replaces it is durable"));
                    return;
                }
                seat.state_bytes -=
                    seat.disk.drain(..dropped).map(|old| old.bytes()).sum::<usize>();
                seat.forgotten += dropped;
            }
            Effect::Stop => self.wrong.push(format!("{id} stops")),
            Effect::Answer { request, answer } => self.answers.push((request.0, answer)),
            Effect::Applied { index, entry } => self.apply(id, index, entry),
            Effect::Restored(snapshot) => {
                match snapshot.content() {
                    Some(content) if content.0 == snapshot.through.index => seat.machine = content,
                    _ => self.wrong.push(format!("{id} restores half a snapshot")),
                }
                seat.restored.push(snapshot.through.index);
            }
        }
    }

    fn apply(&mut self, id: PeerId, index: LogIndex, entry: EntryId) {
        let seat = &mut self.seats[id.index()];
        if index != seat.machine.0 + 1 {
            self.wrong.push(format!("{id} applies {index} behind {}", seat.machine.0));
        }
        seat.machine = (index, seat.machine.1.then(entry));
        seat.applied.push((index, entry));
        if let Some(every) = self.snapshot_every
            && index.is_multiple_of(every)
        {
            let through = LogPosition { index, term: entry.term };
            let snapshot = Snapshot::of(through, seat.machine.1, self.snapshot_bytes);
            self.step(id, Input::Snapshot(snapshot));
        }
    }

    /// Lets the next thing happen, if it comes by then.
    fn advance(&mut self, until: u64) -> bool {
        let wake = |seat: &Seat<R>| seat.raft.as_ref().and_then(Peer::next_wake);
        let wakes = self.seats.iter().enumerate().filter_map(|(id, seat)| Some((wake(seat)?, id)));
        let wake = wakes.min().map(|(at, id)| (at.0.max(self.now), PeerId(id as u8)));
        let event = self.queue.keys().next().copied();
        match (event, wake) {
            (Some(key), wake) if key.0 <= until && wake.is_none_or(|(at, _)| key.0 <= at) => {
                self.now = self.now.max(key.0);
                let event = self.queue.remove(&key).expect("it is there");
                self.happen(event);
            }
            (_, Some((at, id))) if at <= until => {
                self.now = at;
                self.step(id, Input::Wake);
            }
            _ => {
                self.now = until;
                return false;
            }
        }
        true
    }

    fn is_cut(&self, a: PeerId, b: PeerId) -> bool {
        self.isolated.contains(a) || self.isolated.contains(b)
    }

    fn happen(&mut self, event: Event) {
        let is_lost = self.lose_one_of > 0 && self.sent.is_multiple_of(self.lose_one_of);
        match event {
            Event::Request { call, to, boot, message } => {
                let seat = &self.seats[to.index()];
                if is_lost
                    || self.is_cut(call.caller, to)
                    || seat.raft.is_none()
                    || seat.boot != boot
                {
                    if self.reports_loss {
                        self.push(1, Event::Failed { call, to });
                    }
                    return;
                }
                self.log.push((call.caller, to, message.clone()));
                self.step(to, Input::Request { call, from: call.caller, message: &message });
            }
            Event::Reply { call, from, message } => {
                let is_known = self.seats[call.caller.index()].boot == call.boot;
                if is_lost || !is_known || self.is_cut(call.caller, from) {
                    if self.reports_loss && is_known {
                        self.push(1, Event::Failed { call, to: from });
                    }
                    return;
                }
                self.log.push((from, call.caller, message.clone()));
                self.step(call.caller, Input::Reply { call, from, outcome: Ok(&message) });
            }
            Event::Failed { call, to } => {
                if self.seats[call.caller.index()].boot == call.boot {
                    let outcome = Err(RpcError::NoReply);
                    self.step(call.caller, Input::Reply { call, from: to, outcome });
                }
            }
            Event::Synced { peer, boot, sync, covers } => {
                let seat = &mut self.seats[peer.index()];
                if seat.boot == boot && seat.raft.is_some() {
                    seat.durable = seat.durable.max(covers);
                    self.step(peer, Input::Synced(SyncId(sync)));
                }
            }
        }
    }

    pub fn run(&mut self, millis: u64) {
        let until = self.now + Duration::from_millis(millis).as_nanos() as u64;
        while self.advance(until) {}
    }

    pub fn view(&self, id: PeerId) -> View {
        self.seats[id.index()].raft.as_ref().map_or(View::NEW, Peer::view)
    }

    /// The leader of the highest term.
    pub fn leader(&self) -> Option<PeerId> {
        let ids = PeerId::all(self.seats.len());
        let leaders = ids.filter(|id| self.view(*id).role == Role::Leader);
        leaders.max_by_key(|id| self.view(*id).term)
    }

    /// Runs until somebody who is not isolated leads.
    pub fn elect(&mut self) -> PeerId {
        self.try_elect().expect("nobody leads after four seconds")
    }

    pub fn try_elect(&mut self) -> Option<PeerId> {
        for _ in 0..200 {
            if let Some(leader) = self.leader().filter(|leader| !self.isolated.contains(*leader)) {
                return Some(leader);
            }
            self.run(20);
        }
        None
    }

    pub fn propose_to(&mut self, id: PeerId, bytes: &[u8]) {
        let request = RequestId(self.requests);
        self.requests += 1;
        self.step(id, Input::Propose { request, command: Command::new(bytes) });
    }

    /// Proposes to whoever leads, and runs until `count` machines have applied it.
    pub fn agree(&mut self, bytes: &[u8], count: usize) -> LogIndex {
        self.try_agree(bytes, count).expect("no agreement")
    }

    pub fn try_agree(&mut self, bytes: &[u8], count: usize) -> Option<LogIndex> {
        let digest = Command::new(bytes).digest();
        for _ in 0..50 {
            let leader = self.try_elect()?;
            self.propose_to(leader, bytes);
            for _ in 0..50 {
                self.run(10);
                let found = |seat: &Seat<R>| {
                    seat.applied.iter().rev().find(|(_, entry)| entry.digest == digest).copied()
                };
                let Some((index, _)) = self.seats.iter().find_map(found) else { continue };
                if self.seats.iter().filter(|seat| seat.machine.0 >= index).count() >= count {
                    return Some(index);
                }
            }
        }
        None
    }

    /// All machines hold the same, and nothing went wrong.
    pub fn assert_same(&self) {
        assert!(self.wrong.is_empty(), "{:?}", self.wrong);
        for seat in &self.seats {
            assert_eq!(seat.machine, self.seats[0].machine);
        }
    }

    pub fn bytes(&self) -> u64 {
        self.log.iter().map(|(_, _, message)| u64::from(message.bytes())).sum()
    }

    /// How many requests arrived: RPCs as the lab counts them.
    pub fn requests(&self) -> usize {
        let is_request = |message: &Message| {
            matches!(
                message,
                Message::RequestVote { .. }
                    | Message::AppendEntries { .. }
                    | Message::InstallSnapshot { .. }
            )
        };
        self.log.iter().filter(|(_, _, message)| is_request(message)).count()
    }
}

/// Another peer than this one.
pub fn follower_of(leader: PeerId) -> PeerId {
    PeerId(u8::from(leader.0 == 0))
}
