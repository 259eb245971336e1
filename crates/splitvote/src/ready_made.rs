//! The whole harness compiled once for a type of peer, here for the reference. Without it, each program that tests the
//! reference (there are a dozen) would compile world, cluster, sweep and shrinker again.
//!
//! With little or no optimization a crate uses what a dependency has compiled of a generic function; otherwise it
//! compiles its own, so that this is left out of release builds. A library with a Raft of one's own does the same:
//!
//! ```
//! use splitvote::raft::{Paper, Raft};
//!
//! # type MyRaft = Raft<Paper>;
//! #[cfg(all(debug_assertions, not(test)))]
//! #[used]
//! static READY_MADE: splitvote::ready_made::Call<MyRaft> = splitvote::ready_made::everything;
//! ```

use std::time::Duration;

use splitvote_peer::{Peer, PeerId, PeerSet};
#[cfg(all(debug_assertions, not(test), feature = "ready-made"))]
use splitvote_raft::{Paper, Raft};
use splitvote_sim::Seed;

use crate::case::Case;
use crate::cluster::{Cluster, Retry};
use crate::plan::Plan;
use crate::scenario::Scenario;
use crate::shrink::{Candidate, ShrinkOptions, case_of, shrink, shrink_plan};
use crate::subject::Subject;
use crate::sweep::{SweepOptions, sweep};
use crate::{determinism, needs, record, replay, run, testing, under_seeds};

#[cfg(all(debug_assertions, not(test), feature = "ready-made"))]
#[used]
static OF_THE_REFERENCE: Call<Raft<Paper>> = everything;

/// What [`everything`] is as a pointer, which a crate keeps in a static to have it compiled for its peers.
pub type Call<P> = fn(&Subject<P>, &Scenario, &Plan, &Case, &mut Cluster<P>);

/// Calls what programs call. Is itself never called.
pub fn everything<P: Peer>(
    subject: &Subject<P>,
    scenario: &Scenario,
    plan: &Plan,
    case: &Case,
    cluster: &mut Cluster<P>,
) {
    let seed = Seed(0);
    drop((run(scenario, subject, seed), run(plan, subject, seed), run(case, subject, seed)));
    drop((replay(scenario, subject, seed), replay(plan, subject, seed)));
    drop((replay(case, subject, seed), case.judged(subject)));
    drop((record(scenario, subject, seed), determinism::check_seed(scenario, subject, seed)));
    if let Ok(shrunk) = shrink(scenario, subject, seed, &ShrinkOptions::default()) {
        drop(shrunk.to_case(subject, "", seed));
        drop(case_of(&shrunk.case, &shrunk.signature, subject, ("", seed)));
    }
    drop(shrink_plan(&Candidate::from(case), subject, &ShrinkOptions::default()));
    drop(sweep(scenario, subject, &SweepOptions::new(crate::Seeds::first(1))));
    drop((case.replay(subject), case.replay_as_judged(subject), needs::lacking(scenario, subject)));
    drop((testing::check(scenario, subject, None), testing::must_hold(case, subject)));
    drop(testing::must_still_fail(case, subject));
    drop(Case::new("", plan.clone(), subject, seed));
    drop(under_seeds::each_seed("", subject, 1, &|builder| builder, &|_| Ok(())));
    drop(Cluster::builder(subject).setup(&plan.setup, seed).build());
    acts(cluster);
}

fn acts<P: Peer>(cluster: &mut Cluster<P>) {
    let (one, all) = (PeerId(0), PeerSet::default());
    drop((cluster.check_one_leader(), cluster.check_no_leader(), cluster.check_terms()));
    drop((cluster.check_hint(one, one), cluster.calm(), cluster.calm_of(all)));
    drop((cluster.settle(all), cluster.calm_under_load(all, Duration::ZERO)));
    drop(cluster.agree(&[], 1, Retry::No));
    drop((cluster.run_for(Duration::ZERO), cluster.step(), cluster.finish(), cluster.plan()));
    drop((cluster.crash(one), cluster.restart(one), cluster.disconnect(one)));
    drop((cluster.connect(one), cluster.propose(one, b"", Duration::ZERO)));
    cluster.partition(&[&[one]]).map_or_else(drop, drop);
    cluster.heal();
}
