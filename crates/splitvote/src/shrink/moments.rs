//! The moments of a run: the instants at which something happened.

use splitvote_peer::SimTime;

use crate::trace::{Trace, What};

/// The instants at which peers sent or received, or the run's start, in order: between two of them, a
/// fault does what it would at the former. At most so many, evenly spread.
pub(super) fn instants(trace: &Trace, most: usize) -> Vec<SimTime> {
    let mut all = vec![SimTime::ZERO];
    let moved = trace
        .events
        .iter()
        .filter(|event| matches!(event.what, What::Sent { .. } | What::Received { .. }));
    all.extend(moved.map(|event| event.at));
    all.dedup();

    let step = all.len().div_ceil(most.max(1)).max(1);
    all.into_iter().step_by(step).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{received, sent};
    use super::*;

    #[test]
    fn each_instant_counts_once_and_many_are_thinned_out() {
        let events = (1..100).flat_map(|at| [sent(at, at, at + 1), received(at, at)]).collect();
        let trace = Trace { events, ..Trace::default() };
        assert_eq!(instants(&trace, 1_000).len(), 100);
        let few = instants(&trace, 10);
        assert_eq!(few.len(), 10);
        assert_eq!(few[..2], [SimTime::ZERO, SimTime(10_000_000)]);
    }
}
