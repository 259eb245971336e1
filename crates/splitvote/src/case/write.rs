//! The file of a case: a scenario of timed steps, and behind it the table `[case]`.
//!
//! The table is the last of the file and the digest its last key, so that whatever is cut off is missed.

use std::fmt::Write as _;

use splitvote_check::Checker;

use super::Case;
use crate::language::inline::quoted;
use crate::scenario::CASE_TITLE;
use crate::scenario::write::title;
use crate::setup::Setup;

/// So many steps of a trail stand on one line.
const TRAIL_A_LINE: usize = 16;
/// What `only` says of a case in which no checker is asked.
pub(super) const NO_CHECKER: &str = "none";

impl Case {
    /// The case as a text that [`Case::parse`] reads back as the same.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut text = format!("{CASE_TITLE}: `splitvote replay` shows it.\n\n");
        let mut head = title(&self.name, &self.about, &self.source);
        self.plan.setup.write_head(&mut head);
        text.push_str(&head.0);
        _ = writeln!(text, "steps = {}", self.plan.steps());
        self.plan.setup.write_tables(&mut text);
        text.push_str("\n[case]\n");
        let mut put = |key: &str, value: String| _ = writeln!(text, "{key} = {value}");
        put("version", Self::VERSION.to_string());
        put("raft", quoted(&self.raft));
        put("seed", self.seed.0.to_string());
        match &self.fails {
            Some(signature) => {
                put("fails", quoted(&signature.checker));
                put("cause", quoted(&signature.cause));
            }
            None => put("holds", "true".to_owned()),
        }
        if let Some(mechanism) = &self.mechanism {
            put("mechanism", quoted(mechanism.as_str()));
        }
        put("says", quoted(&self.says));
        if let Some(origin) = &self.origin {
            put("found-in", quoted(&origin.scenario));
            put("found-at", origin.seed.0.to_string());
        }
        let Setup { only, departs, .. } = &self.plan.setup;
        match only.as_deref() {
            None => {}
            Some([]) => put("only", quoted(NO_CHECKER)),
            Some(only) => put("only", names(only)),
        }
        if !departs.is_empty() {
            put("departs", names(departs));
        }
        put("trail", trail(&self.trail));
        put("digest", quoted(&format!("{:016x}", self.digest)));
        text
    }
}

fn names(checkers: &[Checker]) -> String {
    let names: Vec<String> = checkers.iter().copied().map(Checker::name).map(quoted).collect();
    format!("[{}]", names.join(", "))
}

/// Four hexadecimal digits a step.
fn trail(trail: &[u16]) -> String {
    let line = |line: &[u16]| {
        line.iter().map(|digest| format!("{digest:04x}")).collect::<Vec<_>>().join(" ")
    };
    if trail.len() <= TRAIL_A_LINE {
        return quoted(&line(trail));
    }
    let lines: Vec<String> = trail.chunks(TRAIL_A_LINE).map(line).collect();
    format!("\"\"\"\n{}\n\"\"\"", lines.join("\n"))
}
