//! Raft as a student of the labs writes it: handlers, a ticker, a task a follower, and one lock.
//!
//! `rf.mu` is here `self.mu`, and the state that it protects stands in `self.state`. In the labs `persist()` is done when it
//! returns. Here it is awaited before a reply leaves; the lock is free meanwhile.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use splitvote_labrpc::peer::{
    Command, EntryId, Feature, Features, LocalTime, LogIndex, PeerId, Role, Snapshot, Term, View,
};
use splitvote_labrpc::sync::{Mutex, watch};
use splitvote_labrpc::{
    ApplyMsg, ClientEnd, Env, LabRaft, Saving, now, select, sleep, sleep_until, spawn, timeout,
};

use super::calls::{
    AppendEntriesArgs, AppendEntriesReply, Calls, Entry, InstallSnapshotArgs, InstallSnapshotReply,
    RequestVoteArgs, RequestVoteReply,
};
use super::log::Kept;
use super::slips::Slip;

/// A handle of a peer: every task has one.
#[derive(Clone)]
pub(crate) struct Raft(Rc<Inner>);

struct Inner {
    env: Env<Raft>,
    mu: Mutex,
    state: RefCell<State>,
    snapshot: RefCell<Option<Snapshot>>,
    /// A number that grows whenever a leader has something to send.
    news: watch::Sender<u64>,
    /// The commit index, for the task that applies.
    committed: watch::Sender<LogIndex>,
}

struct State {
    kept: Kept,
    role: Role,
    leader: Option<PeerId>,
    commit: LogIndex,
    applied: LogIndex,
    /// When this peer stands for election, unless it hears from a leader or grants a vote.
    stands_at: LocalTime,
    next: Vec<LogIndex>,
    matched: Vec<LogIndex>,
}

impl LabRaft for Raft {
    type Service = Calls;
    type State = Kept;
    type Options = Slip;
    const FEATURES: Features = Features::of(&[
        Feature::Log,
        Feature::Disk,
        Feature::Snapshots,
        Feature::HeedsCandidates,
        Feature::Refusals,
        Feature::Tasks,
    ]);

    fn make(env: Env<Self>) -> Self {
        let saved = env.persister().read();
        let (kept, snapshot) = saved.map(|saved| (saved.state, saved.snapshot)).unwrap_or_default();
        let base = kept.log.base.index;
        let state = State {
            role: Role::Follower,
            leader: None,
            commit: base,
            applied: base,
            stands_at: now() + env.election_timeout(),
            next: vec![1; env.cluster_size()],
            matched: vec![0; env.cluster_size()],
            kept,
        };
        if let Some(snapshot) = &snapshot {
            env.apply_ch().send(ApplyMsg::Snapshot(snapshot.clone()));
        }
        let raft = Self(Rc::new(Inner {
            env,
            mu: Mutex::new(),
            state: RefCell::new(state),
            snapshot: RefCell::new(snapshot),
            news: watch::channel(0).0,
            committed: watch::channel(base).0,
        }));
        spawn(raft.clone().ticker());
        spawn(raft.clone().applier());
        raft
    }

    async fn start(&self, command: Command) -> Option<(LogIndex, Term)> {
        let (index, term, saving) = {
            let _lock = self.0.mu.lock().await;
            let mut state = self.0.state.borrow_mut();
            if state.role != Role::Leader {
                return None;
            }
            let term = state.kept.term;
            state.kept.log.push(Entry { term, command });
            let index = state.kept.log.last().index;
            (index, term, self.persist(&state))
        };
        self.0.news.send(index);
        // The leader's own log counts once it is on its disk; the others may be told before.
        let raft = self.clone();
        spawn(async move {
            saving.await;
            let _lock = raft.0.mu.lock().await;
            let me = raft.0.env.me();
            raft.matched(me, term, index);
        });
        Some((index, term))
    }

    async fn snapshot(&self, snapshot: Snapshot) {
        let _lock = self.0.mu.lock().await;
        let mut state = self.0.state.borrow_mut();
        let through = snapshot.through;
        if through.index <= state.kept.log.base.index || through.index > state.applied {
            return;
        }
        state.kept.log.discard(through);
        *self.0.snapshot.borrow_mut() = Some(snapshot.clone());
        drop(self.0.env.persister().save_with_snapshot(state.kept.clone(), snapshot));
    }

