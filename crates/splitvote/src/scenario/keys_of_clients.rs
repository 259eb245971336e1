//! What clients do in a scenario, and what is demanded of the cluster: the keys of `agree`, `propose` and `expect`.

use std::time::Duration;

use crate::language::error::Result;
use crate::language::form::Form;
use crate::language::keys::Takes;
use crate::language::reader::Value;
use crate::language::target::{Known, Target, name, names};
use crate::language::units::CountRange;

use super::demand::{Agree, Expectation, Propose};

/// The longest command that a scenario may ask for: 16 MiB.
const MAX_COMMAND_BYTES: u64 = 16 << 20;
/// The most bytes of the commands of one step.
const MAX_BYTES_IN_ALL: u64 = 1 << 30;
/// The most commands of one step.
const MAX_COMMANDS: u64 = 1_000_000;

/// `{ agree = "all", retry = true, count = 10, bytes = 5000, index = 2, background = true, within = "30s" }`
pub(super) fn agree(form: &mut Form<'_, '_>, known: &Known, agree: &mut Agree) -> Result {
    let Agree { on, retry, count, bytes, index, is_in_background, within } = agree;
    peers(form, known, "agree", on)?;
    form.key("retry", retry, false)?;
    commands(form, count, bytes)?;
    form.optional_number("index", index, 1..u64::MAX)?;
    form.key("background", is_in_background, false)?;
    limit(form, within)?;
    let problem = "an index is not known in advance in the background";
    form.check(!*is_in_background, "index", problem, "leave one of the two out")
}

/// `{ propose = "leader", count = "5-14", bytes = 100, index = 4, applied-on = "all", within = "60s" }`
pub(super) fn propose(form: &mut Form<'_, '_>, known: &Known, propose: &mut Propose) -> Result {
    let Propose { to, count, bytes, index, applied_on, within } = propose;
    form.takes("propose", Takes::Names);
    form.takes("index", Takes::Count);
    form.takes("applied-on", Takes::Peers);
    form.entry(true, "propose", to, |stated| known.targets(stated), |to| names(to))?;
    commands(form, count, bytes)?;
    let read = |stated: &Value<'_>| stated.count_range(1..u64::MAX).map(Some);
    let text = |index: &Option<CountRange>| index.map(CountRange::written).unwrap_or_default();
    form.entry(index.is_some(), "index", index, read, text)?;
    let read = |stated: &Value<'_>| some_peers(stated, known).map(Some);
    let text = |on: &Option<usize>| on.map(|on| on.to_string()).unwrap_or_default();
    form.entry(applied_on.is_some(), "applied-on", applied_on, read, text)?;
    limit(form, within)?;
    let problem = "this step waits for nothing";
    let remedy = "add `applied-on` or `index`, or leave `within` out";
    form.check(index.is_some() || applied_on.is_some(), "within", problem, remedy)
}

/// A limit that follows from the timers of the Raft unless it is stated.
fn limit(form: &mut Form<'_, '_>, within: &mut Option<Duration>) -> Result {
    form.key("within", within, None)?;
    let is_right = *within != Some(Duration::ZERO);
    form.check(is_right, "within", "nothing comes within no time", "raise it, or leave it out")
}

/// How many commands, and of how many bytes each is at least.
fn commands(form: &mut Form<'_, '_>, count: &mut CountRange, bytes: &mut usize) -> Result {
    let is_one = *count == CountRange::exactly(1);
    let read = |stated: &Value<'_>| stated.count_range(1..MAX_COMMANDS + 1);
    form.takes("count", Takes::Count);
    form.entry(!is_one, "count", count, read, |count| count.written())?;
    form.number("bytes", bytes, 0..MAX_COMMAND_BYTES + 1, 0)?;
    let is_right = count.max.saturating_mul(*bytes as u64) <= MAX_BYTES_IN_ALL;
    let problem = format!("{count} commands of {bytes} bytes are too much");
    form.check(is_right, "bytes", &problem, "the commands of a step may have 1 GiB together")
}

/// `{ expect = "applied", index = 4, on = "all", within = "10s" }`
pub(super) fn expectation(
    form: &mut Form<'_, '_>,
    known: &Known,
    demanded: &mut Expectation,
) -> Result {
    let (index, on, within) = (0, 0, None);
    let words = [
        ("one-leader", Expectation::OneLeader { within: None }),
        ("no-leader", Expectation::NoLeader),
        ("same-term", Expectation::SameTerm),
        ("applied", Expectation::Applied { index, on, within }),
        ("unapplied", Expectation::Unapplied { index }),
        ("hint", Expectation::Hint { from: Vec::new(), is: Target::Leader }),
    ];
    form.kind("expect", "expectation", demanded, &words)?;
    match demanded {
        Expectation::OneLeader { within } => limit(form, within),
        Expectation::NoLeader | Expectation::SameTerm => Ok(()),
        Expectation::Applied { index, on, within } => {
            form.needed_number("index", "index = 1", index, 1..u64::MAX)?;
            form.need("on", "on = \"all\"")?;
            peers(form, known, "on", on)?;
            form.key("within", within, None)
        }
        Expectation::Unapplied { index } => {
            form.needed_number("index", "index = 1", index, 1..u64::MAX)
        }
        Expectation::Hint { from, is } => {
            form.need("from", "from = \"follower\"")?;
            form.takes("from", Takes::Names);
            form.takes("is", Takes::Text);
            form.entry(true, "from", from, |stated| known.targets(stated), |from| names(from))?;
            form.need("is", "is = \"leader\"")?;
            form.entry(true, "is", is, |stated| known.target(stated), name)
        }
    }
}

/// A number of peers, or all.
pub(super) fn peers(
    form: &mut Form<'_, '_>,
    known: &Known,
    key: &'static str,
    count: &mut usize,
) -> Result {
    form.takes(key, Takes::Peers);
    form.entry(true, key, count, |stated| some_peers(stated, known), usize::to_string)
}

fn some_peers(value: &Value<'_>, known: &Known) -> Result<usize> {
    if value.is_str() {
        return value.word("number of peers", &[("all", known.peers)]);
    }
    Ok(value.int(1..known.peers as u64 + 1)? as usize)
}
