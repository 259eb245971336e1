//! Does a case still fail as it says, and if not, from which step on is the run another?

use std::fmt;

use super::Case;
use crate::mechanism::Mechanism;
use crate::run::RunReport;
use crate::signature::Signature;
use crate::verdict::Verdict;

/// A replayed case beside what it states. Prints as a few sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// How the run failed when the case was written; `None` if it held.
    pub stated: Option<Signature>,
    /// How it fails now; `None` if it holds.
    pub found: Option<Signature>,
    /// What the verdict says now.
    pub verdict: String,
    /// From where on the run is another; `None` if it is the very same.
    pub difference: Option<Difference>,
    /// The mechanism that the case states and the one that was found, if they differ: the rule is broken as stated, but
    /// perhaps by another bug.
    pub other_mechanism: Option<(Mechanism, Mechanism)>,
}

/// From where on two runs of one plan differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The number, from 1, of the last step up to which they are the same; 0: there is none.
    pub step: usize,
    /// Where that is, in words.
    pub sentence: String,
}

impl Comparison {
    /// Whether the run failed by the same checker and cause as the case states, or held as it states.
    /// The run itself may be another.
    #[must_use]
    pub fn is_as_stated(&self) -> bool {
        self.stated == self.found
    }
}

impl Case {
    pub(super) fn compare(&self, report: &RunReport, trail: &[u16]) -> Comparison {
        Comparison {
            stated: self.fails.clone(),
            found: Signature::of(&report.verdict),
            verdict: match &report.verdict {
                Verdict::Held => "all properties hold".to_owned(),
                failed => failed.to_string(),
            },
            other_mechanism: None,
            difference: (report.digest != self.digest).then(|| self.difference(trail)),
        }
    }

    /// The first step before which the two trails differ follows the step at which the runs part.
    fn difference(&self, trail: &[u16]) -> Difference {
        let pairs = self.trail.iter().zip(trail);
        let is_any = !self.trail.is_empty();
        let most = self.trail.len().min(trail.len());
        let same = pairs.take_while(|(stated, found)| stated == found).count();
        let sentence = match same {
            0 if is_any && most > 0 => "from its start on, before its first step".to_owned(),
            0 if is_any => "from its start on; it ends before its first step".to_owned(),
            0 => "somewhere; the case does not say what it looked like".to_owned(),
            same => {
                let after = format!("after step {same} ({})", self.step(same - 1));
                let ended = |who: &str| format!("{after}: {who} ends there");
                match (self.trail.len() == same, trail.len() == same) {
                    (true, false) => ended("the stated run"),
                    (false, true) => ended("this run"),
                    (true, true) => after,
                    (false, false) => {
                        format!("{after}, before step {} ({})", same + 1, self.step(same))
                    }
                }
            }
        };
        Difference { step: same, sentence }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.stated, &self.found) {
            (Some(stated), Some(found)) if stated == found => {
                write!(f, "the case fails as it states: {stated}")?;
            }
            (None, None) => f.write_str("the case holds as it states")?,
            (Some(stated), Some(found)) => {
                write!(f, "the case fails otherwise: by {found}, where it states {stated}")?;
            }
            (Some(stated), None) => {
                write!(f, "the case no longer fails: {}; it states {stated}", self.verdict)?;
            }
            (None, Some(found)) => write!(f, "the case states that it holds, but fails: {found}")?,
        }
        if let Some((stated, found)) = &self.other_mechanism {
            write!(
                f,
                "\nthe rule is broken in another way, perhaps by another bug: {found}; the case states: {stated}"
            )?;
        }
        match &self.difference {
            None if self.is_as_stated() => Ok(()),
            None => {
                f.write_str("\nthe run is the same to the last event: what judges it has changed")
            }
            Some(difference) => write!(f, "\nthe run differs {}", difference.sentence),
        }
    }
}
