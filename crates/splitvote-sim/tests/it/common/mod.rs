//! A puppet: a peer that does what it is told, and notes what it sees; a tape: a watcher that notes
//! what the network does.
//!
//! Orders reach a puppet as proposals, so that each takes effect at once and at a known instant.
#![allow(dead_code, unreachable_pub, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail")]

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use splitvote_peer::{
    CallId, Command, Context, DiskError, Durable, EntryId, Features, History, Input, LocalTime,
    LogIndex, LogPosition, Meaning, Message, Peer, PeerId, Record, RequestId, SimTime, Snapshot,
    SyncId, View,
};
use splitvote_sim::{
    Disturbance, Fate, Labrpc, Latency, Leg, NetworkProfile, Packet, Probability, Promised,
    Realistic, Seed, Waiting, Watcher, World, WorldConfig,
};

pub const A: PeerId = PeerId(0);
pub const B: PeerId = PeerId(1);
pub const C: PeerId = PeerId(2);
pub const D: PeerId = PeerId(3);
pub const E: PeerId = PeerId(4);

pub const MS: Duration = Duration::from_millis(1);

/// When a puppet answers a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    AtOnce,
    After(Duration),
    Never,
}

/// What a puppet can be told to do.
#[derive(Clone, Copy, Debug)]
pub enum Order {
    Call {
        to: PeerId,
        tag: u64,
        bytes: u32,
        reply_bytes: u32,
    },
    Send {
        to: PeerId,
        tag: u64,
    },
    /// From now on calls are answered like that.
    Answer(Manner),
    /// From now on every one-way message is sent back.
    Bounce,
    /// From now on the puppet always wants to be woken at time zero.
    NeverRest,
    Persist(u64),
    Sync,
    Compact {
        keep: usize,
    },
    /// In one step: a note, this record, a sync, a compaction to one record, and a note again.
    Save {
        to: PeerId,
        record: u64,
    },
    /// Hand an entry to the state machine.
    Apply {
        index: LogIndex,
        entry: EntryId,
    },
    /// Hand a snapshot of these bytes to the state machine.
    Restore {
        through: LogPosition,
        history: History,
        bytes: usize,
    },
    /// Go on after a sync that failed.
    GoOn,
    /// Draw a number, or an election timeout of 1 to 2 s, and note it.
    Draw,
    DrawTimeout,
}

impl Order {
    fn encode(self) -> Command {
        let words: [u64; 5] = match self {
            Self::Call { to, tag, bytes, reply_bytes } => {
                [0, to.0.into(), tag, bytes.into(), reply_bytes.into()]
            }
            Self::Send { to, tag } => [1, to.0.into(), tag, 0, 0],
            Self::Answer(Manner::AtOnce) => [2, 0, 0, 0, 0],
            Self::Answer(Manner::After(delay)) => [2, 1, delay.as_nanos() as u64, 0, 0],
            Self::Answer(Manner::Never) => [2, 2, 0, 0, 0],
            Self::Bounce => [3, 0, 0, 0, 0],
            Self::NeverRest => [4, 0, 0, 0, 0],
            Self::GoOn => [13, 0, 0, 0, 0],
            Self::Persist(record) => [5, record, 0, 0, 0],
            Self::Sync => [6, 0, 0, 0, 0],
            Self::Draw => [7, 0, 0, 0, 0],
            Self::DrawTimeout => [8, 0, 0, 0, 0],
            Self::Compact { keep } => [9, keep as u64, 0, 0, 0],
            Self::Save { to, record } => [10, to.0.into(), record, 0, 0],
            Self::Apply { index, entry } => [11, index, entry.term, entry.digest, 0],
            Self::Restore { through, history, bytes } => {
                [12, through.index, through.term, history.0, bytes as u64]
            }
        };
        Command::new(&words.map(u64::to_le_bytes).concat())
    }
}

/// What a puppet saw, and when by its own clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saw {
    Request { from: PeerId, tag: u64 },
    Reply { from: PeerId, tag: u64 },
    Failed { call: u64 },
    Note { from: PeerId, tag: u64 },
    Synced(SyncId),
    SyncFailed(SyncId, DiskError),
    Survived(Vec<u64>),
    Drew(u64),
    Snapshot(Snapshot),
}

