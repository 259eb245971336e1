//! The bridge between a world and what judges and records it.
//!
//! It turns what the world shows into observations, and asks a message what it means only where an
//! observation may come of it: a quiet heartbeat costs a comparison or two.

use splitvote_check::{Checker, Judge, Observation};
use splitvote_peer::{
    Durable, Meaning, Message, Peer, PeerId, ProposalAnswer, Record, RequestId, Role, SimTime,
    Term, View,
};
use splitvote_sim::{Fate, Leg, Packet, Watcher};

use crate::trace::{Direction, PacketText, Trace, TraceEvent, What};

/// Judges every event of a run, and records it if asked to.
#[derive(Clone, Debug)]
pub struct Court {
    judge: Judge,
    /// What the message that is being handled demands of its receiver.
    heard: Option<Heard>,
    /// The last answer to a client, and to which request.
    answer: Option<(RequestId, ProposalAnswer)>,
    recorder: Option<Box<Trace>>,
}

#[derive(Clone, Debug)]
enum Heard {
    HigherTerm { from: PeerId, heard: Term },
    Leader { from: PeerId, term: Term, before: View },
}

impl Court {
    /// Judges a cluster of this size.
    #[must_use]
    pub fn new(cluster_size: usize) -> Self {
        Self { judge: Judge::new(cluster_size), heard: None, answer: None, recorder: None }
    }

    /// The same court, but only these checkers are asked.
    #[must_use]
    pub fn asking_only(self, checkers: &[Checker]) -> Self {
        Self { judge: self.judge.asking_only(checkers), ..self }
    }

    /// The same court, for peers whose disks tell of no ballots ([`Record::TELLS_BALLOTS`]).
    #[must_use]
    pub fn trusting_memory(self) -> Self {
        Self { judge: self.judge.trusting_memory(), ..self }
    }

    /// Records from now on.
    pub fn record(&mut self) {
        self.recorder.get_or_insert_default();
    }

    /// What was recorded, if anything was to be.
    pub fn take_trace(&mut self) -> Option<Trace> {
        self.recorder.take().map(|trace| *trace)
    }

    /// The judge.
    #[must_use]
    pub fn judge(&self) -> &Judge {
        &self.judge
    }

    /// Closes the books at the end of a run.
    pub(crate) fn finish(&mut self, at: SimTime) {
        self.judge.finish(at);
    }

    /// The answer to a client's request, if it has come and no later one has.
    pub(crate) fn answer_to(&self, request: RequestId) -> Option<&ProposalAnswer> {
        self.answer.as_ref().filter(|(to, _)| *to == request).map(|(_, answer)| answer)
    }

    /// Notes something in the record, if one is kept.
    #[inline]
    pub(crate) fn note(&mut self, at: SimTime, what: impl FnOnce() -> What) {
        if let Some(trace) = &mut self.recorder {
            let what = what();
            // A run that does not end must not fill the memory; how it failed is kept all the same.
            if trace.events.len() < Trace::MAX_EVENTS || matches!(what, What::Failed { .. }) {
                trace.events.push(TraceEvent { at, what });
            }
        }
    }
}

fn text<M: Message>(packet: &Packet<'_, M>) -> PacketText {
    let direction = match packet.leg {
        Leg::Request(_) => Direction::Request,
        Leg::Reply(_) => Direction::Reply,
        Leg::OneWay => Direction::OneWay,
    };
    let meaning = packet.message.meaning();
    PacketText {
        number: packet.number,
        from: packet.from,
        to: packet.to,
        direction,
        kind: M::KINDS.get(packet.message.kind()).copied().unwrap_or_default(),
        is_vote: matches!(meaning, Meaning::VoteRequest { .. } | Meaning::VoteReply { .. }),
        text: packet.message.to_string(),
    }
}

impl<P: Peer> Watcher<P> for Court {
    #[inline]
    fn stops(&self) -> bool {
        self.judge.is_violated()
    }

    fn booted(&mut self, at: SimTime, peer: PeerId, boot: u32, _raft: &P, view: &View) {
        self.judge.observe(at, &Observation::Booted { peer, boot, view: *view });
        self.note(at, || What::Booted { peer, boot, view: *view });
    }

