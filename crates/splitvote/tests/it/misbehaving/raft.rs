//! A Raft of elections alone that misbehaves in one way, its mode. Without a mode it is in order.

#![expect(clippy::panic, reason = "it misbehaves on purpose")]

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use splitvote::peer::*;

/// What all peers of all runs share in the modes that let them share something.
static SHARED: AtomicU64 = AtomicU64::new(0);

fn shared() -> u64 {
    SHARED.fetch_add(1, Ordering::SeqCst)
}

/// A number that differs from call to call, as the order of a `HashMap` does.
fn of_hashing() -> u64 {
    use std::hash::{BuildHasher as _, Hasher as _, RandomState};
    RandomState::new().build_hasher().finish()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    RequestVote { term: u64 },
    Vote { term: u64, granted: bool },
    Heartbeat { term: u64 },
}

#[derive(Debug)]
pub(super) struct Say {
    says: Says,
    mode: &'static str,
}

impl Clone for Say {
    fn clone(&self) -> Self {
        assert!(self.mode != "panic-clone", "clone");
        Self { says: self.says, mode: self.mode }
    }
}

impl fmt::Display for Say {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.mode {
            "panic-display" => panic!("display"),
            "error-display" => return Err(fmt::Error),
            "ansi-display" => f.write_str("\x1b[2J\x1b[31m\n")?,
            "huge-display" => (0..10_000).try_for_each(|_| f.write_str(&"x".repeat(1_000)))?,
            _ => {}
        }
        write!(f, "{:?}", self.says)
    }
}

impl Message for Say {
    const KINDS: &'static [&'static str] = &["request-vote", "vote-reply", "append-entries"];

    fn kind(&self) -> usize {
        match (self.mode, self.says) {
            ("bad-kind", _) => 99,
            ("max-kind", _) => usize::MAX,
            ("panic-kind", _) => panic!("kind"),
            (_, Says::RequestVote { .. }) => 0,
            (_, Says::Vote { .. }) => 1,
            (_, Says::Heartbeat { .. }) => 2,
        }
    }

    fn meaning(&self) -> Meaning {
        assert!(self.mode != "panic-meaning", "meaning");
        if self.mode == "flip-meaning" && shared().is_multiple_of(2) {
            return Meaning::Other;
        }
        let is_huge = self.mode == "meaning-max";
        let most = LogPosition { index: u64::MAX, term: u64::MAX };
        match self.says {
            Says::RequestVote { term } => {
                Meaning::VoteRequest { term, last_log: LogPosition::default() }
            }
            Says::Vote { term, granted } => Meaning::VoteReply { term, asked_in: term, granted },
            Says::Heartbeat { term } => Meaning::Append {
                term,
                previous: if is_huge { most } else { LogPosition::default() },
                entries: if is_huge { u32::MAX } else { 0 },
            },
        }
    }
}