#[derive(Clone, Debug)]
pub enum Word {
    Ask { tag: u64, reply_bytes: u32 },
    Answer { tag: u64 },
    Note { tag: u64 },
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

pub const ASK: usize = 0;
pub const ANSWER: usize = 1;
pub const NOTE: usize = 2;

impl Message for Word {
    const KINDS: &'static [&'static str] = &["ask", "answer", "note"];

    fn kind(&self) -> usize {
        match self {
            Self::Ask { .. } => ASK,
            Self::Answer { .. } => ANSWER,
            Self::Note { .. } => NOTE,
        }
    }

    /// A note passes for a heartbeat of term `tag`.
    fn meaning(&self) -> Meaning {
        match *self {
            Self::Note { tag } => Meaning::InstallReply { term: tag },
            Self::Ask { .. } | Self::Answer { .. } => Meaning::Other,
        }
    }
}

/// What is left of a mark that was being written when the power failed.
pub const TORN: u64 = 999;

/// What a boot finds of a mark that can no longer be read. A puppet that finds two of them stops.
pub const DAMAGED: u64 = 998;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark(pub u64);

impl Record for Mark {
    const TELLS_BALLOTS: bool = false;

    fn meaning(&self) -> Durable {
        Durable::Other
    }

    fn bytes(&self) -> usize {
        8
    }

    fn torn(&self) -> Option<Self> {
        Some(Self(TORN))
    }

    /// A puppet does not start with an odd mark damaged.
    fn damaged(&self) -> Option<Self> {
        self.0.is_multiple_of(2).then_some(Self(DAMAGED))
    }
}

#[derive(Clone, Debug)]
pub struct Puppet {
    manner: Manner,
    bounces: bool,
    never_rests: bool,
    goes_on: bool,
    /// Answers that are due later.
    due: BTreeMap<LocalTime, Vec<(CallId, u64, u32)>>,
    pub saw: Vec<(LocalTime, Saw)>,
}

impl Puppet {
    pub fn tags(&self, matches: impl Fn(&Saw) -> Option<u64>) -> Vec<u64> {
        self.saw.iter().filter_map(|(_, saw)| matches(saw)).collect()
    }

    pub fn requests(&self) -> Vec<u64> {
        self.tags(|saw| if let Saw::Request { tag, .. } = saw { Some(*tag) } else { None })
    }

    pub fn replies(&self) -> Vec<u64> {
        self.tags(|saw| if let Saw::Reply { tag, .. } = saw { Some(*tag) } else { None })
    }

    pub fn failures(&self) -> Vec<u64> {
        self.tags(|saw| if let Saw::Failed { call } = saw { Some(*call) } else { None })
    }

    pub fn notes(&self) -> Vec<u64> {
        self.tags(|saw| if let Saw::Note { tag, .. } = saw { Some(*tag) } else { None })
    }

    /// The snapshots that the state machine handed over, and when.
    pub fn snapshots(&self) -> Vec<(u64, Snapshot)> {
        let saw = self.saw.iter();
        saw.filter_map(|(at, saw)| {
            if let Saw::Snapshot(snapshot) = saw { Some((ms(*at), snapshot.clone())) } else { None }
        })
        .collect()
    }

    pub fn drew(&self) -> Vec<u64> {
        self.tags(|saw| if let Saw::Drew(number) = saw { Some(*number) } else { None })
    }

