//! A failure shrinks to one of the same bug: the rule is broken by the same mechanism.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

use splitvote::case::Comparison;
use splitvote::prelude::*;
use splitvote::raft::Rules;
use splitvote::shrink::{Candidate, ShrinkOptions, shrink, shrink_plan};
use splitvote::{Case, Mechanism, Signature, record};

use crate::broken::{Broken, broken};

/// Two bugs that break one rule by one cause: of an even cluster, half elects; and votes of older terms count.
#[derive(Clone, Debug)]
struct Twice;

impl Rules for Twice {
    fn votes_needed(&self, cluster_size: usize) -> usize {
        cluster_size.div_ceil(2)
    }

    fn reply_counts(&self, asked_in: Term, current: Term) -> bool {
        asked_in <= current
    }
}

fn twice() -> Subject<Broken> {
    broken("twice", &Twice)
}

const HALF: &str = "too few votes were asked for, when a vote came";
const OLD: &str = "a vote of an older term was counted, when a vote of an older term came";

fn storm() -> Scenario {
    let text = "name = 'stormy'\npeers = 4\nsteps = [{ storm = '5s' }]";
    Scenario::parse("stormy.toml", text).unwrap()
}

/// The mechanism of a seed's failure.
fn mechanism(scenario: &Scenario, seed: u64) -> Option<Mechanism> {
    let (report, trace) = replay(scenario, &twice(), Seed(seed));
    let signature = Signature::of(&report.verdict)?;
    assert_eq!((&*signature.checker, &*signature.cause), ("real-majority", "too-few"));
    Mechanism::of(&trace, &report.verdict)
}

fn options() -> ShrinkOptions<'static> {
    let mut options = ShrinkOptions::default();
    (options.tries, options.max_runs, options.max_events) = (30, 4_000, 400_000);
    options
}

#[test]
fn half_of_four_does_not_shrink_to_three_peers_and_an_old_vote() {
    let is_half =
        |seed: &u64| mechanism(&storm(), *seed).is_some_and(|found| found.as_str() == HALF);
    let seed = (0..40).find(is_half).unwrap();
    let shrunk = shrink(&storm(), &twice(), Seed(seed), &options()).unwrap();
    assert_eq!(shrunk.mechanism.as_ref().map(Mechanism::as_str), Some(HALF));
    assert_eq!((shrunk.size.peers, shrunk.mechanism_before.as_ref()), (4, None));
    let case = shrunk.to_case(&twice(), "stormy", Seed(seed));
    assert!(case.says.contains("only, 3 of 4 are needed"), "{}", case.says);
    assert_eq!(Case::parse("x.toml", &case.to_toml()).unwrap().mechanism, shrunk.mechanism);
    let again = shrink_plan(&Candidate::from(&case), &twice(), &options()).unwrap();
    // What is left when the runs are used up may become smaller still.
    assert_eq!((again.mechanism, again.size.peers), (shrunk.mechanism, shrunk.size.peers));
}

#[test]
fn a_case_that_breaks_the_rule_in_another_way_says_so() {
    let seed = (0..40).find(|seed| mechanism(&storm(), *seed).is_some()).unwrap();
    let plan = record(&storm(), &twice(), Seed(seed)).1.unwrap();
    let (mut case, _) = Case::new("stormy", plan, &twice(), Seed(seed));
    let found = case.mechanism.clone().unwrap();
    assert!([HALF, OLD].contains(&found.as_str()), "{found}");
    assert_eq!(case.replay(&twice()).1.other_mechanism, None);
    let toml = case.to_toml().replace(found.as_str(), "a vote was counted twice, when a vote came");
    case = Case::parse("x.toml", &toml).unwrap();
    case.digest ^= 1;
    let comparison: Comparison = case.replay(&twice()).1;
    assert!(comparison.is_as_stated(), "the rule is the same");
    let said = format!(
        "the rule is broken in another way, perhaps by another bug: {found}; the case states: a vote was counted twice"
    );
    assert!(comparison.to_string().contains(&said), "{comparison}");
}
