//! A Raft that shares no habit with the reference.
//!
//! - Every message, answer and vote waits in one queue for the disk, those for itself too: its own vote
//!   and its own log count once they come out of it. What has become old meanwhile leaves all the same.
//! - It speaks in one-way messages. Leaders number theirs; an answer says up to where a log agrees.
//! - It disregards requests for votes while it believes in a leader, and refuses votes by silence.
//! - A leader starts its term with an entry of its own.
//! - Its vote field names whom it follows, once it follows somebody.
//! - It panics if it finds an invariant broken.

#![expect(clippy::panic, reason = "a Raft that finds its invariants broken panics")]

use std::collections::VecDeque;

use splitvote::peer::{
    Configuration, Context, EntryId, Feature, Features, Input, LocalTime, LogIndex, Peer, PeerSet,
    Progress, ProposalAnswer, RequestId, Snapshot, SyncId, Term,
};
use splitvote::{PeerId, Role, Timing, View};

use super::log::Log;
use super::words::{Entry, Note, Say};

/// The most entries in one message.
const BATCH: usize = 64;

#[derive(Clone, Debug)]
pub(super) struct Config {
    pub(super) timing: Timing,
    /// The planted defect: a voter compares the lengths of logs, and not their last terms.
    pub(super) forgets_last_term: bool,
}

/// What waits for the disk.
enum Parcel {
    Say(PeerId, Say),
    Answer(RequestId, ProposalAnswer),
}

/// What a leader knows of a peer, itself included.
#[derive(Clone, Copy, Default)]
struct Account {
    matched: LogIndex,
    next: LogIndex,
    /// The number of the last answer that was heeded.
    heard: u64,
    /// The message with entries or a snapshot that is under way, and since when.
    under_way: Option<(u64, LocalTime)>,
}

pub(super) struct Courier {
    me: PeerId,
    cluster: Configuration,
    config: Config,
    role: Role,
    term: Term,
    voted_for: Option<PeerId>,
    leader: Option<PeerId>,
    log: Log,
    commit: LogIndex,
    applied: LogIndex,
    /// When it last heard its leader.
    heard_at: LocalTime,
    alarm: LocalTime,
    votes: PeerSet,
    accounts: Vec<Account>,
    number: u64,
    /// In order, each with the sync that it waits for.
    queue: VecDeque<(SyncId, Parcel)>,
    /// What this step has added to the queue.
    fresh: Vec<Parcel>,
    written: bool,
    last_sync: SyncId,
    synced: SyncId,
    /// The sync behind which the disk holds all anew, and how many records that takes by now.
    rewriting: Option<SyncId>,
    rewritten: usize,
}

type Cx<'a> = Context<'a, Courier>;

impl Courier {
    fn write(&mut self, note: Note, cx: &mut Cx<'_>) {
        cx.persist(note);
        (self.written, self.rewritten) = (true, self.rewritten + 1);
    }

    fn write_ballot(&mut self, cx: &mut Cx<'_>) {
        let (term, voted_for) = (self.term, self.voted_for);
        self.write(Note::Ballot { term, voted_for }, cx);
    }

    fn say(&mut self, to: PeerId, say: Say) {
        self.fresh.push(Parcel::Say(to, say));
    }

    /// Syncs what was written, and lets out of the queue what waits for nothing any more.
    fn deliver(&mut self, cx: &mut Cx<'_>) {
        loop {
            if std::mem::take(&mut self.written) {
                self.last_sync = cx.sync();
                self.rewriting = self
                    .rewriting
                    .map(|sync| if sync == SyncId(0) { self.last_sync } else { sync });
            }
            let until = self.last_sync;
            self.queue.extend(self.fresh.drain(..).map(|parcel| (until, parcel)));
            if self.queue.front().is_none_or(|(sync, _)| *sync > self.synced) {
                return;
            }
            let Some((_, parcel)) = self.queue.pop_front() else { return };
            match parcel {
                Parcel::Say(to, say) if to == self.me => self.hear(to, &say, cx),
                Parcel::Say(to, say) => {
                    let bytes = say.bytes();
                    cx.send(to, say, bytes);
                }
                Parcel::Answer(request, answer) => cx.answer(request, answer),
            }
        }
    }

    fn rest(&mut self, cx: &mut Cx<'_>) {
        let Timing { election_timeout_min: min, election_timeout_max: max, .. } =
            self.config.timing;
        self.alarm = cx.now() + cx.election_timeout(min, max);
    }

