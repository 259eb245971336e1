//! What the harness saw: the only input of the judge.
//!
//! For one event of the run the harness reports in this order: what was delivered, the peer's
//! step as [`Observation::Changed`] (if its view differs), what it heard
//! ([`Observation::LeaderHeard`], [`Observation::HigherTermHeard`]), and then the effects in the
//! order in which they left. [`Observation::Durable`] comes before the step that learns of it.
//! A Raft that does not describe its messages or records causes fewer kinds of observation.
//!
//! What a log holds is not in an observation: [`crate::Judge::log_changed`] reads it, before the
//! [`Observation::Changed`] that tells of the change, and [`crate::Judge::whole_log`] before each
//! [`Observation::Booted`].

use splitvote_peer::{
    DiskTrouble, EntryId, History, LogIndex, LogPosition, PeerId, Progress, Role, Term, View,
};

/// One thing that was seen to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Observation {
    /// A peer started: for the first time, or again after a crash.
    Booted {
        /// The peer that this is about.
        peer: PeerId,
        /// Which life this is, counted from 1.
        boot: u32,
        /// What it looks like after its boot.
        view: View,
    },
    /// A peer crashed.
    Crashed {
        /// The peer that this is about.
        peer: PeerId,
    },
    /// A step changed what a peer looks like.
    Changed {
        /// The peer that this is about.
        peer: PeerId,
        /// Before the step.
        before: View,
        /// After the step.
        after: View,
    },
    /// A RequestVote left.
    VoteRequestSent {
        /// The peer that asks for votes.
        candidate: PeerId,
        /// Who is asked.
        voter: PeerId,
        /// The term for which a vote is asked.
        term: Term,
        /// Where the candidate says that its log ends.
        last_log: LogPosition,
        /// The sender after the step that sent the request.
        sender: View,
    },
    /// A RequestVote is delivered; the voter has not yet looked at it.
    VoteRequestReceived {
        /// The peer that asks for votes.
        candidate: PeerId,
        /// Who is asked.
        voter: PeerId,
        /// The term for which a vote is asked.
        term: Term,
    },
    /// A reply that grants a vote left the voter.
    VoteGrantSent {
        /// The peer that grants the vote.
        voter: PeerId,
        /// The peer that it goes to.
        candidate: PeerId,
        /// The term in which the candidate asked.
        term: Term,
    },
    /// A reply that grants a vote is delivered; the candidate has not yet looked at it.
    VoteGrantReceived {
        /// The peer that granted the vote.
        voter: PeerId,
        /// The peer that it goes to.
        candidate: PeerId,
        /// The term in which the candidate asked.
        term: Term,
    },
    /// A PreVote left (dissertation, section 9.6).
    PreVoteSent {
        /// The peer that asks for votes.
        asker: PeerId,
        /// Who is asked.
        voter: PeerId,
        /// The term in which the asker would stand.
        asked_for: Term,
        /// Where the asker says that its log ends.
        last_log: LogPosition,
        /// The asker after the step that sent the question.
        sender: View,
    },
    /// A PreVote was delivered, and its receiver has looked at it.
    PreVoteHandled {
        /// The peer that asked for the vote.
        asker: PeerId,
        /// Who was asked.
        voter: PeerId,
        /// The term in which the asker would stand.
        asked_for: Term,
        /// Where the asker says that its log ends.
        last_log: LogPosition,
        /// The receiver before the step.
        before: View,
        /// The receiver after the step.
        after: View,
    },
    /// The answer to a PreVote left.
    PreVoteAnswered {
        /// The peer that asked for the vote.
        asker: PeerId,
        /// The peer that answers.
        voter: PeerId,
        /// The term in which the asker would stand.
        asked_for: Term,
        /// Whether the answer is yes.
        granted: bool,
    },
    /// A yes to a PreVote is delivered; the asker has not yet looked at it.
    PreVoteLearned {
        /// The peer that asked for the vote.
        asker: PeerId,
        /// Who would vote for it.
        voter: PeerId,
        /// The term in which the asker would stand.
        asked_for: Term,
    },
    /// A request for a vote in a later term left no trace in its receiver, which follows a leader
    /// (dissertation, section 4.2.3).
    VoteRequestDisregarded {
        /// The peer that asked for the vote.
        candidate: PeerId,
        /// Who did not listen.
        voter: PeerId,
        /// The term for which a vote was asked.
        term: Term,
    },
    /// A reply of an older term than the receiver's arrived.
    StaleReply {
        /// Who received it.
        peer: PeerId,
        /// Who sent it.
        from: PeerId,
        /// The term of the reply.
        term: Term,
    },
    /// A grant of a vote, or a success of an AppendEntries, arrived that states a later term than the one in which
    /// it was asked for.
    YesInLaterTerm {
        /// The peer that asked for the vote.
        asker: PeerId,
        /// Who said yes.
        from: PeerId,
        /// The term in which it was asked for, at most.
        asked_in: Term,
        /// The term that the answer states.
        stated: Term,
    },
    /// A ballot record became durable.
    Durable {
        /// The peer whose disk it is.
        peer: PeerId,
        /// The term of the record.
        term: Term,
        /// The vote of the record.
        voted_for: Option<PeerId>,
    },
    /// An AppendEntries of the receiver's own term reached a candidate or a leader.
    LeaderHeard {
        /// Who received it.
        peer: PeerId,
        /// Who sent it.
        from: PeerId,
        /// The term of both.
        term: Term,
        /// The receiver before the step.
        before: View,
        /// The receiver after the step.
        after: View,
    },
    /// A message with a term above the receiver's was delivered, which it has to adopt.
    HigherTermHeard {
        /// Who received it.
        peer: PeerId,
        /// Who sent it.
        from: PeerId,
        /// The term of the message.
        heard: Term,
        /// The receiver after the step.
        after: View,
    },
    /// A client asked a peer that does not lead.
    Redirected {
        /// Who was asked.
        peer: PeerId,
        /// To whom it sent the client, if it knew a leader.
        leader: Option<PeerId>,
    },
    /// A link was cut or mended. All links are up at first.
    LinkChanged {
        /// Where the link starts.
        from: PeerId,
        /// Where it ends.
        to: PeerId,
        /// Whether it carries messages now.
        up: bool,
    },
    /// Something went wrong with a disk, or does no longer.
    DiskTrouble {
        /// The peer whose disk it is.
        peer: PeerId,
        /// What went wrong, or does no longer.
        trouble: DiskTrouble,
    },
    /// An entry became durable. If another one stood there, that and all that followed are gone.
    DurableEntry {
        /// The peer whose disk it is.
        peer: PeerId,
        /// Where it stands.
        index: LogIndex,
        /// What it is.
        entry: EntryId,
    },
    /// That the log has no entries from an index on became durable.
    DurableTruncation {
        /// The peer whose disk it is.
        peer: PeerId,
        /// The first index that is gone.
        from: LogIndex,
    },
    /// A whole snapshot became durable.
    DurableSnapshot {
        /// The peer whose disk it is.
        peer: PeerId,
        /// The last entry that it replaces.
        through: LogPosition,
    },
    /// A state machine applied an entry.
    Applied {
        /// Whose state machine.
        peer: PeerId,
        /// Where the entry stands.
        index: LogIndex,
        /// What it is.
        entry: EntryId,
    },
    /// A state machine replaced its state by a snapshot's.
    Restored {
        /// Whose state machine.
        peer: PeerId,
        /// The last entry that the snapshot replaces, as Raft says.
        through: LogPosition,
        /// The last index and the history that the snapshot itself holds, if it can be read.
        content: Option<(LogIndex, History)>,
    },
    /// A leader has handled a reply: its account of the follower that sent it.
    Progress {
        /// The peer that leads.
        leader: PeerId,
        /// Of whose log it keeps the account.
        follower: PeerId,
        /// `matchIndex` and `nextIndex`.
        progress: Progress,
    },
    /// An AppendEntries with entries is delivered; the follower has not yet looked at it.
    AppendReceived {
        /// Who sent it.
        leader: PeerId,
        /// Who received it.
        follower: PeerId,
        /// The leader's term.
        term: Term,
        /// The entry that precedes the ones sent.
        previous: LogPosition,
        /// How many entries are sent.
        entries: u32,
    },
    /// The refusal of an AppendEntries reached the leader, in the leader's own term: the follower's
    /// log does not hold what precedes the entries.
    AppendRefused {
        /// The peer that leads.
        leader: PeerId,
        /// The peer that refused.
        follower: PeerId,
        /// The term of both.
        term: Term,
    },
    /// An InstallSnapshot is delivered; the follower has not yet looked at it.
    InstallReceived {
        /// Who sent it.
        leader: PeerId,
        /// Who received it.
        follower: PeerId,
        /// The leader's term.
        term: Term,
        /// The last entry that the snapshot replaces.
        through: LogPosition,
    },
}

