//! The cases among the files of `splitvote run`: each is run once more, as it is, with the Raft that it names.

use std::sync::atomic::{AtomicBool, Ordering};

use splitvote::case::Case;

use crate::outcome::Stop;
use crate::output::results::Rerun;
use crate::peers::Chosen;

/// Runs cases once more; once it is interrupted, no further one.
pub(crate) fn rerun(cases: Vec<Case>, interrupt: &AtomicBool) -> Result<Vec<Rerun>, Stop> {
    let go_on = |_: &Case| !interrupt.load(Ordering::Relaxed);
    cases.into_iter().take_while(go_on).map(one).collect()
}

fn one(case: Case) -> Result<Rerun, Stop> {
    let (report, comparison) = Chosen::of(&case)?.replay_case(&case);
    Ok(Rerun { case, comparison, report })
}
