//! The keys that steps with faults have in common: whom the fault is about, and its numbers.

use super::Result;
use crate::language::form::Form;
use crate::language::keys::Takes;
use crate::language::reader::Value;
use crate::language::target::{Known, Target, names, pair};
use crate::language::units::{CountRange, DurationRange};

/// The peers behind a verb.
pub(super) fn who(
    form: &mut Form<'_, '_>,
    known: &Known,
    verb: &'static str,
    of: &mut Vec<Target>,
) -> Result {
    form.takes(verb, Takes::Names);
    form.entry(true, verb, of, |stated| known.targets(stated), |of| names(of))
}

/// The directed link behind a verb.
pub(super) fn links(
    form: &mut Form<'_, '_>,
    known: &Known,
    verb: &'static str,
    from: &mut Target,
    to: &mut Target,
) -> Result {
    form.takes(verb, Takes::Link);
    let mut ends = (from.clone(), to.clone());
    let text = |(from, to): &(Target, Target)| pair(from, to);
    form.entry(true, verb, &mut ends, |stated| read_link(stated, known), text)?;
    (*from, *to) = ends;
    Ok(())
}

fn read_link(value: &Value<'_>, known: &Known) -> Result<(Target, Target)> {
    let [from, to] = value.array()?[..] else {
        return Err(value.error("a link has two ends", "write [\"sender\", \"receiver\"]"));
    };
    let (from, to) = (known.target(&from)?, known.target(&to)?);
    if from == to && matches!(from, Target::Peer(_) | Target::Leader) {
        let problem = format!("no link leads from {from} to itself");
        return Err(value.error(problem, "name two peers"));
    }
    Ok((from, to))
}

/// A whole number or a range of them, up to a million; 0 if the step has no such key.
pub(super) fn count(form: &mut Form<'_, '_>, count: &mut CountRange, key: &'static str) -> Result {
    let read = |stated: &Value<'_>| stated.count_range(0..1_000_001);
    form.takes(key, Takes::Count);
    form.entry(true, key, count, read, |count| count.written())
}

/// A duration, or a range of them, that the step must have, such as the example.
pub(super) fn span(
    form: &mut Form<'_, '_>,
    span: &mut DurationRange,
    key: &'static str,
    example: &str,
) -> Result {
    form.need(key, &format!("{key} = \"{example}\""))?;
    form.always(key, span)
}
