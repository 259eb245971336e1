//! `splitvote replay`: one seed again, in columns.

use std::io::{BufWriter, IsTerminal as _, Write, stdout};
use std::path::Path;

use splitvote::case::{Case, Comparison, Origin};
use splitvote::peer::Peer;
use splitvote::{
    RunReport, ScenarioError, Script, Seed, Signature, Subject, Trace, Verdict, check_fit, plan,
    replay as record, scenario,
};
use splitvote_report::trace_file;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::named::Named;
use super::{replay_trace, show, switch_off};
use crate::arguments::ReplayArguments;
use crate::peers::{Chosen, Work};
use crate::{Outcome, Stop};

pub(crate) fn replay(arguments: &ReplayArguments) -> Outcome {
    if trace_file::is_trace(&arguments.scenario) {
        return replay_trace::show(arguments);
    }
    let Told { chosen, named, seed } = told(arguments)?;
    let (script, case) = (named.script(), named.case());
    show::check(arguments, script.setup().peers)?;
    if let Some(filter) = &arguments.trace {
        show_tracing(filter)?;
    }
    let (report, trace) = chosen.run(Record { script, seed })?;
    let comparison = case.map(|case| chosen.run(Compare { case }));
    if let Some(file) = &arguments.write_case {
        let origin = match case {
            Some(case) => case.origin.clone(),
            None => Some(Origin { scenario: script.name().to_owned(), seed }),
        };
        let run = WriteDown { script, seed, origin };
        write_case(&chosen, run, &report.verdict, file)?;
    }
    if let Some(file) = &arguments.write_trace {
        write_trace(file, &trace, &report)?;
    }
    let mut out = BufWriter::new(stdout().lock());
    show::run(&mut out, &trace, &report, arguments)?;
    tell(&mut out, comparison.as_ref())?;
    Ok(report.verdict.exit_code())
}

/// What the command line tells to replay.
struct Told {
    chosen: Chosen,
    named: Named,
    seed: Seed,
}

/// A case knows its seed and its Raft; for another of either it is an experiment.
fn told(arguments: &ReplayArguments) -> Result<Told, Stop> {
    let mut named = Named::read(&arguments.scenario)?;
    arguments.judging.restrict(named.setup_mut());
    switch_off(named.setup_mut(), &arguments.without);
    let seed = named.seed(arguments.seed, "only a case knows its seed")?;
    if let Named::Case(case) = &mut named {
        case.seed = seed;
    }
    let chosen = Chosen::asked_for(arguments.raft.as_deref(), named.case())?;
    let chosen = chosen.judged(&arguments.judging);
    Ok(Told { chosen, named, seed })
}

/// Whether the case is what it states.
fn tell(out: &mut impl Write, comparison: Option<&Comparison>) -> Result<(), Stop> {
    if let Some(comparison) = comparison {
        writeln!(out, "{comparison}")?;
    }
    out.flush()?;
    Ok(())
}

/// Writes the run down as a case. A plan does not always make the run of which it was written: then that is
/// said.
fn write_case(
    chosen: &Chosen,
    run: WriteDown<'_>,
    verdict: &Verdict,
    file: &Path,
) -> Result<(), Stop> {
    let Some(mut case) = chosen.run(run) else {
        let problem =
            "this run cannot be written out: a budget was broken, or clients were at work";
        return Err(Stop::Input(problem.to_owned()));
    };
    // Cases of one scenario are told apart by their names, if that of the file is one.
    if let Some(name) = file.file_stem().and_then(|stem| stem.to_str())
        && scenario::is_name(name)
    {
        name.clone_into(&mut case.name);
    }
    case.save(file)
        .map_err(|error| Stop::Input(format!("{}: cannot be written: {error}", file.display())))?;
    eprintln!("written to {}", file.display());
    if Signature::of(verdict) != case.fails {
        eprintln!(
            "what is written out is another run, for a scenario may do what no plan can: {}",
            case.says
        );
    }
    Ok(())
}

/// Writes down all that happened.
fn write_trace(file: &Path, trace: &Trace, report: &RunReport) -> Result<(), Stop> {
    trace_file::save(file, trace, report)
        .map_err(|error| Stop::Input(format!("{}: cannot be written: {error}", file.display())))?;
    eprintln!("written to {}", file.display());
    Ok(())
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
    script: Script<'a>,
    seed: Seed,
}

impl Work for Record<'_> {
    type Output = Result<(RunReport, Trace), ScenarioError>;

    fn with<P: Peer>(self, subject: &Subject<P>) -> Self::Output {
        check_fit(self.script, subject)?;
        Ok(record(self.script, subject, self.seed))
    }
}

struct Compare<'a> {
    case: &'a Case,
}

impl Work for Compare<'_> {
    type Output = Comparison;

    fn with<P: Peer>(self, subject: &Subject<P>) -> Comparison {
        self.case.replay(subject).1
    }
}

struct WriteDown<'a> {
    script: Script<'a>,
    seed: Seed,
    /// Where it was found: a case that is written anew keeps what it says of that.
    origin: Option<Origin>,
}

impl Work for WriteDown<'_> {
    type Output = Option<Case>;

    fn with<P: Peer>(self, subject: &Subject<P>) -> Option<Case> {
        let plan = match self.script {
            Script::Scenario(scenario) => plan::record(scenario, subject, self.seed).1?,
            Script::Plan { plan, .. } => plan.clone(),
        };
        let (mut case, _) = Case::new(self.script.name(), plan, subject, self.seed);
        case.origin = self.origin;
        Some(case)
    }
}
