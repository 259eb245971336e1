//! Draws that are written down, as scenarios write them.

use std::time::Duration;

use splitvote_peer::{PeerId, Term};
use splitvote_sim::{Overrides, Verdict};

use crate::language::error::ScenarioError;
use crate::language::reader::{Table, Value};

type Result<T> = std::result::Result<T, ScenarioError>;

/// Draws that are written down: `[election-timeouts]` and `[[packets]]`.
pub(super) fn overrides(table: &Table<'_>, peers: usize) -> Result<Overrides> {
    let mut overrides = Overrides::default();
    if let Some(value) = table.get("election-timeouts") {
        let table = value.table()?;
        for (name, timeouts, span) in table.entries() {
            let Some(peer) = PeerId::all(peers).find(|peer| peer.to_string() == name) else {
                let remedy = format!("the peers are S0 to S{}", peers - 1);
                return Err(table.error_at(&span, format!("no peer `{name}`"), remedy));
            };
            for (place, timeout) in timeouts.one_or_many()?.iter().enumerate() {
                let (nth, timeout) = nth_timeout(timeout, place as u64)?;
                overrides.election_timeouts.insert((peer, nth), timeout);
            }
        }
    }
    for packet in table.get("packets").map_or(Ok(Vec::new()), |value| value.array())? {
        let packet = packet.table()?;
        let peer = |key, example| -> Result<PeerId> {
            let value = packet.need(key, example)?;
            let name = value.str()?;
            let remedy = format!("the peers are S0 to S{}", peers - 1);
            PeerId::all(peers)
                .find(|peer| peer.to_string() == name)
                .ok_or_else(|| value.error(format!("no peer `{name}`"), remedy))
        };
        let place = packet.need("nth", "nth = 0")?.int(0..u64::from(u32::MAX))?;
        let verdict = verdict(&packet.need("fate", "fate = \"drop\"")?, packet.get("by"))?;
        let (from, to) = (peer("from", "from = \"S0\"")?, peer("to", "to = \"S1\"")?);
        if from == to {
            return Err(
                packet.error(format!("no link leads from {from} to itself"), "name two peers")
            );
        }
        overrides.packets.insert((from, to, place), verdict);
        packet.finish()?;
    }
    Ok(overrides)
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
    let Some(value) = table.get("logs") else { return Ok(Vec::new()) };
    let mut logs = vec![Vec::new(); peers];
    for (name, terms, span) in value.table()?.entries() {
        let Some(peer) = PeerId::all(peers).find(|peer| peer.to_string() == name) else {
            let remedy = format!("the peers are S0 to S{}", peers - 1);
            return Err(value.table()?.error_at(&span, format!("no peer `{name}`"), remedy));
        };
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

/// `deliver`, `drop`, `duplicate`, or `delay` or `replay` with a duration.
pub(crate) fn verdict(value: &Value<'_>, by: Option<Value<'_>>) -> Result<Verdict> {
    let words = [
        ("deliver", Verdict::Deliver),
        ("delay", Verdict::Delay(Duration::ZERO)),
        ("drop", Verdict::Drop),
        ("duplicate", Verdict::Duplicate),
        ("replay", Verdict::Replay(Duration::ZERO)),
    ];
    let verdict = value.word("fate", &words)?;
    match (verdict, by) {
        (Verdict::Delay(_), Some(by)) => Ok(Verdict::Delay(by.duration()?)),
        (Verdict::Delay(_), None) => Err(value.error("a delay needs `by`", "add `by = \"100ms\"`")),
        (Verdict::Replay(_), Some(by)) => Ok(Verdict::Replay(by.duration()?)),
        (Verdict::Replay(_), None) => {
            Err(value.error("a replay needs `by`", "add `by = \"500ms\"`"))
        }
        (_, Some(by)) => Err(by.error("only a delay and a replay have `by`", "leave it out")),
        (verdict, None) => Ok(verdict),
    }
}
