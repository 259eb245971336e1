//! Section 5.6: timing and availability. "[S]afety must not depend on timing"; availability does:
//! broadcastTime ≪ electionTimeout ≪ MTBF.
use crate::cluster::Cluster;
use crate::driver::*;
use splitvote_peer::{Role, Settings};
use splitvote_raft::Paper;

/// "The broadcast time should be an order of magnitude less than the election timeout so that leaders
/// can reliably send the heartbeat messages required to keep followers from starting elections."
#[test]
fn a_leader_that_is_heard_in_time_stays() {
    let mut cluster = Cluster::new(5, Settings::default(), Paper);
    cluster.jitter_millis = 14;
    let leader = cluster.elect();
    let term = cluster.view(leader).term;
    cluster.run(60_000);
    for seat in 0..5 {
        let view = cluster.view(splitvote_peer::PeerId(seat));
        assert_eq!((view.term, view.leader), (term, Some(leader)));
    }
}

/// A leader's heartbeats come several times within the shortest election timeout, so that one that is
/// lost dethrones nobody.
#[test]
fn a_lost_heartbeat_starts_no_election() {
    let timing = Settings::default().timing;
    assert!(timing.heartbeat_interval * 3 <= timing.election_timeout_min);
    let mut s0 = Driver::new(3);
    s0.heartbeat(S1, 1);
    let interval = timing.heartbeat_interval.as_millis() as u64;
    s0.pass(2 * interval);
    assert!(s0.wakes_in().is_some_and(|left| left > 0), "the next one still comes in time");
    s0.heartbeat(S1, 1);
    assert_eq!((s0.role(), s0.view().term), (Role::Follower, 1));
}

/// "[I]f message exchanges take longer than the typical time between server crashes, candidates will not
/// stay up long enough to win an election": here, longer than an election timeout.
#[test]
fn answers_that_take_longer_than_an_election_elect_nobody() {
    let mut s0 = Driver::new(3);
    for round in 1..10 {
        s0.time_out();
        s0.sync_all();
        assert_eq!((s0.role(), s0.view().term), (Role::Candidate, round));
        // The vote of the round before arrives only now.
        s0.granted(S1, round - 1);
        assert_eq!(s0.role(), Role::Candidate, "a vote of term {}", round - 1);
    }
}

/// "[T]he system must not produce incorrect results just because some event happens more quickly or slowly
/// than expected." Messages and disks take up to several election timeouts; once they are quick again, the
/// cluster goes on.
#[test]
fn slowness_costs_time_and_nothing_else() {
    for (jitter, sync) in [(400, 0), (2_000, 0), (50, 300), (1_500, 600)] {
        let mut cluster = Cluster::new(3, Settings::default(), Paper);
        (cluster.jitter_millis, cluster.sync_millis) = (jitter, sync);
        for number in 0..100_u32 {
            if let Some(leader) = cluster.leader() {
                cluster.propose_to(leader, &number.to_le_bytes());
            }
            cluster.run(200);
        }
        (cluster.jitter_millis, cluster.sync_millis) = (0, 0);
        cluster.run(5_000);
        cluster.agree(b"end", 3);
        cluster.assert_same();
    }
}
