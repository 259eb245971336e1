//! Partitions, fuzzed with proptest: whatever groups the peers are split into, and whenever, no
//! checker objects to the reference Raft, and after the partitions heal a leader is found.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::time::Duration;

use proptest::prelude::*;
use splitvote::check::Checker;
use splitvote::raft::{Config, Raft, Rules};
use splitvote::{Cluster, Failure, PeerId, Subject, reference};

const PEERS: usize = 5;

/// For each peer the group that it is in, and for how many milliseconds it stays so.
fn partitions() -> impl Strategy<Value = Vec<(Vec<u8>, u64)>> {
    prop::collection::vec((prop::collection::vec(0..3_u8, PEERS), 1..800_u64), 1..12)
}

fn fuzz<P: splitvote::peer::Peer>(
    subject: &Subject<P>,
    seed: u64,
    partitions: &[(Vec<u8>, u64)],
) -> Result<(), Failure> {
    let mut cluster = Cluster::builder(subject).peers(PEERS).seed(seed).build().unwrap();
    for (groups, millis) in partitions {
        let group = |number: u8| -> Vec<PeerId> {
            cluster.peers().filter(|peer| groups[peer.index()] == number).collect()
        };
        let groups = [group(0), group(1), group(2)];
        cluster.partition(&[&groups[0], &groups[1], &groups[2]]);
        cluster.run_for(Duration::from_millis(*millis))?;
    }
    cluster.heal();
    cluster.check_one_leader()?;
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn the_reference_holds_under_any_partitions(seed in 0..1_000_u64, partitions in partitions()) {
        prop_assert!(fuzz(&reference(), seed, &partitions).is_ok());
    }
}

/// The paper, but a heartbeat of the same term makes a follower forget its vote.
#[derive(Debug)]
struct Forgetful;

impl Rules for Forgetful {
    fn vote_after_heartbeat(&self, _vote: Option<PeerId>) -> Option<PeerId> {
        None
    }
}

#[test]
fn the_same_fuzz_finds_a_raft_that_forgets_its_vote() {
    static FORGETFUL: Forgetful = Forgetful;
    let subject: Subject<Raft<&'static dyn Rules>> = Subject::new("forgetful", |settings| Config {
        settings: settings.clone(),
        rules: &FORGETFUL as &dyn Rules,
    });
    let failure = fuzz(&subject, 1, &[(vec![0; PEERS], 500)]).unwrap_err();
    assert_eq!(failure.checker(), Checker::Monotonic.name());
}
