//! Partitions of any shape, one after the other.

use std::time::Duration;

use proptest::prelude::*;
use splitvote::fault::{Heal, Partition};
use splitvote::peer::PeerSet;
use splitvote::{PeerId, Timed};

use crate::peers::size;
use crate::schedule::Schedule;
use crate::times::instant;

/// The most partitions of one run.
const MOST: usize = 10;
/// Within which time they come.
const LASTS: Duration = Duration::from_secs(5);

/// Up to ten partitions within five seconds, each of which replaces the one before: two groups of any
/// sizes, bridges that are in both, and peers that are alone. Shrinks to fewer partitions, and toward partitions that
/// split fewer peers off.
pub fn partitions(peers: usize) -> impl Strategy<Value = Schedule> {
    let split = (instant(LASTS), groups(peers));
    proptest::collection::vec(split, 0..=MOST).prop_map(move |splits| {
        let act = |groups: Vec<PeerSet>| match groups.len() {
            1 if groups[0].len() == peers => Heal.into(),
            _ => Partition { groups }.into(),
        };
        let timed = splits.into_iter().map(|(at, groups)| Timed { at, act: act(groups) });
        Schedule::new(peers, timed.collect())
    })
}

/// Where a peer is: first in the main group, then in the other one, in both, or alone.
pub(crate) fn groups(peers: usize) -> impl Strategy<Value = Vec<PeerSet>> + Clone {
    const MAIN: [u8; 2] = [0, 2];
    const OTHER: [u8; 2] = [1, 2];
    proptest::collection::vec(0..4_u8, usize::from(size(peers))).prop_map(|places| {
        let group = |those: [u8; 2]| -> PeerSet {
            let is_in = |peer: &PeerId| those.contains(&places[peer.index()]);
            PeerId::all(places.len()).filter(is_in).collect()
        };
        let mut groups = vec![group(MAIN), group(OTHER)];
        groups.retain(|group| !group.is_empty());
        if groups.is_empty() {
            // Whoever is in no group is alone, and so is whoever is in one by itself.
            groups.push(PeerSet::from_iter([PeerId(0)]));
        }
        groups
    })
}
