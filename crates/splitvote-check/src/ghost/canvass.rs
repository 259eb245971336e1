//! What is remembered of pre-votes: who asked whom, what for, and who said yes.

use std::collections::BTreeMap;

use splitvote_peer::{LogPosition, PeerId, PeerSet, Term, View};

/// A question that a peer has heard from another, about one term; the latest, if it was repeated.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question {
    /// Where the asker's log ends, as it stated it.
    pub(crate) stated: LogPosition,
    /// The voter when it was asked.
    pub(crate) voter: View,
    /// Whether, at one of the times that this was asked, the voter did not lead and had no more
    /// up-to-date log: an answer may leave late.
    pub(crate) may_be_granted: bool,
}

/// All pre-votes of a run; empty for a Raft that has none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Canvassing {
    /// By term, asker and voter: an answer may leave after a question about another term has come.
    questions: BTreeMap<(Term, PeerId, PeerId), Question>,
    /// The term that each asker named last in its present life, and who would vote for it.
    willing: BTreeMap<PeerId, (Term, PeerSet)>,
}

impl Canvassing {
    pub(crate) fn question(
        &self,
        asked_for: Term,
        asker: PeerId,
        voter: PeerId,
    ) -> Option<&Question> {
        self.questions.get(&(asked_for, asker, voter))
    }

    /// Who would vote for a peer in a term, if it has asked for that.
    pub(crate) fn willing(&self, asker: PeerId, asked_for: Term) -> Option<PeerSet> {
        self.willing.get(&asker).filter(|(term, _)| *term == asked_for).map(|(_, peers)| *peers)
    }

    pub(super) fn ask(&mut self, asker: PeerId, asked_for: Term) {
        let row = self.willing.entry(asker).or_default();
        if row.0 != asked_for {
            *row = (asked_for, PeerSet::EMPTY);
        }
        row.1.insert(asker);
    }

    pub(super) fn hear(
        &mut self,
        asked_for: Term,
        asker: PeerId,
        voter: PeerId,
        question: Question,
    ) {
        let row = self.questions.entry((asked_for, asker, voter)).or_insert(question);
        let may_be_granted = row.may_be_granted || question.may_be_granted;
        *row = Question { may_be_granted, ..question };
    }

    pub(super) fn learn(&mut self, asker: PeerId, voter: PeerId, asked_for: Term) {
        if let Some(row) = self.willing.get_mut(&asker).filter(|row| row.0 == asked_for) {
            row.1.insert(voter);
        }
    }

    /// A peer that starts again has asked nobody.
    pub(super) fn boot(&mut self, peer: PeerId) {
        self.willing.remove(&peer);
    }
}
