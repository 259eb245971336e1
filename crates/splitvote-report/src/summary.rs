//! What stands below the columns: elections, cost, events, digest, verdict and broken rule.

use std::io::{self, Write as _};
use std::time::Duration;

use splitvote::check::{Election, Share};
use splitvote::trace::What;
use splitvote::{RunReport, SimTime, Trace};

use crate::options::ColumnOptions;

/// How many elections are told.
const MAX_ELECTIONS: usize = 5;

/// Prints what a run came to: the last elections of the time that `options` show, what was sent by
/// kind of message and by cause, events and digest, and the verdict with the rule that was broken.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_summary(
    out: &mut impl io::Write,
    report: &RunReport,
    trace: &Trace,
    options: &ColumnOptions,
) -> io::Result<()> {
    let ended = SimTime::ZERO + report.virtual_time;
    if let Some(from) = options.from.filter(|from| *from > ended) {
        writeln!(out, "nothing to show from {from} on: the run ended at {ended}")?;
    }
    if let Some(words) = left_out(trace) {
        writeln!(out, "{words}")?;
    }
    let mut text = Vec::new();
    weather(&mut text, report, trace)?;
    elections(&mut text, trace, options)?;
    costs(&mut text, "RPCs", &trace.rpcs)?;
    costs(&mut text, "bytes", &trace.bytes)?;
    events(&mut text, report)?;
    match report.verdict.checker() {
        None => writeln!(text, "held")?,
        Some(checker) => writeln!(text, "{checker}: {}", report.verdict)?,
    }
    report.verdict.broken_rule().map_or(Ok(()), |rule| writeln!(text, "{rule}"))?;
    let text = String::from_utf8_lossy(&text);
    text.lines().try_for_each(|line| writeln!(out, "{}", folded(line, options.width)))
}

/// A line in at most so many columns, broken between words and further lines indented; as it is if there is no width.
fn folded(line: &str, width: usize) -> String {
    const INDENT: &str = "  ";
    let mut text = String::new();
    let mut column = 0;
    for word in line.split(' ') {
        let length = word.chars().count();
        if column == 0 {
            column = length;
        } else if width > 0 && column + 1 + length > width {
            text.push('\n');
            text.push_str(INDENT);
            column = INDENT.len() + length;
        } else {
            text.push(' ');
            column += 1 + length;
        }
        text.push_str(word);
    }
    text
}

/// That a trace does not hold all that happened, if so.
#[must_use]
pub fn left_out(trace: &Trace) -> Option<String> {
    let left_out = trace.left_out;
    (left_out > 0).then(|| {
        let at =
            trace.events.get(Trace::MAX_EVENTS - 1).map(|last| format!(", from {} on", last.at));
        let from = at.unwrap_or_default();
        format!(
            "the run was too long to be recorded as a whole: {left_out} events are left out{from}"
        )
    })
}

/// Which parts of the nemesis were on in each storm, and how strong; if the run failed, also how to go on from
/// there.
fn weather(out: &mut impl io::Write, report: &RunReport, trace: &Trace) -> io::Result<()> {
    let mut is_stormy = false;
    for event in &trace.events {
        if let What::Weather { text } = &event.what {
            writeln!(out, "storm at {}: {text}", event.at)?;
            is_stormy = true;
        }
    }
    if is_stormy && report.verdict.checker().is_some() {
        writeln!(
            out,
            "is it needed? `--without CLASS` switches faults off: `splitvote list faults`"
        )?;
    }
    Ok(())
}

fn elections(out: &mut impl io::Write, trace: &Trace, options: &ColumnOptions) -> io::Result<()> {
    let is_shown = |election: &&Election| {
        let ended = election.ended_at().unwrap_or(SimTime::NEVER);
        options.from.is_none_or(|from| ended >= from)
            && options.to.is_none_or(|to| election.started_at() <= to)
    };
    let shown: Vec<&Election> = trace.elections.iter().filter(is_shown).collect();
    let earlier = shown.len().saturating_sub(MAX_ELECTIONS);
    if earlier > 0 {
        let plural = if earlier == 1 { "" } else { "s" };
        writeln!(out, "… {earlier} earlier election{plural}")?;
    }
    shown.iter().skip(earlier).try_for_each(|election| writeln!(out, "{election}"))
}

/// What packets have cost, by kind of message and by cause.
fn costs(out: &mut impl io::Write, what: &str, shares: &[Share]) -> io::Result<()> {
    let total: u64 = shares.iter().map(|share| share.total).sum();
    if total == 0 {
        return Ok(());
    }
    let shares: Vec<String> = shares.iter().map(ToString::to_string).collect();
    writeln!(out, "{total} {what}: {}", shares.join(", "))
}

fn events(out: &mut impl io::Write, report: &RunReport) -> io::Result<()> {
    let elections = report.elections;
    writeln!(
        out,
        "seed {}: {} events in {} virtual; elections: {} won, {} split, {} lost, {} starved; digest {:016x}",
        report.seed.0,
        report.events,
        duration(report.virtual_time),
        elections.won,
        elections.split,
        elections.lost,
        elections.starved,
        report.digest
    )
}

/// A duration as a person reads it: `3.2 ms`, `4.51 s`, `2.1 h`.
#[must_use]
pub fn duration(duration: Duration) -> String {
    match duration.as_secs_f64() {
        s if s < 1.0 => format!("{:.1} ms", s * 1_000.0),
        s if s < 120.0 => format!("{s:.2} s"),
        s if s < 7_200.0 => format!("{:.1} min", s / 60.0),
        s => format!("{:.1} h", s / 3_600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_folded_between_words_and_only_if_it_is_too_long() {
        let line = "one-vote: S1 voted twice in term 1: for S0 and S2";
        assert_eq!(folded(line, 0), line);
        assert_eq!(folded(line, 80), line);
        let folded = folded(line, 20);
        assert_eq!(folded, "one-vote: S1 voted\n  twice in term 1:\n  for S0 and S2");
        assert!(folded.lines().all(|line| line.chars().count() <= 20));
    }
}
