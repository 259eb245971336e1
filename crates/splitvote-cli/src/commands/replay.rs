//! `splitvote replay`: one seed again, in columns.

use std::io::{BufWriter, IsTerminal as _, Write};
use std::path::Path;

use splitvote::case::Case;
use splitvote::peer::Peer;
use splitvote::{RunReport, Seed, Signature, Subject, Trace, Verdict, replay as record, scenario};
use splitvote_report::trace_file;

use tracing_subscriber::filter::{LevelFilter, Targets as Filter};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::named::{Named, Told};
use super::save_or_print;
use super::{export, keep, replay_trace, show};
use crate::arguments::ReplayArguments;
use crate::outcome::{Outcome, Stop};
use crate::output::channel;
use crate::output::channel::complain;
use crate::target::{Kind, Targets};

pub(crate) fn replay(arguments: &ReplayArguments) -> Outcome {
    if trace_file::is_trace(&arguments.scenario) {
        return replay_trace::show(arguments);
    }
    let remedy = "only a case knows its seed";
    let told = Told::read(&arguments.scenario, &arguments.which, remedy)?;
    let Told { named, seed, chosen, .. } = &told;
    show::check(arguments, named.script().setup().peers)?;
    if let Some(filter) = &arguments.trace {
        show_tracing(filter)?;
    }
    chosen.show(&Shown { arguments, named, seed: *seed, stated_seed: told.stated_seed })
}

/// What is shown, and how.
pub(crate) struct Shown<'a> {
    arguments: &'a ReplayArguments,
    named: &'a Named,
    seed: Seed,
    stated_seed: Option<Seed>,
}

/// Runs it and shows it.
pub(crate) fn show_seed<P: Peer>(shown: &Shown<'_>, subject: &Subject<P>) -> Outcome {
    let Shown { arguments, named, seed, stated_seed } = *shown;
    let (script, case) = (named.script(), named.case());
    named.check_fit(subject)?;
    let mut targets = Targets::of(&arguments.scenario, arguments.force);
    let (write_to, trace_to) = (&arguments.write_case, &arguments.write_trace);
    write_to.iter().try_for_each(|file| targets.add(file, Kind::Case))?;
    trace_to.iter().try_for_each(|file| targets.add(file, Kind::Trace))?;
    arguments.page.check(&mut targets)?;
    arguments.export.check(arguments, &mut targets)?;
    // A case is judged so that it ends as it states, unless the command line says how.
    let of_case = case.filter(|_| arguments.which.judging.is_usual());
    let subject = &of_case.map_or_else(|| subject.clone(), |case| case.judged(subject));
    let (report, trace) = record(script, subject, seed);
    let mut is_written = true;
    if let Some(file) = write_to {
        is_written &= write_case(write_down(named, subject, seed), &report.verdict, file);
    }
    if let Some(file) = trace_to {
        is_written &= write_trace(file, &trace, &report);
    }
    let (file, which) = (&arguments.scenario, &arguments.which);
    is_written &= arguments.page.write_made(file, which, &trace, &report)?;
    is_written &= arguments.export.write(&trace, Some(&report), &export::command(file, which));
    let code = match report.verdict.exit_code() {
        0 if !is_written => 2,
        code => code,
    };
    if arguments.export.is_on_standard_output() {
        return Ok(code);
    }
    let mut out = BufWriter::new(channel::out());
    show::run(&mut out, &trace, &report, arguments)?;
    match (case, stated_seed) {
        (Some(_), Some(stated)) => writeln!(
            out,
            "this is seed {seed}, another run than that of the case, which has seed {stated}: it says nothing of \
             what the case states"
        )?,
        (Some(case), None) => {
            if case.raft != subject.name() {
                let (raft, stated) = (subject.name(), &case.raft);
                writeln!(out, "with Raft {raft}, while the case is about {stated}:")?;
            }
            writeln!(out, "{}", case.replay_as_judged(subject).1)?;
        }
        (None, _) => {}
    }
    out.flush()?;
    Ok(code)
}

/// Writes the run down as a case; whether it is. A plan does not always make the run of which it was written: then
/// that is said.
fn write_case(written: Option<Case>, verdict: &Verdict, file: &Path) -> bool {
    let Some(mut case) = written else {
        complain!(
            "error: {}: not written: this run cannot be written out, since a budget was broken or clients were at \
             work; --write-trace writes down any run",
            file.display()
        );
        return false;
    };
    // Cases of one scenario are told apart by their names, if that of the file is one.
    if let Some(name) = file.file_stem().and_then(|stem| stem.to_str())
        && scenario::is_name(name)
    {
        name.clone_into(&mut case.name);
    }
    if !save_or_print(&case, file) {
        return false;
    }
    complain!("written to {}", file.display());
    if Signature::of(verdict) != case.fails {
        complain!(
            "what is written out is another run, for a scenario may do what no plan can: {}",
            case.says
        );
    }
    true
}

/// Writes down all that happened; whether it is written.
fn write_trace(file: &Path, trace: &Trace, report: &RunReport) -> bool {
    let saved = trace_file::save(file, trace, report);
    match &saved {
        Ok(()) => complain!("written to {}", file.display()),
        Err(error) => complain!("error: {}: cannot be written: {error}", file.display()),
    }
    saved.is_ok()
}

/// Prints what the peers trace; the world's span carries virtual time and peer.
fn show_tracing(filter: &str) -> Result<(), Stop> {
    let peers: Filter = filter.parse().map_err(|error| {
        Stop::Input(format!(
            "`{filter}` is no filter: {error}; write debug, or splitvote_raft=trace"
        ))
    })?;
    // The world's span carries virtual time and peer, whatever the filter says of the peers.
    let targets = peers.with_target("splitvote_sim", LevelFilter::DEBUG);
    let printer = tracing_subscriber::fmt::layer()
        .without_time()
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(channel::err);
    tracing_subscriber::registry().with(targets).with(printer).init();
    Ok(())
}

/// The run as a case. One that is written anew keeps what it says of where it was found.
fn write_down<P: Peer>(named: &Named, subject: &Subject<P>, seed: Seed) -> Option<Case> {
    match named {
        Named::Scenario(scenario) => keep::case_of(scenario, subject, seed),
        Named::Case(known) => {
            let (mut case, _) = Case::new(&known.name, known.plan.clone(), subject, seed);
            case.origin.clone_from(&known.origin);
            Some(case)
        }
    }
}
