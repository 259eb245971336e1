//! A Raft with a log and a disk as a state machine that calls and replies, as the paper has it: Figure 2 and nothing
//! more.
//!
//! `cargo run --release -p splitvote --example call_and_reply`
//!
//! What is not in Figure 2 comes from `splitvote_peer::calls`: [`Calls`] holds each call and each reply until the
//! disk has what was written before it, drops it if the term has moved on by then, and keeps what was asked until the
//! reply comes; [`AtMostOnce`] answers a request that the network brings twice, and has it executed once.
//!
//! `tests/it/call_and_reply.rs` runs it in every scenario that applies to it.

use std::fmt;

use splitvote::peer::calls::{AtMostOnce, Calls, Gate};
use splitvote::prelude::*;

/// A call or a reply. The last part of each is what Figure 2 calls the results.
#[derive(Clone, Debug)]
pub(crate) enum Say {
    RequestVote {
        term: Term,
        last_log: LogPosition,
    },
    Vote {
        term: Term,
        asked_in: Term,
        granted: bool,
    },
    Append {
        term: Term,
        previous: LogPosition,
        entries: Vec<Entry>,
        commit: LogIndex,
    },
    /// `next` is where a leader that failed should look next.
    Appended {
        term: Term,
        success: bool,
        next: LogIndex,
    },
}

#[derive(Clone, Debug)]
pub(crate) struct Entry {
    term: Term,
    command: Command,
}

/// What a caller has to know when the reply comes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Asked {
    Vote,
    Append { previous: LogIndex, entries: usize },
}

/// A record of the disk.
#[derive(Clone, Debug)]
pub(crate) enum Note {
    Ballot { term: Term, voted_for: Option<PeerId> },
    Entry { index: LogIndex, entry: Entry },
}

/// What a leader knows of a follower: `matchIndex`, `nextIndex`, and since when entries are on their way to it.
#[derive(Clone, Copy, Debug, Default)]
struct Follower {
    matched: LogIndex,
    next: LogIndex,
    busy_since: Option<LocalTime>,
}

pub(crate) struct MyRaft {
    me: PeerId,
    timing: Timing,
    view: View,
    log: Vec<Entry>,
    votes: PeerSet,
    followers: Vec<Follower>,
    /// Up to here the disk of a leader has its log, as far as it knows.
    durable: LogIndex,
    /// What it has written as leader of a term, until the disk has it.
    writing: Gate<(Term, LogIndex)>,
    alarm: LocalTime,
    calls: Calls<Say, Asked>,
    once: AtMostOnce<Say>,
}

type Cx<'a> = Context<'a, MyRaft>;

impl MyRaft {
    fn rest(&mut self, cx: &mut Cx<'_>) {
        let Timing { election_timeout_min: min, election_timeout_max: max, .. } = self.timing;
        self.alarm = cx.now() + cx.election_timeout(min, max);
    }

    fn position(&self, index: LogIndex) -> Option<LogPosition> {
        let term = if index == 0 { 0 } else { self.log.get(index as usize - 1)?.term };
        Some(LogPosition { index, term })
    }

    fn put(&mut self, index: LogIndex, entry: Entry, cx: &mut Cx<'_>) {
        self.log.truncate(index as usize - 1);
        self.log.push(entry.clone());
        self.view.last = LogPosition { index, term: entry.term };
        self.calls.persist(Note::Entry { index, entry }, cx);
    }

    fn write_ballot(&mut self, cx: &mut Cx<'_>) {
        let View { term, voted_for, .. } = self.view;
        self.calls.persist(Note::Ballot { term, voted_for }, cx);
    }

    /// All servers: a higher term makes a follower of it.
    fn heed(&mut self, term: Term, cx: &mut Cx<'_>) {
        if term > self.view.term {
            let was_leader = self.view.role == Role::Leader;
            self.view =
                View { role: Role::Follower, term, voted_for: None, leader: None, ..self.view };
            self.calls.forget();
            self.write_ballot(cx);
            if was_leader {
                self.rest(cx);
            }
        }
    }

    fn stand(&mut self, cx: &mut Cx<'_>) {
        let term = self.view.term + 1;
        let voted_for = Some(self.me);
        self.view = View { role: Role::Candidate, term, voted_for, leader: None, ..self.view };
        self.votes = PeerSet::from_iter([self.me]);
        self.calls.forget();
        self.write_ballot(cx);
        self.rest(cx);
        for peer in cx.others() {
            let say = Say::RequestVote { term, last_log: self.view.last };
            self.calls.call(peer, term, say, 32, Asked::Vote, cx);
        }
        self.calls.sync(cx);
    }