#[derive(Clone)]
pub(super) struct Written(&'static str);

impl Record for Written {
    const TELLS_BALLOTS: bool = false;
    const TELLS_ENTRIES: bool = false;

    fn meaning(&self) -> Durable {
        assert!(self.0 != "panic-record", "record");
        Durable::Other
    }
}

#[derive(Clone)]
pub(super) struct Odd {
    mode: &'static str,
    me: PeerId,
    timing: Timing,
    view: View,
    votes: PeerSet,
    alarm: LocalTime,
    steps: u64,
    /// Changes when the peer is only looked at.
    looks: std::cell::Cell<u64>,
    /// Calls that are answered later.
    owed: Vec<(CallId, Says)>,
    /// Whether it does what it does under every other seed.
    is_marked: bool,
    junk: Vec<Vec<u8>>,
}

impl Drop for Odd {
    fn drop(&mut self) {
        assert!(self.mode != "panic-drop" || self.steps < 5, "drop");
    }
}

impl Odd {
    fn say(&self, says: Says) -> Say {
        Say { says, mode: self.mode }
    }

    fn reset_timer(&mut self, cx: &mut Context<'_, Self>) {
        let (least, most) = (self.timing.election_timeout_min, self.timing.election_timeout_max);
        let more = match self.mode {
            // In a run of one election a single number counts: of a thousand, two runs drew the same once in a thousand.
            "hash-timer" => of_hashing() % 1_000_000,
            "static-timer" => shared() % 997,
            "pid-timer" => u64::from(std::process::id()) % 1_000,
            // The address of a static is the same in all runs of a process, and another one in each process.
            "addr-timer" => (&raw const SHARED as u64 >> 12) % 4_093,
            "time-timer" => {
                let now = std::time::UNIX_EPOCH.elapsed().map_or(0, |time| time.subsec_nanos());
                u64::from(now) % 1_000_000
            }
            "thread-timer" => {
                let other = std::thread::Builder::new().spawn(of_hashing).unwrap();
                other.join().unwrap() % 1_000_000
            }
            _ => 0,
        };
        self.alarm = cx.now() + cx.election_timeout(least, most) + Duration::from_nanos(more);
    }

    fn beat(&mut self, cx: &mut Context<'_, Self>) {
        let heartbeat = Says::Heartbeat { term: self.view.term };
        cx.others().for_each(|peer| cx.send(peer, self.say(heartbeat), 9));
        self.alarm = cx.now() + self.timing.heartbeat_interval;
    }

    fn follow(&mut self, term: u64) {
        if term > self.view.term {
            (self.view.voted_for, self.view.leader) = (None, None);
        }
        (self.view.role, self.view.term) = (Role::Follower, term);
    }

    fn stand(&mut self, cx: &mut Context<'_, Self>) {
        let term = self.view.term.wrapping_add(1);
        let voted_for = Some(self.me);
        self.view = View { role: Role::Candidate, term, voted_for, leader: None, ..self.view };
        self.votes = PeerSet::from_iter([self.me]);
        let request = Says::RequestVote { term };
        for peer in cx.others() {
            cx.call(peer, self.say(request), 9);
        }
        self.reset_timer(cx);
    }

    fn reply(&mut self, call: CallId, says: Says, cx: &mut Context<'_, Self>) {
        match self.mode {
            "reply-late" => self.owed.push((call, says)),
            "reply-twice" => {
                cx.reply(call, self.say(says), 9);
                cx.reply(call, self.say(says), 9);
            }
            "reply-to-the-next" => {
                cx.reply(CallId { number: call.number + 1, ..call }, self.say(says), 9);
            }
            "never-replies" => {}
            _ => cx.reply(call, self.say(says), 9),
        }
    }

    /// What it does in every step, or in its tenth.
    fn misbehave(&mut self, cx: &mut Context<'_, Self>) {
        let me = self.me;
        let other = PeerId((me.0 + 1) % cx.cluster_size() as u8);
        let vote = Says::Vote { term: 0, granted: false };
        let heartbeat = Says::Heartbeat { term: 0 };
        let is_tenth = self.steps == 10;
        let entry = EntryId { term: 1, digest: 0 };
        match self.mode {
            "panic-step" if is_tenth => panic!("boom"),
            "panic-ansi" if is_tenth => panic!("\x1b[31mred\n{}", "x".repeat(100_000)),
            "panic-any" if is_tenth => std::panic::panic_any(42),
            "panic-strange" if is_tenth => std::panic::panic_any(Timing::default()),
            "panic-with-what-panics" if is_tenth => {
                struct Bomb;
                impl Drop for Bomb {
                    fn drop(&mut self) {
                        panic!("dropped")
                    }
                }
                std::panic::panic_any(Bomb)
            }
            "take-hook-panic" if is_tenth => {
                drop(std::panic::take_hook());
                panic!("after the hook")
            }
            "caught-panic" => drop(std::panic::catch_unwind(|| panic!("inner"))),
            "thread-panic" if is_tenth => {
                let other = std::thread::Builder::new().spawn(|| panic!("in a thread")).unwrap();
                drop(other.join());
            }
            "too-many-peers" if is_tenth => drop(cx.records()[5].clone()),
            "reply-unknown" => {
                let call = CallId { number: u64::MAX, boot: 77, caller: other };
                cx.reply(call, self.say(vote), 1);
            }
            "reply-to-stranger" => {
                let call = CallId { number: 0, boot: 1, caller: PeerId(200) };
                cx.reply(call, self.say(vote), 1);
            }
            "send-nobody" => cx.send(PeerId(200), self.say(heartbeat), 1),
            "call-nobody" => drop(cx.call(PeerId(255), self.say(heartbeat), 1)),
            "send-self" if self.steps < 10 => cx.send(me, self.say(vote), 1),
            "bytes-max" if is_tenth => cx.send(other, self.say(vote), u32::MAX),
            "million-sends" => (0..200_000).for_each(|_| cx.send(other, self.say(heartbeat), 1)),
            "million-syncs" => (0..200_000).for_each(|_| {
                cx.sync();
            }),
            "million-persists" => (0..1_000_000).for_each(|_| cx.persist(Written(""))),
            "million-answers" => (0..1_000_000).for_each(|number| {
                cx.answer(RequestId(number), ProposalAnswer::Redirect { leader: None });
            }),
            "persist-nosync" => cx.persist(Written("")),
            "panic-record" => {
                cx.persist(Written(self.mode));
                cx.sync();
            }
            "compact-max" if is_tenth => {
                cx.persist(Written(""));
                cx.compact(usize::MAX);
                cx.compact(0);
                cx.sync();
            }
            "answer-unknown" => {
                let answer = ProposalAnswer::Accepted { index: u64::MAX, term: u64::MAX };
                cx.answer(RequestId(u64::MAX), answer);
            }
            "answer-before-asked" => {
                cx.answer(RequestId(0), ProposalAnswer::Redirect { leader: None });
            }
            "applied-zero" => cx.applied(0, EntryId { term: 0, digest: 0 }),
            "applied-one" => cx.applied(1, entry),
            "applied-max" => cx.applied(u64::MAX, EntryId { term: u64::MAX, digest: 0 }),
            "restored-junk" => {
                let through = LogPosition { index: u64::MAX, term: u64::MAX };
                cx.restored(Snapshot { through, state: vec![].into() });
            }
            "restored-max" => {
                let through = LogPosition { index: u64::MAX, term: 1 };
                cx.restored(Snapshot::of(through, History::EMPTY, 30));
            }
            "timeout-inverted" => {
                cx.election_timeout(Duration::from_secs(10), Duration::from_secs(1));
            }
            "timeout-max" => drop(cx.election_timeout(Duration::MAX, Duration::MAX)),
            "random-zero" => drop((cx.random(0), cx.random(u64::MAX))),
            "set-200" => drop(self.votes.insert(PeerId(200))),
            "peers-all" => drop((PeerId::all(1_000).count(), PeerSet::all(1_000))),
            "sleep" if is_tenth => std::thread::park_timeout(Duration::from_millis(5)),
            "threads" if is_tenth => drop(std::thread::Builder::new().spawn(|| {})),
            "stdout" if is_tenth => println!("noise"),
            "chdir" if is_tenth => drop(std::env::set_current_dir("/")),
            // Whoever comes after a panic finds the lock poisoned, in this run and in all others of the process.
            "poison" if is_tenth => {
                static LOCK: Mutex<u64> = Mutex::new(0);
                let mut count = LOCK.lock().unwrap();
                *count += 1;
                assert!(*count < 3, "first");
            }
            // Under every other seed, by what it draws.
            "loop-step" if is_tenth && me == PeerId(1) && self.is_marked => spin(),
            "double-panic" if is_tenth => {
                struct Bomb;
                impl Drop for Bomb {
                    fn drop(&mut self) {
                        panic!("second")
                    }
                }
                let _bomb = Bomb;
                panic!("first")
            }
            "abort" if is_tenth => std::process::abort(),
            "exit" if is_tenth => std::process::exit(17),
            "exit-0" if is_tenth => std::process::exit(0),
            "stack" if is_tenth => drop(recurse(0)),
            "alloc-one" if is_tenth => loop {
                self.junk.push(vec![1; 1 << 22]);
                std::thread::park_timeout(Duration::from_millis(10));
            },
            _ => {}
        }
    }

    /// What its view becomes.
    fn disguise(&mut self, cx: &mut Context<'_, Self>) {
        let term = self.view.term;
        let view = &mut self.view;
        let at = |index| LogPosition { index, term };
        match self.mode {
            "term-max" => view.term = u64::MAX,
            "term-random" => view.term = cx.random(u64::MAX),
            "view-last-max" => view.last = at(u64::MAX),
            "view-last-e12" => view.last = at(1_000_000_000_000),
            "view-first-max" => view.first = u64::MAX,
            "view-first-0" => (view.first, view.last) = (0, at(5)),
            "view-first-gt" => (view.first, view.last) = (1_000, at(3)),
            "view-commit-max" => view.commit = u64::MAX,
            "view-commit-e9" => view.commit = 1_000_000_000,
            "view-applied-e9" => {
                let far = 1_000_000_000;
                (view.applied, view.commit, view.last) = (far, far, at(far));
            }
            "view-applied-max" => view.applied = u64::MAX,
            "view-applied-unseen" => {
                (view.applied, view.commit, view.last) = (self.steps, self.steps, at(self.steps));
            }
            "view-vote-200" => view.voted_for = Some(PeerId(200)),
            "view-leader-255" => view.leader = Some(PeerId(255)),
            "leads-at-once" => view.role = Role::Leader,
            "log-silent" | "entry-missing" | "entry-other-term" => view.last = at(3),
            _ => {}
        }
        if self.mode == "leads-at-once" {
            view.term = 0;
        }
    }
}

fn recurse(depth: u64) -> u64 {
    let room = std::hint::black_box([depth; 512]);
    if depth == u64::MAX { 0 } else { recurse(depth + 1) + room[3] }
}

/// Never returns. It sleeps meanwhile: a peer that hangs for 10 s would keep a core from the other tests.
fn spin() {
    loop {
        std::thread::park_timeout(Duration::from_secs(1));
    }
}

impl Peer for Odd {
    type Message = Say;
    type Record = Written;
    type Config = (Timing, &'static str);

    const FEATURES: Features = Features::of(&[Feature::Log, Feature::Disk]);

    fn boot(me: PeerId, (timing, mode): &Self::Config, cx: &mut Context<'_, Self>) -> Self {
        match *mode {
            "panic-boot" => panic!("boot"),
            "panic-reboot" if cx.boot() > 1 => panic!("reboot"),
            "index-records" => drop(cx.records()[5].clone()),
            "loop-boot" if me == PeerId(1) => spin(),
            _ => {}
        }
        let mut peer = Self {
            mode,
            me,
            timing: timing.clone(),
            view: View::NEW,
            votes: PeerSet::EMPTY,
            alarm: LocalTime::default(),
            steps: 0,
            looks: 0.into(),
            owed: Vec::new(),
            is_marked: false,
            junk: Vec::new(),
        };
        peer.reset_timer(cx);
        peer.is_marked = cx.random(2) == 0;
        peer
    }

    fn step(&mut self, input: Input<'_, Say>, cx: &mut Context<'_, Self>) {
        self.steps += 1;
        self.misbehave(cx);
        for (call, says) in std::mem::take(&mut self.owed) {
            cx.reply(call, self.say(says), 9);
        }
        match input {
            Input::Wake if self.view.role == Role::Leader => self.beat(cx),
            Input::Wake => self.stand(cx),
            Input::Request { call, from, message } => {
                let Says::RequestVote { term } = message.says else { return };
                if term > self.view.term {
                    self.follow(term);
                }
                let granted = term == self.view.term
                    && self.view.voted_for.is_none_or(|voted_for| voted_for == from);
                if granted {
                    self.view.voted_for = Some(from);
                    self.reset_timer(cx);
                }
                self.reply(call, Says::Vote { term: self.view.term, granted }, cx);
            }
            Input::Reply {
                from,
                outcome: Ok(Say { says: Says::Vote { term, granted }, .. }),
                ..
            } => {
                if *term > self.view.term {
                    self.follow(*term);
                }
                if *granted && *term == self.view.term && self.view.role == Role::Candidate {
                    self.votes.insert(from);
                    if self.votes.len() > cx.cluster_size() / 2 {
                        (self.view.role, self.view.leader) = (Role::Leader, Some(self.me));
                        self.beat(cx);
                    }
                }
            }
            Input::Message { from, message: Say { says: Says::Heartbeat { term }, .. } }
                if *term >= self.view.term && *term > 0 =>
            {
                self.follow(*term);
                self.view.leader = Some(from);
                self.reset_timer(cx);
            }
            Input::Propose { request, .. } => self.answer(request, cx),
            _ => {}
        }
        self.disguise(cx);
    }

    fn next_wake(&self) -> Option<LocalTime> {
        assert!(self.mode != "panic-wake" || self.steps < 5, "wake");
        match self.mode {
            "wake-past" if self.steps > 5 => Some(LocalTime(0)),
            "wake-zero" => Some(LocalTime(0)),
            "wake-max" => Some(LocalTime(u64::MAX)),
            "wake-none" => None,
            "wake-random" => Some(LocalTime(self.alarm.0.saturating_add(of_hashing() % 1_000_000))),
            _ => Some(self.alarm),
        }
    }

    fn view(&self) -> View {
        assert!(self.mode != "panic-view" || self.steps < 5, "view");
        match self.mode {
            "view-flip" => {
                self.looks.set(self.looks.get() + 1);
                View { term: self.view.term + self.looks.get() % 2, ..self.view }
            }
            // It changes with every look, and only later.
            "view-drifts" if self.steps > 20 => {
                self.looks.set(self.looks.get() + 1);
                View { leader: Some(PeerId((self.looks.get() % 2) as u8)), ..self.view }
            }
            _ => self.view,
        }
    }

    fn entry(&self, index: LogIndex) -> Option<EntryId> {
        assert!(self.mode != "panic-entry", "entry");
        self.looks.set(self.looks.get() + u64::from(self.mode == "log-silent"));
        let is_held = index >= self.view.first && index <= self.view.last.index;
        let term = self.view.last.term;
        match self.mode {
            "entry-outside" => Some(EntryId { term: 1, digest: index }),
            "entry-zero" if index == 0 => Some(EntryId { term: 0, digest: 0 }),
            "log-silent" if is_held => Some(EntryId { term, digest: self.looks.get() }),
            "view-applied-unseen" if is_held => Some(EntryId { term, digest: index }),
            "view-last-max" | "view-last-e12" | "view-applied-e9" => {
                Some(EntryId { term, digest: index })
            }
            "entry-missing" if is_held && index != 2 => Some(EntryId { term, digest: index }),
            "entry-other-term" if is_held => Some(EntryId { term: term + 1, digest: index }),
            _ => None,
        }
    }

    fn progress(&self, _: PeerId) -> Option<Progress> {
        assert!(self.mode != "panic-progress", "progress");
        (self.mode == "progress-lie").then_some(Progress { matched: u64::MAX, next: 0 })
    }
}

impl Odd {
    fn answer(&self, request: RequestId, cx: &mut Context<'_, Self>) {
        let redirect = ProposalAnswer::Redirect { leader: None };
        let accepted = |term| ProposalAnswer::Accepted { index: 1, term };
        match self.mode {
            "never-answers" => {}
            "answer-twice" => {
                cx.answer(request, redirect.clone());
                cx.answer(request, redirect);
            }
            "accept-lie" => cx.answer(request, accepted(self.view.term)),
            "accept-zero" => {
                let term = self.view.term;
                cx.answer(request, ProposalAnswer::Accepted { index: 0, term });
            }
            "accept-ahead" => cx.answer(request, accepted(self.view.term + 1)),
            "redirect-250" => {
                cx.answer(request, ProposalAnswer::Redirect { leader: Some(PeerId(250)) });
            }
            _ => cx.answer(request, redirect),
        }
    }
}

/// All that is kept of names: the table of the tests has each once.
pub(super) fn twice(modes: &[&'static str]) -> Vec<&'static str> {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    modes.iter().for_each(|mode| *counts.entry(mode).or_default() += 1);
    modes.iter().copied().filter(|mode| counts[mode] > 1).collect()
}