impl Observation {
    /// Whose view is another now, and what it was before and after; a boot begins with
    /// [`View::NEW`].
    #[inline(always)]
    pub(crate) fn step(&self) -> Option<(PeerId, &View, &View)> {
        match self {
            Self::Changed { peer, before, after } => Some((*peer, before, after)),
            Self::Booted { peer, view, .. } => Some((*peer, &View::NEW, view)),
            _ => None,
        }
    }

    /// The peers that act, or are acted on, in this observation.
    #[inline(always)]
    pub(crate) fn peers(&self) -> (PeerId, PeerId) {
        match *self {
            Self::Booted { peer, .. }
            | Self::Crashed { peer }
            | Self::Changed { peer, .. }
            | Self::Durable { peer, .. }
            | Self::Redirected { peer, .. }
            | Self::DiskTrouble { peer, .. }
            | Self::DurableEntry { peer, .. }
            | Self::DurableTruncation { peer, .. }
            | Self::DurableSnapshot { peer, .. }
            | Self::Applied { peer, .. }
            | Self::Restored { peer, .. } => (peer, peer),
            Self::Progress { leader, follower, .. }
            | Self::AppendReceived { leader, follower, .. }
            | Self::AppendRefused { leader, follower, .. }
            | Self::InstallReceived { leader, follower, .. } => (leader, follower),
            Self::VoteRequestSent { candidate, voter, .. }
            | Self::VoteRequestReceived { candidate, voter, .. }
            | Self::VoteGrantSent { voter, candidate, .. }
            | Self::VoteGrantReceived { voter, candidate, .. }
            | Self::VoteRequestDisregarded { voter, candidate, .. } => (voter, candidate),
            Self::PreVoteSent { asker, voter, .. }
            | Self::PreVoteHandled { asker, voter, .. }
            | Self::PreVoteAnswered { asker, voter, .. }
            | Self::PreVoteLearned { asker, voter, .. } => (voter, asker),
            Self::YesInLaterTerm { asker, from, .. } => (from, asker),
            Self::StaleReply { peer, from, .. }
            | Self::LeaderHeard { peer, from, .. }
            | Self::HigherTermHeard { peer, from, .. } => (peer, from),
            Self::LinkChanged { from, to, .. } => (from, to),
        }
    }
}