    /// Its own vote is durable whenever another one has come, as the calls waited for it; alone, it has to look.
    fn lead_if_elected(&mut self, cx: &mut Cx<'_>) {
        let majority = Configuration::simple(cx.cluster_size());
        if self.view.role == Role::Candidate && majority.has_quorum(self.votes) {
            (self.view.role, self.view.leader) = (Role::Leader, Some(self.me));
            self.durable = self.view.last.index;
            let follower = Follower { next: self.view.last.index + 1, ..Follower::default() };
            self.followers = vec![follower; cx.cluster_size()];
            self.beat(cx);
        }
    }

    fn beat(&mut self, cx: &mut Cx<'_>) {
        let now = cx.now();
        self.alarm = now + self.timing.heartbeat_interval;
        let patience = self.timing.heartbeat_interval * 3;
        let is_late = |since: &LocalTime| *since + patience <= now;
        for peer in cx.others() {
            let follower = &mut self.followers[peer.index()];
            follower.busy_since = follower.busy_since.filter(|since| !is_late(since));
            self.append_to(peer, true, cx);
        }
        // Nobody says that a reply was lost.
        while self.calls.oldest().is_some_and(|since| is_late(&since))
            && self.calls.give_up(now).is_some()
        {}
    }

    /// Sends a follower what it lacks, unless something is on its way to it; as a heartbeat in any case.
    fn append_to(&mut self, peer: PeerId, is_beat: bool, cx: &mut Cx<'_>) {
        let follower = &mut self.followers[peer.index()];
        let lacks = follower.next <= self.view.last.index && follower.busy_since.is_none();
        if !lacks && !is_beat {
            return;
        }
        let from = follower.next as usize - 1;
        let entries: Vec<Entry> = if lacks { self.log[from..].to_vec() } else { Vec::new() };
        if lacks {
            follower.busy_since = Some(cx.now());
        }
        let (term, commit, index) = (self.view.term, self.view.commit, follower.next - 1);
        let Some(previous) = self.position(index) else { return };
        let bytes = 40 + entries.iter().map(|entry| 16 + entry.command.size() as u32).sum::<u32>();
        let asked = Asked::Append { previous: index, entries: entries.len() };
        self.calls.call(
            peer,
            term,
            Say::Append { term, previous, entries, commit },
            bytes,
            asked,
            cx,
        );
    }

    /// RequestVote RPC, receiver implementation.
    fn vote(
        &mut self,
        from: PeerId,
        asked_in: Term,
        last_log: LogPosition,
        cx: &mut Cx<'_>,
    ) -> Say {
        self.heed(asked_in, cx);
        let View { term, voted_for, last, .. } = self.view;
        let is_free = voted_for.is_none_or(|vote| vote == from);
        let granted = asked_in == term && is_free && last_log >= last;
        if granted {
            if voted_for.is_none() {
                self.view.voted_for = Some(from);
                self.write_ballot(cx);
            }
            self.rest(cx);
        }
        Say::Vote { term, asked_in, granted }
    }

    /// AppendEntries RPC, receiver implementation.
    fn take(
        &mut self,
        (from, term): (PeerId, Term),
        previous: LogPosition,
        (entries, commit): (&[Entry], LogIndex),
        cx: &mut Cx<'_>,
    ) -> Say {
        self.heed(term, cx);
        if term < self.view.term {
            return Say::Appended { term: self.view.term, success: false, next: 0 };
        }
        if self.view.role == Role::Candidate {
            self.calls.forget();
        }
        (self.view.role, self.view.leader) = (Role::Follower, Some(from));
        self.rest(cx);
        let mine = self.position(previous.index);
        if mine != Some(previous) {
            // Before the first entry of the term that does not fit, or behind the end.
            let conflicting =
                mine.map(|mine| self.log.partition_point(|entry| entry.term < mine.term));
            let next = conflicting.map_or(self.view.last.index + 1, |place| place as LogIndex + 1);
            return Say::Appended { term, success: false, next };
        }
        for (index, entry) in (previous.index + 1..).zip(entries) {
            if self.position(index).map(|mine| mine.term) != Some(entry.term) {
                self.put(index, entry.clone(), cx);
            }
        }
        let agreed = previous.index + entries.len() as LogIndex;
        self.commit(commit.min(agreed), cx);
        Say::Appended { term, success: true, next: agreed + 1 }
    }

