//! Choices that a plan writes down instead of drawing them (design, decision 3).
//!
//! The draw is made all the same, so that an override leaves every other choice as it was.

use std::collections::BTreeMap;
use std::time::Duration;

use splitvote_peer::PeerId;

use crate::network::rules::Verdict;

/// What becomes of single packets: of the k-th (from 0) on a directed link.
pub type Decisions = BTreeMap<(PeerId, PeerId, u64), Verdict>;

/// Draws of one run that are fixed by hand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// The fate of the k-th packet (from 0) on a directed link. On the labs' network the draws of a
    /// reply belong to its request, and only requests and one-way messages count.
    pub packets: Decisions,
    /// The k-th election timeout (from 0) that a peer draws.
    pub election_timeouts: BTreeMap<(PeerId, u64), Duration>,
}
