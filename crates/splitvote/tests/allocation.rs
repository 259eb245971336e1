//! In steady state an event allocates nothing, with every checker on.

use std::time::Duration;

use splitvote::sim::{Labrpc, NetworkProfile, Probability, Realistic};
use splitvote::{Cluster, reference};

fn allocations_of_a_quiet_minute(network: NetworkProfile) -> (u64, u64) {
    let Ok(mut cluster) = Cluster::builder(&reference()).peers(5).seed(1).network(network).build()
    else {
        return (u64::MAX, 0);
    };
    // The first leader is elected, and every buffer has grown to its size.
    assert!(cluster.run_for(Duration::from_secs(60)).is_ok());
    let before = cluster.world().events();
    let counted = allocation_counter::measure(|| {
        assert!(cluster.run_for(Duration::from_secs(60)).is_ok());
    });
    (counted.count_total, cluster.world().events() - before)
}

#[test]
fn a_quiet_cluster_allocates_nothing() {
    let lossy = Realistic { loss: Probability::percent(1), ..Realistic::default() };
    for network in [NetworkProfile::Realistic(lossy), NetworkProfile::Labrpc(Labrpc::default())] {
        let (allocations, events) = allocations_of_a_quiet_minute(network);
        assert!(events > 5_000, "{events} events prove nothing");
        assert_eq!(allocations, 0, "over {events} events of {network:?}");
    }
}
