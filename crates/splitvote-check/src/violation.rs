//! A broken rule, with what proves it.

use std::fmt;

use serde::{Deserialize, Serialize};
use splitvote_peer::{PeerId, SimTime};

use crate::checkers::{Checker, Evidence};
use crate::disk_fault::DiskFault;
use crate::proof::{Proof as _, TimeStated};

/// A broken rule. Prints as one sentence without a full stop, which says when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// The checker whose rule is broken.
    pub checker: Checker,
    /// When it was seen to be broken.
    pub at: SimTime,
    /// What proves it.
    pub evidence: Evidence,
    /// What was wrong with a disk before that may have led to this: with one of its peers' disks, or, if a
    /// guarantee was broken, with any disk that did not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disk: Option<DiskFault>,
}

impl Violation {
    pub(crate) fn new(at: SimTime, evidence: Evidence, disk: Option<DiskFault>) -> Self {
        Self { checker: evidence.checker(), at, evidence, disk }
    }

    /// The peers that the sentence is about, the accused first.
    #[must_use]
    pub fn peers(&self) -> Vec<PeerId> {
        self.evidence.finding().peers
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.evidence.fmt(f)?;
        match self.evidence.finding().time {
            TimeStated::AfterComma => write!(f, ", at {}", self.at)?,
            TimeStated::Directly => write!(f, " at {}", self.at)?,
            TimeStated::Within => {}
        }
        self.disk.map_or(Ok(()), |fault| write!(f, "; {fault}"))
    }
}

#[cfg(test)]
mod tests {
    use crate::script::Script;

    fn says(run: &Script, sentence: &str) {
        assert_eq!(run.sentence().as_deref(), Some(sentence));
    }

    #[test]
    fn a_sentence_says_when() {
        let mut run = Script::new(3);
        run.at(211_903).stand(1, 4).ask(1, 2).vote_in_memory(2, 1, 4);
        run.at(211_904).change(2, |view| view.voted_for = None);
        says(&run, "S2 withdrew its vote for S1 within term 4 at 0.211904 s");
    }

    #[test]
    fn the_time_stands_apart_from_a_clause() {
        let mut run = Script::new(4);
        run.at(1_500_000).elect(0, 4, &[0, 1]);
        let sentence = "S0 leads term 4 with the votes of {S0, S1} only, 3 of 4 are needed, at \
                        1.500000 s";
        says(&run, sentence);
    }

    #[test]
    fn evidence_with_times_of_its_own_gets_no_other() {
        let mut run = Script::without_disks(3);
        run.at(1_000).stand(1, 4).tell(0, 1, 4).at(2_000).tell(0, 2, 4);
        says(&run, "S0 voted twice in term 4: for S1 at 0.001000 s, and for S2 at 0.002000 s");
    }
}
