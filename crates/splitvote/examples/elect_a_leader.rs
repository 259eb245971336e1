//! Elects a leader, cuts it off, and watches it learn that it was replaced.
//!
//! `cargo run -p splitvote --example elect_a_leader`

use std::time::Duration;

use splitvote::check::Happening;
use splitvote::{Cluster, Failure, Role, reference};

fn main() -> Result<(), Failure> {
    let mut cluster = Cluster::builder(&reference()).peers(5).seed(7).build()?;

    let old = cluster.check_one_leader()?;
    println!("{}: {old} leads", cluster.now());

    cluster.disconnect(old)?;
    let new = cluster.check_one_leader()?;
    println!("{}: {new} leads; {old} still believes that it does", cluster.now());
    assert_eq!(cluster.view(old).map(|view| view.role), Some(Role::Leader));

    cluster.connect(old)?;
    let has_followed = cluster.run_until(Duration::from_secs(1), |cluster| {
        cluster.view(old).is_some_and(|view| view.role == Role::Follower)
    })?;
    assert!(has_followed && cluster.happenings().get(Happening::DethronedLeader) == 1);
    println!("{}: {old} has heard of a higher term and follows {new}", cluster.now());
    Ok(())
}

#[test]
fn it_does() -> Result<(), Failure> {
    main()
}
