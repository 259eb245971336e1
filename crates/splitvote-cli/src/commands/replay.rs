//! `splitvote replay`: one seed again, in columns.

use std::io::{BufWriter, IsTerminal as _, Write as _, stdout};

use splitvote::peer::{Peer, PeerId, PeerSet};
use splitvote::{
    RunReport, Scenario, ScenarioError, Seed, SimTime, Subject, Trace, Verdict, check_fit,
    replay as record, scenario,
};
use splitvote_report::{ColumnOptions, Topics, explain, header, write_columns, write_summary};

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::ask_only;
use crate::arguments::{Colour, ReplayArguments};
use crate::output::terminal;
use crate::peers::{Chosen, Work};
use crate::{Outcome, Stop};

pub(crate) fn replay(arguments: &ReplayArguments) -> Outcome {
    let chosen = Chosen::find(&arguments.raft)?;
    let mut scenario = scenario::load(&arguments.scenario)?;
    ask_only(&mut scenario, &arguments.checker);
    let peers = shown_peers(&arguments.peer, scenario.peers)?;
    if let Some(filter) = &arguments.trace {
        show_tracing(filter)?;
    }
    let seed = Seed(arguments.seed);
    if let (Some(from), Some(to)) = (arguments.from, arguments.to)
        && from > to
    {
        return Err(Stop::Input(format!("--from {from:?} is after --to {to:?}")));
    }
    let (report, trace) = chosen.run(Record { scenario: &scenario, seed })?;
    if arguments.explain {
        let mut out = BufWriter::new(stdout().lock());
        writeln!(out, "{}", header(&scenario, seed.0, chosen.name()))?;
        explain(&trace, &report).write(
            &mut out,
            is_coloured(arguments.colour),
            terminal::width(),
        )?;
        out.flush()?;
        return Ok(report.verdict.exit_code());
    }
    let is_filtered = arguments.from.is_some() || arguments.to.is_some();
    let has_failed = report.verdict != Verdict::Held;
    let is_cut = has_failed && !arguments.all && !is_filtered;
    let story = if is_cut { ColumnOptions::story(&trace) } else { ColumnOptions::default() };
    let options = ColumnOptions {
        from: arguments.from.map(|from| SimTime::ZERO + from).or(story.from),
        to: arguments.to.map(|to| SimTime::ZERO + to),
        peers,
        topics: (!arguments.only.is_empty())
            .then(|| arguments.only.iter().copied().collect::<Topics>()),
        disks: arguments.all,
        colour: is_coloured(arguments.colour),
        width: terminal::width(),
        last_rows: story.last_rows,
        story_from: story.story_from,
        remedy: if arguments.from.is_some() { "an earlier --from" } else { "--all" },
    };
    let mut out = BufWriter::new(stdout().lock());
    writeln!(out, "{}", header(&scenario, seed.0, chosen.name()))?;
    write_columns(&mut out, &trace, scenario.peers, &options)?;
    write_summary(&mut out, &report, &trace, &options)?;
    out.flush()?;
    Ok(report.verdict.exit_code())
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

fn is_coloured(colour: Colour) -> bool {
    match colour {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => stdout().is_terminal() && !terminal::wants_no_colour(),
    }
}

/// Prints what the peers trace; the world's span carries virtual time and peer.
fn show_tracing(filter: &str) -> Result<(), Stop> {
    let peers: Targets = filter.parse().map_err(|error| {
        Stop::Input(format!(
            "`{filter}` is no filter: {error}; write debug, or splitvote_raft=trace"
        ))
    })?;
    // The world's span carries virtual time and peer, whatever the filter says of the peers.
    let targets = peers.with_target("splitvote_sim", LevelFilter::DEBUG);
    let printer = tracing_subscriber::fmt::layer()
        .without_time()
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    tracing_subscriber::registry().with(targets).with(printer).init();
    Ok(())
}

struct Record<'a> {
    scenario: &'a Scenario,
    seed: Seed,
}

impl Work for Record<'_> {
    type Output = Result<(RunReport, Trace), ScenarioError>;

    fn with<P: Peer>(self, subject: &Subject<P>) -> Self::Output {
        check_fit(self.scenario, subject)?;
        Ok(record(self.scenario, subject, self.seed))
    }
}
