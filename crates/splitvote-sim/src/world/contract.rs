//! What the world holds a peer to: the contract that [`Peer`] states.
//!
//! A peer that broke it takes no effect by what broke it, and the run ends there: whatever came of it
//! would be blamed on Raft's rules. What is looked at lies on the way anyhow, on a change of view, at
//! an answer, at a message that leaves; the rest is looked at when a peer crashes and when a run ends.

use splitvote_peer::{
    Breach, BreachCause, CallId, Effect, Leg, LogIndex, Message as _, Naming, Parcel, Peer, PeerId,
    ProposalAnswer, RequestId, SimTime, View, ViewPart,
};

use super::World;
use super::node::Node;
use crate::dues::Settled;
use crate::watcher::Watcher;

/// The most messages, syncs and compactions of one step. Entries that are applied, records that are written
/// and clients that are answered are not among them: a restart may apply a long log at once, and one reply
/// may commit what a million clients wait for.
const MOST_EFFECTS: usize = 100_000;
/// The most records of one disk.
pub(super) const MOST_RECORDS: u64 = 2_000_000;
/// So often in a row a peer may ask to be woken at a time that has passed.
const MOST_OVERDUE: u64 = 1_000;

/// How often in a row a peer has asked to be woken at the instant at which it was woken.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Overdue {
    last: Option<(PeerId, SimTime)>,
    times: u64,
}

impl Overdue {
    /// Whose timer keeps this instant from ending, if it is behind half of so many events there; how often in a row
    /// it went off.
    pub(super) fn of(&self, at: SimTime, events: u64) -> Option<(PeerId, u64)> {
        let (peer, _) = self.last.filter(|(_, instant)| *instant == at)?;
        (self.times >= events / 2).then_some((peer, self.times))
    }
}

impl<P: Peer, W: Watcher<P>> World<P, W> {
    /// The breach of the contract that ended the run, if one did.
    #[must_use]
    pub fn breach(&self) -> Option<&Breach> {
        self.breach.as_deref()
    }

    /// A peer broke the contract. The run ends before its next event; only the first breach counts.
    #[cold]
    pub fn break_contract(&mut self, peer: PeerId, cause: BreachCause) {
        if self.breach.is_none() {
            self.breach = Some(Box::new(Breach { peer, at: self.now, cause }));
            // The loop asks of its limits anyhow.
            self.limits.events = 0;
        }
    }

    /// A packet to a peer that there is not.
    #[cold]
    pub(super) fn sent_astray(&mut self, from: PeerId, to: PeerId) {
        let peers = self.nodes.len() as u64;
        self.break_contract(from, BreachCause::SentToStranger { to, peers });
    }

    /// A reply that is not due.
    #[cold]
    pub(super) fn replied_undue(&mut self, from: PeerId, call: CallId, settled: Settled) {
        let CallId { number: call, caller, .. } = call;
        let cause = match settled {
            Settled::InOrder => return,
            Settled::Unasked => BreachCause::RepliedUnasked { call, caller },
            Settled::Again => BreachCause::RepliedAgain { call, caller },
        };
        self.break_contract(from, cause);
    }

    /// A message of a kind that there is not.
    #[cold]
    pub(super) fn sent_unknown_kind(&mut self, from: PeerId, kind: usize) {
        let kinds = self.network.counters.kinds.len() as u64;
        self.break_contract(from, BreachCause::UnknownKind { kind: kind as u64, kinds });
    }

