//! `splitvote case-to-test`: a case as a test in Rust.

use std::io::Write as _;

use splitvote::case::{self, Demand};

use super::refuse_trace;
use crate::arguments::CaseArguments;
use crate::outcome::{Outcome, Stop};
use crate::output::channel::{self, complain};
use crate::peers::Chosen;

pub(crate) fn print(arguments: &CaseArguments) -> Outcome {
    refuse_trace(&arguments.case)?;
    let Some(case) = case::find(&arguments.case)? else {
        let file = arguments.case.display();
        let remedy = "`splitvote replay --write-case` makes one of a scenario and a seed";
        return Err(Stop::Input(format!("{file}: this is a scenario, not a case; {remedy}")));
    };
    if Chosen::is_like_one(&case.raft) {
        // A slip, and no Raft of the user's own.
        Chosen::of(&case)?;
    }
    let (subject, demand) = match Chosen::find(&case.raft) {
        // One of the user's own: only the user has its subject.
        Err(_) => {
            complain!(
                "the Raft of this case, `{}`, is none that this command knows: put its subject in the place of \
                 `my_subject()`",
                case.raft
            );
            let raft = case.raft.replace(char::is_control, " ");
            let placeholder =
                format!("// The `splitvote::Subject` of {raft}.\nlet subject = my_subject();");
            (placeholder, Demand::MustHold)
        }
        Ok(raft) if raft.is_of_zoo() => {
            let find =
                format!("splitvote_zoo::find(\"{}\").ok_or(\"no such mutant\")?", raft.name());
            (
                format!("let mutant = {find};\nlet subject = splitvote_zoo::subject(mutant);"),
                Demand::MustStillFail,
            )
        }
        Ok(raft) if raft.name() == splitvote::reference().name() => {
            ("let subject = splitvote::reference();".to_owned(), Demand::MustHold)
        }
        Ok(_) => ("let subject = my_subject();".to_owned(), Demand::MustHold),
    };
    write!(channel::out(), "{}", case.to_rust_test(&subject, demand))?;
    Ok(0)
}