    fn view(&self) -> View {
        let state = self.0.state.borrow();
        View {
            role: state.role,
            term: state.kept.term,
            voted_for: state.kept.voted_for,
            leader: state.leader,
            first: state.kept.log.base.index + 1,
            last: state.kept.log.last(),
            commit: state.commit,
            applied: state.applied,
            ..View::NEW
        }
    }

    fn entry(&self, index: LogIndex) -> Option<EntryId> {
        self.0.state.borrow().kept.log.get(index).map(Entry::id)
    }
}

impl Raft {
    /// A follower that hears nothing for a timeout stands for election.
    async fn ticker(self) {
        loop {
            let due = self.0.state.borrow().stands_at;
            sleep_until(due).await;
            let lock = self.0.mu.lock().await;
            let (is_due, leads) = {
                let state = self.0.state.borrow();
                (now() >= state.stands_at, state.role == Role::Leader)
            };
            if is_due {
                self.rest();
            }
            drop(lock);
            if is_due && !leads {
                spawn(self.clone().stand());
            }
        }
    }

    /// Puts the next election off by a fresh timeout.
    fn rest(&self) {
        if self.slips(Slip::TwoTickers) {
            let (raft, timeout) = (self.clone(), self.0.env.election_timeout());
            spawn(async move {
                sleep(timeout).await;
                if raft.0.state.borrow().role != Role::Leader {
                    raft.stand().await;
                }
            });
        }
        self.0.state.borrow_mut().stands_at = now() + self.0.env.election_timeout();
    }

    fn persist(&self, state: &State) -> Saving<Self> {
        self.0.env.persister().save(state.kept.clone())
    }

    fn slips(&self, slip: Slip) -> bool {
        *self.0.env.options() == slip
    }

    /// Adopts a later term: a follower without a vote.
    fn adopt(&self, state: &mut State, term: Term) -> bool {
        let is_later = term > state.kept.term;
        if is_later {
            (state.kept.term, state.kept.voted_for) = (term, None);
            (state.role, state.leader) = (Role::Follower, None);
        }
        is_later
    }

    /// An election (section 5.2). It asks once its own vote is durable.
    async fn stand(self) {
        let (term, last_log, saving) = {
            let _lock = self.0.mu.lock().await;
            let mut state = self.0.state.borrow_mut();
            if state.role == Role::Leader {
                return;
            }
            state.kept.term += 1;
            (state.kept.voted_for, state.role) = (Some(self.0.env.me()), Role::Candidate);
            state.leader = None;
            (state.kept.term, state.kept.log.last(), self.persist(&state))
        };
        saving.await;
        let term = match self.slips(Slip::ReadsTermLate) {
            true => self.0.state.borrow().kept.term,
            false => term,
        };
        let votes = Rc::new(RefCell::new(BTreeSet::from([self.0.env.me()])));
        self.count(&votes, term).await;
        for end in self.0.env.others() {
            if self.0.state.borrow().kept.term != term {
                return;
            }
            spawn(self.clone().ask(end, term, last_log, Rc::clone(&votes)));
        }
    }

    async fn ask(
        self,
        end: ClientEnd<Self>,
        term: Term,
        last_log: splitvote_labrpc::peer::LogPosition,
        votes: Rc<RefCell<BTreeSet<PeerId>>>,
    ) {
        let stale = {
            let state = self.0.state.borrow();
            state.kept.term != term || state.role != Role::Candidate
        };
        if stale && !self.slips(Slip::ReadsTermLate) {
            return;
        }
        let _held = match self.slips(Slip::HoldsLockOverCall) {
            true => Some(self.0.mu.lock().await),
            false => None,
        };
        let args = RequestVoteArgs { term, candidate: self.0.env.me(), last_log };
        let patience = self.0.env.settings().timing.election_timeout_max;
        let Ok(Ok(reply)) = timeout(patience, end.call(args)).await else { return };
        drop(_held);
        let lock = self.0.mu.lock().await;
        let saving = {
            let mut state = self.0.state.borrow_mut();
            self.adopt(&mut state, reply.term).then(|| self.persist(&state))
        };
        drop(lock);
        if let Some(saving) = saving {
            saving.await;
        }
        if reply.vote_granted {
            votes.borrow_mut().insert(end.peer());
            self.count(&votes, term).await;
        }
    }

