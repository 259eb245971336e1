//! Each mutant misbehaves where the paper does not: the shortest story that tells them apart, told
//! to one peer, S0, with what it does last under the paper's rules and under the mutant's. What is
//! expected is in `behaviour.txt`; a test that fails prints what would stand there now. Take it over
//! only when the cause is understood.

use std::collections::VecDeque;
use std::time::Duration;

use Event::*;
use splitvote_peer::{
    CallId, Chance, Context, Effect, Input, LocalTime, LogPosition, Outbox, Peer, PeerId, Settings,
    SyncId, Term,
};
use splitvote_raft::{Config, DiskRecord, Message, Paper, Raft, Rules, disk_with_log};
use splitvote_zoo::mutants;

type Mutated = Raft<&'static dyn Rules>;

/// What happens to S0.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// S1 or another asks for a vote in a term, its log ending at (index, term).
    Ask(u8, Term, (u64, Term)),
    /// A heartbeat in a term, for a log that holds (index, term).
    Beat(u8, Term, (u64, Term)),
    /// A vote granted by a peer, in a term.
    Granted(u8, Term),
    /// A refusal from a peer that is in this term.
    Refused(u8, Term),
    /// So many milliseconds pass, and all timers that elapse in them.
    Pass(u64),
    /// The earliest sync under way completes, if there is one.
    Sync,
    /// The peer crashes, loses what was not durable, and restarts.
    Crash,
}

/// 200 ms, then 210 ms, and so on: no two election timeouts are the same.
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

struct Stage {
    rules: &'static dyn Rules,
    cluster_size: usize,
    now: LocalTime,
    chance: Rising,
    syncs: u64,
    under_way: VecDeque<(u64, usize)>,
    disk: Vec<DiskRecord>,
    durable: usize,
    peer: Option<Mutated>,
    said: Vec<String>,
}

impl Stage {
    fn new(rules: &'static dyn Rules, cluster_size: usize, log: &[Term]) -> Self {
        let (disk, chance) = (disk_with_log(log), Rising(0));
        let durable = disk.len();
        let (now, under_way) = (LocalTime(0), VecDeque::new());
        let (peer, said, syncs) = (None, Vec::new(), 0);
        let mut stage =
            Self { rules, cluster_size, now, chance, syncs, under_way, disk, durable, peer, said };
        stage.run(None);
        stage
    }

    /// Boots, or takes a step, and carries out what the peer did.
    fn run(&mut self, input: Option<Input<Message>>) {
        let mut outbox = Outbox::default();
        let mut cx = Context {
            me: PeerId(0),
            boot: 1,
            cluster_size: self.cluster_size,
            now: self.now,
            chance: &mut self.chance,
            syncs: &mut self.syncs,
            records: &self.disk,
            outbox: &mut outbox,
        };
        match (&mut self.peer, input) {
            (Some(peer), Some(input)) => peer.step(input, &mut cx),
            _ => {
                let config = Config { settings: Settings::default(), rules: self.rules };
                self.peer = Some(Mutated::boot(PeerId(0), &config, &mut cx));
            }
        }
        for effect in outbox.effects {
            match effect {
                Effect::Persist(record) => self.disk.push(record),
                Effect::Sync(sync) => self.under_way.push_back((sync.0, self.disk.len())),
                Effect::Call { to: PeerId(1), message, .. } => {
                    self.said.push(format!("asks {message}"));
                }
                Effect::Reply { message, .. } => self.said.push(message.to_string()),
                _ => {}
            }
        }
    }

