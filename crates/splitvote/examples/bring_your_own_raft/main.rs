//! A Raft of your own under test, in about a hundred lines: elections only, as in the founding
//! notes, and with their bug. The harness finds it.
//!
//! `cargo run -p splitvote --example bring_your_own_raft`
//!
//! Mend `become_follower` (clear the vote only if the term has risen), and all seeds hold. It keeps
//! nothing on its disk and answers no clients, so it can pass the first three tests of
//! `sim-scenarios/lab` and `partitions/even-cluster`, but not the scenarios that crash peers, hand in
//! commands or ask followers for the leader.

mod raft;

use raft::MyRaft;
use splitvote::prelude::*;

fn main() -> Result<(), splitvote::ScenarioError> {
    let scenario =
        Scenario::parse("mine.toml", "name = \"mine\"\npeers = 5\nsteps = [{ run = \"5s\" }]")?;
    // Strictly: whatever departs from what the paper does fails at once, and not only what comes of it.
    let subject = Subject::<MyRaft>::new("mine", |settings| settings.timing.clone()).strict();
    let report = sweep(&scenario, &subject, &SweepOptions::new(Seeds::first(100)))?;
    match report.failures.first() {
        None => println!("all {} seeds hold: the bug is gone", report.seeds),
        Some(first) => {
            let (failed, seed) = (report.seeds - report.held, first.seed.0);
            println!("{failed} of {} seeds fail; seed {seed}: {}", report.seeds, first.verdict);
        }
    }
    Ok(())
}
