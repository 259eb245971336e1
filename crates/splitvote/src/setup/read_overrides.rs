//! Draws that are written down, as scenarios write them.

use std::time::Duration;

use splitvote_peer::{PeerId, Term};
use splitvote_sim::{Overrides, Verdict};

use crate::language::error::Result;
use crate::language::form::{self, Form, Text};
use crate::language::inline::quoted;
use crate::language::reader::{Table, Value};
use crate::language::target::{Known, no_peer};

/// Draws that are written down: `[election-timeouts]` and `[[packets]]`.
pub(super) fn overrides(table: &Table<'_>, peers: usize) -> Result<Overrides> {
    let mut overrides = Overrides::default();
    let timeouts = table.get("election-timeouts").map(|stated| of_peers(&stated, peers));
    for (peer, timeouts) in timeouts.transpose()?.unwrap_or_default() {
        for (place, timeout) in timeouts.one_or_many()?.iter().enumerate() {
            let (nth, timeout) = nth_timeout(timeout, place as u64)?;
            overrides.election_timeouts.insert((peer, nth), timeout);
        }
    }
    for stated in table.get("packets").map_or(Ok(Vec::new()), |value| value.array())? {
        let mut decided = ((PeerId(0), PeerId(0), 0), Verdict::Pass);
        form::read(&stated, &mut decided, |form, decided| packet(form, decided, peers))?;
        let ((from, to, _), _) = decided;
        if from == to {
            let problem = format!("no link leads from {from} to itself");
            return Err(stated.error(problem, "name two peers"));
        }
        overrides.packets.extend([decided]);
    }
    Ok(overrides)
}

/// The n-th packet of a link, and what becomes of it.
type Decided = ((PeerId, PeerId, u64), Verdict);

/// `{ from = "S0", to = "S1", nth = 0, fate = "drop" }`
pub(super) fn packet(form: &mut Form<'_, '_>, decided: &mut Decided, peers: usize) -> Result {
    let known = Known::of(peers);
    let ((from, to, nth), verdict) = decided;
    for (key, end, example) in [("from", from, "from = \"S0\""), ("to", to, "to = \"S1\"")] {
        form.need(key, example)?;
        let read = |stated: &Value<'_>| known.peer(stated, "a link leads from peer to peer");
        form.entry(true, key, end, read, |end| quoted(&end.to_string()))?;
    }
    form.needed_number("nth", "nth = 0", nth, 0..u64::from(u32::MAX))?;
    form.need("fate", "fate = \"drop\"")?;
    fate(form, "fate", verdict)
}

/// What a table says of each peer that it names.
fn of_peers<'a>(stated: &Value<'a>, peers: usize) -> Result<Vec<(PeerId, Value<'a>)>> {
    let table = stated.table()?;
    let peer = |(name, value, span): (&str, _, _)| {
        let found = PeerId::all(peers).find(|peer| peer.to_string() == name);
        let error = || {
            let (problem, remedy) = no_peer(name, peers);
            table.error_at(&span, problem, remedy)
        };
        found.map(|peer| (peer, value)).ok_or_else(error)
    };
    table.entries().map(peer).collect()
}

/// A timeout stands for the draw of its own place, or says which: `{ nth = 7, is = "200ms" }`.
fn nth_timeout(value: &Value<'_>, place: u64) -> Result<(u64, Duration)> {
    if value.is_str() {
        return Ok((place, election_timeout(value)?));
    }
    let table = value.table()?;
    let nth = table.need("nth", "nth = 0")?.int(0..u64::from(u32::MAX))?;
    let timeout = election_timeout(&table.need("is", "is = \"200ms\"")?)?;
    table.finish()?;
    Ok((nth, timeout))
}

/// The longest log that a peer may start with.
const MAX_LOG: usize = 100_000;

/// `[logs]`: what each peer finds in its log, as the terms of its entries; a peer without a line starts
/// with an empty one.
pub(super) fn logs(table: &Table<'_>, peers: usize) -> Result<Vec<Vec<Term>>> {
    let Some(stated) = table.get("logs") else { return Ok(Vec::new()) };
    let mut logs = vec![Vec::new(); peers];
    for (peer, terms) in of_peers(&stated, peers)? {
        let mut last = 1;
        for term in terms.array()? {
            let next = term.int(1..u64::from(u32::MAX))?;
            if next < last {
                return Err(term.error("terms never decrease in a log", "put them in order"));
            }
            last = next;
            logs[peer.index()].push(next);
        }
        if logs[peer.index()].len() > MAX_LOG {
            return Err(terms.error("too long a log", format!("at most {MAX_LOG} entries")));
        }
    }
    Ok(logs)
}

/// An election timeout, which is never zero: time would stand still.
pub(super) fn election_timeout(value: &Value<'_>) -> Result<Duration> {
    let timeout = value.duration()?;
    if timeout.is_zero() {
        return Err(value.error("an election timeout of zero never lets a leader be", "raise it"));
    }
    Ok(timeout)
}

/// `deliver`, `drop`, `duplicate`, or `delay` or `replay` with a duration `by`.
pub(crate) fn fate<T: Text + Copy + Default>(
    form: &mut Form<'_, '_>,
    key: &'static str,
    verdict: &mut Verdict<T>,
) -> Result {
    let words = [
        ("deliver", Verdict::Deliver),
        ("delay", Verdict::Delay(T::default())),
        ("drop", Verdict::Drop),
        ("duplicate", Verdict::Duplicate),
        ("replay", Verdict::Replay(T::default())),
    ];
    form.kind(key, "fate", verdict, &words)?;
    match verdict {
        Verdict::Delay(by) => {
            form.check(form.has("by"), key, "a delay needs `by`", "add `by = \"100ms\"`")?;
            form.always("by", by)
        }
        Verdict::Replay(by) => {
            form.check(form.has("by"), key, "a replay needs `by`", "add `by = \"500ms\"`")?;
            form.always("by", by)
        }
        _ => {
            let problem = "only a delay and a replay have `by`";
            form.check(!form.has("by"), "by", problem, "leave it out")
        }
    }
}
