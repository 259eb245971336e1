//! Writes the steps of a scenario, a line each.

use splitvote_peer::SimTime;

use crate::language::form::Form;
use crate::language::inline::{Inline, quoted};
use crate::language::target::Known;
use crate::language::units_text::instant;

use super::step::{Action, Step};
use super::verbs::keys;

/// An array of steps, within so many others.
pub(super) fn steps(steps: &[Step], depth: usize) -> String {
    let indent = "  ".repeat(depth + 1);
    let lines: Vec<String> =
        steps.iter().map(|one| format!("{indent}{},\n", step(one, depth))).collect();
    format!("[\n{}{}]", lines.concat(), "  ".repeat(depth))
}

fn step(step: &Step, depth: usize) -> Inline {
    let Step { place: _, number: _, at, action, save } = step;
    let mut table = match at {
        Some(at) if at.min == at.max => at_instant(SimTime::ZERO + at.min),
        _ => Inline::default(),
    };
    if let Some(at) = at.filter(|at| at.min < at.max) {
        table.put("at", at.written());
    }
    write(action, depth, &mut table);
    if let Some(name) = save {
        table.put("save", quoted(name));
    }
    table
}

/// The beginning of a step that is taken at an instant.
pub(crate) fn at_instant(at: SimTime) -> Inline {
    let mut table = Inline::default();
    table.put("at", quoted(&instant(at)));
    table
}

/// Writes what a step does, within so many other steps.
pub(crate) fn write(action: &Action, depth: usize, table: &mut Inline) {
    // Whom a step may mention matters only while it is read.
    _ = keys(&mut Form::Writes(table), &Known::of(0), &mut action.clone());
    for (key, nested) in ["steps", "else"].into_iter().zip(action.blocks()) {
        if let Some(nested) = nested {
            table.put(key, steps(nested, depth + 1));
        }
    }
}
