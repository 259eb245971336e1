//! What a run answers with, whatever the format.

use splitvote::case::{Case, Comparison};
use splitvote::sweep::gravest;
use splitvote::{FaultClass, RunReport, Scenario, Seeds, SweepReport};

/// A scenario and what its sweep came to.
pub(crate) struct Swept {
    pub(crate) scenario: Scenario,
    pub(crate) report: SweepReport,
    pub(crate) wall_s: f64,
}

/// A case that was run once more.
pub(crate) struct Rerun {
    pub(crate) case: Case,
    pub(crate) comparison: Comparison,
    pub(crate) report: RunReport,
}

impl Rerun {
    pub(crate) fn is_as_stated(&self) -> bool {
        self.comparison.is_as_stated()
    }

    /// 0 if it ends as it states, the code of its failure if that is another, and 2 if it states a failure
    /// that there is no more.
    pub(crate) fn exit_code(&self) -> u8 {
        match self.report.verdict.exit_code() {
            _ if self.is_as_stated() => 0,
            0 => 2,
            code => code,
        }
    }
}

/// All that a run answers with, and what is needed to print it.
pub(crate) struct Results {
    pub(crate) peer: String,
    pub(crate) seeds: Seeds,
    pub(crate) only: Vec<String>,
    /// The classes of faults that were switched off on the command line.
    pub(crate) without: Vec<FaultClass>,
    pub(crate) swept: Vec<Swept>,
    pub(crate) rerun: Vec<Rerun>,
}

impl Results {
    /// The gravest exit code of all sweeps and cases; that of a case which states a failure that there is
    /// no more, if all else is in order.
    pub(crate) fn exit_code(&self) -> u8 {
        let sweeps = self.swept.iter().map(|swept| swept.report.exit_code());
        let cases = self.rerun.iter().map(Rerun::exit_code);
        match gravest(sweeps.chain(cases.clone())) {
            0 => cases.max().unwrap_or(0),
            grave => grave,
        }
    }
}