    fn commit(&mut self, index: LogIndex, cx: &mut Cx<'_>) {
        self.view.commit = self.view.commit.max(index);
        while self.view.applied < self.view.commit {
            self.view.applied += 1;
            if let Some(entry) = self.entry(self.view.applied) {
                cx.applied(self.view.applied, entry);
            }
        }
    }

    fn commit_what_a_majority_has(&mut self, cx: &mut Cx<'_>) {
        let majority = Configuration::simple(cx.cluster_size());
        let holders = |index: LogIndex| -> PeerSet {
            let has = |peer: &PeerId| match *peer == self.me {
                true => self.durable >= index,
                false => self.followers[peer.index()].matched >= index,
            };
            PeerId::all(self.followers.len()).filter(has).collect()
        };
        let reached = self.followers.iter().map(|follower| follower.matched).chain([self.durable]);
        let reached = reached.filter(|index| majority.has_quorum(holders(*index))).max();
        // Only entries of its own term are counted (5.4.2).
        let own =
            |index: &LogIndex| self.position(*index).is_some_and(|at| at.term == self.view.term);
        if let Some(index) = reached.filter(own) {
            self.commit(index, cx);
        }
    }

    /// A reply, or word that none will come. Whatever was asked in an earlier term was forgotten.
    fn heard(&mut self, from: PeerId, asked: Asked, reply: Option<&Say>, cx: &mut Cx<'_>) {
        match (self.view.role, asked, reply) {
            (Role::Candidate, Asked::Vote, Some(Say::Vote { term, granted: true, .. }))
                if *term == self.view.term =>
            {
                self.votes.insert(from);
                self.lead_if_elected(cx);
            }
            (Role::Leader, Asked::Append { previous, entries }, reply) => {
                let follower = &mut self.followers[from.index()];
                if entries > 0 {
                    follower.busy_since = None;
                }
                match reply {
                    Some(Say::Appended { success: true, .. }) => {
                        follower.matched = follower.matched.max(previous + entries as LogIndex);
                        follower.next = follower.next.max(follower.matched + 1);
                        self.commit_what_a_majority_has(cx);
                    }
                    Some(Say::Appended { next, .. }) if previous > follower.matched => {
                        follower.next = follower.next.min(*next).max(follower.matched + 1);
                        follower.busy_since = None;
                    }
                    _ => return,
                }
                self.append_to(from, false, cx);
            }
            _ => {}
        }
    }

    fn on_disk(&mut self, sync: SyncId, cx: &mut Cx<'_>) {
        if self.calls.is_durable() {
            self.lead_if_elected(cx);
        }
        self.writing.synced(sync);
        while let Some((term, index)) = self.writing.release() {
            if self.view.role == Role::Leader && term == self.view.term {
                self.durable = index;
                self.commit_what_a_majority_has(cx);
            }
        }
    }

    fn propose(&mut self, request: RequestId, command: Command, cx: &mut Cx<'_>) {
        let View { role, term, leader, last, .. } = self.view;
        if role != Role::Leader {
            return cx.answer(request, ProposalAnswer::Redirect { leader });
        }
        let index = last.index + 1;
        self.put(index, Entry { term, command }, cx);
        self.writing.hold(self.calls.sync(cx), (term, index));
        self.calls.answer(request, term, ProposalAnswer::Accepted { index, term }, cx);
        cx.others().for_each(|peer| self.append_to(peer, false, cx));
    }
}

impl Peer for MyRaft {
    type Message = Say;
    type Record = Note;
    type Config = Timing;
    const FEATURES: Features =
        Features::of(&[Feature::Log, Feature::Disk, Feature::Refusals, Feature::HeedsCandidates]);

    fn boot(me: PeerId, timing: &Timing, cx: &mut Context<'_, Self>) -> Self {
        let mut raft = Self {
            me,
            timing: timing.clone(),
            view: View::NEW,
            log: Vec::new(),
            votes: PeerSet::EMPTY,
            followers: Vec::new(),
            durable: 0,
            writing: Gate::default(),
            alarm: LocalTime::default(),
            calls: Calls::default(),
            once: AtMostOnce::remembering(64),
        };
        for note in cx.records() {
            match note.clone() {
                Note::Ballot { term, voted_for } => {
                    (raft.view.term, raft.view.voted_for) = (term, voted_for);
                }
                Note::Entry { index, entry } => {
                    raft.log.truncate(index as usize - 1);
                    raft.view.last = LogPosition { index, term: entry.term };
                    raft.log.push(entry);
                }
            }
        }
        raft.rest(cx);
        raft
    }

