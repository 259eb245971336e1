//! `splitvote replay` of a trace: what was recorded, without running anything.

use std::io::{BufWriter, Write as _};

use splitvote_report::trace_file::{self, TraceFile};

use super::{export, show};
use crate::arguments::ReplayArguments;
use crate::outcome::{Outcome, Stop};
use crate::output::channel;
use crate::target::Targets;

pub(super) fn show(arguments: &ReplayArguments) -> Outcome {
    if let Some(option) = idle_option(arguments) {
        let file = arguments.scenario.display();
        return Err(Stop::Input(format!(
            "{option} says nothing of {file}, which is a trace: it is shown as it was recorded; leave {option} \
             out, or name the scenario"
        )));
    }
    let read = trace_file::load(&arguments.scenario);
    let file = read.map_err(|error| Stop::Input(error.to_string()))?;
    show::check(arguments, file.trace.head.peers)?;
    let mut targets = Targets::of(&arguments.scenario, arguments.force);
    arguments.page.check(&mut targets)?;
    arguments.export.check(arguments, &mut targets)?;
    let mut is_written = arguments.page.write(&file.trace, file.report.as_ref());
    let command = export::command(&arguments.scenario, &arguments.which);
    is_written &= arguments.export.write(&file.trace, file.report.as_ref(), &command);
    let is_shown = !arguments.export.is_on_standard_output();
    let mut out = BufWriter::new(channel::out());
    let Some(report) = &file.report else {
        if !arguments.explain && is_shown {
            show::columns(&mut out, &file.trace, None, arguments)?;
        }
        out.flush()?;
        return Err(Stop::Input(cut_off(arguments, &file)));
    };
    if is_shown {
        show::run(&mut out, &file.trace, report, arguments)?;
    }
    out.flush()?;
    Ok(match report.verdict.exit_code() {
        0 if !is_written => 2,
        code => code,
    })
}

fn cut_off(arguments: &ReplayArguments, file: &TraceFile) -> String {
    let shown = if arguments.explain {
        "there is no verdict that could be explained".to_owned()
    } else {
        format!(
            "its {} events are shown, and how the run ended is not known",
            file.trace.events.len()
        )
    };
    format!(
        "{}:{}: the file is cut off here: {shown}; write it again with `splitvote replay SCENARIO --seed N \
         --write-trace FILE`",
        arguments.scenario.display(),
        file.lines + 1,
    )
}

/// An option that says how to run, if one was given.
fn idle_option(arguments: &ReplayArguments) -> Option<&'static str> {
    let which = &arguments.which;
    let judging = &which.judging;
    let given = [
        ("--seed", which.seed.is_some()),
        ("--raft", which.raft.is_some()),
        ("--checker", !judging.checker.is_empty()),
        ("--without-checker", !judging.without_checker.is_empty()),
        ("--strict", judging.strict.is_some()),
        ("--lenient", judging.lenient),
        ("--without", !which.without.is_empty()),
        ("--write-case", arguments.write_case.is_some()),
        ("--write-trace", arguments.write_trace.is_some()),
        ("--trace", arguments.trace.is_some()),
        ("--beside", arguments.page.beside.is_some()),
    ];
    given.into_iter().find(|(_, is_given)| *is_given).map(|(option, _)| option)
}
