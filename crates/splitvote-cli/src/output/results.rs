//! What `run` and `shrink` answer with, whatever the format.

use std::collections::BTreeMap;
use std::path::PathBuf;

use splitvote::case::{Case, Comparison};
use splitvote::shrink::Shrunk;
use splitvote::sweep::gravest;
use splitvote::{FaultClass, RunReport, Scenario, Seeds, SweepReport};

use splitvote_report::Explanation;

use crate::commands::keep::Kept;
use crate::judging::Judging;

/// A scenario and what its sweep came to.
pub(crate) struct Swept {
    pub(crate) scenario: Scenario,
    pub(crate) report: SweepReport,
    pub(crate) wall_s: f64,
    /// What is kept of its failing seeds.
    pub(crate) kept: BTreeMap<u64, Kept>,
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

/// The smallest run that fails like the one that was to be shrunk.
pub(crate) struct Smallest {
    pub(crate) shrunk: Shrunk,
    pub(crate) case: Case,
    pub(crate) report: RunReport,
    pub(crate) explanation: Explanation,
    pub(crate) file: PathBuf,
    pub(crate) cpu_s: f64,
}

/// All that a run answers with, and what is needed to print it.
pub(crate) struct Results {
    pub(crate) peer: String,
    pub(crate) seeds: Seeds,
    /// How the command line says that they are judged.
    pub(crate) judging: Judging,
    /// The classes of faults that were switched off on the command line.
    pub(crate) without: Vec<FaultClass>,
    pub(crate) swept: Vec<Swept>,
    pub(crate) rerun: Vec<Rerun>,
}

impl Results {
    /// Whether a sweep was interrupted: of the seeds that it did not come to nothing is known.
    pub(crate) fn is_interrupted(&self) -> bool {
        self.swept.iter().any(|swept| swept.report.is_partial)
    }

    /// Whether every scenario was skipped, so that nothing is proven.
    pub(crate) fn all_skipped(&self) -> bool {
        let is_skipped = |swept: &Swept| swept.report.skipped.is_some();
        !self.swept.is_empty() && self.swept.iter().all(is_skipped)
    }

    /// The gravest exit code of all sweeps and cases; that of a case which states a failure that there is
    /// no more, if all else is in order. If every scenario was skipped, that of a vacuous sweep.
    pub(crate) fn exit_code(&self) -> u8 {
        let sweeps = self.swept.iter().map(|swept| swept.report.exit_code());
        let cases = self.rerun.iter().map(Rerun::exit_code);
        let vacuous = self.all_skipped().then_some(3);
        match gravest(sweeps.chain(cases.clone()).chain(vacuous)) {
            0 => cases.max().unwrap_or(0),
            grave => grave,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use splitvote::peer::{Feature, Peer, PeerId};
    use splitvote::raft::{Config, Raft, Rules};
    use splitvote::{Subject, SweepOptions, reference, sweep};

    pub(crate) fn swept<P: Peer>(steps: &str, subject: &Subject<P>) -> Swept {
        let text = format!(
            "name = \"mine\"\npeers = 3\nsteps = [{steps}]\n[must-happen]\nstale-reply = true"
        );
        let scenario = Scenario::parse("mine.toml", &text).unwrap();
        let options = SweepOptions::new(Seeds::first(1));
        let report = sweep(&scenario, subject, &options).unwrap();
        Swept { scenario, report, wall_s: 0.0, kept: BTreeMap::new() }
    }

    pub(crate) fn results(swept: Swept) -> Results {
        Results {
            peer: "mine".to_owned(),
            seeds: Seeds::first(1),
            judging: Judging::default(),
            without: Vec::new(),
            swept: vec![swept],
            rerun: Vec::new(),
        }
    }

    #[test]
    fn a_run_that_skips_everything_proves_nothing() {
        let bare = reference().without_feature(Feature::Log).without_feature(Feature::Refusals);
        let mut results = results(swept("{ agree = 2 }", &bare));
        assert_eq!(results.exit_code(), 3);
        let text = crate::output::json::sweep(&results)["scenarios"][0]["skipped"].clone();
        assert_eq!(text, "needs log, which reference has not");
        results.swept.push(swept("{ run = \"1s\" }", &bare));
        assert_eq!(results.exit_code(), 0, "one was run, and held");
        let told = crate::output::json::sweep(&results)["scenarios"][1].clone();
        assert_eq!(
            (&told["undemanded"], &told["missing"]),
            (&["stale-reply"][..].into(), &[""; 0][..].into())
        );
        let mut out = Vec::new();
        crate::output::sweep_text::skipped(&mut out, &results).unwrap();
        let told = "skipped: mine (needs log, which reference has not)\n\
                    not demanded: mine (stale-reply: never happens to mine)\n";
        assert_eq!(String::from_utf8(out).unwrap(), told);
    }

    type Votes = fn() -> PeerId;

    /// Whoever stands votes for whom it is told.
    #[derive(Clone, Copy, Debug)]
    struct Odd(Votes);

    impl Rules for Odd {
        fn own_vote(&self, _: PeerId) -> Option<PeerId> {
            Some((self.0)())
        }
    }

    #[test]
    fn a_peer_that_breaks_the_contract_or_panics_has_an_exit_code_of_its_own() {
        let cases: [(u8, &str, Votes); 2] =
            [(6, "contract", || PeerId(77)), (5, "panic", || panic!("it votes for nobody"))];
        for (code, checker, votes) in cases {
            let config =
                move |settings: &_| Config { settings: Clone::clone(settings), rules: Odd(votes) };
            let results =
                results(swept("{ run = \"1s\" }", &Subject::<Raft<Odd>>::new("odd", config)));
            assert_eq!(results.exit_code(), code, "{checker}");
            let told = crate::output::json::sweep(&results)["scenarios"][0].clone();
            assert_eq!(told["violations"][0]["checker"], checker, "{told}");
        }
    }
}
