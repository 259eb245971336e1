//! `splitvote report`: pages that are made of other pages and results.

use std::io::Write as _;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use splitvote_page::{INDEX, save_index};

use crate::outcome::{Outcome, Stop};
use crate::output::channel;
use crate::output::terminal::many;
use crate::target::{Kind, Targets};

/// What is to be made.
#[derive(Debug, Subcommand)]
pub(crate) enum ReportCommand {
    /// Write `index.html` in a directory, which leads to every page in it and in the directories in it.
    Index(IndexArguments),
}

#[derive(Debug, Args)]
pub(crate) struct IndexArguments {
    /// The directory with the pages.
    directory: PathBuf,
    /// Also replace an `index.html` that is no page of Splitvote.
    #[arg(long)]
    force: bool,
}

pub(crate) fn report(command: &ReportCommand) -> Outcome {
    match command {
        ReportCommand::Index(arguments) => index(arguments),
    }
}

fn index(arguments: &IndexArguments) -> Outcome {
    let directory = &arguments.directory;
    if !directory.is_dir() {
        let shown = directory.display();
        return Err(Stop::Input(format!(
            "{shown}: is no directory; name the one that holds the pages"
        )));
    }
    let file = directory.join(INDEX);
    Targets::forced(arguments.force).add(&file, Kind::Page)?;
    let count = save_index(directory).map_err(Stop::unwritten(&file))?;
    writeln!(
        channel::out(),
        "wrote {}, which leads to {}",
        file.display(),
        many(count as u64, "page", "pages")
    )?;
    Ok(0)
}
