//! How disks behave, and what they get wrong.

use serde::{Deserialize, Serialize};
use splitvote_peer::{PeerId, PeerSet};

use crate::chance::Probability;
use crate::digest::Digest;
use crate::latency::Latency;

/// How disks behave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiskProfile {
    /// How long a sync takes.
    pub sync_latency: Latency,
    /// Some syncs take another time.
    pub slow_sync: SlowSync,
    /// What a crash keeps of the records that were not synced.
    pub unsynced: Unsynced,
    /// How often a sync is reported as complete, in its time, though it makes nothing durable. What
    /// it should have covered becomes durable with the next honest sync. No Raft survives this:
    /// whatever it promised may be gone after a crash.
    pub lying: Probability,
    /// Whose disks may lie; all of them unless said otherwise.
    #[serde(default = "everyone", skip_serializing_if = "is_everyone")]
    pub liars: PeerSet,
    /// How often a sync fails with an I/O error, and the peer is told
    /// ([`splitvote_peer::Peer::sync_failed`]).
    #[serde(default, skip_serializing_if = "is_never")]
    pub failing: Probability,
    /// Whose syncs are slow and fail; those of all disks unless said otherwise.
    #[serde(default = "everyone", skip_serializing_if = "is_everyone")]
    pub of: PeerSet,
}

fn is_never(probability: &Probability) -> bool {
    *probability == Probability::NEVER
}

fn everyone() -> PeerSet {
    PeerSet::all(PeerId::MAX_PEERS)
}

/// That all disks are meant goes without saying.
fn is_everyone(peers: &PeerSet) -> bool {
    *peers == everyone()
}

impl DiskProfile {
    /// The same with other names for the peers whose disks these are. What is left to nobody does not happen.
    #[must_use]
    pub fn renamed(self, name: impl Fn(PeerId) -> Option<PeerId>) -> Self {
        let named = |peers: PeerSet| {
            if is_everyone(&peers) { peers } else { peers.iter().filter_map(&name).collect() }
        };
        let mut renamed = Self { liars: named(self.liars), of: named(self.of), ..self };
        let usual = Self::default();
        if renamed.liars.is_empty() {
            renamed = Self { lying: usual.lying, liars: usual.liars, ..renamed };
        }
        if renamed.of.is_empty() {
            let Self { slow_sync, failing, of, .. } = usual;
            renamed = Self { slow_sync, failing, of, ..renamed };
        }
        renamed
    }

    /// All that it says, for the digest.
    pub(crate) fn absorb(&self, digest: &mut Digest) {
        digest.absorb_words(&self.words());
        if self.liars != Self::default().liars {
            self.liars.iter().for_each(|liar| digest.absorb_words(&[liar.0.into()]));
            digest.absorb_words(&[u64::MAX]);
        }
        if self.failing != Probability::NEVER {
            digest.absorb_words(&[u64::MAX - 1, self.failing.parts().into()]);
        }
        if !is_everyone(&self.of) {
            digest.absorb_words(&[u64::MAX - 2]);
            self.of.iter().for_each(|of| digest.absorb_words(&[of.0.into()]));
        }
    }

    /// All that it says besides what came later, who lies, what fails and whose disks these are: digests stay what they
    /// were.
    fn words(&self) -> [u64; 12] {
        let Self { sync_latency, slow_sync, unsynced, lying, liars: _, failing: _, of: _ } = self;
        let [s0, s1, s2, s3, s4] = sync_latency.words();
        let [l0, l1, l2, l3, l4] = slow_sync.latency.words();
        let often = u64::from(slow_sync.probability.parts()) << 32 | u64::from(lying.parts());
        [*unsynced as u64, often, s0, s1, s2, s3, s4, l0, l1, l2, l3, l4]
    }
}

impl Default for DiskProfile {
    /// A sync takes no time, as the lab's persister, and what was not synced is lost.
    fn default() -> Self {
        Self {
            sync_latency: Latency::NONE,
            slow_sync: SlowSync::default(),
            unsynced: Unsynced::Lost,
            lying: Probability::NEVER,
            liars: everyone(),
            failing: Probability::NEVER,
            of: everyone(),
        }
    }
}

/// Syncs that take another time than most: a disk that is busy, or about to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlowSync {
    /// How often it happens.
    pub probability: Probability,
    /// How long such a sync takes, instead of [`DiskProfile::sync_latency`].
    pub latency: Latency,
}

impl Default for SlowSync {
    /// Never, by default.
    fn default() -> Self {
        Self { probability: Probability::NEVER, latency: Latency::NONE }
    }
}

/// What a crash keeps of the records that were persisted but not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unsynced {
    /// Nothing of it survives.
    Lost,
    /// A prefix of a drawn length.
    Prefix,
    /// A prefix of a drawn length, and in one case of two what is left of the record behind it: it
    /// was being written ([`splitvote_peer::Record::torn`]).
    Torn,
    /// One of the three, drawn at each crash.
    Varied,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::time::Duration;

    #[test]
    fn what_is_left_to_nobody_does_not_happen() {
        let (often, two) = (Probability::percent(1), PeerSet::all(2));
        let slow_sync = SlowSync { probability: often, latency: Latency::NONE };
        let bad = DiskProfile { lying: often, failing: often, slow_sync, ..DiskProfile::default() };
        let named = DiskProfile { liars: two, of: two, ..bad };
        let next = |peer: PeerId| (peer.0 > 0).then(|| PeerId(peer.0 + 1));
        let moved = PeerSet::from_iter([PeerId(2)]);
        assert_eq!(named.renamed(next), DiskProfile { liars: moved, of: moved, ..named });
        assert_eq!(named.renamed(|_| None), DiskProfile::default());
        assert_eq!(bad.renamed(|_| None), bad, "all disks stay all disks");
    }

    #[test]
    fn profiles_that_differ_have_different_words() {
        let (plain, once) = (DiskProfile::default(), Probability::percent(1));
        let late = Latency::Constant(Duration::from_millis(1));
        let profiles = [
            plain,
            DiskProfile { sync_latency: late, ..plain },
            DiskProfile { slow_sync: SlowSync { latency: late, ..plain.slow_sync }, ..plain },
            DiskProfile { slow_sync: SlowSync { probability: once, ..plain.slow_sync }, ..plain },
            DiskProfile { unsynced: Unsynced::Prefix, ..plain },
            DiskProfile { unsynced: Unsynced::Torn, ..plain },
            DiskProfile { unsynced: Unsynced::Varied, ..plain },
            DiskProfile { lying: once, ..plain },
            DiskProfile { liars: PeerSet::EMPTY, ..plain },
            DiskProfile { liars: PeerSet::all(2), ..plain },
            DiskProfile { failing: once, ..plain },
            DiskProfile { of: PeerSet::EMPTY, ..plain },
            DiskProfile { of: PeerSet::all(2), ..plain },
        ];
        let digest = |profile: &DiskProfile| {
            let mut digest = Digest::default();
            profile.absorb(&mut digest);
            digest.value()
        };
        let words: BTreeSet<_> = profiles.iter().map(digest).collect();
        assert_eq!(words.len(), profiles.len());
    }
}
