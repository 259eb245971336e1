//! Rafts that break a rule of the paper. All are one type, so that the harness is compiled for them once: each
//! further type would take as long as the rest of this program.

use splitvote::Subject;
use splitvote::raft::{Config, Raft, Rules};

/// The reference Raft by rules that are chosen when it runs.
pub(crate) type Broken = Raft<&'static dyn Rules>;

/// A Raft by these rules, judged leniently.
pub(crate) fn broken(name: &str, rules: &'static dyn Rules) -> Subject<Broken> {
    Subject::new(name, move |settings| Config { settings: settings.clone(), rules })
}