    fn believes_in_leader(&self, now: LocalTime) -> bool {
        let patience = self.config.timing.election_timeout_min;
        self.role == Role::Leader || self.leader.is_some() && now < self.heard_at + patience
    }

    fn enter(&mut self, term: Term, cx: &mut Cx<'_>) {
        assert!(term > self.term, "from term {} to {term}", self.term);
        if self.role == Role::Leader {
            self.rest(cx);
        }
        (self.role, self.term, self.voted_for, self.leader) = (Role::Follower, term, None, None);
        self.write_ballot(cx);
    }

    fn stand(&mut self, cx: &mut Cx<'_>) {
        self.enter(self.term + 1, cx);
        (self.role, self.voted_for, self.votes) = (Role::Candidate, Some(self.me), PeerSet::EMPTY);
        self.write_ballot(cx);
        let (term, last) = (self.term, self.log.last());
        cx.others().for_each(|peer| self.say(peer, Say::AskVote { term, last }));
        self.say(self.me, Say::Vote { term });
        self.rest(cx);
    }

    fn asked(
        &mut self,
        from: PeerId,
        term: Term,
        last: splitvote::peer::LogPosition,
        cx: &mut Cx<'_>,
    ) {
        if term < self.term || self.believes_in_leader(cx.now()) {
            return;
        }
        if term > self.term {
            self.enter(term, cx);
        }
        let mine = self.log.last();
        let is_behind =
            if self.config.forgets_last_term { last.index < mine.index } else { last < mine };
        // The field may name a leader that got no vote from here, so that no vote is given twice.
        if is_behind || self.voted_for.is_some() {
            return;
        }
        self.voted_for = Some(from);
        self.write_ballot(cx);
        self.say(from, Say::Vote { term });
        self.rest(cx);
    }

    fn voted(&mut self, from: PeerId, term: Term, cx: &mut Cx<'_>) {
        if term != self.term || self.role != Role::Candidate {
            return;
        }
        self.votes.insert(from);
        if !self.cluster.has_quorum(self.votes) {
            return;
        }
        (self.role, self.leader) = (Role::Leader, Some(self.me));
        let next = self.log.last().index + 1;
        self.accounts.fill(Account { next, ..Account::default() });
        self.append(None, cx);
        self.alarm = cx.now() + self.config.timing.heartbeat_interval;
    }

    /// Appends an entry, and sends what may be sent.
    fn append(&mut self, command: Option<splitvote::peer::Command>, cx: &mut Cx<'_>) -> LogIndex {
        let index = self.log.last().index + 1;
        let entry = Entry { term: self.term, command };
        self.log.put(index, entry.clone());
        self.write(Note::Entry { index, entry }, cx);
        let (term, number) = (self.term, self.next_number());
        self.say(self.me, Say::Ends { number, term, asked: 0, at: index, of_snapshot: false });
        self.share(false, cx);
        index
    }

    fn next_number(&mut self) -> u64 {
        self.number += 1;
        self.number
    }

    /// Sends each other peer what it lacks, if nothing is on its way to it; a heartbeat goes to all.
    fn share(&mut self, is_beat: bool, cx: &mut Cx<'_>) {
        for peer in cx.others() {
            self.share_with(peer, is_beat, cx.now());
        }
    }

    fn share_with(&mut self, peer: PeerId, is_beat: bool, now: LocalTime) {
        let patience = self.config.timing.heartbeat_interval * 3;
        let account = self.accounts[peer.index()];
        let is_busy = account.under_way.is_some_and(|(_, since)| now < since + patience);
        let (base, last) = (self.log.base(), self.log.last());
        let (number, term) = (self.next_number(), self.term);
        let lacks = account.next <= last.index && !is_busy;
        if account.next <= base.index && lacks {
            let Some(snapshot) = self.log.snapshot.clone() else { return };
            self.say(peer, Say::Install { number, term, snapshot });
        } else if lacks || is_beat {
            let previous = self.log.position((account.next - 1).max(base.index));
            let Some(previous) = previous else { panic!("{} is beyond the log", account.next) };
            let entries = if lacks { self.log.some_from(account.next, BATCH) } else { Vec::new() };
            self.say(peer, Say::Append { number, term, previous, entries, commit: self.commit });
        }
        if lacks {
            self.accounts[peer.index()].under_way = Some((number, now));
        }
    }