    /// Takes office if a majority has voted for this peer in this term, and it still stands in it.
    async fn count(&self, votes: &RefCell<BTreeSet<PeerId>>, term: Term) {
        let _lock = self.0.mu.lock().await;
        let mut state = self.0.state.borrow_mut();
        let is_current = state.kept.term == term || self.slips(Slip::CountsOldVotes);
        let has_majority = votes.borrow().len() >= self.0.env.majority();
        let stands = state.role == Role::Candidate || self.slips(Slip::ReadsTermLate);
        if !is_current || !has_majority || !stands || state.role == Role::Leader {
            return;
        }
        (state.role, state.leader) = (Role::Leader, Some(self.0.env.me()));
        let last = state.kept.log.last().index;
        state.next.fill(last + 1);
        state.matched.fill(0);
        let (term, saving) = (state.kept.term, self.0.env.persister().flush());
        drop(state);
        for end in self.0.env.others() {
            spawn(self.clone().replicate(end, term));
        }
        let raft = self.clone();
        spawn(async move {
            saving.await;
            let _lock = raft.0.mu.lock().await;
            let me = raft.0.env.me();
            raft.matched(me, term, last);
        });
    }

    /// Keeps a follower's log like the leader's, for as long as this peer leads the term.
    async fn replicate(self, end: ClientEnd<Self>, term: Term) {
        let mut news = self.0.news.subscribe();
        let busy = Rc::new(Cell::new(false));
        loop {
            let leads = {
                let state = self.0.state.borrow();
                state.role == Role::Leader && state.kept.term == term
            };
            if !leads && !self.slips(Slip::BeatsOn) {
                return;
            }
            spawn(self.clone().round(end.clone(), term, Rc::clone(&busy)));
            let beat = sleep(self.0.env.heartbeat_interval());
            let is_news = select! {
                _ = news.changed() => true,
                () = beat => false,
            };
            if is_news && busy.get() {
                // What is new goes with the next round.
                sleep(self.0.env.heartbeat_interval()).await;
            }
        }
    }

    /// Sends a follower what it lacks, or a heartbeat, and heeds the reply; again at once while it lacks something.
    async fn round(self, end: ClientEnd<Self>, term: Term, busy: Rc<Cell<bool>>) {
        busy.set(true);
        loop {
            let has_moved = self.exchange(&end, term).await;
            let state = self.0.state.borrow();
            let lacks = state.next[end.peer().index()] <= state.kept.log.last().index;
            if !(has_moved && lacks && state.role == Role::Leader && state.kept.term == term) {
                break;
            }
        }
        busy.set(false);
    }

    /// One call and its reply. Whether the leader knows more of the follower's log now.
    async fn exchange(&self, end: &ClientEnd<Self>, term: Term) -> bool {
        let peer = end.peer().index();
        let (args, install) = {
            let state = self.0.state.borrow();
            let leads = state.role == Role::Leader && state.kept.term == term;
            if !leads && !self.slips(Slip::BeatsOn) {
                return false;
            }
            let term = state.kept.term;
            let (leader, log, next) = (self.0.env.me(), &state.kept.log, state.next[peer]);
            match log.term(next - 1) {
                Some(at) => {
                    let prev_log =
                        splitvote_labrpc::peer::LogPosition { index: next - 1, term: at };
                    let (entries, leader_commit) = (log.from(next), state.commit);
                    (
                        Some(AppendEntriesArgs { term, leader, prev_log, entries, leader_commit }),
                        None,
                    )
                }
                None => {
                    let snapshot = self.0.snapshot.borrow().clone();
                    (None, snapshot.map(|snapshot| InstallSnapshotArgs { term, leader, snapshot }))
                }
            }
        };
        if let Some(args) = args {
            let through = args.prev_log.index + args.entries.len() as LogIndex;
            let Ok(reply) = end.call(args).await else { return false };
            return self.appended(end.peer(), term, through, &reply).await;
        }
        let Some(args) = install else { return false };
        let through = args.snapshot.through.index;
        let Ok(reply) = end.call(args).await else { return false };
        let _lock = self.0.mu.lock().await;
        self.heed_term(reply.term) && self.matched(end.peer(), term, through)
    }

