//! Imperative tests of a cluster under many seeds: a failure names its seed, and leaves its run as a case.

use std::fmt::Write as _;
use std::path::Path;

use splitvote_peer::Peer;
use splitvote_sim::Seed;

use crate::cluster::{Cluster, ClusterBuilder};
use crate::desk;
use crate::failure::Failure;
use crate::kept::keep_plan;
use crate::subject::Subject;
use crate::testing::{
    TestFailure, command, directory_for_reports, exit_if_a_peer_hangs, seeds_from_environment,
    told_of,
};
use crate::verdict::Verdict;

/// Runs a test under so many seeds, or those that the environment asks for, and ends at the first that fails.
///
/// `build` says what the cluster is like; the seed is added. If `SPLITVOTE_REPORT` names a directory, a run in which
/// the harness itself found something is kept there as a case, which `splitvote replay` shows and
/// [`crate::shrink::shrink_plan_into`] makes small. What the test itself expected is no part of a case.
///
/// ```
/// use splitvote::prelude::*;
///
/// let mine = reference();
/// under_seeds("a-new-leader-takes-over", &mine, 5, |cluster| cluster.peers(5), |cluster| {
///     let first = cluster.check_one_leader()?;
///     cluster.disconnect(first)?;
///     assert_ne!(cluster.check_one_leader()?, first);
///     Ok(())
/// })?;
/// # Ok::<(), testing::TestFailure>(())
/// ```
///
/// # Errors
/// The verdict, the broken rule, the seed, how to run that seed alone, and where its case is. If a peer hangs, that
/// is said and the process of the test ends ([`exit_if_a_peer_hangs`]).
pub fn under_seeds<P: Peer>(
    name: &str,
    subject: &Subject<P>,
    count: u64,
    build: impl Fn(ClusterBuilder<P>) -> ClusterBuilder<P>,
    test: impl Fn(&mut Cluster<P>) -> Result<(), Failure>,
) -> Result<(), TestFailure> {
    each_seed(name, subject, count, &build, &test)
}

/// Compiled once for each type of peer, and not for each test.
pub(crate) fn each_seed<P: Peer>(
    name: &str,
    subject: &Subject<P>,
    count: u64,
    build: &dyn Fn(ClusterBuilder<P>) -> ClusterBuilder<P>,
    test: &dyn Fn(&mut Cluster<P>) -> Result<(), Failure>,
) -> Result<(), TestFailure> {
    exit_if_a_peer_hangs();
    let seeds = seeds_from_environment()?.unwrap_or_else(|| crate::Seeds::first(count));
    for seed in seeds.iter() {
        let pulse = desk::begin(name, Path::new(""), subject.name(), seed);
        let _under_way = UnderWay { name, seed };
        let builder = build(Cluster::builder(subject)).seed(seed).watched_by(pulse);
        let mut cluster = match builder.build() {
            Ok(cluster) => cluster,
            Err(failure) => return Err(format!("{name}, seed {seed}: {failure}").into()),
        };
        let outcome = test(&mut cluster).and_then(|()| cluster.finish());
        if let Err(failure) = outcome {
            return Err(told(name, subject, seed, failure, &cluster).into());
        }
    }
    Ok(())
}

/// Names the seed if the test panics, as by an assertion of its own.
struct UnderWay<'a> {
    name: &'a str,
    seed: Seed,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        desk::end();
        if std::thread::panicking() {
            let Self { name, seed } = self;
            eprintln!("{name}, seed {seed}: the test panicked\nreplay: {}", command(name, *seed));
        }
    }
}

fn told<P: Peer>(
    name: &str,
    subject: &Subject<P>,
    seed: Seed,
    failure: Failure,
    cluster: &Cluster<P>,
) -> String {
    // A plan knows neither what a test expected nor what cannot be built.
    let leaves_a_case = !matches!(failure, Failure::Unmet(_) | Failure::Config(_));
    let verdict = Verdict::Failed(failure);
    let mut text = told_of(name, seed, &verdict);
    _ = write!(text, "replay: {}", command(name, seed));
    if leaves_a_case {
        text.push_str(&kept(name, subject, seed, cluster));
    }
    text
}

/// Keeps the run as a case and a page, if a directory is named for them: where they are, or how to get them.
fn kept<P: Peer>(name: &str, subject: &Subject<P>, seed: Seed, cluster: &Cluster<P>) -> String {
    let Some(directory) = directory_for_reports() else {
        return "\ncase: set SPLITVOTE_REPORT to a directory, and it is kept there".to_owned();
    };
    let Some(plan) = cluster.plan() else {
        return "\ncase: none: its peers began with records on their disks".to_owned();
    };
    let kept = keep_plan(&directory, name, &plan, subject, seed);
    format!(
        "{kept}\ncolumns: splitvote_report::print_replay(&case, &subject, {seed}), with that case loaded"
    )
}
