//! A peer around raftbare.
//!
//! - Its disk is synchronous within a step: whatever leaves waits at the [`Gate`] until all that was written before is
//!   durable, as the documentation of `Action` asks.
//! - Commands are units to raftbare. What they stand for is kept here by position, which identifies an entry.
//! - Every peer begins with the configuration of the cluster, by `Node::restart`, as after a snapshot of nothing.
//! - Snapshots are left to the user: `Action::InstallSnapshot` becomes a message of ours.

use std::collections::BTreeMap;

use raftbare::{Action, LogEntries, LogEntry, Message as Inner, Node, NodeId};
use splitvote::peer::{
    Command, Context, EntryId, Feature, Features, Input, LocalTime, LogIndex, LogPosition, Peer,
    ProposalAnswer, RequestId, Snapshot, Term,
};
use splitvote::{PeerId, Role, View};
use splitvote_adapter::{Carried, Gate};

use crate::fault::{Config, Fault};
use crate::note::{Disk, Kept, Note, id_of};
use crate::say::{Asked, Say, place};

/// What waits for the disk.
pub(super) enum Waiting {
    Send {
        to: PeerId,
        say: Say,
    },
    Answer {
        request: RequestId,
        answer: ProposalAnswer,
    },
    /// Who is alone leads this term once its vote for itself is durable.
    Office(Term),
    /// All up to here is committed.
    Commit(LogIndex),
    Restored(Snapshot),
    /// The state of a snapshot, which is written too late (a fault).
    LateState,
}

pub(crate) struct RaftBare {
    pub(super) node: Node,
    config: Config,
    peers: usize,
    deadline: Option<LocalTime>,
    gate: Gate<Waiting>,
    written: bool,
    pub(super) commands: BTreeMap<(LogIndex, Term), Carried>,
    pub(super) snapshot: Option<Snapshot>,
    /// Where the log ends on the disk, or will.
    pub(super) written_to: LogIndex,
    /// Who leads, and in which term: whose entries were taken.
    leader: Option<(Term, PeerId)>,
    /// The last term that one who is alone was elected in, and the last one in which that is durable.
    elected: Term,
    office: Term,
    /// The commit index that was handed to the gate, that has passed it, and what was applied.
    pub(super) announced: LogIndex,
    commit: LogIndex,
    pub(super) applied: LogIndex,
}

pub(super) type Cx<'a> = Context<'a, RaftBare>;

impl RaftBare {
    pub(super) fn has(&self, fault: Fault) -> bool {
        self.config.fault == Some(fault)
    }

    pub(super) fn kept(&self, index: LogIndex) -> Option<Kept> {
        let entries = self.node.log().entries();
        let position = LogPosition { index, term: entries.get_term(index.into())?.get() };
        let command = match entries.get_entry(index.into())? {
            LogEntry::Command => {
                self.commands.get(&(index, position.term)).copied().or(Some(Carried::OWN))
            }
            LogEntry::Term(_) | LogEntry::ClusterConfig(_) => None,
        };
        Some(Kept { position, command })
    }

    pub(super) fn persist(&mut self, note: Note, cx: &mut Cx<'_>) {
        cx.persist(note);
        self.written = true;
    }

    pub(super) fn ballot(&self) -> Note {
        let vote = self.node.voted_for().map(NodeId::get);
        let vote = vote.filter(|_| !self.has(Fault::VoteNotPersisted));
        Note::Ballot { term: self.node.current_term().get(), vote }
    }

    fn hear(&mut self, message: &Say, cx: &mut Cx<'_>) -> Option<Asked> {
        let Say::Inner { message, commands, .. } = message else {
            if let Say::Snapshot { term, snapshot } = message {
                self.install(*term, snapshot, cx);
            }
            return None;
        };
        let term = message.term().get();
        let mut last = None;
        if let Inner::RequestVoteCall { last_position, .. } = message
            && self.config.is_guarded
            && place(*last_position) < place(self.node.log().last_position())
        {
            return None;
        }
        if let Inner::AppendEntriesCall { entries, .. } = message {
            let of_commands = entries.iter_with_positions();
            let of_commands = of_commands.filter(|(_, entry)| *entry == LogEntry::Command);
            for ((at, _), command) in of_commands.zip(commands) {
                self.commands.insert((at.index.get(), at.term.get()), *command);
            }
            last = Some(entries.last_position());
        }
        self.node.handle_message(message.clone());
        let node = &self.node;
        if last.is_some()
            && node.role().is_follower()
            && node.current_term() == message.term()
            && node.voted_for() == Some(message.from())
        {
            self.leader = Some((term, id_of(message.from())));
        }
        let holds = last.is_some_and(|last| node.log().entries().contains(last));
        Some(Asked { term, holds })
    }

