//! How starting points are shrunk: with which part of the budget, and in which order of passes.

use super::search::{Bug, Cell, Found, Search, Spent};
use super::starts::{self, Start};
use super::{
    ShrinkOptions, acts, anywhen, classes, demands, noise, pairs, peers, settings, silence,
    stillness, timers, times,
};

/// What became of one starting point.
pub(super) struct Ended {
    pub(super) found: Found,
    pub(super) is_finished: bool,
}

/// A failure that is being shrunk, and what was spent on it.
pub(super) struct Shrinking<'a> {
    pub(super) cell: &'a mut dyn Cell,
    pub(super) bug: &'a Bug,
    pub(super) spent: &'a mut Spent,
    pub(super) options: &'a ShrinkOptions<'a>,
}

/// When the passes that try many candidates have their turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    /// In every round: what they find makes all runs shorter.
    Eager,
    /// When the others find nothing any more.
    Patient,
}

impl Shrinking<'_> {
    /// Shrinks all starting points in one order of passes and, if anything is left to spend, in the other: which
    /// leads further cannot be told before.
    pub(super) fn in_both_orders(&mut self, starts: (Start, Vec<Start>)) -> Ended {
        let eager = self.all(Order::Eager, starts.clone());
        if !eager.is_finished {
            return eager;
        }
        let patient = self.all(Order::Patient, starts);
        let is_finished = patient.is_finished;
        let is_better = patient.found.weight < eager.found.weight;
        Ended { is_finished, ..if is_better { patient } else { eager } }
    }

    /// Shrinks every starting point with an equal part of one half of what may be spent, and goes on with those
    /// that were cut short, the smallest first, with the other half. It is finished if all of them are: one
    /// that was cut short might have become smaller than all others.
    fn all(&mut self, order: Order, (first, others): (Start, Vec<Start>)) -> Ended {
        let all = Spent { runs: self.options.max_runs, events: self.options.max_events };
        let half = Spent { runs: all.runs / 2, events: all.events / 2 };
        let count = 1 + others.len() as u64;
        let mut best = self.one(order, first, half.share(*self.spent, count));
        let mut rest = Vec::new();
        for (start, left) in others.into_iter().zip((1..count).rev()) {
            let mut next = self.one(order, start, half.share(*self.spent, left));
            if next.found.weight < best.found.weight {
                std::mem::swap(&mut next, &mut best);
            }
            rest.push(next);
        }
        rest.sort_by_key(|ended| ended.found.weight);
        best = self.finished(order, best, all);
        for next in rest {
            let next = self.finished(order, next, all);
            let is_finished = best.is_finished && next.is_finished;
            let is_better = next.found.weight < best.found.weight;
            best = Ended { is_finished, ..if is_better { next } else { best } };
        }
        best
    }

    /// Goes on with what was cut short.
    fn finished(&mut self, order: Order, ended: Ended, bounds: Spent) -> Ended {
        let Ended { found: Found { candidate, tried, .. }, is_finished: false } = ended else {
            return ended;
        };
        self.one(order, (candidate, tried), bounds)
    }

    /// Shrinks one starting point until so much is spent altogether.
    fn one(&mut self, order: Order, start: Start, bounds: Spent) -> Ended {
        let Self { cell, bug, spent, options } = self;
        let mut search = Search::new(*cell, bug, start, (**spent, bounds), options);
        all_passes(&mut search, order);
        **spent = search.spent();
        let is_finished = !search.is_over();
        Ended { found: search.into_found(), is_finished }
    }
}

/// How often all passes are gone through at the most.
const ROUNDS: u64 = 12;

/// A pass and its name.
type Pass = (&'static str, fn(&mut Search<'_>));

fn all_of(passes: &[Pass], search: &mut Search<'_>) {
    for (name, pass) in passes {
        search.begin(name);
        pass(search);
    }
}

/// All passes, again and again, until none of them finds anything smaller.
fn all_passes(search: &mut Search<'_>, order: Order) {
    const PASSES: [Pass; 16] = [
        ("classes of faults", classes::switch_off),
        ("acts", acts::delete),
        ("stillness", stillness::still),
        ("peers", peers::leave_out),
        ("acts", acts::delete),
        ("fates of packets", noise::forget),
        ("fates of packets", noise::simplify),
        ("times", times::shorten),
        ("demands", demands::wait_less),
        ("seeds", starts::reseed),
        ("timers", timers::quiet),
        ("silence", silence::fall),
        ("acts", acts::simplify),
        ("settings", settings::plain),
        ("numbers", times::round),
        ("timeouts", timers::forget),
    ];
    const LATER: [Pass; 4] = [
        ("silence at any moment", anywhen::fall_silent),
        ("other moments", anywhen::move_acts),
        ("other faults", anywhen::swap),
        ("pairs", pairs::delete),
    ];
    for round in 0..ROUNDS {
        // Later, when runs are short, each candidate is given more than one chance.
        search.set_more_seeds(round.min(7) * 6);
        let before = search.weight();
        all_of(&PASSES, search);
        // In the first, runs are long.
        if order == Order::Eager && round > 0 {
            all_of(&LATER, search);
        }
        if round > 0 && search.weight() == before {
            if order == Order::Patient {
                all_of(&LATER, search);
            }
            // Of a small run, there are few fates to write down.
            search.begin("noise");
            if search.weight() == before && !noise::write_down(search) {
                return;
            }
        }
        if search.is_over() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use splitvote_peer::SimTime;

    use super::super::testing::{Made, bug, crash, plan};
    use super::*;

    /// Shrinks these starting points with so many runs in all: what came of it, and how many runs it took.
    /// Nothing can be taken away from one act, and nothing from eighty, but that is a long story.
    fn shrunk(starts: [Option<u64>; 2], max_runs: u64) -> (Ended, u64) {
        let needed: Vec<_> = (0..80).map(crash).collect();
        let mut cell = Made::needing(move |candidate| {
            let acts = &candidate.plan.acts;
            *acts == [crash(5)] || needed.iter().all(|act| acts.contains(act))
        });
        let starts = starts.into_iter().flatten().map(|count| {
            let candidate =
                plan(if count == 1 { vec![crash(5)] } else { (0..count).map(crash).collect() });
            let tried = cell.run(&candidate, SimTime::NEVER, u64::MAX);
            (candidate, tried)
        });
        let mut starts: Vec<Start> = starts.collect();
        let (options, mut spent) =
            (ShrinkOptions { max_runs, ..ShrinkOptions::default() }, Spent::default());
        let starts = (starts.remove(0), starts);
        let order = Order::Patient;
        let (cell, bug) = (&mut cell, &bug(None));
        let mut shrinking = Shrinking { cell, bug, spent: &mut spent, options: &options };
        (shrinking.all(order, starts), spent.runs)
    }

    #[test]
    fn it_is_finished_if_every_starting_point_is() {
        let (first, runs) = shrunk([Some(1), None], 100_000);
        assert!(first.is_finished, "alone, it is after {runs} runs");
        let (both, more) = shrunk([Some(1), Some(80)], 1_000_000);
        assert!(both.is_finished && more > 6 * runs, "{runs} runs of one, {more} of both");
        let (cut_short, _) = shrunk([Some(1), Some(80)], 5 * runs);
        assert!(!cut_short.is_finished);
        assert_eq!(
            cut_short.found.candidate.plan.acts,
            [crash(5)],
            "the first is small all the same"
        );
    }
}
