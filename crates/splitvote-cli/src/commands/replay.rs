//! `splitvote replay`: one seed again, in columns.

use std::io::{BufWriter, IsTerminal as _, Write as _, stdout};

use splitvote::check::{Election, Share};
use splitvote::peer::{Peer, PeerId, PeerSet};
use splitvote::{
    RunReport, Scenario, ScenarioError, Seed, SimTime, Subject, Trace, Verdict, check_fit,
    replay as record, scenario,
};
use splitvote_report::{ColumnOptions, Topics, write_columns};

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::ask_only;
use crate::arguments::{Colour, ReplayArguments};
use crate::output::sweep_text::broken_rule;
use crate::output::terminal;
use crate::peers::{Chosen, Work};
use crate::{Outcome, Stop};

/// How many elections are told after the columns.
const MAX_ELECTIONS: usize = 5;

pub(crate) fn replay(arguments: &ReplayArguments) -> Outcome {
    let chosen = Chosen::find(&arguments.raft)?;
    let mut scenario = scenario::load(&arguments.scenario)?;
    ask_only(&mut scenario, &arguments.checker);
    let peers = shown_peers(&arguments.peer, scenario.peers)?;
    if let Some(filter) = &arguments.trace {
        show_tracing(filter)?;
    }
    let seed = Seed(arguments.seed);
    let (name, peer) = (&scenario.name, chosen.name());
    if let (Some(from), Some(to)) = (arguments.from, arguments.to)
        && from > to
    {
        return Err(Stop::Input(format!("--from {from:?} is after --to {to:?}")));
    }
    let header = format!("{name}, seed {}, {} peers, Raft: {peer}", seed.0, scenario.peers);
    let (report, trace) = chosen.run(Record { scenario: &scenario, seed })?;
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
    };
    let mut out = BufWriter::new(stdout().lock());
    writeln!(out, "{header}")?;
    write_columns(&mut out, &trace, scenario.peers, &options)?;
    elections(&mut out, &trace, &options)?;
    costs(&mut out, "RPCs", &trace.rpcs)?;
    costs(&mut out, "bytes", &trace.bytes)?;
    summarise(&mut out, &report)?;
    out.flush()?;
    Ok(report.verdict.exit_code())
}

/// The last elections of what is shown, each in a sentence.
fn elections(
    out: &mut impl std::io::Write,
    trace: &Trace,
    options: &ColumnOptions,
) -> std::io::Result<()> {
    let is_shown = |election: &&Election| {
        let ended = election.ended_at().unwrap_or(SimTime::NEVER);
        options.from.is_none_or(|from| ended >= from)
            && options.to.is_none_or(|to| election.started_at() <= to)
    };
    let shown: Vec<&Election> = trace.elections.iter().filter(is_shown).collect();
    let earlier = shown.len().saturating_sub(MAX_ELECTIONS);
    if earlier > 0 {
        writeln!(out, "… {earlier} earlier elections")?;
    }
    shown.iter().skip(earlier).try_for_each(|election| writeln!(out, "{election}"))
}

/// What packets have cost, by kind of message and by cause.
fn costs(out: &mut impl std::io::Write, what: &str, shares: &[Share]) -> std::io::Result<()> {
    let total: u64 = shares.iter().map(|share| share.total).sum();
    if total == 0 {
        return Ok(());
    }
    let shares: Vec<String> = shares.iter().map(ToString::to_string).collect();
    writeln!(out, "{total} {what}: {}", shares.join(", "))
}

fn summarise(out: &mut impl std::io::Write, report: &RunReport) -> std::io::Result<()> {
    let elections = report.elections;
    writeln!(
        out,
        "seed {}: {} events in {} virtual; elections: {} won, {} split, {} lost, {} starved; digest {:016x}",
        report.seed.0,
        report.events,
        terminal::seconds(report.virtual_time.as_secs_f64()),
        elections.won,
        elections.split,
        elections.lost,
        elections.starved,
        report.digest
    )?;
    match report.verdict.checker() {
        None => writeln!(out, "held"),
        Some(checker) => {
            writeln!(out, "{checker}: {}", report.verdict)?;
            broken_rule(out, checker)
        }
    }
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
