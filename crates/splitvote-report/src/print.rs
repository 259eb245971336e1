//! The screen of a replay in one call, for tests of a Raft of one's own.

use std::io::{self, BufWriter, IsTerminal as _, Write as _, stdout};

use splitvote::peer::Peer;
use splitvote::{RunReport, Scenario, Seed, Subject, Verdict, replay};

use crate::{ColumnOptions, write_columns};

/// Runs a seed of a scenario again and prints its story on standard output: the columns, the last
/// screenful of them if it failed, and the verdict.
///
/// # Errors
/// If standard output cannot be written.
pub fn print_replay<P: Peer>(
    scenario: &Scenario,
    subject: &Subject<P>,
    seed: u64,
) -> io::Result<RunReport> {
    let (report, trace) = replay(scenario, subject, Seed(seed));
    let has_failed = report.verdict != Verdict::Held;
    let story = if has_failed { ColumnOptions::story(&trace) } else { ColumnOptions::default() };
    let options = ColumnOptions { colour: stdout().is_terminal(), ..story };
    let mut out = BufWriter::new(stdout().lock());
    writeln!(out, "{}, seed {seed}, Raft: {}", scenario.name, subject.name())?;
    write_columns(&mut out, &trace, scenario.peers, &options)?;
    writeln!(out, "{}", report.verdict)?;
    out.flush()?;
    Ok(report)
}