    fn obey(&mut self, command: &Command, cx: &mut Context<'_, Self>) {
        let word = |place: usize| -> u64 {
            u64::from_le_bytes(command.bytes()[8 * place..8 * place + 8].try_into().unwrap())
        };
        let to = PeerId(word(1) as u8);
        match word(0) {
            0 => {
                let ask = Word::Ask { tag: word(2), reply_bytes: word(4) as u32 };
                cx.call(to, ask, word(3) as u32);
            }
            1 => cx.send(to, Word::Note { tag: word(2) }, 8),
            2 => {
                self.manner = match word(1) {
                    0 => Manner::AtOnce,
                    1 => Manner::After(Duration::from_nanos(word(2))),
                    _ => Manner::Never,
                }
            }
            3 => self.bounces = true,
            4 => self.never_rests = true,
            13 => self.goes_on = true,
            5 => cx.persist(Mark(word(1))),
            6 => {
                cx.sync();
            }
            7 => {
                let number = cx.random(1_000_000);
                self.saw.push((cx.now(), Saw::Drew(number)));
            }
            8 => {
                let timeout = cx.election_timeout(1_000 * MS, 2_000 * MS);
                self.saw.push((cx.now(), Saw::Drew(timeout.as_nanos() as u64)));
            }
            9 => cx.compact(word(1) as usize),
            10 => {
                cx.send(to, Word::Note { tag: word(2) }, 8);
                cx.persist(Mark(word(2)));
                cx.sync();
                cx.compact(1);
                cx.send(to, Word::Note { tag: word(2) }, 8);
            }
            11 => cx.applied(word(1), EntryId { term: word(2), digest: word(3) }),
            _ => {
                let through = LogPosition { index: word(1), term: word(2) };
                let whole = Snapshot::of(through, History(word(3)), word(4) as usize);
                cx.restored(Snapshot { through, state: whole.state.part(0..word(4) as usize) });
            }
        }
    }

    fn request(&mut self, call: CallId, from: PeerId, word: &Word, cx: &mut Context<'_, Self>) {
        let Word::Ask { tag, reply_bytes } = *word else { return };
        self.saw.push((cx.now(), Saw::Request { from, tag }));
        match self.manner {
            Manner::AtOnce => cx.reply(call, Word::Answer { tag }, reply_bytes),
            Manner::After(delay) => {
                let due = self.due.entry(cx.now() + delay).or_default();
                due.push((call, tag, reply_bytes));
            }
            Manner::Never => {}
        }
    }
}

impl Peer for Puppet {
    type Message = Word;
    type Record = Mark;
    type Config = ();
    const FEATURES: Features = Features::NONE;

    fn boot(_id: PeerId, _config: &(), cx: &mut Context<'_, Self>) -> Self {
        let survived = cx.records().iter().map(|mark| mark.0).collect();
        let saw = vec![(cx.now(), Saw::Survived(survived))];
        if cx.records().iter().filter(|mark| mark.0 == DAMAGED).count() > 1 {
            cx.stop();
        }
        Self {
            manner: Manner::AtOnce,
            bounces: false,
            never_rests: false,
            goes_on: false,
            due: BTreeMap::new(),
            saw,
        }
    }

    fn step(&mut self, input: Input<'_, Word>, cx: &mut Context<'_, Self>) {
        let now = cx.now();
        match input {
            Input::Wake => {
                while let Some(due) = self.due.first_entry().filter(|due| *due.key() <= now) {
                    for (call, tag, bytes) in due.remove() {
                        cx.reply(call, Word::Answer { tag }, bytes);
                    }
                }
            }
            Input::Request { call, from, message } => self.request(call, from, message, cx),
            Input::Reply { from, outcome: Ok(&Word::Answer { tag }), .. } => {
                self.saw.push((now, Saw::Reply { from, tag }));
            }
            Input::Reply { call, outcome: Err(_), .. } => {
                self.saw.push((now, Saw::Failed { call: call.number }));
            }
            Input::Message { from, message: &Word::Note { tag } } => {
                self.saw.push((now, Saw::Note { from, tag }));
                if self.bounces {
                    cx.send(from, Word::Note { tag }, 8);
                }
            }
            Input::Synced(sync) => self.saw.push((now, Saw::Synced(sync))),
            Input::Propose { command, .. } => self.obey(&command, cx),
            Input::Snapshot(snapshot) => self.saw.push((now, Saw::Snapshot(snapshot))),
            Input::Reply { .. } | Input::Message { .. } => {}
        }
    }

    /// It stops, unless it was told to go on.
    fn sync_failed(&mut self, sync: SyncId, error: DiskError, cx: &mut Context<'_, Self>) {
        self.saw.push((cx.now(), Saw::SyncFailed(sync, error)));
        if !self.goes_on {
            cx.send(PeerId(1), Word::Note { tag: 1 }, 8);
            cx.stop();
            cx.send(PeerId(1), Word::Note { tag: 2 }, 8);
        }
    }