    fn step(&mut self, input: Input<'_, Say>, cx: &mut Context<'_, Self>) {
        match input {
            Input::Wake if cx.now() < self.alarm => {}
            Input::Wake if self.view.role == Role::Leader => self.beat(cx),
            Input::Wake => self.stand(cx),
            Input::Request { call, from, message } => {
                if !self.once.is_new(call, self.view.term, &mut self.calls, cx) {
                    return;
                }
                let reply = match *message {
                    Say::RequestVote { term, last_log } => self.vote(from, term, last_log, cx),
                    Say::Append { term, previous, ref entries, commit } => {
                        self.take((from, term), previous, (entries, commit), cx)
                    }
                    Say::Vote { .. } | Say::Appended { .. } => return,
                };
                self.once.reply(call, self.view.term, (reply, 24), &mut self.calls, cx);
            }
            Input::Reply { call, from, outcome } => {
                let asked = self.calls.replied(call);
                if let Ok(Say::Vote { term, .. } | Say::Appended { term, .. }) = outcome {
                    self.heed(*term, cx);
                }
                if let Some(asked) = asked {
                    self.heard(from, asked, outcome.ok(), cx);
                }
            }
            Input::Synced(sync) => {
                self.calls.synced(sync, self.view.term, cx);
                self.on_disk(sync, cx);
            }
            Input::Propose { request, command } => self.propose(request, command, cx),
            Input::Message { .. } | Input::Snapshot(_) => {}
        }
    }

    fn next_wake(&self) -> Option<LocalTime> {
        Some(self.alarm)
    }
    fn view(&self) -> View {
        self.view
    }
    fn entry(&self, index: LogIndex) -> Option<EntryId> {
        let entry = self.log.get((index as usize).checked_sub(1)?)?;
        Some(entry.command.in_term(entry.term))
    }
    fn progress(&self, follower: PeerId) -> Option<Progress> {
        let known =
            self.followers.get(follower.index()).filter(|_| self.view.role == Role::Leader)?;
        Some(Progress { matched: known.matched, next: known.next })
    }
}

impl fmt::Display for Say {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Say::RequestVote { term, last_log } => write!(f, "RequestVote T{term} log {last_log}"),
            Say::Vote { term, granted: true, .. } => write!(f, "vote T{term}"),
            Say::Vote { term, .. } => write!(f, "no vote T{term}"),
            Say::Append { term, previous, entries, commit } => {
                write!(f, "AppendEntries T{term} {previous}+{} c{commit}", entries.len())
            }
            Say::Appended { term, success: true, next } => write!(f, "appended T{term} →{next}"),
            Say::Appended { term, next, .. } => write!(f, "not appended T{term} →{next}"),
        }
    }
}

impl Message for Say {
    const KINDS: &'static [&'static str] =
        &["request-vote", "vote-reply", "append-entries", "append-reply"];

    fn kind(&self) -> usize {
        match self {
            Say::RequestVote { .. } => 0,
            Say::Vote { .. } => 1,
            Say::Append { .. } => 2,
            Say::Appended { .. } => 3,
        }
    }
    fn meaning(&self) -> Meaning {
        match *self {
            Say::RequestVote { term, last_log } => Meaning::VoteRequest { term, last_log },
            Say::Vote { term, asked_in, granted } => Meaning::VoteReply { term, asked_in, granted },
            Say::Append { term, previous, ref entries, .. } => {
                Meaning::Append { term, previous, entries: entries.len() as u32 }
            }
            Say::Appended { term, success, .. } => Meaning::AppendReply { term, success },
        }
    }
}

impl Record for Note {
    fn meaning(&self) -> Durable {
        match self {
            Note::Ballot { term, voted_for } => {
                Durable::Ballot { term: *term, voted_for: *voted_for }
            }
            Note::Entry { index, entry } => {
                Durable::Entry { index: *index, entry: entry.command.in_term(entry.term) }
            }
        }
    }
    fn bytes(&self) -> usize {
        match self {
            Note::Ballot { .. } => 16,
            Note::Entry { entry, .. } => 16 + entry.command.size(),
        }
    }
}

/// The subject of this Raft.
pub(crate) fn mine() -> Subject<MyRaft> {
    Subject::new("mine", |settings| settings.timing.clone())
}

fn main() -> Result<(), splitvote::ScenarioError> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../sim-scenarios/swarm/five.toml");
    let scenario = splitvote::scenario::load(file.as_ref())?;
    let report = sweep(&scenario, &mine(), &SweepOptions::new(Seeds::first(1_000)))?;
    match report.failures.first() {
        None => println!("all {} seeds of the default storm hold", report.seeds),
        Some(first) => println!("seed {}: {}", first.seed, first.verdict),
    }
    Ok(())
}
