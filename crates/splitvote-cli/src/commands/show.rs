//! A run on the screen, whether it was made just now or read from a file: its columns, or why it failed.

use std::io::Write;

use splitvote::peer::{PeerId, PeerSet};
use splitvote::{RunReport, SimTime, Trace, Verdict};
use splitvote_report::{
    ColumnOptions, Topics, explain, header_of, left_out, write_columns, write_summary,
};

use crate::arguments::ReplayArguments;
use crate::outcome::Stop;
use crate::output::terminal;

/// Whether what is to be shown of a cluster of this size makes sense.
pub(super) fn check(arguments: &ReplayArguments, peers: usize) -> Result<(), Stop> {
    shown_peers(&arguments.peer, peers)?;
    match (arguments.from, arguments.to) {
        (Some(from), Some(to)) if from > to => Err(Stop::Input(format!(
            "--from {from:?} is after --to {to:?}: nothing lies between; exchange them"
        ))),
        _ => Ok(()),
    }
}

/// Shows a run that has ended.
pub(super) fn run(
    out: &mut impl Write,
    trace: &Trace,
    report: &RunReport,
    arguments: &ReplayArguments,
) -> Result<(), Stop> {
    if !arguments.explain {
        let options = columns(out, trace, Some(report), arguments)?;
        return Ok(write_summary(out, report, trace, &options)?);
    }
    writeln!(out, "{}", header_of(&trace.head))?;
    let options = terminal::text_options(terminal::is_coloured(arguments.colour));
    explain(trace, report).write(out, options)?;
    if let Some(words) = left_out(trace) {
        writeln!(out, "{words}")?;
    }
    Ok(())
}

/// Shows the columns of a run, whose report is not known if its trace is cut off, and how they were to be shown.
pub(super) fn columns(
    out: &mut impl Write,
    trace: &Trace,
    report: Option<&RunReport>,
    arguments: &ReplayArguments,
) -> Result<ColumnOptions, Stop> {
    let is_filtered = arguments.from.is_some() || arguments.to.is_some();
    let has_failed = report.is_some_and(|report| report.verdict != Verdict::Held);
    let is_cut = has_failed && !arguments.all && !is_filtered;
    let story = if is_cut { ColumnOptions::story(trace) } else { ColumnOptions::default() };
    let story = report.map_or(story.clone(), |report| story.about(&report.verdict));
    let options = ColumnOptions {
        from: arguments.from.map(|from| SimTime::ZERO + from).or(story.from),
        to: arguments.to.map(|to| SimTime::ZERO + to),
        peers: shown_peers(&arguments.peer, trace.head.peers)?,
        topics: (!arguments.only.is_empty())
            .then(|| arguments.only.iter().copied().collect::<Topics>()),
        disks: arguments.all || story.disks,
        departures: report.map(|report| report.departures.clone()).unwrap_or_default(),
        colour: terminal::is_coloured(arguments.colour),
        width: terminal::width(),
        last_rows: story.last_rows,
        story_from: story.story_from,
        remedy: if arguments.from.is_some() { "an earlier --from" } else { "--all" },
    };
    writeln!(out, "{}", header_of(&trace.head))?;
    write_columns(out, trace, trace.head.peers, &options)?;
    Ok(options)
}

fn shown_peers(names: &[String], count: usize) -> Result<Option<PeerSet>, Stop> {
    let find = |name: &String| {
        let is_it = |peer: &PeerId| peer.to_string().eq_ignore_ascii_case(name.trim());
        PeerId::all(count).find(is_it).ok_or_else(|| {
            Stop::Input(format!("no peer is called `{name}`; there are S0 to S{}", count - 1))
        })
    };
    if names.is_empty() {
        return Ok(None);
    }
    names.iter().map(find).collect::<Result<PeerSet, Stop>>().map(Some)
}
