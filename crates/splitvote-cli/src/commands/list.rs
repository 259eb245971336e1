//! `splitvote list`: scenarios, peers, checkers, events.

use std::io::{Write as _, stdout};

use splitvote::check::{Checker, Happening};

use super::load;
use crate::Outcome;
use crate::arguments::{ListArguments, Listed};
use crate::output::table::Table;

pub(crate) fn list(arguments: &ListArguments) -> Outcome {
    let table = match arguments.what {
        Listed::Scenarios => {
            let mut table = Table::new(&["scenario", "peers", "about"]);
            for scenario in load(&arguments.scenarios)? {
                let file = scenario.file.display().to_string();
                table.row([file, scenario.peers.to_string(), scenario.about]);
            }
            table
        }
        Listed::Rafts => {
            let mut table = Table::new(&["id", "raft", "violates", "bug"]);
            table.row(["", "reference", "", "The paper, as it is written."].map(str::to_owned));
            for mutant in splitvote_zoo::mutants() {
                table.row([mutant.id, mutant.name, mutant.violates, mutant.bug].map(str::to_owned));
            }
            table
        }
        Listed::Checkers => {
            let mut table = Table::new(&["checker", "paper", "property"]);
            for checker in Checker::ALL {
                table.row([checker.name(), checker.paper(), checker.property()].map(str::to_owned));
            }
            table
        }
        Listed::Events => {
            let mut table = Table::new(&["event", "meaning"]);
            for happening in Happening::ALL {
                table.row([happening.name(), happening.meaning()].map(str::to_owned));
            }
            table
        }
    };
    writeln!(stdout(), "{table}")?;
    Ok(0)
}
