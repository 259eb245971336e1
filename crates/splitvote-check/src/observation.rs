//! What the harness saw: the only input of the judge.
//!
//! For one event of the run the harness reports in this order: what was delivered, the peer's
//! step as [`Observation::Changed`] (if its view differs), what it heard
//! ([`Observation::LeaderHeard`], [`Observation::HigherTermHeard`]), and then the effects in the
//! order in which they left. [`Observation::Durable`] comes before the step that learns of it.
//! A Raft that does not describe its messages or records causes fewer kinds of observation.

use splitvote_peer::{LogPosition, PeerId, Role, Term, View};

/// One thing that was seen to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Observation {
    /// A peer started: for the first time, or again after a crash.
    Booted {
        /// Who.
        peer: PeerId,
        /// Which life this is, counted from 1.
        boot: u32,
        /// What it looks like after its boot.
        view: View,
    },
    /// A peer crashed.
    Crashed {
        /// Who.
        peer: PeerId,
    },
    /// A step changed what a peer looks like.
    Changed {
        /// Who.
        peer: PeerId,
        /// Before the step.
        before: View,
        /// After the step.
        after: View,
    },
    /// A RequestVote left.
    VoteRequestSent {
        /// Who asks.
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
        /// Who asks.
        candidate: PeerId,
        /// Who is asked.
        voter: PeerId,
        /// The term for which a vote is asked.
        term: Term,
    },
    /// A reply that grants a vote left the voter.
    VoteGrantSent {
        /// Who grants.
        voter: PeerId,
        /// To whom.
        candidate: PeerId,
        /// The term in which the candidate asked.
        term: Term,
    },
    /// A reply that grants a vote is delivered; the candidate has not yet looked at it.
    VoteGrantReceived {
        /// Who granted.
        voter: PeerId,
        /// To whom.
        candidate: PeerId,
        /// The term in which the candidate asked.
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
    /// A ballot record became durable.
    Durable {
        /// Whose disk.
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
    /// A message with a term above the receiver's was delivered.
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
}

impl Observation {
    /// The peers that act, or are acted on, in this observation.
    pub(crate) fn peers(&self) -> (PeerId, PeerId) {
        match *self {
            Self::Booted { peer, .. }
            | Self::Crashed { peer }
            | Self::Changed { peer, .. }
            | Self::Durable { peer, .. }
            | Self::Redirected { peer, .. } => (peer, peer),
            Self::VoteRequestSent { candidate, voter, .. }
            | Self::VoteRequestReceived { candidate, voter, .. }
            | Self::VoteGrantSent { voter, candidate, .. }
            | Self::VoteGrantReceived { voter, candidate, .. } => (voter, candidate),
            Self::StaleReply { peer, from, .. }
            | Self::LeaderHeard { peer, from, .. }
            | Self::HigherTermHeard { peer, from, .. } => (peer, from),
            Self::LinkChanged { from, to, .. } => (from, to),
        }
    }
}

/// The vote that the step from `before` to `after` cast, if it cast one.
#[inline]
pub(crate) fn newly_cast(before: &View, after: &View) -> Option<PeerId> {
    if before.term == after.term && before.voted_for == after.voted_for {
        return None;
    }
    after.voted_for
}

/// Whether the step from `before` to `after` entered `role`, or entered it anew in another term.
#[inline]
pub(crate) fn entered(role: Role, before: &View, after: &View) -> bool {
    after.role == role && (before.role != role || before.term != after.term)
}
