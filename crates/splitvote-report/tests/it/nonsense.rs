//! Whatever a Raft says and does, the harness answers with a verdict, and tells of it without panicking.
//!
//! The Raft here is a die: its views, messages, records, snapshots and answers are drawn, small numbers
//! mostly and the largest that there are now and then.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fmt;

use splitvote::check::Checker;
use splitvote::peer::{
    CallId, Context, Durable, EntryId, Features, History, Input, LocalTime, LogIndex, LogPosition,
    Meaning, Message, Peer, Progress, ProposalAnswer, Record, RequestId, Snapshot, View,
};
use splitvote::{PeerId, Role, Scenario, Seed, Subject, Verdict, replay};
use splitvote_report::{ColumnOptions, TextOptions, explain, write_columns, write_summary};

const SCENARIO: &str = r#"
name      = "nonsense"
peers     = 3
network   = { profile = "realistic", delay = "1ms-5ms", loss = "5%", duplicate = "5%", stale = "5%" }
disk      = { sync = "0ms-3ms", unsynced = "varied" }
snapshots = { every = 3, delay = "0ms-20ms" }
max-events = 5000
steps = [
  { clients = 2, steps = [
    { repeat = 5, steps = [
      { propose = "all", count = "1-3" },
      { run = "0ms-30ms" },
      { partition = [["minority"], ["rest"]] },
      { crash-at-write = "random", after = "0-5" },
      { run = "0ms-30ms" },
      { heal = true },
      { chance = "50%", steps = [{ crash = "random" }] },
      { restart = "all" },
    ] },
  ] },
  { budget = "rpcs", at-most = 1000000, steps = [{ run = "10ms" }] },
  { budget = "raft-state", at-most = 1000000, steps = [{ run = "10ms" }] },
  { agree = "all", retry = true },
]
"#;

/// What the die has to say: sixteen of its numbers.
#[derive(Clone, Copy)]
struct Die([u64; 16]);

impl Die {
    fn rolled<P: Peer>(cx: &mut Context<'_, P>) -> Self {
        Self(std::array::from_fn(|_| match cx.random(40) {
            0 => u64::MAX,
            1 => u64::MAX - 1,
            2 => 1 << 60,
            3 => 1 << 32,
            _ => cx.random(6),
        }))
    }

    fn position(self, at: usize) -> LogPosition {
        LogPosition { index: self.0[at], term: self.0[at + 1] }
    }

    fn entry(self, at: usize) -> EntryId {
        EntryId { term: self.0[at], digest: self.0[at + 1] }
    }

    fn peer(self, at: usize) -> PeerId {
        PeerId(self.0[at] as u8)
    }

    fn view(self) -> View {
        View {
            role: [Role::Follower, Role::Candidate, Role::Leader][(self.0[0] % 3) as usize],
            term: self.0[1],
            voted_for: self.0[2].is_multiple_of(2).then(|| self.peer(3)),
            leader: self.0[4].is_multiple_of(2).then(|| self.peer(5)),
            first: self.0[6],
            last: self.position(7),
            commit: self.0[9],
            applied: self.0[10],
            ..View::NEW
        }
    }
}

impl fmt::Display for Die {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rolled {}", self.0[0])
    }
}

impl Message for Die {
    const KINDS: &'static [&'static str] = &["die"];
    fn kind(&self) -> usize {
        self.0[15] as usize
    }
    fn meaning(&self) -> Meaning {
        let (term, asked_in, granted) = (self.0[1], self.0[2], self.0[3].is_multiple_of(2));
        match self.0[0] % 7 {
            0 => Meaning::VoteRequest { term, last_log: self.position(4) },
            1 => Meaning::VoteReply { term, asked_in, granted },
            2 => Meaning::Append { term, previous: self.position(4), entries: self.0[6] as u32 },
            3 => Meaning::AppendReply { term, success: granted },
            4 => Meaning::InstallSnapshot { term, through: self.position(4) },
            5 => Meaning::InstallReply { term },
            _ => Meaning::Other,
        }
    }
}

impl Record for Die {
    fn meaning(&self) -> Durable {
        match self.0[0] % 5 {
            0 => Durable::Ballot { term: self.0[1], voted_for: Some(self.peer(2)) },
            1 => Durable::Entry { index: self.0[1], entry: self.entry(2) },
            2 => Durable::Truncated { from: self.0[1] },
            3 => Durable::Snapshot { through: self.position(1) },
            _ => Durable::Other,
        }
    }
    fn bytes(&self) -> usize {
        self.0[14] as usize
    }
    fn torn(&self) -> Option<Self> {
        self.0[0].is_multiple_of(2).then_some(*self)
    }
}

