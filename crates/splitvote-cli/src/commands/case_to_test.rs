//! `splitvote case-to-test`: a case as a test in Rust.

use std::io::Write as _;

use splitvote::case::{self, Demand};

use crate::arguments::CaseArguments;
use crate::outcome::{Outcome, Stop};
use crate::output::channel;
use crate::peers::Chosen;

pub(crate) fn print(arguments: &CaseArguments) -> Outcome {
    let Some(case) = case::find(&arguments.case)? else {
        let file = arguments.case.display();
        let remedy = "`splitvote replay --write-case` makes one of a scenario and a seed";
        return Err(Stop::Input(format!("{file}: no case, but a scenario; {remedy}")));
    };
    let (subject, demand) = match Chosen::of(&case)? {
        Chosen::Reference(_) => {
            ("let subject = splitvote::reference();".to_owned(), Demand::MustHold)
        }
        Chosen::Mutant(subject) => {
            let find =
                format!("splitvote_zoo::find(\"{}\").ok_or(\"no such mutant\")?", subject.name());
            (
                format!("let mutant = {find};\nlet subject = splitvote_zoo::subject(mutant);"),
                Demand::MustStillFail,
            )
        }
    };
    write!(channel::out(), "{}", case.to_rust_test(&subject, demand))?;
    Ok(0)
}