    fn propose(&mut self, request: RequestId, command: &Command, cx: &mut Cx<'_>) -> bool {
        let is_hidden = self.node.role().is_leader() && !self.in_office();
        let at =
            if is_hidden { raftbare::LogPosition::INVALID } else { self.node.propose_command() };
        if at.is_invalid() {
            let answer = ProposalAnswer::Redirect { leader: self.leads() };
            cx.answer(request, answer);
            return false;
        }
        let (index, term) = (at.index.get(), at.term.get());
        self.commands.insert((index, term), Carried::of(command));
        true
    }

    /// raftbare elects who is alone, and commits what it proposes, within the step, as its disk is thought to be
    /// synchronous: nobody may see that before the disk has it.
    fn in_office(&self) -> bool {
        self.node.role().is_leader()
            && (self.peers > 1 || self.office == self.node.current_term().get())
    }

    fn leads(&self) -> Option<PeerId> {
        if self.in_office() {
            return Some(id_of(self.node.id()));
        }
        let (term, peer) = self.leader?;
        (term == self.node.current_term().get()).then_some(peer)
    }

    /// Hands something over, to leave once all that was written before is durable.
    pub(super) fn queue(&mut self, waiting: Waiting, cx: &mut Cx<'_>) {
        if std::mem::take(&mut self.written) {
            if self.has(Fault::LyingSync) {
                return self.gate.queue(waiting);
            }
            let sync = cx.sync();
            self.gate.hold(sync, waiting);
        } else {
            self.gate.queue(waiting);
        }
    }

    fn send(&mut self, to: NodeId, mut message: Inner, asked: Option<Asked>, cx: &mut Cx<'_>) {
        let mut commands = Vec::new();
        if let Inner::AppendEntriesCall { entries, .. } = &mut message {
            self.shorten_batch(entries);
            commands = entries
                .iter_with_positions()
                .filter(|(_, entry)| *entry == LogEntry::Command)
                .map(|(at, _)| {
                    let command = self.commands.get(&(at.index.get(), at.term.get()));
                    command.copied().unwrap_or(Carried::OWN)
                })
                .collect();
        }
        let (to, say) = (id_of(to), Say::Inner { message, commands, asked });
        if self.has(Fault::ReplyBeforeSync) {
            let bytes = say.bytes();
            return cx.send(to, say, bytes);
        }
        self.queue(Waiting::Send { to, say }, cx);
    }

    /// What the documentation of `Action::SendMessage` allows.
    fn shorten_batch(&self, entries: &mut LogEntries) {
        let most = self.config.settings.bytes_per_append.unwrap_or(usize::MAX);
        let mut bytes = 0;
        let fits = entries.iter_with_positions().enumerate().take_while(|(place, (at, _))| {
            let command = self.commands.get(&(at.index.get(), at.term.get()));
            bytes += command.map_or(0, |command| command.size());
            *place == 0 || bytes <= most
        });
        let count = fits.take(self.config.settings.entries_per_append.max(1)).count();
        entries.truncate(count);
    }

    /// Does what raftbare wants done, and lets go what waits no more.
    fn drain(&mut self, asked: Option<Asked>, request: Option<RequestId>, cx: &mut Cx<'_>) {
        let actions: Vec<Action> = self.node.actions_mut().collect();
        // The records of a step are written first: "must be saved before ... sending messages".
        let of_ballot = |it: &Action| matches!(it, Action::SaveCurrentTerm | Action::SaveVotedFor);
        if actions.iter().any(of_ballot) {
            let note = self.ballot();
            self.persist(note, cx);
        }
        for action in &actions {
            if let Action::AppendLogEntries(entries) = action {
                for (at, entry) in entries.iter_with_positions() {
                    let position = place(at);
                    let command = (entry == LogEntry::Command).then(|| {
                        let command = self.commands.get(&(position.index, position.term));
                        command.copied().unwrap_or(Carried::OWN)
                    });
                    self.persist(Note::Entry(Kept { position, command }), cx);
                    self.written_to = position.index;
                }
            }
        }
        for action in actions {
            match action {
                Action::SetElectionTimeout => self.set_timeout(cx),
                Action::BroadcastMessage(message) => {
                    let peers: Vec<NodeId> = self.node.peers().collect();
                    for peer in peers {
                        self.send(peer, message.clone(), None, cx);
                    }
                }
                Action::SendMessage(to, message) => self.send(to, message, asked, cx),
                Action::InstallSnapshot(to) => self.send_snapshot(to, cx),
                _ => {}
            }
        }
        if let Some(request) = request {
            let at = place(self.node.log().last_position());
            let answer = ProposalAnswer::Accepted { index: at.index, term: at.term };
            self.queue(Waiting::Answer { request, answer }, cx);
        }
        let term = self.node.current_term().get();
        if self.peers == 1 && self.node.role().is_leader() && self.elected < term {
            self.elected = term;
            self.queue(Waiting::Office(term), cx);
        }
        let commit = self.node.commit_index().get();
        if commit > self.announced {
            self.announced = commit;
            self.queue(Waiting::Commit(commit), cx);
        }
        if std::mem::take(&mut self.written) && !self.has(Fault::LyingSync) {
            cx.sync();
        }
        while let Some(waiting) = self.gate.release() {
            self.let_go(waiting, cx);
        }
    }

