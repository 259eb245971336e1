//! What clients were told, for whoever still waits.

use std::collections::VecDeque;

use splitvote_peer::{ProposalAnswer, RequestId};

/// How many requests are remembered: the latest. Whoever waits for more says so.
const KEPT: usize = 4_096;

/// The answers to the latest requests of clients. Requests are numbered one after the other, so that
/// an answer is found by its place.
#[derive(Clone, Debug)]
pub(super) struct Answers {
    /// The number of the oldest request that is remembered.
    first: u64,
    answers: VecDeque<Option<ProposalAnswer>>,
    kept: usize,
}

impl Default for Answers {
    fn default() -> Self {
        Self { first: 0, answers: VecDeque::new(), kept: KEPT }
    }
}

impl Answers {
    #[inline]
    pub(super) fn note(&mut self, request: RequestId, answer: &ProposalAnswer) {
        let Some(place) = self.place(request) else { return };
        if place == self.answers.len() {
            // Nearly always: answers come in the order of the requests.
            self.answers.push_back(Some(answer.clone()));
        } else {
            let len = self.answers.len().max(place + 1);
            self.answers.resize(len, None);
            self.answers[place] = Some(answer.clone());
        }
        while self.answers.len() > self.kept {
            self.answers.pop_front();
            self.first += 1;
        }
    }

    pub(super) fn to(&self, request: RequestId) -> Option<&ProposalAnswer> {
        self.answers.get(self.place(request)?)?.as_ref()
    }

    /// Remembers all requests from now on, or the latest only.
    pub(super) fn keep_all(&mut self, all: bool) {
        self.kept = if all { usize::MAX } else { KEPT };
    }

    fn place(&self, request: RequestId) -> Option<usize> {
        usize::try_from(request.0.checked_sub(self.first)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REFUSED: ProposalAnswer = ProposalAnswer::Redirect { leader: None };

    #[test]
    fn the_latest_answers_are_found_and_older_ones_forgotten() {
        let mut answers = Answers::default();
        (0..5_000).for_each(|number| answers.note(RequestId(number), &REFUSED));
        assert_eq!(answers.to(RequestId(4_999)), Some(&REFUSED));
        assert_eq!(answers.to(RequestId(5_000)), None, "not answered yet");
        assert_eq!(answers.to(RequestId(903)), None);
        assert_eq!(answers.to(RequestId(904)), Some(&REFUSED), "4096 are kept");
        answers.note(RequestId(3), &REFUSED);
        assert_eq!(answers.to(RequestId(3)), None, "an answer that comes far too late");
    }

    #[test]
    fn nothing_is_forgotten_while_somebody_waits_for_all() {
        let mut answers = Answers::default();
        answers.keep_all(true);
        (0..10_000).rev().for_each(|number| answers.note(RequestId(number), &REFUSED));
        assert_eq!(answers.to(RequestId(0)), Some(&REFUSED));
        answers.keep_all(false);
        answers.note(RequestId(10_000), &REFUSED);
        assert_eq!(answers.to(RequestId(0)), None);
    }
}
