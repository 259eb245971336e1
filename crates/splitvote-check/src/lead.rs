//! What an explanation has to look for in a trace: the closed vocabulary between the checkers, which
//! know what matters, and the report, which knows the trace.

use splitvote_peer::{LogIndex, LogPosition, PeerId, PeerSet, Role, Term};

use crate::patience::Calmed;

/// Something to look for, up to the moment in which a rule was seen to be broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lead {
    /// The election that made a peer leader of a term, vote by vote.
    Election(PeerId, Term),
    /// The same election in one sentence, its votes counted.
    Office(PeerId, Term),
    /// Why a peer stood in a term.
    Candidacy(PeerId, Term),
    /// The last change of a peer's role or term, and its election if it led.
    OwnPast(PeerId),
    /// How a peer came into a term.
    TermEntered(PeerId, Term),
    /// A vote, where it was cast: who voted, for whom, in which term.
    Vote(PeerId, PeerId, Term),
    /// Two votes of one peer in one term, and how it forgot the first.
    BothVotes {
        /// Who voted twice.
        voter: PeerId,
        /// In which term.
        term: Term,
        /// The candidate that got the vote.
        candidates: [PeerId; 2],
    },
    /// The same, and how the vote was forgotten.
    ForgottenVote(PeerId, PeerId, Term),
    /// A vote of the same for the same in an earlier term than this, if there was one.
    EarlierVote(PeerId, PeerId, Term),
    /// What a peer's disk has of terms and votes; the words begin the remark that ends in "has term 3
    /// and no vote".
    BallotOnDisk(PeerId, &'static str),
    /// Who said yes when a candidate asked who would vote for it, and to which question.
    PreVotes(PeerId, Term),
    /// The last answer that a leader had of each peer that is silent, and which links are cut.
    Silence {
        /// The peer that leads.
        leader: PeerId,
        /// The term that this is about.
        term: Term,
        /// Who does answer it.
        answering: PeerSet,
    },
    /// The last AppendEntries that a peer had from its leader.
    LeaderHeard {
        /// Who heard it.
        peer: PeerId,
        /// The peer that sent it.
        leader: PeerId,
    },
    /// How an entry came into a peer's log, this moment included.
    Entry(PeerId, LogPosition),
    /// How an entry had come into a peer's log before this moment, in which it may be lost.
    EntryBefore(PeerId, LogPosition),
    /// When an entry became durable on a peer's disk.
    EntryOnDisk(PeerId, LogPosition),
    /// Why a peer's log does not hold an entry.
    EntryMissing(PeerId, LogPosition),
    /// Why a peer's disk does not hold an entry, though its memory may.
    EntryNotOnDisk(PeerId, LogPosition),
    /// Why the peer that had this moment's peer give an entry up did not hold it itself.
    EntryGivenUp(LogPosition),
    /// How an entry came into each log that holds it.
    Holders(LogPosition),
    /// Whose memory alone holds an entry, besides the disks that the judge knows to hold it.
    Durability {
        /// The entry that this is about.
        entry: LogPosition,
        /// Whose disks hold it: what the verdict says, so that both say the same.
        on_disk: PeerSet,
        /// They may be empty, and begin the remark that ends in "1@1 is on no disk".
        words: &'static str,
    },
    /// How an entry was committed: in this term, or in any.
    Commitment(LogPosition, Option<Term>),
    /// Why a leader was elected that does not hold a committed entry.
    ElectedWithout {
        /// The peer that leads.
        leader: PeerId,
        /// The term that this is about.
        term: Term,
        /// The entry that this is about.
        entry: LogPosition,
        /// The term in which it was committed.
        committed_in: Term,
    },
    /// The election of whoever led a term, if it did not hold an entry that had been committed in an earlier one.
    LaterElection {
        /// The term that this is about.
        term: Term,
        /// The entry that this is about.
        entry: LogPosition,
    },
    /// When the election timer of a peer had to start anew, and whether it did.
    TimerReset(PeerId, Calmed),
    /// Where the logs of two peers first differ, up to an entry that both hold.
    FirstDifference([PeerId; 2], LogPosition),
    /// The message of this moment, word by word.
    Message,
    /// When a peer last had its disk forget its older records.
    DiskRewritten(PeerId),
    /// An earlier moment in which a leader accounted as much to a follower.
    EarlierAccount {
        /// The peer that leads.
        leader: PeerId,
        /// Whose account it is.
        follower: PeerId,
        /// The leader's `matchIndex` of the follower.
        matched: LogIndex,
    },
    /// The last snapshots of a peer, made or stored, and what it had applied.
    Snapshots(PeerId),
    /// The last snapshot that reached a peer's disk as a whole.
    SnapshotOnDisk(PeerId),
    /// What a peer last took for committed or applied.
    Applied(PeerId),
    /// Something to say of this moment.
    Remark(String),
}

impl Lead {
    /// How a peer came to be what it is: its election, or how it came into its term.
    pub(crate) fn came_to_be(peer: PeerId, role: Role, term: Term) -> Self {
        match role {
            Role::Leader => Self::Election(peer, term),
            Role::Follower | Role::Candidate => Self::TermEntered(peer, term),
        }
    }

    /// A remark that a peer's log ends at a better position than another's.
    pub(crate) fn better_log(last: LogPosition) -> Self {
        Self::Remark(format!("its own log ends at {last}, which is more up-to-date"))
    }
}
