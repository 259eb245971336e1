//! Shorter times and rounder numbers.

use std::time::Duration;

use splitvote_peer::SimTime;
use splitvote_peer::time::nanos;
use splitvote_sim::Verdict;

use super::candidate::Candidate;
use super::search::Search;
use crate::act::Act;
use crate::fault::Fault;

/// What a pause between two acts may become, in milliseconds, the shortest first.
const PAUSES: [u64; 14] = [0, 1, 2, 5, 10, 20, 50, 100, 150, 200, 300, 500, 1_000, 2_000];
/// To what numbers are rounded, the roundest first.
const STEPS: [u64; 7] =
    [1_000_000_000, 100_000_000, 50_000_000, 10_000_000, 1_000_000, 100_000, 10_000];

/// Lets every act, and what is demanded in the end, come sooner after the one before.
pub(super) fn shorten(search: &mut Search<'_>) {
    let mut place = 0;
    while place <= search.best().plan.acts.len() && !search.is_over() {
        let pauses = PAUSES.iter().map(|millis| millis * 1_000_000);
        let candidates: Vec<Candidate> =
            pauses.map_while(|pause| sooner(search.best(), place, pause)).collect();
        // Whether the shortest will do or not, the next act is next.
        candidates.iter().any(|candidate| search.offer(candidate));
        place += 1;
    }
}

/// The same, but an act, and all that come after it, so soon after the one before; `None` if it already
/// is. The place behind the last act is what is demanded.
fn sooner(candidate: &Candidate, place: usize, pause: u64) -> Option<Candidate> {
    let acts = &candidate.plan.acts;
    let at = match acts.get(place) {
        Some(timed) => timed.at,
        None if candidate.plan.demand.is_some() => candidate.plan.until,
        None => return None,
    };
    let before = place.checked_sub(1).map_or(SimTime::ZERO, |before| acts[before].at);
    let earlier = (at.0 - before.0).checked_sub(pause).filter(|earlier| *earlier > 0)?;
    let mut sooner = candidate.clone();
    for timed in sooner.plan.acts.iter_mut().skip(place) {
        timed.at.0 -= earlier;
    }
    if candidate.plan.demand.is_some() {
        sooner.plan.until.0 -= earlier;
    }
    Some(sooner)
}

/// Rounds every number of a plan as far as it goes.
pub(super) fn round(search: &mut Search<'_>) {
    let mut place = 0;
    while place < numbers(&mut search.best().clone()).len() && !search.is_over() {
        for step in STEPS {
            let down = search_number(search, place, |number| number / step * step);
            if down || search_number(search, place, |number| number.next_multiple_of(step)) {
                break;
            }
        }
        place += 1;
    }
}

/// Offers the best with one of its numbers changed.
fn search_number(search: &mut Search<'_>, place: usize, change: impl Fn(u64) -> u64) -> bool {
    let mut candidate = search.best().clone();
    let mut all = numbers(&mut candidate);
    let Some(number) = all.get_mut(place) else { return false };
    let before = number.get();
    let after = change(before);
    if after == before {
        return false;
    }
    number.set(after);
    let plan = &mut candidate.plan;
    plan.acts.sort_by_key(|timed| timed.at);
    // What is demanded comes behind all acts: a case that says otherwise cannot be read.
    if let (Some(_), Some(last)) = (&plan.demand, plan.acts.last()) {
        plan.until = plan.until.max(last.at);
    }
    search.offer(&candidate)
}

/// A number of a plan, in nanoseconds.
enum Number<'a> {
    Instant(&'a mut SimTime),
    Duration(&'a mut Duration),
    Span(&'a mut Fault, Duration),
}

impl Number<'_> {
    fn get(&self) -> u64 {
        match self {
            Self::Instant(at) => at.0,
            Self::Duration(duration) => nanos(**duration),
            Self::Span(_, span) => nanos(*span),
        }
    }

    fn set(&mut self, to: u64) {
        match self {
            Self::Instant(at) => at.0 = to,
            // No duration that is written down may be zero.
            Self::Duration(duration) => **duration = Duration::from_nanos(to.max(1)),
            Self::Span(fault, _) => fault.set_span(Duration::from_nanos(to.max(1))),
        }
    }
}

/// All numbers of a plan.
fn numbers(candidate: &mut Candidate) -> Vec<Number<'_>> {
    let plan = &mut candidate.plan;
    let mut numbers = Vec::new();
    for timed in &mut plan.acts {
        numbers.push(Number::Instant(&mut timed.at));
        if let Act::Fault(fault) = &mut timed.act
            && let Some(span) = fault.span()
        {
            numbers.push(Number::Span(fault, span));
        }
    }
    for fate in plan.setup.overrides.packets.values_mut() {
        if let Verdict::Delay(by) | Verdict::Replay(by) = fate {
            numbers.push(Number::Duration(by));
        }
    }
    numbers.extend(plan.setup.overrides.election_timeouts.values_mut().map(Number::Duration));
    if plan.demand.is_some() {
        numbers.push(Number::Instant(&mut plan.until));
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Made, crash, from, made_up, plan};
    use super::*;
    use crate::scenario::{Action, Expectation};

    fn millis(search: &Search<'_>) -> Vec<u64> {
        search.best().plan.acts.iter().map(|timed| timed.at.0 / 1_000_000).collect()
    }

    #[test]
    fn pauses_that_do_not_matter_are_taken_out() {
        // The second crash must come at least 100 ms after the first.
        let mut cell = Made::needing(|candidate| {
            let acts = &candidate.plan.acts;
            acts.len() == 2 && acts[1].at.since(acts[0].at) >= Duration::from_millis(100)
        });
        let mut search = made_up(&mut cell, vec![crash(700), crash(1_900)]);
        shorten(&mut search);
        assert_eq!(millis(&search), [0, 100]);
    }

    #[test]
    fn numbers_become_round() {
        let mut cell = Made::needing(|candidate| candidate.plan.acts[0].at.0 >= 150_000_000);
        let mut start = crash(163);
        start.at.0 += 123_457;
        let mut search = made_up(&mut cell, vec![start]);
        round(&mut search);
        assert_eq!(millis(&search), [150]);
    }

    /// As it was with two mutants of the zoo: the crash at 210 ms, the demand at 161 ms.
    #[test]
    fn what_is_demanded_stays_behind_all_acts() {
        let mut cell = Made::needing(|candidate| {
            candidate.plan.acts.first().is_some_and(|timed| timed.at.0 >= 161_000_000)
        });
        let mut start = plan(vec![crash(163)]);
        start.plan.demand = Some(Action::Expect(Expectation::OneLeader { within: None }));
        start.plan.until = SimTime(164_000_000);
        let mut search = from(&mut cell, start);
        round(&mut search);
        let best = &search.best().plan;
        assert!(best.until >= best.acts[0].at, "{best:?}");
    }
}