    async fn appended(
        &self,
        from: PeerId,
        term: Term,
        through: LogIndex,
        reply: &AppendEntriesReply,
    ) -> bool {
        let _lock = self.0.mu.lock().await;
        if !self.heed_term(reply.term) {
            return false;
        }
        if reply.success {
            return self.matched(from, term, through);
        }
        let mut state = self.0.state.borrow_mut();
        let moved_on = state.role != Role::Leader || state.kept.term != term;
        if moved_on && !self.slips(Slip::HeedsOldReplies) {
            return false;
        }
        let matched = state.matched[from.index()];
        state.next[from.index()] = reply.next.max(matched + 1).max(1);
        true
    }

    /// Steps down if a reply is of a later term. Whether it is not.
    fn heed_term(&self, term: Term) -> bool {
        let mut state = self.0.state.borrow_mut();
        let is_later = self.adopt(&mut state, term);
        if is_later {
            drop(self.persist(&state));
        }
        !is_later
    }

    /// A log is known to agree up to an index; more may be committed (sections 5.3 and 5.4.2).
    fn matched(&self, peer: PeerId, term: Term, through: LogIndex) -> bool {
        let mut state = self.0.state.borrow_mut();
        let moved_on = state.role != Role::Leader || state.kept.term != term;
        if moved_on && !(self.slips(Slip::HeedsOldReplies) && state.role == Role::Leader) {
            return false;
        }
        let known = state.matched[peer.index()];
        state.matched[peer.index()] = known.max(through);
        state.next[peer.index()] = state.next[peer.index()].max(through + 1);
        let mut sorted = state.matched.clone();
        sorted.sort_unstable();
        let reached = sorted[sorted.len() - self.0.env.majority()];
        if reached > state.commit && state.kept.log.term(reached) == Some(state.kept.term) {
            state.commit = reached;
            drop(state);
            self.0.committed.send(reached);
        }
        through > known
    }

    /// Hands what is committed to the state machine, in order.
    async fn applier(self) {
        let mut committed = self.0.committed.subscribe();
        loop {
            if self.slips(Slip::AppliesTwice) {
                spawn(self.clone().apply_some());
            } else if self.slips(Slip::AppliesInTasks) {
                self.begin_to_apply();
            } else {
                self.clone().apply_some().await;
            }
            if committed.changed().await.is_err() {
                return;
            }
        }
    }

    /// Begins a task for each entry that is committed and not applied.
    fn begin_to_apply(&self) {
        let state = self.0.state.borrow();
        for index in state.applied + 1..=state.commit {
            let Some(entry) = state.kept.log.get(index).map(Entry::id) else { return };
            let raft = self.clone();
            spawn(async move {
                // A snapshot may have come first.
                if index > raft.0.state.borrow().applied {
                    raft.0.env.apply_ch().send(ApplyMsg::Command { index, entry });
                    raft.0.state.borrow_mut().applied = index;
                }
            });
        }
    }

    async fn apply_some(self) {
        loop {
            let next = {
                let state = self.0.state.borrow();
                let index = state.applied + 1;
                let entry = state.kept.log.get(index).map(Entry::id);
                entry.filter(|_| index <= state.commit).map(|entry| (index, entry))
            };
            let Some((index, entry)) = next else { return };
            if self.slips(Slip::AppliesTwice) {
                // The state machine takes its time.
                sleep(std::time::Duration::from_millis(1)).await;
            }
            self.0.env.apply_ch().send(ApplyMsg::Command { index, entry });
            self.0.state.borrow_mut().applied = index;
        }
    }