    fn crashed(&mut self, at: SimTime, peer: PeerId) {
        self.judge.observe(at, &Observation::Crashed { peer });
        self.note(at, || What::Crashed { peer });
    }

    #[inline]
    fn sent(&mut self, at: SimTime, packet: &Packet<'_, P::Message>, fate: Fate, sender: &View) {
        self.note(at, || What::Sent { packet: text(packet), fate });
        if matches!(fate, Fate::Duplicated(_)) {
            return;
        }
        match packet.message.meaning() {
            Meaning::VoteRequest { term, last_log } => self.judge.observe(
                at,
                &Observation::VoteRequestSent {
                    candidate: packet.from,
                    voter: packet.to,
                    term,
                    last_log,
                    sender: *sender,
                },
            ),
            Meaning::VoteReply { asked_in: term, granted: true, .. } => self.judge.observe(
                at,
                &Observation::VoteGrantSent { voter: packet.from, candidate: packet.to, term },
            ),
            _ => {}
        }
    }

    fn perished(&mut self, at: SimTime, packet: &Packet<'_, P::Message>, fate: Fate) {
        self.note(at, || What::Perished { packet: text(packet), fate });
    }

    #[inline]
    fn received(&mut self, at: SimTime, packet: &Packet<'_, P::Message>, before: &View) {
        self.note(at, || What::Received { packet: text(packet) });
        let (from, to, meaning) = (packet.from, packet.to, packet.message.meaning());
        let Some(term) = meaning.term() else { return };
        match meaning {
            Meaning::VoteRequest { term, .. } => self.judge.observe(
                at,
                &Observation::VoteRequestReceived { candidate: from, voter: to, term },
            ),
            Meaning::VoteReply { asked_in: term, granted: true, .. } => self
                .judge
                .observe(at, &Observation::VoteGrantReceived { voter: from, candidate: to, term }),
            Meaning::Append { term, .. }
                if term == before.term && before.role != Role::Follower =>
            {
                self.heard = Some(Heard::Leader { from, term, before: *before });
            }
            _ => {}
        }
        if term > before.term {
            self.heard = Some(Heard::HigherTerm { from, heard: term });
        } else if term < before.term && matches!(packet.leg, Leg::Reply(_)) {
            self.judge.observe(at, &Observation::StaleReply { peer: to, from, term });
        }
    }

    fn changed(&mut self, at: SimTime, peer: PeerId, _raft: &P, before: &View, after: &View) {
        let (before, after) = (*before, *after);
        self.note(at, || What::Changed { peer, before, after });
        self.judge.observe(at, &Observation::Changed { peer, before, after });
    }

    #[inline]
    fn handled(&mut self, at: SimTime, peer: PeerId, _raft: &P, after: &View) {
        let Some(heard) = self.heard.take() else { return };
        let after = *after;
        self.judge.observe(
            at,
            &match heard {
                Heard::HigherTerm { from, heard } => {
                    Observation::HigherTermHeard { peer, from, heard, after }
                }
                Heard::Leader { from, term, before } => {
                    Observation::LeaderHeard { peer, from, term, before, after }
                }
            },
        );
    }

    fn durable(&mut self, at: SimTime, peer: PeerId, record: &P::Record) {
        let record = record.meaning();
        if let Durable::Ballot { term, voted_for } = record {
            self.judge.observe(at, &Observation::Durable { peer, term, voted_for });
        }
        self.note(at, || What::Durable { peer, record });
    }

    fn answered(&mut self, at: SimTime, peer: PeerId, request: RequestId, answer: &ProposalAnswer) {
        if let ProposalAnswer::Redirect { leader } = answer {
            self.judge.observe(at, &Observation::Redirected { peer, leader: *leader });
        }
        self.answer = Some((request, answer.clone()));
        self.note(at, || What::Answered { peer, answer: answer.clone() });
    }

    fn link_changed(&mut self, at: SimTime, from: PeerId, to: PeerId, up: bool) {
        self.judge.observe(at, &Observation::LinkChanged { from, to, up });
        self.note(at, || What::Link { from, to, up });
    }
}
