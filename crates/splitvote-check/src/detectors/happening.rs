//! What may happen in a run without being a fault, by name, and how often it did.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use splitvote_peer::{Feature, Features, named};

named! {
    /// Something worth counting. A sweep may demand that it happens at least once.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    #[non_exhaustive]
    pub enum Happening {
        /// An election was won.
        WonElection = "won-election",
        /// An election ended with divided votes.
        SplitVote = "split-vote",
        /// A majority voted for a candidate that never took office.
        LostElection = "lost-election",
        /// A candidate alone found no majority.
        StarvedElection = "starved-election",
        /// A term was won directly after a split one.
        WonAfterSplit = "won-after-split",
        /// A second candidate stood in a term.
        RivalCandidates = "rival-candidates",
        /// A candidate became follower within its term.
        CandidateYields = "candidate-yields",
        /// A leader lost its office to a higher term.
        DethronedLeader = "dethroned-leader",
        /// A leader that could reach a majority was dethroned by a term that another peer started.
        DisruptivePeer = "disruptive-peer",
        /// Two live peers came to lead different terms at once.
        TwoLeaders = "two-leaders",
        /// A live leader came to be cut off from every majority, in one direction at least.
        LeaderIsolated = "leader-isolated",
        /// A leader crashed.
        LeaderCrash = "leader-crash",
        /// A peer crashed.
        Crash = "crash",
        /// A peer started again.
        Restart = "restart",
        /// A vote request reached a peer that had voted for another in that term.
        VoteWithheld = "vote-withheld",
        /// A vote request reached a peer whose own log is more up-to-date.
        OutdatedCandidate = "outdated-candidate",
        /// A vote request of an older term than the voter's arrived.
        StaleVoteRequest = "stale-vote-request",
        /// A peer was told that another would not vote for it, before it stood.
        PreVoteRefused = "pre-vote-refused",
        /// A pre-vote arrived for a term that is not above the receiver's.
        OldPreVote = "old-pre-vote",
        /// A request for a vote in a higher term was disregarded by a peer that follows a leader.
        VoteRequestDisregarded = "vote-request-disregarded",
        /// A leader stepped down within its term, as no majority answered.
        QuorumLost = "quorum-lost",
        /// A granted vote reached a peer that no longer stood in that term.
        LateGrant = "late-grant",
        /// A reply of an older term arrived.
        StaleReply = "stale-reply",
        /// A client was sent to the leader.
        Redirect = "redirect",
        /// A client asked a peer that knew no leader.
        UnknownLeader = "unknown-leader",
        /// A vote was granted that gave a candidate exactly half of the votes.
        HalfOfTheVotes = "half-of-the-votes",
        /// A vote request came from a longer log whose last term is older than the voter's.
        OldLongLog = "old-long-log",
        /// An entry was committed; each one counts.
        Commit = "commit",
        /// A leader committed entries of older terms along with one of its own.
        OldTermEntry = "old-term-entry",
        /// Entries were committed while a live peer was cut off from who committed them.
        CommitUnderPartition = "commit-under-partition",
        /// A leader lost its office or crashed with entries that nobody had committed.
        UncommittedTail = "uncommitted-tail",
        /// A leader that was cut off from every majority appended to its log.
        IsolatedAppend = "isolated-append",
        /// Entries that conflicted with the leader's were removed from a log.
        TruncatedLog = "truncated-log",
        /// A leader learned that a follower's log does not hold what precedes the entries sent.
        BackOff = "back-off",
        /// A peer that had missed committed entries, and restarted or refused, came to hold them all.
        CaughtUp = "lagging-follower-caught-up",
        /// An append arrived that ends below what its leader had already sent in that term.
        ShorterAppendAfterLonger = "shorter-append-after-longer",
        /// An append arrived that begins below the receiver's snapshot.
        AppendBehindSnapshot = "append-behind-snapshot",
        /// A peer discarded the front of its log, which a snapshot replaces.
        Compacted = "compacted",
        /// A running peer took over the leader's snapshot.
        SnapshotInstalled = "snapshot-installed",
        /// A restart began with a snapshot.
        SnapshotRestored = "snapshot-restored",
        /// A snapshot reached a follower that already had its last entry.
        SnapshotBehindLog = "snapshot-behind-log",
        /// A sync failed, or there was no space left, and the peer was told.
        SyncFailed = "sync-failed",
        /// A sync was reported as complete and made nothing durable.
        SyncLied = "sync-lied",
        /// A disk began to hang: none of its syncs completed for a while.
        DiskStalled = "disk-stalled",
        /// A durable record was damaged.
        RecordDamaged = "record-damaged",
        /// A peer booted without a durable record, and nothing told it.
        RecordMissing = "record-missing",
        /// A peer stopped by itself, or did not start with what it found.
        Stopped = "stopped",
        /// All peers restarted between two commitments.
        RestartOfAll = "restart-of-all",
        /// The core of a calm elected a leader, committed a probe, converged and stayed as it was.
        Settled = "settled",
        /// The core of a calm made no progress, and was not able to.
        AllowedToBeStuck = "allowed-to-be-stuck",
    }
}