    pub(crate) async fn request_vote(&self, args: RequestVoteArgs) -> RequestVoteReply {
        let (reply, saving) = {
            let _lock = self.0.mu.lock().await;
            let mut state = self.0.state.borrow_mut();
            let mut has_changed = self.adopt(&mut state, args.term);
            let may_vote = state.kept.voted_for.is_none_or(|voted| voted == args.candidate);
            let is_up_to_date = args.last_log >= state.kept.log.last();
            let vote_granted = args.term == state.kept.term && may_vote && is_up_to_date;
            if vote_granted {
                has_changed |= state.kept.voted_for.replace(args.candidate).is_none();
            }
            if has_changed {
                drop(self.persist(&state));
            }
            let term = state.kept.term;
            drop(state);
            if vote_granted {
                self.rest();
            }
            (RequestVoteReply { term, vote_granted }, self.0.env.persister().flush())
        };
        if !self.slips(Slip::RepliesBeforeSaving) {
            saving.await;
        }
        reply
    }

    pub(crate) async fn append_entries(&self, args: AppendEntriesArgs) -> AppendEntriesReply {
        let (reply, saving) = {
            let _lock = self.0.mu.lock().await;
            (self.take(&args), self.0.env.persister().flush())
        };
        saving.await;
        reply
    }

    /// Takes a leader's entries in (Figure 2, AppendEntries).
    fn take(&self, args: &AppendEntriesArgs) -> AppendEntriesReply {
        let mut state = self.0.state.borrow_mut();
        if args.term < state.kept.term {
            return AppendEntriesReply { term: state.kept.term, success: false, next: 0 };
        }
        let mut has_changed = self.adopt(&mut state, args.term);
        (state.role, state.leader) = (Role::Follower, Some(args.leader));
        let (term, prev, base) = (state.kept.term, args.prev_log, state.kept.log.base.index);
        let last = state.kept.log.last().index;
        let agrees = prev.index <= base || state.kept.log.term(prev.index) == Some(prev.term);
        let next = match agrees {
            true => prev.index + 1,
            false if prev.index > last => last + 1,
            false => state.kept.log.start_of_term(prev.index),
        };
        if agrees {
            for (index, entry) in (prev.index + 1..).zip(&args.entries).filter(|(at, _)| *at > base)
            {
                if state.kept.log.term(index) == Some(entry.term) {
                    continue;
                }
                state.kept.log.truncate(index);
                state.kept.log.push(entry.clone());
                has_changed = true;
            }
        }
        if has_changed {
            drop(self.persist(&state));
        }
        let through = prev.index + args.entries.len() as LogIndex;
        if agrees && args.leader_commit.min(through) > state.commit {
            state.commit = args.leader_commit.min(through);
            self.0.committed.send(state.commit);
        }
        drop(state);
        self.rest();
        AppendEntriesReply { term, success: agrees, next }
    }

    pub(crate) async fn install_snapshot(&self, args: InstallSnapshotArgs) -> InstallSnapshotReply {
        let (reply, saving) = {
            let _lock = self.0.mu.lock().await;
            (self.install(args), self.0.env.persister().flush())
        };
        saving.await;
        reply
    }

    /// Takes a snapshot in place of the log's beginning (Figure 13).
    fn install(&self, args: InstallSnapshotArgs) -> InstallSnapshotReply {
        let mut state = self.0.state.borrow_mut();
        if args.term < state.kept.term {
            return InstallSnapshotReply { term: state.kept.term };
        }
        let has_changed = self.adopt(&mut state, args.term);
        (state.role, state.leader) = (Role::Follower, Some(args.leader));
        let through = args.snapshot.through;
        if through.index > state.commit {
            state.kept.log.discard(through);
            (state.commit, state.applied) = (through.index, through.index);
            *self.0.snapshot.borrow_mut() = Some(args.snapshot.clone());
            let persister = self.0.env.persister();
            drop(persister.save_with_snapshot(state.kept.clone(), args.snapshot.clone()));
            self.0.env.apply_ch().send(ApplyMsg::Snapshot(args.snapshot));
        } else if has_changed {
            drop(self.persist(&state));
        }
        let term = state.kept.term;
        drop(state);
        self.rest();
        InstallSnapshotReply { term }
    }
}
