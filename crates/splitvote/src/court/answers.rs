//! What clients were told, for whoever still waits.

use std::collections::BTreeMap;

use splitvote_peer::{ProposalAnswer, RequestId};

/// How many answers are kept: those to the latest requests.
const KEPT: usize = 4_096;

/// The answers to the latest requests of clients.
#[derive(Clone, Debug, Default)]
pub(super) struct Answers(BTreeMap<RequestId, ProposalAnswer>);

impl Answers {
    pub(super) fn note(&mut self, request: RequestId, answer: &ProposalAnswer) {
        if self.0.len() == KEPT {
            self.0.pop_first();
        }
        self.0.insert(request, answer.clone());
    }

    pub(super) fn to(&self, request: RequestId) -> Option<&ProposalAnswer> {
        self.0.get(&request)
    }
}
