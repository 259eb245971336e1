//! `splitvote list`: scenarios, peers, checkers, events, faults.

use std::io::{Write as _, stdout};
use std::path::PathBuf;

use splitvote::check::{Checker, Happening};
use splitvote::{FaultClass, nemesis};

use super::load;
use crate::arguments::{ListArguments, Listed};
use crate::outcome::{Outcome, Stop};
use crate::output::table::Table;

pub(crate) fn list(arguments: &ListArguments) -> Outcome {
    let is_of_scenarios = arguments.what == Listed::Scenarios;
    if let (false, Some(word)) = (is_of_scenarios, arguments.scenarios.first()) {
        let problem =
            format!("`{}` is one word too many: only scenarios are in files", word.display());
        return Err(Stop::Input(problem));
    }
    let table = match arguments.what {
        Listed::Scenarios => {
            let mut table = Table::new(&["scenario", "peers", "about"]);
            let usual = [PathBuf::from("sim-scenarios")];
            let named = &arguments.scenarios[..];
            for scenario in load(if named.is_empty() { &usual } else { named })? {
                let file = scenario.file.display().to_string();
                table.row([file, scenario.setup.peers.to_string(), scenario.about]);
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
        Listed::Faults => {
            let mut table = Table::new(&["class", "parts of a storm", "meaning"]);
            for class in FaultClass::ALL {
                let own = nemesis::parts().filter(|(_, of)| of == class);
                let parts = own.map(|(name, _)| name).collect::<Vec<_>>().join(", ");
                table.row([class.name().to_owned(), parts, class.meaning().to_owned()]);
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
