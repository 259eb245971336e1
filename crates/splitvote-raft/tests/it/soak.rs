//! Sections 5 and 7 together: whatever is lost, cut off or crashes, the machines agree in the end,
//! and nothing that a machine applied is ever different on another.
use crate::cluster::soak::{small, soak};
use splitvote_peer::Settings;
use splitvote_raft::Paper;

#[test]
fn three_peers_agree_whatever_happens() {
    for seed in 0..100 {
        assert_eq!(soak(seed, 3, Settings::default(), Paper), Ok(()), "seed {seed}");
    }
}

#[test]
fn four_and_five_peers_agree_with_small_windows_and_chunks() {
    for seed in 0..100 {
        let peers = 4 + seed as usize % 2;
        assert_eq!(soak(1_000 + seed, peers, small(seed), Paper), Ok(()), "seed {seed}");
    }
}

#[test]
fn a_peer_alone_agrees_with_itself() {
    for seed in 0..20 {
        assert_eq!(soak(seed, 1, Settings::default(), Paper), Ok(()), "seed {seed}");
    }
}
