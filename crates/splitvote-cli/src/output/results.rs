//! What a run answers with, whatever the format.

use splitvote::sweep::gravest;
use splitvote::{FaultClass, Scenario, Seeds, SweepReport};

/// A scenario and what its sweep came to.
pub(crate) struct Swept {
    pub(crate) scenario: Scenario,
    pub(crate) report: SweepReport,
    pub(crate) wall_s: f64,
}

/// All that a run answers with, and what is needed to print it.
pub(crate) struct Results {
    pub(crate) peer: String,
    pub(crate) seeds: Seeds,
    pub(crate) only: Vec<String>,
    /// The classes of faults that were switched off on the command line.
    pub(crate) without: Vec<FaultClass>,
    pub(crate) swept: Vec<Swept>,
}

impl Results {
    /// The gravest of the sweeps' exit codes.
    pub(crate) fn exit_code(&self) -> u8 {
        gravest(self.swept.iter().map(|swept| swept.report.exit_code()))
    }
}
