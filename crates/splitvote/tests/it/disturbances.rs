//! What a test may do to a cluster besides crashes and cuts, and how a trace tells of it.

use std::time::Duration;

use splitvote::sim::DiskProfile;
use splitvote::{Cluster, Role, reference};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_leader_that_pauses_is_replaced_and_steps_down_when_it_resumes() {
    for seed in 0..20 {
        let mut cluster = Cluster::builder(&reference()).peers(3).seed(seed).build().unwrap();
        let old = cluster.check_one_leader().unwrap();
        let term = cluster.view(old).unwrap().term;
        cluster.pause(old).unwrap();
        cluster.run_for(2 * SECOND).unwrap();
        assert!(cluster.world().is_paused(old));
        assert_eq!(cluster.view(old).unwrap().term, term, "it has noticed nothing");
        let views = cluster.peers().filter_map(|peer| cluster.view(peer));
        assert!(views.clone().any(|view| view.role == Role::Leader && view.term > term));
        cluster.resume(old).unwrap();
        cluster.run_for(SECOND / 10).unwrap();
        assert!(cluster.view(old).unwrap().term > term, "the first heartbeat tells it");
        cluster.check_one_leader().unwrap();
        cluster.finish().unwrap();
    }
}

#[test]
fn a_trace_tells_of_everything_that_is_done_to_a_cluster() {
    let mut cluster = Cluster::builder(&reference()).peers(3).recorded().build().unwrap();
    let [one, two, three] = [0, 1, 2].map(|place| cluster.peers().nth(place).unwrap());
    cluster.pause(one).unwrap();
    cluster.resume(one).unwrap();
    cluster.clog(one, two, SECOND).unwrap();
    cluster.step_clock(three, SECOND).unwrap();
    cluster.set_clock_drift(three, -500).unwrap();
    cluster.set_disk(DiskProfile::default());
    let network = cluster.world().network();
    cluster.set_network(network);
    cluster.delay(two, one, Duration::from_millis(1)).unwrap();
    cluster.fix_election_timeout(one, Some(SECOND)).unwrap();
    cluster.fix_election_timeout(one, None).unwrap();
    cluster.crash_at_write(two, 3).unwrap();
    cluster.disarm(two).unwrap();
    cluster.crash_at_send(three, 0).unwrap();
    cluster.run_for(2 * SECOND).unwrap();
    assert!(cluster.view(three).is_none(), "its clock made it stand first");
    let events = cluster.take_trace().unwrap().events;
    let told: Vec<String> = events.iter().map(ToString::to_string).collect();
    for words in [
        "S0: paused at 0.000000000 s",
        "S0: resumed at 0.000000000 s",
        "S0→S1 clogged until 1.000000000 s at 0.000000000 s",
        "S2: clock +1s at 0.000000000 s",
        "S2: clock drift -500 ppm at 0.000000000 s",
        "S1→S0 1ms slower at 0.000000000 s",
        "S0: election timeout 1s at 0.000000000 s",
        "S0: election timeout drawn at 0.000000000 s",
        "S1: will crash after 3 disk operations at 0.000000000 s",
        "S1: will not crash at 0.000000000 s",
        "S2: will crash after 0 messages at 0.000000000 s",
        "the disks are DiskProfile",
        "the network is Realistic",
        "S2 crashes at 0.000000000 s",
    ] {
        assert!(told.iter().any(|line| line.starts_with(words)), "{words}: {told:#?}");
    }
}
