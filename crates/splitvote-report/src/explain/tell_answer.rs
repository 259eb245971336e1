//! Clauses about answers: one that says more than is so, and one that never comes.

use splitvote::PeerId;
use splitvote::peer::Meaning;
use splitvote::sim::Fate;
use splitvote::trace::{Direction, PacketText, What};

use super::aspects::Aspects;
use super::history::Moment;
use super::slice::Slice;

impl Slice<'_> {
    /// What is odd in how a peer answers the request with which a moment began, if something is.
    pub(super) fn answer(&self, peer: PeerId, moment: Moment, aspects: Aspects) -> Option<String> {
        let request = self.history.received(moment)?;
        let Some((_, answer, _)) = self.answer_to(request, peer, moment) else {
            return self
                .is_left_open(request, moment, aspects)
                .then(|| "answers nothing".to_owned());
        };
        let Meaning::Append { previous, .. } = request.meaning else { return None };
        let agrees = matches!(answer.meaning, Meaning::AppendReply { success: true, .. });
        let lacks = previous.index > 0 && self.logs.held(peer, previous, moment).is_none();
        (self.history.tells_logs && agrees && lacks && aspects.has(Aspects::LOG))
            .then(|| format!("accepts it, though its log has no {previous}, which precedes it"))
    }

    /// Whether a request is never answered, although there was time, and nothing that an answer might wait for.
    fn is_left_open(&self, request: &PacketText, moment: Moment, aspects: Aspects) -> bool {
        // A run that fails by a broken rule ends in the midst of a step.
        let end = self.history.at(self.history.len().saturating_sub(1));
        let is_last = end == self.history.at(moment);
        let is_due = !request.meaning.is_reply() && request.direction == Direction::Request;
        let waits = |what: &What| matches!(what, What::SyncBegun { .. } | What::Written { .. });
        let may_wait = self.history.events(moment).iter().any(|event| waits(&event.what));
        is_due && !is_last && !may_wait && aspects.has(Aspects::ALL)
    }

    /// The answer to a request that a peer has received, now or later: when it left, and what became of it.
    pub(super) fn answer_to(
        &self,
        request: &PacketText,
        peer: PeerId,
        moment: Moment,
    ) -> Option<(Moment, &PacketText, Fate)> {
        let is_it = |sent: &PacketText| {
            sent.to == request.from
                && sent.direction == Direction::Reply
                && sent.call == request.call
        };
        self.history.since(peer, moment).find_map(|moment| {
            let mut sent = self.history.sent(moment);
            sent.find(|(sent, _)| is_it(sent)).map(|(sent, fate)| (moment, sent, fate))
        })
    }
}
