//! `splitvote schema`: the JSON Schemas of the files that Splitvote reads and writes.

use std::io::Write as _;

use clap::{Args, ValueEnum};
use splitvote_export::scenario_schema;

use crate::outcome::{Outcome, Stop};
use crate::output::channel;

/// The schema of a line of a trace, which is written by hand and held against what is written.
const TRACE: &str = include_str!("../../../../docs/schema/trace.schema.json");

#[derive(Debug, Args)]
#[command(after_help = "\
An editor completes and checks a scenario file by it (taplo, Even Better TOML) if the file begins with

  #:schema scenario.schema.json

and that file beside it has what this prints:

  splitvote schema > scenario.schema.json")]
pub(crate) struct SchemaArguments {
    /// Of which files.
    #[arg(value_enum, default_value = "scenario")]
    of: Described,
}

/// What has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Described {
    /// Scenario and case files.
    Scenario,
    /// A line of a trace, and of `--export ndjson`.
    Trace,
}

pub(crate) fn schema(arguments: &SchemaArguments) -> Outcome {
    match arguments.of {
        Described::Scenario => {
            let text = serde_json::to_string_pretty(&scenario_schema())
                .map_err(|error| Stop::Fault(error.to_string()))?;
            writeln!(channel::out(), "{text}")?;
        }
        Described::Trace => write!(channel::out(), "{TRACE}")?,
    }
    Ok(0)
}