    fn next_wake(&self) -> Option<LocalTime> {
        if self.never_rests {
            return Some(LocalTime(0));
        }
        self.due.keys().next().copied()
    }

    fn view(&self) -> View {
        View::NEW
    }

    fn entry(&self, _index: LogIndex) -> Option<EntryId> {
        None
    }
}

/// One packet that left, and what the network meant to do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    pub at: SimTime,
    pub from: PeerId,
    pub to: PeerId,
    pub kind: usize,
    pub fate: Fate,
}

/// Notes what the network does.
#[derive(Clone, Debug, Default)]
pub struct Tape {
    pub sent: Vec<Sent>,
    pub perished: Vec<(SimTime, Fate)>,
    pub links: Vec<(PeerId, PeerId, bool)>,
    pub durable: Vec<(SimTime, PeerId, u64)>,
    pub applied: Vec<(PeerId, LogIndex, EntryId)>,
    pub restored: Vec<(PeerId, Snapshot)>,
    pub snapshots: Vec<(SimTime, PeerId, Snapshot)>,
    pub crashed: Vec<(SimTime, PeerId)>,
    pub disturbed: Vec<Disturbance>,
    /// What else happened to whom, in order.
    pub told: Vec<(u64, PeerId, String)>,
    pub stops: bool,
}

impl Tape {
    fn tell(&mut self, at: SimTime, peer: PeerId, what: String) {
        self.told.push((at.0 / 1_000_000, peer, what));
    }

    /// What happened to a peer besides what the other lists hold, and when in ms.
    pub fn told(&self, of: PeerId) -> Vec<(u64, &str)> {
        let of_it = self.told.iter().filter(|(_, peer, _)| *peer == of);
        of_it.map(|(at, _, what)| (*at, what.as_str())).collect()
    }

    /// The instants at which the packets of a link that are on their way arrive, in order of
    /// sending.
    pub fn arrivals(&self, from: PeerId, to: PeerId) -> Vec<SimTime> {
        let of_link = self.sent.iter().filter(|sent| (sent.from, sent.to) == (from, to));
        of_link
            .filter_map(|sent| match sent.fate {
                Fate::Arrives(at) => Some(at),
                _ => None,
            })
            .collect()
    }

    pub fn count(&self, matches: impl Fn(&Sent) -> bool) -> usize {
        self.sent.iter().filter(|sent| matches(sent)).count()
    }
}

impl Watcher<Puppet> for Tape {
    fn stops(&self) -> bool {
        self.stops
    }

    fn sent(&mut self, at: SimTime, packet: &Packet<'_, Word>, fate: Fate, _sender: &View) {
        let (from, to, kind) = (packet.from, packet.to, packet.message.kind());
        assert_eq!(matches!(packet.leg, Leg::Reply(_)), kind == ANSWER);
        self.sent.push(Sent { at, from, to, kind, fate });
    }

    fn perished(&mut self, at: SimTime, _packet: &Packet<'_, Word>, fate: Fate) {
        self.perished.push((at, fate));
    }

    fn link_changed(&mut self, _at: SimTime, from: PeerId, to: PeerId, up: bool) {
        self.links.push((from, to, up));
    }

    fn durable(&mut self, at: SimTime, peer: PeerId, record: &Mark) {
        self.durable.push((at, peer, record.0));
        self.tell(at, peer, format!("durable {}", record.0));
    }

    fn applied(&mut self, _at: SimTime, peer: PeerId, index: LogIndex, entry: EntryId) {
        self.applied.push((peer, index, entry));
    }

    fn restored(&mut self, _at: SimTime, peer: PeerId, snapshot: &Snapshot) {
        self.restored.push((peer, snapshot.clone()));
    }

    fn snapshot_taken(&mut self, at: SimTime, peer: PeerId, snapshot: &Snapshot) {
        self.snapshots.push((at, peer, snapshot.clone()));
    }

    fn disturbed(&mut self, _at: SimTime, what: &Disturbance) {
        self.disturbed.push(*what);
    }

    fn received(&mut self, at: SimTime, packet: &Packet<'_, Word>, _before: &View) {
        self.tell(at, packet.to, format!("received {}", packet.message));
    }

