//! Writes a plan as the timed steps of a file.

use super::Plan;
use crate::act::{Act, Seek};
use crate::language::inline::{Inline, quoted};
use crate::scenario::write_steps::{at_instant, write, write_budget};

impl Plan {
    /// An array of its acts, a step each, and its end.
    pub(crate) fn steps(&self) -> String {
        let acts = self.acts.iter().map(|timed| {
            let mut step = at_instant(timed.at);
            timed.act.write(&mut step);
            step
        });
        let mut end = at_instant(self.until);
        write(&self.end(), 0, &mut end);
        let lines: Vec<String> = acts.chain([end]).map(|step| format!("  {step},\n")).collect();
        format!("[\n{}]", lines.concat())
    }
}

impl Act {
    /// Writes the act as a step states it.
    fn write(&self, step: &mut Inline) {
        let text = |bytes: usize| bytes.to_string();
        match self {
            Self::Fault(fault) => {
                if let Some(opened) = fault.opened() {
                    opened.write(step);
                }
            }
            Self::Propose { to, bytes } => {
                step.put("propose", quoted(&to.to_string()));
                step.put_unless(0, "bytes", *bytes, text);
            }
            Self::Agree(Seek { on, retry, bytes }) => {
                step.put("agree", on);
                step.put_unless(false, "retry", *retry, |retry| retry.to_string());
                step.put_unless(0, "bytes", *bytes, text);
                step.put("background", true);
            }
            Self::Allow(budget) => write_budget(*budget, step),
        }
    }
}
