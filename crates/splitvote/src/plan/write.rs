//! Writes a plan as the timed steps of a file.

use super::Plan;
use crate::act::{Act, Seek};
use crate::scenario::write_steps::{at_instant, write};
use crate::scenario::{Action, Agree, CountRange, Propose, Target};

impl Plan {
    /// An array of its acts, a step each, and its end.
    pub(crate) fn steps(&self) -> String {
        let acts = self.acts.iter().map(|timed| {
            let mut step = at_instant(timed.at);
            if let Some(action) = timed.act.stated() {
                write(&action, 0, &mut step);
            }
            step
        });
        let mut end = at_instant(self.until);
        write(&self.end(), 0, &mut end);
        let lines: Vec<String> = acts.chain([end]).map(|step| format!("  {step},\n")).collect();
        format!("[\n{}]", lines.concat())
    }
}

impl Act {
    /// The act as a step states it.
    fn stated(&self) -> Option<Action> {
        let count = CountRange::exactly(1);
        Some(match self {
            Self::Fault(fault) => Action::Fault(fault.opened()?),
            Self::Propose { to, bytes } => {
                let to = vec![Target::Peer(*to)];
                Action::Propose(Propose { to, count, bytes: *bytes, ..Propose::default() })
            }
            Self::Agree(Seek { on, retry, bytes, within }) => Action::Agree(Agree {
                on: *on,
                count,
                retry: *retry,
                bytes: *bytes,
                within: *within,
                is_in_background: true,
                ..Agree::default()
            }),
            Self::Allow(budget) => Action::Allow(*budget),
        })
    }
}