    fn woke(&mut self, at: SimTime, peer: PeerId) {
        self.tell(at, peer, "woke".to_owned());
    }

    fn armed(&mut self, at: SimTime, peer: PeerId, due: SimTime) {
        let due = if due == SimTime::NEVER { "never".to_owned() } else { due.to_string() };
        self.tell(at, peer, format!("armed {due}"));
    }

    fn proposed(&mut self, at: SimTime, peer: PeerId, request: RequestId, _command: &Command) {
        self.tell(at, peer, format!("proposed {}", request.0));
    }

    fn call_failed(&mut self, at: SimTime, call: CallId, to: PeerId) {
        self.tell(at, call.caller, format!("call {} to {to} failed", call.number));
    }

    fn held(&mut self, at: SimTime, peer: PeerId, what: Waiting) {
        self.tell(at, peer, format!("held {what:?}"));
    }

    fn persisted(&mut self, at: SimTime, peer: PeerId, record: &Mark) {
        self.tell(at, peer, format!("persisted {}", record.0));
    }

    fn sync_begun(
        &mut self,
        at: SimTime,
        peer: PeerId,
        sync: SyncId,
        due: SimTime,
        promised: Promised,
    ) {
        let lie = if promised == Promised::Falsely { ", a lie" } else { "" };
        self.tell(at, peer, format!("sync {} until {due}{lie}", sync.0));
    }

    fn synced(&mut self, at: SimTime, peer: PeerId, sync: SyncId) {
        self.tell(at, peer, format!("synced {}", sync.0));
    }

    fn compacted(&mut self, at: SimTime, peer: PeerId, keep: usize) {
        self.tell(at, peer, format!("compacted to {keep}"));
    }

    fn crashed(&mut self, at: SimTime, peer: PeerId) {
        self.crashed.push((at, peer));
    }
}

pub type Stage = World<Puppet, Tape>;

pub fn stage(config: &WorldConfig) -> Stage {
    World::new(config, &(), Tape::default()).unwrap()
}

/// A world of so many puppets on this network.
pub fn on(peers: usize, network: NetworkProfile) -> Stage {
    stage(&WorldConfig { network, ..WorldConfig::new(peers, Seed(1)) })
}

/// The labs' network with reliable, long delays and long reordering set as said.
pub fn lab(peers: usize, reliable: bool, long_delays: bool, long_reordering: bool) -> Stage {
    on(peers, NetworkProfile::Labrpc(Labrpc { reliable, long_delays, long_reordering }))
}

/// A realistic network on which every packet takes exactly 10 ms.
pub fn ten_ms() -> Realistic {
    Realistic { one_way_delay: Latency::Constant(10 * MS), ..Realistic::default() }
}

/// A world of so many puppets on a network with a delay of exactly 10 ms, as `change` leaves it.
pub fn realistic(peers: usize, change: impl FnOnce(&mut Realistic)) -> Stage {
    let mut profile = ten_ms();
    change(&mut profile);
    on(peers, NetworkProfile::Realistic(profile))
}

pub fn percent(percent: u32) -> Probability {
    Probability::percent(percent)
}

/// What tests do to a world.
pub trait Drive {
    fn order(&mut self, peer: PeerId, order: Order);
    fn run(&mut self, duration: Duration);
    fn puppet(&self, peer: PeerId) -> &Puppet;

    fn call(&mut self, from: PeerId, to: PeerId, tag: u64) {
        self.order(from, Order::Call { to, tag, bytes: 0, reply_bytes: 0 });
    }

    fn note(&mut self, from: PeerId, to: PeerId, tag: u64) {
        self.order(from, Order::Send { to, tag });
    }
}

impl Drive for Stage {
    fn order(&mut self, peer: PeerId, order: Order) {
        self.propose(peer, order.encode()).expect("the puppet is down");
    }

    fn run(&mut self, duration: Duration) {
        self.run_until(self.now() + duration).unwrap();
    }

    fn puppet(&self, peer: PeerId) -> &Puppet {
        self.peer(peer).expect("the puppet is down")
    }
}

/// When, in milliseconds.
pub fn ms(at: LocalTime) -> u64 {
    at.0 / 1_000_000
}