    fn set_timeout(&mut self, cx: &mut Cx<'_>) {
        let timing = &self.config.settings.timing;
        let timeout = if self.node.role().is_leader() {
            timing.heartbeat_interval
        } else {
            cx.election_timeout(timing.election_timeout_min, timing.election_timeout_max)
        };
        self.deadline = Some(cx.now() + timeout);
    }

    fn let_go(&mut self, waiting: Waiting, cx: &mut Cx<'_>) {
        match waiting {
            Waiting::Send { to, say } => {
                let bytes = say.bytes();
                cx.send(to, say, bytes);
            }
            Waiting::Answer { request, answer } => cx.answer(request, answer),
            Waiting::Office(term) => self.office = term,
            Waiting::Commit(commit) => {
                self.commit = self.commit.max(commit);
                while self.applied < commit {
                    let Some(kept) = self.kept(self.applied + 1) else { return };
                    self.applied += 1;
                    cx.applied(self.applied, kept.id());
                }
            }
            Waiting::Restored(snapshot) => {
                self.applied = snapshot.through.index;
                self.commit = self.commit.max(self.applied);
                cx.restored(snapshot);
            }
            Waiting::LateState => {
                if let Some(snapshot) = self.snapshot.clone() {
                    cx.persist(Note::Snapshot(snapshot));
                    cx.sync();
                }
            }
        }
    }
}

impl Peer for RaftBare {
    type Message = Say;
    type Record = Note;
    type Config = Config;
    const FEATURES: Features =
        Features::of(&[Feature::Log, Feature::Disk, Feature::Snapshots, Feature::NoOp]);

    fn boot(me: PeerId, config: &Config, cx: &mut Context<'_, Self>) -> Self {
        let disk = Disk::read(cx.records());
        let peers = cx.cluster_size();
        let id = NodeId::new(u64::from(me.0));
        let vote = disk.vote.map(NodeId::new);
        let node = Node::restart(id, disk.term.into(), vote, disk.inner_log(peers));
        let base = disk.log.base().index;
        let commands = disk.log.iter().filter_map(|kept| {
            let at = kept.position;
            kept.command.map(|command| ((at.index, at.term), command))
        });
        let mut peer = Self {
            node,
            config: config.clone(),
            peers,
            deadline: None,
            gate: Gate::default(),
            written: false,
            written_to: disk.log.last().index,
            commands: commands.collect(),
            snapshot: disk.snapshot,
            leader: None,
            elected: 0,
            office: 0,
            announced: base,
            commit: base,
            applied: base,
        };
        if let Some(snapshot) = peer.snapshot.clone() {
            cx.restored(snapshot);
        }
        peer.drain(None, None, cx);
        peer
    }

    fn step(&mut self, input: Input<'_, Say>, cx: &mut Context<'_, Self>) {
        let (mut asked, mut accepted) = (None, None);
        match input {
            Input::Wake => {
                if self.deadline.is_some_and(|deadline| cx.now() >= deadline) {
                    self.deadline = None;
                    self.node.handle_election_timeout();
                }
            }
            Input::Message { message, .. } => asked = self.hear(message, cx),
            Input::Synced(sync) => self.gate.synced(sync),
            Input::Propose { request, command } => {
                accepted = self.propose(request, &command, cx).then_some(request);
            }
            Input::Snapshot(snapshot) => self.shorten(&snapshot, cx),
            // It speaks in messages.
            Input::Request { .. } | Input::Reply { .. } => {}
        }
        self.drain(asked, accepted, cx);
    }

    fn next_wake(&self) -> Option<LocalTime> {
        self.deadline
    }

    fn view(&self) -> View {
        let node = &self.node;
        let role = match node.role() {
            raftbare::Role::Leader if self.in_office() => Role::Leader,
            raftbare::Role::Leader | raftbare::Role::Candidate => Role::Candidate,
            raftbare::Role::Follower => Role::Follower,
        };
        let commit = if self.peers == 1 { 0 } else { node.commit_index().get() };
        View {
            role,
            term: node.current_term().get(),
            voted_for: node.voted_for().map(id_of),
            leader: self.leads(),
            first: node.log().snapshot_position().index.get() + 1,
            last: place(node.log().last_position()),
            commit: commit.max(self.commit),
            applied: self.applied,
            ..View::NEW
        }
    }

    fn entry(&self, index: LogIndex) -> Option<EntryId> {
        self.kept(index).map(|kept| kept.id())
    }
}