    fn happens(&mut self, event: Event) {
        let call = |caller| CallId { number: 0, boot: 1, caller };
        let request = |from: u8, message| {
            let from = PeerId(from);
            Some(Input::Request { call: call(from), from, message })
        };
        let reply = |from: u8, term, granted| {
            let message = Message::RequestVoteReply { term, asked_in: term, granted };
            Some(Input::Reply { call: call(PeerId(0)), from: PeerId(from), outcome: Ok(message) })
        };
        let position = |(index, term)| LogPosition { index, term };
        if matches!(event, Sync) && self.under_way.is_empty() {
            return;
        }
        self.said.clear();
        match event {
            Ask(from, term, log) => {
                self.run(request(from, Message::RequestVote { term, last_log: position(log) }));
            }
            Beat(from, term, log) => {
                let previous = position(log);
                self.run(request(from, Message::heartbeat(term, previous, 0)));
            }
            Granted(from, term) => self.run(reply(from, term, true)),
            Refused(from, term) => self.run(reply(from, term, false)),
            Pass(millis) => self.pass(millis),
            Sync => {
                if let Some((sync, covers)) = self.under_way.pop_front() {
                    self.durable = covers;
                    self.run(Some(Input::Synced(SyncId(sync))));
                }
            }
            Crash => {
                self.disk.truncate(self.durable);
                (self.syncs, self.peer) = (0, None);
                self.under_way.clear();
                self.run(None);
            }
        }
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
    fn shown(&self) -> String {
        let Some(peer) = &self.peer else { return String::new() };
        let view = peer.view();
        let name = |peer: Option<PeerId>| peer.map_or("-".into(), |peer| peer.to_string());
        let wake = peer.next_wake().map_or(0, |wake| (wake.0 - self.now.0) / 1_000_000);
        let (vote, leader) = (name(view.voted_for), name(view.leader));
        let said = self.said.last().map_or("-", String::as_str);
        format!("{} T{} vote {vote} leader {leader} wake {wake}: {said}", view.role, view.term)
    }
}

fn told(rules: &'static dyn Rules, cluster_size: usize, log: &[Term], story: &[Event]) -> String {
    let mut stage = Stage::new(rules, cluster_size, log);
    for event in story {
        stage.happens(*event);
    }
    stage.shown()
}

const NO_LOG: (u64, Term) = (0, 0);

/// Mutant, size of the cluster, log of S0, what happens.
const STORIES: &[(&str, usize, &[Term], &[Event])] = &[
    ("E1", 4, &[], &[Ask(1, 1, NO_LOG), Sync, Beat(1, 1, NO_LOG), Ask(2, 1, NO_LOG), Sync]),
    ("E2", 4, &[], &[Pass(200), Sync, Beat(1, 1, NO_LOG), Ask(2, 1, NO_LOG), Sync]),
    ("E3", 3, &[], &[Ask(1, 1, NO_LOG), Sync, Crash, Ask(2, 1, NO_LOG), Sync]),
    ("E3B", 3, &[], &[Ask(1, 1, NO_LOG)]),
    ("E4", 3, &[], &[Ask(1, 1, NO_LOG), Sync, Crash, Ask(2, 1, NO_LOG), Sync]),
    ("E5", 5, &[], &[Pass(200), Sync, Ask(1, 1, NO_LOG), Sync]),
    ("E6", 5, &[], &[Pass(200), Sync, Granted(1, 1), Granted(1, 1)]),
    ("E7", 3, &[], &[Pass(200), Pass(210), Sync, Sync, Granted(1, 1)]),
    ("E8", 3, &[], &[Pass(200), Ask(1, 2, NO_LOG), Sync, Sync, Pass(50)]),
    ("E9", 3, &[], &[Ask(1, 1, NO_LOG), Sync, Ask(1, 1, NO_LOG)]),
    ("E10", 3, &[1, 1, 3], &[Ask(1, 4, (9, 2)), Sync]),
    ("E10B", 3, &[1, 1, 3], &[Ask(1, 4, (9, 2)), Sync]),
    ("E11", 3, &[1, 1, 3], &[Ask(1, 4, (9, 2)), Sync]),
    ("E12", 3, &[], &[Pass(200), Sync, Refused(1, 5)]),
    ("E13", 3, &[], &[Ask(1, 1, NO_LOG), Sync, Ask(2, 2, NO_LOG), Sync]),
    ("E15", 3, &[], &[Beat(1, 3, NO_LOG), Sync, Beat(2, 2, NO_LOG)]),
    ("E16", 3, &[1], &[Pass(100), Ask(1, 2, NO_LOG), Sync]),
    ("E17", 3, &[], &[Pass(100), Ask(1, 2, NO_LOG), Sync]),
    ("E18", 3, &[], &[Pass(100), Beat(1, 1, (3, 1)), Sync]),
    ("E19", 3, &[], &[Pass(100), Beat(1, 1, NO_LOG), Sync]),
    ("E20", 3, &[], &[Pass(410)]),
    ("E21", 3, &[], &[Pass(200), Sync, Beat(1, 1, NO_LOG)]),
    ("N1", 3, &[], &[Pass(200), Sync]),
    ("N2", 4, &[], &[Pass(200), Sync, Granted(1, 1)]),
    ("N3", 3, &[1], &[Pass(200)]),
    ("N4", 5, &[], &[Pass(200), Sync]),
    ("N5", 3, &[], &[Ask(1, 1, NO_LOG), Sync]),
    ("N6", 3, &[], &[Ask(1, 5, NO_LOG), Sync]),
];

#[test]
fn each_mutant_differs_from_the_paper_where_it_should() {
    let mut shown = String::new();
    for (mutant, (id, cluster_size, log, story)) in mutants().iter().zip(STORIES) {
        assert_eq!(mutant.id, *id, "a story for each mutant, in order");
        let paper = told(&Paper, *cluster_size, log, story);
        let mutated = told(mutant.rules, *cluster_size, log, story);
        assert_ne!(paper, mutated, "{id}");
        shown += &format!("{id} {}\n  paper:  {paper}\n  mutant: {mutated}\n", mutant.name);
    }
    assert_eq!(mutants().len(), STORIES.len());
    assert!(shown == include_str!("behaviour.txt"), "not as in behaviour.txt:\n{shown}");
}