    /// Whether an answer to a client is one that the contract allows.
    pub(super) fn may_answer(
        &mut self,
        from: PeerId,
        request: RequestId,
        answer: &ProposalAnswer,
    ) -> bool {
        let RequestId(number) = request;
        let (node, peers) = (&self.nodes[from.index()], self.nodes.len());
        let (view, furthest) = (&node.view, node.furthest);
        let settled = self.requests_due.answered(as_call(request), from);
        let cause = match (settled, answer) {
            (Settled::Unasked, _) => BreachCause::AnsweredUnasked { request: number },
            (Settled::Again, _) => BreachCause::AnsweredAgain { request: number },
            (Settled::InOrder, ProposalAnswer::Accepted { term, .. }) if *term > view.term => {
                let (stated, term) = (*term, view.term);
                BreachCause::AcceptedAhead { request: number, stated, term }
            }
            // The log may have lost the entry since, but it cannot have been where the log never was.
            (Settled::InOrder, ProposalAnswer::Accepted { index, .. })
                if *index == 0 || *index > furthest =>
            {
                BreachCause::AcceptedUnheld { request: number, index: *index, furthest }
            }
            (Settled::InOrder, ProposalAnswer::Redirect { leader: Some(named) })
                if named.index() >= peers =>
            {
                let (r#where, named, peers) = (Naming::Redirect, *named, peers as u64);
                BreachCause::NamesStranger { r#where, named, peers }
            }
            (Settled::InOrder, _) => return true,
        };
        self.break_contract(from, cause);
        false
    }

    /// A step that did very much. Empties the effects of one that did too much.
    #[cold]
    pub(super) fn look_at_much(
        &mut self,
        from: PeerId,
        effects: &mut Vec<Effect<P::Message, P::Record>>,
    ) {
        // Each answer was asked for, and all may have waited for one sync: they are as many as the requests were.
        let is_bounded = |effect: &&Effect<P::Message, P::Record>| match effect {
            Effect::Send(Parcel { leg: Leg::Reply(_), .. }) => false,
            Effect::Send(Parcel { message, .. }) => !message.meaning().is_reply(),
            Effect::Sync(_) | Effect::Compact { .. } => true,
            _ => false,
        };
        let count = effects.iter().filter(is_bounded).count();
        if count > MOST_EFFECTS {
            let (effects_done, most) = (count as u64, MOST_EFFECTS as u64);
            self.break_contract(
                from,
                BreachCause::TooMuchInOneStep { effects: effects_done, most },
            );
            effects.clear();
        }
    }

    /// The disk of a peer holds too many records.
    #[cold]
    pub(super) fn overfilled(&mut self, id: PeerId, records: u64) {
        self.break_contract(id, BreachCause::DiskTooLarge { records, most: MOST_RECORDS });
    }

    /// Whether so many effects have to be looked at.
    #[inline(always)]
    pub(super) fn is_much(effects: usize) -> bool {
        effects > MOST_EFFECTS
    }

    /// A peer that was woken wants to be woken at the same instant once more.
    #[cold]
    pub(super) fn woken_in_vain(&mut self, id: PeerId) {
        let overdue = &mut self.overdue;
        let this = Some((id, self.now));
        if overdue.last != this {
            *overdue = Overdue { last: this, times: 0 };
        }
        overdue.times += 1;
        let times = overdue.times;
        if times < MOST_OVERDUE {
            return;
        }
        let node = &self.nodes[id.index()];
        let now = node.clock.local(self.now);
        let asked = node.peer.as_ref().and_then(Peer::next_wake).unwrap_or(now);
        // A timeout of nothing makes every wake due at once: that is no fault of the peer.
        if asked < now {
            self.break_contract(id, BreachCause::WakesInThePast { times, asked, now });
        }
    }

    /// Looks at each peer that is up as at one that crashes: for the end of a run.
    pub fn look_at_peers(&mut self) {
        self.peers().for_each(|id| self.look_at_peer(id));
    }

    /// Whether a peer still is what it showed after its last step.
    pub(super) fn look_at_peer(&mut self, id: PeerId) {
        let Some(node) = self.nodes.get(id.index()) else { return };
        let Some(peer) = &node.peer else { return };
        if let Some(cause) = look(peer, node) {
            self.break_contract(id, cause);
        }
    }
}

/// A request of a client in the shape of a call.
pub(super) fn as_call(request: RequestId) -> CallId {
    CallId { number: request.0, boot: 0, caller: PeerId(0) }
}

/// In which way a peer is not what its last view says.
fn look<P: Peer>(peer: &P, node: &Node<P>) -> Option<BreachCause> {
    let known = &node.view;
    let seen = peer.view();
    if seen != *known {
        return Some(BreachCause::ViewChanged { what: difference(known, &seen) });
    }
    let (first, last) = (known.first, known.last.index);
    let outside = [0, first.wrapping_sub(1), last.saturating_add(1), LogIndex::MAX];
    let is_outside = |index: &LogIndex| *index < first || *index > last;
    let shown = outside.into_iter().filter(is_outside).find(|index| peer.entry(*index).is_some());
    shown.map(|index| BreachCause::EntryOutside { index, first, last })
}

/// In which way a view contradicts itself. Where commitment and application stand is Raft's affair, and
/// judged by its checkers: after a torn batch, a released Raft knows for a while that more is committed
/// than it holds, and a Raft may count as applied what still waits in a queue.
#[inline(always)]
pub(super) fn contradiction(view: &View, peers: usize) -> Option<BreachCause> {
    let is_member = |peer: Option<PeerId>| peer.is_none_or(|peer| peer.index() < peers);
    let is_plain = view.first.wrapping_sub(1) <= view.last.index
        && is_member(view.voted_for)
        && is_member(view.leader);
    if is_plain { None } else { in_earnest(view, peers) }
}

#[cold]
fn in_earnest(view: &View, peers: usize) -> Option<BreachCause> {
    let (first, last) = (view.first, view.last.index);
    let stranger = |r#where, peer: Option<PeerId>| {
        let named = peer.filter(|peer| peer.index() >= peers)?;
        Some(BreachCause::NamesStranger { r#where, named, peers: peers as u64 })
    };
    let when = |is: bool, cause| is.then_some(cause);
    when(first == 0, BreachCause::FirstIsZero)
        .or(when(first.wrapping_sub(1) > last, BreachCause::FirstBeyondLast { first, last }))
        .or_else(|| stranger(Naming::Vote, view.voted_for))
        .or_else(|| stranger(Naming::Leader, view.leader))
}

/// The first part in which two views differ.
#[cold]
pub(super) fn difference(one: &View, other: &View) -> ViewPart {
    let parts = [
        (ViewPart::Role, one.role != other.role),
        (ViewPart::Term, one.term != other.term),
        (ViewPart::Vote, one.voted_for != other.voted_for),
        (ViewPart::Leader, one.leader != other.leader),
        (ViewPart::First, one.first != other.first),
        (ViewPart::Last, one.last != other.last),
        (ViewPart::Commit, one.commit != other.commit),
        (ViewPart::Applied, one.applied != other.applied),
    ];
    parts.into_iter().find(|(_, differs)| *differs).map_or(ViewPart::Other, |(part, _)| part)
}