    /// What a message from a leader makes of this peer; false if it leads no more.
    fn follow(&mut self, leader: PeerId, term: Term, cx: &mut Cx<'_>) -> bool {
        if term < self.term {
            return false;
        }
        if term > self.term {
            self.enter(term, cx);
        }
        assert!(self.role != Role::Leader, "{leader} leads term {term}, as I do");
        assert!(self.leader.is_none_or(|known| known == leader), "two leaders in term {term}");
        (self.role, self.leader, self.heard_at) = (Role::Follower, Some(leader), cx.now());
        if self.voted_for != Some(leader) {
            self.voted_for = Some(leader);
            self.write_ballot(cx);
        }
        self.rest(cx);
        true
    }

    /// Takes entries in, and says up to where the log agrees with the leader's.
    fn take(
        &mut self,
        previous: splitvote::peer::LogPosition,
        entries: &[Entry],
        cx: &mut Cx<'_>,
    ) -> LogIndex {
        let base = self.log.base().index;
        if previous.index > base && self.log.term(previous.index) != Some(previous.term) {
            return self.log.place_before(previous.index);
        }
        for (index, entry) in (previous.index + 1..).zip(entries).filter(|(at, _)| *at > base) {
            let is_new = self.log.term(index) != Some(entry.term);
            assert!(!is_new || index > self.commit, "{index} is committed, and to be replaced");
            if self.log.put(index, entry.clone()) {
                self.write(Note::Entry { index, entry: entry.clone() }, cx);
            }
        }
        base.max(previous.index + entries.len() as LogIndex)
    }

    fn hear(&mut self, from: PeerId, say: &Say, cx: &mut Cx<'_>) {
        match *say {
            Say::AskVote { term, last } => self.asked(from, term, last, cx),
            Say::Vote { term } => self.voted(from, term, cx),
            Say::Append { number, term, previous, ref entries, commit } => {
                let asked = previous.index;
                let at =
                    if self.follow(from, term, cx) { self.take(previous, entries, cx) } else { 0 };
                self.say(
                    from,
                    Say::Ends { number, term: self.term, asked, at, of_snapshot: false },
                );
                if term == self.term && at >= asked {
                    self.commit_up_to(commit.min(at), cx);
                }
            }
            Say::Install { number, term, ref snapshot } => {
                let asked = snapshot.through.index;
                let at = if self.follow(from, term, cx) { asked } else { 0 };
                if at > self.commit {
                    self.log.replace_front(snapshot.clone());
                    (self.commit, self.applied) = (at, at);
                    cx.restored(snapshot.clone());
                    self.rewrite(cx);
                }
                self.say(from, Say::Ends { number, term: self.term, asked, at, of_snapshot: true });
            }
            Say::Ends { number, term, asked, at, .. } => {
                self.told(from, (number, term, asked, at), cx);
            }
        }
    }

    /// An answer, from which a leader learns where a log ends.
    fn told(
        &mut self,
        from: PeerId,
        (number, term, asked, at): (u64, Term, LogIndex, LogIndex),
        cx: &mut Cx<'_>,
    ) {
        if term > self.term {
            self.enter(term, cx);
        }
        if self.role != Role::Leader || term != self.term {
            return;
        }
        let account = &mut self.accounts[from.index()];
        if at >= asked {
            account.matched = account.matched.max(at);
            account.next = account.next.max(account.matched + 1);
        } else if number > account.heard {
            account.next = account.next.min(at + 1).max(account.matched + 1);
        }
        account.heard = account.heard.max(number);
        account.under_way = account.under_way.filter(|(under_way, _)| *under_way > number);
        let counts = |index: LogIndex| {
            let holders = PeerId::all(self.accounts.len());
            holders.filter(|peer| self.accounts[peer.index()].matched >= index).collect()
        };
        let decided = |index: &LogIndex| self.cluster.has_quorum(counts(*index));
        let reached = self.accounts.iter().map(|account| account.matched).filter(decided).max();
        if let Some(reached) = reached.filter(|at| self.log.term(*at) == Some(self.term)) {
            self.commit_up_to(reached, cx);
        }
        if from != self.me {
            self.share_with(from, false, cx.now());
        }
    }

    fn commit_up_to(&mut self, index: LogIndex, cx: &mut Cx<'_>) {
        self.commit = self.commit.max(index);
        while self.applied < self.commit {
            self.applied += 1;
            let entry = self.log.get(self.applied).map(Entry::id);
            let Some(entry) = entry else { panic!("{} is committed, and not there", self.applied) };
            cx.applied(self.applied, entry);
        }
    }

