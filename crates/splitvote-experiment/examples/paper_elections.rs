//! Runs the experiment in full and writes `reports/paper-elections/`.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64};

use splitvote_experiment::setup::TRIALS;

fn main() -> io::Result<()> {
    let (progress, interrupt) = (AtomicU64::new(0), AtomicBool::new(false));
    let jobs = splitvote::sweep::cores();
    let experiment = splitvote_experiment::run(TRIALS, 0, jobs, &progress, &interrupt);
    for file in experiment.write(Path::new("reports/paper-elections"))? {
        println!("{}", file.display());
    }
    Ok(())
}