#[derive(Clone)]
struct Dice {
    shown: Die,
    wake_at: LocalTime,
}

impl Dice {
    /// Does one thing that a Raft can do.
    fn act(cx: &mut Context<'_, Self>) {
        let die = Die::rolled(cx);
        let call = CallId { number: die.0[1], boot: die.0[2] as u32, caller: die.peer(3) };
        let through = die.position(4);
        match cx.random(10) {
            0 => drop(cx.call(die.peer(1), die, die.0[2] as u32)),
            1 => cx.reply(call, die, die.0[4] as u32),
            2 => cx.send(die.peer(1), die, die.0[2] as u32),
            3 => cx.persist(die),
            4 => drop(cx.sync()),
            5 => cx.compact(die.0[1] as usize),
            6 => cx.applied(die.0[1], die.entry(2)),
            7 => cx.restored(Snapshot::of(through, History(die.0[1]), (die.0[2] % 99) as usize)),
            8 => cx.restored(Snapshot { through, state: vec![1; (die.0[2] % 99) as usize].into() }),
            _ => {
                let accepted = ProposalAnswer::Accepted { index: die.0[2], term: die.0[3] };
                let redirect = ProposalAnswer::Redirect { leader: Some(die.peer(4)) };
                let answer = if die.0[5].is_multiple_of(2) { accepted } else { redirect };
                cx.answer(RequestId(die.0[1]), answer);
            }
        }
    }
}

impl Peer for Dice {
    type Message = Die;
    type Record = Die;
    type Config = ();
    const FEATURES: Features = Features::ALL;
    fn boot(_: PeerId, (): &(), cx: &mut Context<'_, Self>) -> Self {
        Self { shown: Die::rolled(cx), wake_at: LocalTime(cx.now().0 + 1_000_000) }
    }
    fn step(&mut self, input: Input<'_, Die>, cx: &mut Context<'_, Self>) {
        if let (Input::Request { call, .. }, 0) = (&input, cx.random(2)) {
            let die = Die::rolled(cx);
            cx.reply(*call, die, 9);
        }
        for _ in 0..cx.random(4) {
            Self::act(cx);
        }
        if cx.random(3) == 0 {
            self.shown = Die::rolled(cx);
        }
        self.wake_at = LocalTime(cx.now().0 + 100_000 + cx.random(5_000_000));
    }
    fn next_wake(&self) -> Option<LocalTime> {
        Some(self.wake_at)
    }
    fn view(&self) -> View {
        self.shown.view()
    }
    fn entry(&self, index: LogIndex) -> Option<EntryId> {
        (index % 5 != 4).then(|| self.shown.entry((index % 8) as usize))
    }
    fn progress(&self, _: PeerId) -> Option<Progress> {
        Some(Progress { matched: self.shown.0[11], next: self.shown.0[12] })
    }
}

/// Runs a seed and tells of it in every way there is.
fn tell(scenario: &Scenario, seed: u64) -> Verdict {
    let subject = Subject::<Dice>::new("dice", |_| ());
    let (report, trace) = replay(scenario, &subject, Seed(seed));
    let mut out = Vec::new();
    write_columns(&mut out, &trace, scenario.setup.peers, &ColumnOptions::default()).unwrap();
    write_columns(&mut out, &trace, scenario.setup.peers, &ColumnOptions::story(&trace)).unwrap();
    if scenario.setup.only.is_none() {
        // With nobody to end the run, logs of any length come and go by the thousand.
        explain(&trace, &report)
            .write(&mut out, TextOptions { colour: true, width: Some(80) })
            .unwrap();
    }
    write_summary(&mut out, &report, &trace, &ColumnOptions::default()).unwrap();
    report.verdict
}

/// With all checkers on, and with hardly any, so that the run goes on.
#[test]
fn a_raft_that_talks_nonsense_is_judged_and_told_of() {
    let mut scenario = Scenario::parse("nonsense.toml", SCENARIO).unwrap();
    for only in [None, Some(vec![]), Some(vec![Checker::DurableVote])] {
        scenario.setup.only = only;
        for seed in 0..150 {
            let verdict = tell(&scenario, seed);
            let is_answer = !matches!(verdict, Verdict::Panicked(_) | Verdict::Fault(_));
            assert!(is_answer, "seed {seed}, asking {:?}: {verdict}", scenario.setup.only);
        }
    }
}