impl Happening {
    /// What a Raft needs to have so that this can happen.
    #[must_use]
    pub fn needs(self) -> Features {
        use Feature::{CheckQuorum, Disk, HeedsCandidates, Log, PreVote, Refusals, Snapshots};
        match self {
            Self::WonElection
            | Self::SplitVote
            | Self::LostElection
            | Self::StarvedElection
            | Self::WonAfterSplit
            | Self::RivalCandidates
            | Self::CandidateYields
            | Self::DethronedLeader
            | Self::TwoLeaders
            | Self::LeaderIsolated
            | Self::LeaderCrash
            | Self::Crash
            | Self::VoteWithheld
            | Self::StaleVoteRequest
            | Self::VoteRequestDisregarded
            | Self::LateGrant
            | Self::HalfOfTheVotes => Features::NONE,
            Self::DisruptivePeer => Features::of(&[HeedsCandidates]),
            Self::StaleReply => Features::of(&[Refusals]),
            Self::PreVoteRefused | Self::OldPreVote => Features::of(&[PreVote]),
            Self::QuorumLost => Features::of(&[CheckQuorum]),
            Self::Restart
            | Self::RestartOfAll
            | Self::SyncFailed
            | Self::SyncLied
            | Self::DiskStalled
            | Self::RecordDamaged
            | Self::RecordMissing
            | Self::Stopped => Features::of(&[Disk]),
            Self::OutdatedCandidate
            | Self::Redirect
            | Self::UnknownLeader
            | Self::OldLongLog
            | Self::Commit
            | Self::OldTermEntry
            | Self::CommitUnderPartition
            | Self::UncommittedTail
            | Self::IsolatedAppend
            | Self::TruncatedLog
            | Self::BackOff
            | Self::CaughtUp
            | Self::ShorterAppendAfterLonger
            | Self::Settled
            | Self::AllowedToBeStuck => Features::of(&[Log]),
            Self::AppendBehindSnapshot
            | Self::Compacted
            | Self::SnapshotInstalled
            | Self::SnapshotRestored
            | Self::SnapshotBehindLog => Features::of(&[Log, Snapshots]),
        }
    }
}

/// How often each happening was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happenings {
    counts: [u64; Happening::ALL.len()],
}

impl Default for Happenings {
    fn default() -> Self {
        Self { counts: [0; Happening::ALL.len()] }
    }
}

/// Those that happened, by name: `{"won-election": 2}`.
impl Serialize for Happenings {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.iter().filter(|(_, count)| *count > 0))
    }
}

impl<'de> Deserialize<'de> for Happenings {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let counts = BTreeMap::<Happening, u64>::deserialize(from)?;
        let mut happenings = Self::default();
        counts.into_iter().for_each(|(happening, count)| happenings.add(happening, count));
        Ok(happenings)
    }
}

impl Happenings {
    /// How often it was seen.
    #[must_use]
    pub fn get(&self, happening: Happening) -> u64 {
        self.counts[happening as usize]
    }

    /// All happenings with their counts, those that never happened included.
    pub fn iter(&self) -> impl Iterator<Item = (Happening, u64)> + '_ {
        Happening::ALL.iter().copied().zip(self.counts.iter().copied())
    }

    /// Adds what another run saw.
    pub fn merge(&mut self, other: &Self) {
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count += more;
        }
    }

    pub(super) fn count(&mut self, happening: Happening) {
        self.add(happening, 1);
    }

    pub(super) fn add(&mut self, happening: Happening, times: u64) {
        let count = &mut self.counts[happening as usize];
        *count = count.saturating_add(times);
    }

    /// Takes one occurrence back: an election had not ended after all.
    pub(super) fn retract(&mut self, happening: Happening) {
        let count = &mut self.counts[happening as usize];
        *count = count.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_happening_is_found_by_its_name() {
        for happening in Happening::ALL {
            assert_eq!(Happening::find(happening.name()), Some(*happening));
        }
        assert_eq!(Happening::find("earthquake"), None);
    }

    #[test]
    fn what_two_runs_saw_adds_up() {
        let mut seen = Happenings::default();
        seen.count(Happening::Crash);
        let other = seen.clone();
        seen.merge(&other);
        assert_eq!(seen.get(Happening::Crash), 2);
        let happened: Vec<_> = seen.iter().filter(|(_, count)| *count > 0).collect();
        assert_eq!(happened, [(Happening::Crash, 2)]);
    }
}
