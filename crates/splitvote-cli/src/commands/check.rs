//! `splitvote check`: what is wrong in files of scenarios, cases and traces, without running anything.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};
use splitvote::scenario::{self, Place, ScenarioError};
use splitvote::{Case, case};
use splitvote_report::trace_file;

use crate::arguments::Format;
use crate::outcome::Outcome;
use crate::output::channel;
use crate::output::json;
use crate::output::terminal::many;
use crate::peers::Chosen;

#[derive(Debug, Args)]
#[command(after_help = "\
It exits with 0 if nothing is wrong, warnings aside, and with 2 if something is.

Examples:
  splitvote check                              the scenarios of sim-scenarios
  splitvote check mine.toml reports/zoo        a file, and the cases of a directory
  splitvote check run.trace --format json")]
pub(crate) struct CheckArguments {
    /// Files of scenarios, cases and traces, or directories, of which all .toml files are checked.
    #[arg(default_value = "sim-scenarios")]
    files: Vec<PathBuf>,
    /// How the result is printed.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// What a file is, and what is wrong with it.
struct Checked {
    file: PathBuf,
    /// `scenario`, `case` or `trace`; `None` if it cannot even be told.
    kind: Option<&'static str>,
    problems: Vec<Problem>,
}

/// Something that is wrong, or a warning.
struct Problem {
    is_wrong: bool,
    place: Option<Place>,
    message: String,
    /// The whole line, place and all.
    line: String,
}

impl Problem {
    fn wrong(error: &ScenarioError) -> Self {
        let ScenarioError { place, problem, remedy, .. } = error;
        let message =
            if remedy.is_empty() { problem.clone() } else { format!("{problem}; {remedy}") };
        Self { is_wrong: true, place: *place, message, line: error.to_string() }
    }

    /// About a whole file.
    fn of_file(is_wrong: bool, file: &Path, message: String) -> Self {
        Self { is_wrong, place: None, line: format!("{}: {message}", file.display()), message }
    }
}

pub(crate) fn check(arguments: &CheckArguments) -> Outcome {
    let mut all = Vec::new();
    let mut names = BTreeMap::new();
    for path in &arguments.files {
        if path.is_file() && trace_file::is_trace(path) {
            all.push(trace(path));
            continue;
        }
        match scenario::files(path) {
            Ok(files) if files.is_empty() => {
                let message =
                    "no .toml file in this directory; name one that has scenarios or cases";
                let problems = vec![Problem::of_file(true, path, message.to_owned())];
                all.push(Checked { file: path.clone(), kind: None, problems });
            }
            Ok(files) => all.extend(files.iter().map(|file| scenario_or_case(file, &mut names))),
            Err(error) => {
                let problems = vec![Problem::wrong(&error)];
                all.push(Checked { file: path.clone(), kind: None, problems });
            }
        }
    }
    let problems = || all.iter().flat_map(|checked| &checked.problems);
    let wrong = all.iter().filter(|checked| checked.problems.iter().any(|it| it.is_wrong)).count();
    match arguments.format {
        Format::Text => {
            let mut out = channel::out();
            for Problem { is_wrong, line, .. } in problems() {
                let level = if *is_wrong { "error" } else { "warning" };
                writeln!(out, "{level}: {line}")?;
            }
            let warnings = problems().filter(|problem| !problem.is_wrong).count() as u64;
            let files = many(all.len() as u64, "file", "files");
            let warnings = many(warnings, "warning", "warnings");
            writeln!(out, "{files}: {wrong} wrong, {warnings}")?;
        }
        Format::Json => {
            let files: Vec<Value> = all.iter().map(object).collect();
            json::print(&json!({ "schema": 1, "wrong": wrong, "files": files }))?;
        }
    }
    Ok(if wrong == 0 { 0 } else { 2 })
}

/// A trace, read as a whole.
fn trace(file: &Path) -> Checked {
    let problem = match trace_file::load(file) {
        Ok(read) if read.is_cut_off() => {
            let message = format!(
                "the file is cut off after line {}: how the run ended is not known; write it again",
                read.lines
            );
            Some(Problem::of_file(true, file, message))
        }
        Ok(_) => None,
        Err(error) => {
            let line = error.to_string();
            let message = line.strip_prefix(&*file.display().to_string()).unwrap_or(&line);
            let message =
                message.trim_start_matches(|c: char| c == ':' || c == ' ' || c.is_ascii_digit());
            let place = Place { line: error.line(), column: 1 };
            let place = Some(place).filter(|place| place.line > 0);
            Some(Problem { is_wrong: true, place, message: message.to_owned(), line })
        }
    };
    Checked { file: file.to_owned(), kind: Some("trace"), problems: problem.into_iter().collect() }
}

/// A file of TOML. `names` are those of the scenarios so far, of which a sweep refuses two of one name.
fn scenario_or_case(file: &Path, names: &mut BTreeMap<String, PathBuf>) -> Checked {
    let mut problems = Vec::new();
    let kind = match case::find(file) {
        Ok(Some(case)) => {
            problems.extend(unknown_raft(&case));
            Some("case")
        }
        Ok(None) => {
            match scenario::load(file) {
                Ok(scenario) => {
                    for warning in scenario.warnings() {
                        let message =
                            format!("{warning}; mend that, or state `timers-meant = true`");
                        problems.push(Problem::of_file(false, file, message));
                    }
                    let twin = names.insert(scenario.name.clone(), file.to_owned());
                    if let Some(twin) = twin.filter(|twin| !is_same(twin, file)) {
                        let (name, twin) = (&scenario.name, twin.display());
                        let message = format!(
                            "the name `{name}` is taken by {twin}; give one of them another `name`"
                        );
                        problems.push(Problem::of_file(true, file, message));
                    }
                }
                Err(error) => problems.push(Problem::wrong(&error)),
            }
            Some("scenario")
        }
        Err(error) => {
            problems.push(Problem::wrong(&error));
            None
        }
    };
    Checked { file: file.to_owned(), kind, problems }
}

/// A case is about a Raft that another program may have.
fn unknown_raft(case: &Case) -> Option<Problem> {
    let is_known = Chosen::of(case).is_ok();
    let message = format!("this program has no Raft `{}`: it cannot replay the case", case.raft);
    (!is_known).then(|| Problem::of_file(false, &case.file, message))
}

fn is_same(one: &Path, other: &Path) -> bool {
    one == other
        || one.canonicalize().ok().is_some_and(|path| other.canonicalize().ok() == Some(path))
}

fn object(checked: &Checked) -> Value {
    let Checked { file, kind, problems } = checked;
    let problems = problems.iter().map(|Problem { is_wrong, place, message, .. }| {
        json!({
            "level": if *is_wrong { "error" } else { "warning" },
            "line": place.map(|place| place.line),
            "column": place.map(|place| place.column),
            "message": message,
        })
    });
    let problems: Vec<Value> = problems.collect();
    json!({ "file": file.display().to_string(), "kind": kind, "problems": problems })
}
