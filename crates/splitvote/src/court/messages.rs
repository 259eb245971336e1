//! What messages tell: which observations come of one that leaves or arrives, and how a trace shows it.

use splitvote_check::Observation;
use splitvote_peer::{Meaning, Message, PeerId, SimTime, Term, View};
use splitvote_sim::{Leg, Packet};

use super::Court;
use super::shown::shown;
use crate::trace::{Direction, PacketText};

pub(super) fn text<M: Message>(packet: &Packet<'_, M>) -> PacketText {
    let (direction, call) = match packet.leg {
        Leg::Request(call) => (Direction::Request, Some(call)),
        Leg::Reply(call) => (Direction::Reply, Some(call)),
        Leg::OneWay => (Direction::OneWay, None),
    };
    let meaning = packet.message.meaning();
    PacketText {
        number: packet.number,
        from: packet.from,
        to: packet.to,
        direction,
        call,
        kind: M::KINDS.get(packet.message.kind()).copied().unwrap_or_default().into(),
        is_vote: is_of_election(meaning),
        meaning,
        text: shown(packet.message),
    }
}

/// Whether a message asks for a vote or answers that, be it before somebody stands.
#[inline]
pub(super) fn is_of_election(meaning: Meaning) -> bool {
    matches!(
        meaning,
        Meaning::VoteRequest { .. }
            | Meaning::VoteReply { .. }
            | Meaning::PreVote { .. }
            | Meaning::PreVoteReply { .. }
    )
}

/// Whether only a leader sends such a message.
#[inline]
pub(super) fn is_of_leader(meaning: Meaning) -> bool {
    matches!(meaning, Meaning::Append { .. } | Meaning::InstallSnapshot { .. })
}

/// Whether a reply comes from somebody whose term is rightly lower than the one that was asked for.
#[inline]
pub(super) fn is_led(meaning: Meaning) -> bool {
    match meaning {
        Meaning::VoteReply { term, asked_in, .. } => term < asked_in,
        Meaning::PreVoteReply { .. } => true,
        _ => false,
    }
}

impl Court {
    /// Observes an outgoing message of an election.
    #[cold]
    pub(super) fn left(
        &mut self,
        at: SimTime,
        from: PeerId,
        to: PeerId,
        meaning: Meaning,
        sender: &View,
    ) {
        let observation = match meaning {
            Meaning::VoteRequest { term, last_log } => Observation::VoteRequestSent {
                candidate: from,
                voter: to,
                term,
                last_log,
                sender: *sender,
            },
            Meaning::VoteReply { asked_in: term, granted: true, .. } => {
                Observation::VoteGrantSent { voter: from, candidate: to, term }
            }
            Meaning::PreVote { asked_for, last_log } => {
                let (asker, voter, sender) = (from, to, *sender);
                Observation::PreVoteSent { asker, voter, asked_for, last_log, sender }
            }
            Meaning::PreVoteReply { asked_for, granted, .. } => {
                Observation::PreVoteAnswered { asker: to, voter: from, asked_for, granted }
            }
            _ => return,
        };
        self.judge.observe(at, &observation);
    }

    /// Observes an answer that states a later term than its receiver's, if it is a yes.
    ///
    /// An answer to an InstallSnapshot is not counted. By Figure 13 it has a term and nothing else, so that a yes
    /// cannot be told from a refusal, which has to state the later term. Nor does a late yes mislead anybody: what a
    /// snapshot stands for is committed, so that it is true in every later term.
    #[cold]
    pub(super) fn said_yes(
        &mut self,
        at: SimTime,
        from: PeerId,
        asker: PeerId,
        meaning: Meaning,
        own: Term,
    ) {
        let (asked_in, stated) = match meaning {
            Meaning::VoteReply { term, asked_in, granted: true } => (asked_in, term),
            Meaning::AppendReply { term, success: true } => (own, term),
            _ => return,
        };
        self.judge.observe(at, &Observation::YesInLaterTerm { asker, from, asked_in, stated });
    }

    /// Observes the arrival of a message, unless it is a heartbeat or the reply to one.
    pub(super) fn arrived(&mut self, at: SimTime, from: PeerId, to: PeerId, meaning: Meaning) {
        let observation = match meaning {
            Meaning::VoteRequest { term, .. } => {
                Observation::VoteRequestReceived { candidate: from, voter: to, term }
            }
            Meaning::VoteReply { asked_in: term, granted: true, .. } => {
                Observation::VoteGrantReceived { voter: from, candidate: to, term }
            }
            Meaning::PreVoteReply { asked_for, granted: true, .. } => {
                Observation::PreVoteLearned { asker: to, voter: from, asked_for }
            }
            Meaning::Append { term, previous, entries } => {
                Observation::AppendReceived { leader: from, follower: to, term, previous, entries }
            }
            Meaning::AppendReply { term, success: false } => {
                Observation::AppendRefused { leader: to, follower: from, term }
            }
            Meaning::InstallSnapshot { term, through } => {
                Observation::InstallReceived { leader: from, follower: to, term, through }
            }
            _ => return,
        };
        self.judge.observe(at, &observation);
    }
}
