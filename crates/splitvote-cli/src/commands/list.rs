//! `splitvote list`: scenarios, peers, checkers, events, faults.

use std::io::Write as _;
use std::path::PathBuf;

use splitvote::check::{Checker, Happening};
use splitvote::{FaultClass, Scenario, nemesis};

use super::load;
use crate::arguments::{ListArguments, Listed};
use crate::outcome::{Outcome, Stop};
use crate::output::channel;
use crate::output::table::Table;
use crate::peers;

pub(crate) fn list(arguments: &ListArguments) -> Outcome {
    let is_of_scenarios = arguments.what == Listed::Scenarios;
    if let (false, Some(word)) = (is_of_scenarios, arguments.scenarios.first()) {
        let problem =
            format!("`{}` is one word too many: only scenarios are in files", word.display());
        return Err(Stop::Input(problem));
    }
    let table = match arguments.what {
        Listed::Scenarios => {
            let usual = [PathBuf::from("sim-scenarios")];
            let named = &arguments.scenarios[..];
            let scenarios = load(if named.is_empty() { &usual } else { named })?;
            let row = |Scenario { file, setup, about, .. }: Scenario| {
                [file.display().to_string(), setup.peers.to_string(), about]
            };
            table(["scenario", "peers", "about"], scenarios.into_iter().map(row))
        }
        Listed::Rafts => {
            table(["id", "raft", "violates", "bug"], peers::own_names().map(own).chain(zoo()))
        }
        Listed::Checkers => {
            let row = |checker: &Checker| [checker.name(), checker.paper(), checker.property()];
            table(["checker", "paper", "property"], Checker::ALL.iter().map(row))
        }
        Listed::Faults => {
            let row = |class: &FaultClass| {
                let own = nemesis::parts().filter(|(_, of)| of == class);
                let parts = own.map(|(name, _)| name).collect::<Vec<_>>().join(", ");
                [class.name().to_owned(), parts, class.meaning().to_owned()]
            };
            table(["class", "parts of a storm", "meaning"], FaultClass::ALL.iter().map(row))
        }
        Listed::Events => {
            let row = |event: &Happening| [event.name(), event.meaning()];
            table(["event", "meaning"], Happening::ALL.iter().map(row))
        }
    };
    writeln!(channel::out(), "{table}")?;
    Ok(0)
}

/// A Raft that the program has itself.
fn own(name: &'static str) -> [&'static str; 4] {
    let is_reference = name == splitvote::reference().name();
    ["", name, "", if is_reference { "The paper, as it is written." } else { "" }]
}

#[cfg(feature = "zoo")]
fn zoo() -> impl Iterator<Item = [&'static str; 4]> {
    let of =
        |mutant: &&splitvote_zoo::Mutant| [mutant.id, mutant.name, mutant.violates, mutant.bug];
    splitvote_zoo::mutants().iter().filter(|_| peers::has_zoo()).map(of)
}

#[cfg(not(feature = "zoo"))]
fn zoo() -> impl Iterator<Item = [&'static str; 4]> {
    std::iter::empty()
}

fn table<const N: usize, W: ToString>(
    heads: [&'static str; N],
    rows: impl Iterator<Item = [W; N]>,
) -> Table {
    let mut table = Table::new(&heads);
    rows.for_each(|row| table.row(row));
    table
}