impl Observation {
    /// Whether this tells of a disk's log, of a state machine or of replication alone.
    #[inline(always)]
    pub(crate) fn is_of_logs(&self) -> bool {
        matches!(
            self,
            Self::DurableEntry { .. }
                | Self::DurableTruncation { .. }
                | Self::DurableSnapshot { .. }
                | Self::Applied { .. }
                | Self::Restored { .. }
                | Self::Progress { .. }
                | Self::AppendReceived { .. }
                | Self::AppendRefused { .. }
                | Self::InstallReceived { .. }
                | Self::YesInLaterTerm { .. }
        )
    }
}

/// Whether the step from `before` to `after` changed nothing that an election is about.
#[inline]
pub(crate) fn is_about_the_log(before: &View, after: &View) -> bool {
    before.term == after.term
        && before.role == after.role
        && before.voted_for == after.voted_for
        && before.leader == after.leader
}

/// The vote that the step from `before` to `after` cast, if it cast one.
#[inline]
pub(crate) fn newly_cast(before: &View, after: &View) -> Option<PeerId> {
    if before.term == after.term && before.voted_for == after.voted_for || !after.shows_vote() {
        return None;
    }
    after.voted_for
}

/// Whether the step from `before` to `after` entered `role`, or entered it anew in another term.
#[inline]
pub(crate) fn entered(role: Role, before: &View, after: &View) -> bool {
    after.role == role && after.shows_term() && (before.role != role || before.term != after.term)
}
