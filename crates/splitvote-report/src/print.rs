//! The screen of a replay in one call, for tests of a Raft of one's own.

use std::io::{self, BufWriter, IsTerminal as _, Write as _, stdout};

use splitvote::peer::Peer;
use splitvote::trace::Head;
use splitvote::{RunReport, Script, Seed, Subject, Verdict, replay};

use crate::{ColumnOptions, write_columns, write_summary};

/// Runs a seed of a scenario, a plan or a case again and prints its story on standard output: the columns, the last
/// screenful of them if it failed, what it cost, and the verdict. A case is judged as it was when it was written.
///
/// # Errors
/// If standard output cannot be written.
pub fn print_replay<'a, P: Peer>(
    script: impl Into<Script<'a>>,
    subject: &Subject<P>,
    seed: impl Into<Seed>,
) -> io::Result<RunReport> {
    let (script, seed) = (script.into(), seed.into());
    let (report, trace) = replay(script, &script.judged(subject), seed);
    let has_failed = report.verdict != Verdict::Held;
    let story = if has_failed { ColumnOptions::story(&trace) } else { ColumnOptions::default() };
    let options = ColumnOptions {
        departures: report.departures.clone(),
        colour: stdout().is_terminal(),
        remedy: "write_columns with ColumnOptions::default()",
        ..story.about(&report.verdict)
    };
    let mut out = BufWriter::new(stdout().lock());
    writeln!(out, "{}", header(script, seed, subject.name()))?;
    write_columns(&mut out, &trace, script.setup().peers, &options)?;
    write_summary(&mut out, &report, &trace, &options)?;
    out.flush()?;
    Ok(report)
}

/// What stands above the columns of a trace: scenario, seed, peers, Raft.
#[must_use]
pub fn header_of(head: &Head) -> String {
    let name = if head.scenario.is_empty() { "a test" } else { &head.scenario };
    format!("{name}, seed {}, {}, Raft: {}", head.seed, of_peers(head.peers), head.raft)
}

/// The same of a run that is not recorded.
#[must_use]
pub fn header<'a>(script: impl Into<Script<'a>>, seed: Seed, raft: &str) -> String {
    let script = script.into();
    let peers = of_peers(script.setup().peers);
    format!("{}, seed {seed}, {peers}, Raft: {raft}", script.name())
}

fn of_peers(count: usize) -> String {
    if count == 1 { "1 peer".to_owned() } else { format!("{count} peers") }
}

#[cfg(test)]
mod tests {
    use splitvote::{Scenario, Seed};

    use super::header;

    #[test]
    fn one_peer_is_no_plural() {
        let of = |peers| header(&Scenario::quiet("x", peers), Seed(3), "mine");
        assert_eq!(of(1), "x, seed 3, 1 peer, Raft: mine");
        assert_eq!(of(2), "x, seed 3, 2 peers, Raft: mine");
    }
}
