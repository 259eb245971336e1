//! Gives two of three peers equal timers, so that they split the vote, and prints why.
//!
//! `cargo run -p splitvote --example see_a_split_vote`

use std::time::Duration;

use splitvote::check::{Happening, Outcome};
use splitvote::sim::{Latency, NetworkProfile, Realistic};
use splitvote::{Cluster, Failure, reference};

fn main() -> Result<(), Failure> {
    // Every packet takes 5 ms, so that a heartbeat starts both followers' timers at one instant.
    let one_way_delay = Latency::Constant(Duration::from_millis(5));
    let network = NetworkProfile::Realistic(Realistic { one_way_delay, ..Realistic::default() });
    let builder = Cluster::builder(&reference()).peers(3).seed(1).network(network);
    let mut cluster = builder.build()?;
    let leader = cluster.check_one_leader()?;

    let survivors: Vec<_> = cluster.peers().filter(|peer| *peer != leader).collect();
    for peer in &survivors {
        cluster.fix_election_timeout(*peer, Some(Duration::from_millis(250)))?;
    }
    cluster.run_for(Duration::from_millis(200))?;
    cluster.crash(leader)?;
    let has_split = cluster.run_until(Duration::from_secs(5), |cluster| {
        cluster.happenings().get(Happening::SplitVote) > 0
    })?;
    assert!(has_split, "equal timers must split the vote");

    for peer in survivors {
        cluster.fix_election_timeout(peer, None)?;
    }
    cluster.check_one_leader()?;
    for election in cluster.ledger().elections() {
        println!("{election}");
    }
    let is_split = |outcome| matches!(outcome, Outcome::Split { .. });
    assert!(cluster.ledger().elections().any(|election| is_split(election.outcome())));
    Ok(())
}

#[test]
fn it_does() -> Result<(), Failure> {
    main()
}