    /// Writes all anew; the old records go once that is durable.
    fn rewrite(&mut self, cx: &mut Cx<'_>) {
        self.rewritten = 0;
        let notes: Vec<Note> = self.log.notes().collect();
        notes.into_iter().for_each(|note| self.write(note, cx));
        self.write_ballot(cx);
        self.rewriting = Some(SyncId(0));
    }

    fn shorten(&mut self, snapshot: &Snapshot, cx: &mut Cx<'_>) {
        if snapshot.through.index > self.log.base().index {
            assert!(snapshot.through.index <= self.applied, "a snapshot of what was not applied");
            self.log.replace_front(snapshot.clone());
            self.rewrite(cx);
        }
    }
}

impl Peer for Courier {
    type Message = Say;
    type Record = Note;
    type Config = Config;
    const FEATURES: Features =
        Features::of(&[Feature::Log, Feature::Disk, Feature::Snapshots, Feature::NoOp]);

    fn boot(me: PeerId, config: &Config, cx: &mut Context<'_, Self>) -> Self {
        let mut courier = Self {
            me,
            cluster: Configuration::simple(cx.cluster_size()),
            config: config.clone(),
            role: Role::Follower,
            term: 0,
            voted_for: None,
            leader: None,
            log: Log::default(),
            commit: 0,
            applied: 0,
            heard_at: cx.now(),
            alarm: cx.now(),
            votes: PeerSet::EMPTY,
            accounts: vec![Account::default(); cx.cluster_size()],
            number: 0,
            queue: VecDeque::new(),
            fresh: Vec::new(),
            written: false,
            last_sync: SyncId(0),
            synced: SyncId(0),
            rewriting: None,
            rewritten: cx.records().len(),
        };
        for note in cx.records() {
            match note.clone() {
                Note::Ballot { term, voted_for } => {
                    (courier.term, courier.voted_for) = (term, voted_for);
                }
                Note::Entry { index, entry } => _ = courier.log.put(index, entry),
                Note::Snapshot(snapshot) => courier.log.replace_front(snapshot),
            }
        }
        if let Some(snapshot) = courier.log.snapshot.clone() {
            (courier.commit, courier.applied) = (snapshot.through.index, snapshot.through.index);
            cx.restored(snapshot);
        }
        courier.rest(cx);
        courier
    }

    fn step(&mut self, input: Input<'_, Say>, cx: &mut Context<'_, Self>) {
        match input {
            Input::Wake if cx.now() < self.alarm => {}
            Input::Wake if self.role == Role::Leader => {
                self.alarm = cx.now() + self.config.timing.heartbeat_interval;
                self.share(true, cx);
            }
            Input::Wake => self.stand(cx),
            Input::Message { from, message } => self.hear(from, message, cx),
            Input::Synced(sync) => {
                self.synced = self.synced.max(sync);
                if self.rewriting.is_some_and(|rewriting| rewriting <= sync) {
                    self.rewriting = None;
                    cx.compact(self.rewritten);
                }
            }
            Input::Propose { request, command } if self.role == Role::Leader => {
                let index = self.append(Some(command), cx);
                let answer = ProposalAnswer::Accepted { index, term: self.term };
                self.fresh.push(Parcel::Answer(request, answer));
            }
            Input::Propose { request, .. } => {
                let leader = self.leader;
                cx.answer(request, ProposalAnswer::Redirect { leader });
            }
            Input::Snapshot(snapshot) => self.shorten(&snapshot, cx),
            Input::Request { .. } | Input::Reply { .. } => panic!("nobody calls a Courier"),
        }
        self.deliver(cx);
    }

    fn next_wake(&self) -> Option<LocalTime> {
        Some(self.alarm)
    }

    fn view(&self) -> View {
        View {
            role: self.role,
            term: self.term,
            voted_for: self.voted_for,
            leader: self.leader,
            first: self.log.base().index + 1,
            last: self.log.last(),
            commit: self.commit,
            applied: self.applied,
            ..View::NEW
        }
    }

    fn entry(&self, index: LogIndex) -> Option<EntryId> {
        self.log.get(index).map(Entry::id)
    }

    fn progress(&self, follower: PeerId) -> Option<Progress> {
        let account = self.accounts.get(follower.index()).filter(|_| self.role == Role::Leader)?;
        Some(Progress { matched: account.matched, next: account.next })
    }
}
