//! Names for things: peers, terms, positions in a log, calls, syncs and client requests.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::payload::Payload;

/// A term: Raft's logical clock (paper, section 5.1). The first election is held in term 1.
pub type Term = u64;

/// A position in the log, counted from 1; 0 stands before the first entry.
pub type LogIndex = u64;

/// One member of the cluster, counted from 0. Prints as `S0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PeerId(pub u8);

impl PeerId {
    /// The most peers that a cluster may have.
    pub const MAX_PEERS: usize = 128;

    /// This peer's place in a table with one row a peer.
    #[inline]
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// All peers of a cluster of `count`, in order; those below [`PeerId::MAX_PEERS`] if it is more.
    pub fn all(count: usize) -> impl DoubleEndedIterator<Item = Self> + Clone {
        (0..count.min(Self::MAX_PEERS) as u8).map(PeerId)
    }
}

impl fmt::Display for PeerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "S{}", self.0)
    }
}

/// Where a log ends: the index and the term of its last entry; 0 and 0 for an empty log.
///
/// The order is the paper's "more up-to-date" (section 5.4.1): by last term, then by last index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LogPosition {
    /// The index of the entry.
    pub index: LogIndex,
    /// The term in which a leader received the entry.
    pub term: Term,
}

impl PartialOrd for LogPosition {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for LogPosition {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.term, self.index).cmp(&(other.term, other.index))
    }
}

impl fmt::Display for LogPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.index, self.term)
    }
}

/// What identifies an entry: its term and a digest of its command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EntryId {
    /// The term in which a leader received the entry.
    pub term: Term,
    /// A 64-bit digest of the payload.
    #[serde(with = "crate::serial::hex")]
    pub digest: u64,
}

/// One RPC, from the call to its last reply. Unique within a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CallId {
    /// The call's number among all calls of the run.
    pub number: u64,
    /// Which life of the caller made the call; a reply to an earlier life is dropped.
    pub boot: u32,
    /// The peer that made the call.
    pub caller: PeerId,
}

/// One sync of a peer's disk, counted from 1 in each life of the peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SyncId(pub u64);

/// One request of a client, unique within a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RequestId(pub u64);

/// A command for the replicated state machine: bytes that Raft does not look into, and their digest,
/// computed once.
#[derive(Clone, PartialEq, Eq)]
pub struct Command {
    digest: u64,
    payload: Payload,
}

impl Command {
    /// A command that carries these bytes.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        Self::of(Payload::new(bytes))
    }

    /// A command that carries this payload. Its padding is counted and not kept.
    #[must_use]
    pub fn of(payload: Payload) -> Self {
        Self { digest: digest_of(&payload), payload }
    }

    /// What the client wants applied. Padding is written out for that: ask [`Self::size`] for its size.
    #[must_use]
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        self.payload.bytes()
    }

    /// What the client wants applied, as it is held.
    #[must_use]
    pub fn payload(&self) -> &Payload {
        &self.payload
    }

    /// How many bytes it carries.
    #[inline]
    #[must_use]
    pub fn size(&self) -> usize {
        self.payload.len()
    }

    /// A 64-bit digest of the bytes: two commands are taken for the same if it is.
    #[inline]
    #[must_use]
    pub fn digest(&self) -> u64 {
        self.digest
    }

    /// What identifies an entry that carries this command.
    #[inline]
    #[must_use]
    pub fn in_term(&self, term: Term) -> EntryId {
        EntryId { term, digest: self.digest }
    }
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Command({:?})", self.payload)
    }
}

/// FNV-1a, 64 bits: the same on every machine, and short enough to be read. Of padding beyond
/// [`MOST_PADDING_DIGESTED`] its length is taken in instead of its bytes.
fn digest_of(payload: &Payload) -> u64 {
    let then = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    let hash = payload.beginning(MOST_PADDING_DIGESTED).fold(0xcbf2_9ce4_8422_2325, then);
    match payload.padding().saturating_sub(MOST_PADDING_DIGESTED) as u64 {
        0 => hash,
        rest => rest.to_le_bytes().into_iter().fold(hash, then),
    }
}

/// So many bytes of a command's padding are taken into its digest one by one.
const MOST_PADDING_DIGESTED: usize = 8192;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_last_term_beats_a_longer_log() {
        let long_but_old = LogPosition { index: 9, term: 2 };
        let short_but_new = LogPosition { index: 1, term: 3 };
        assert!(short_but_new > long_but_old);
        assert!(LogPosition { index: 2, term: 3 } > short_but_new);
    }

    #[test]
    fn a_digest_tells_commands_apart() {
        assert_eq!(Command::new(b"a").digest(), 0xaf63_dc4c_8601_ec8c, "the published test value");
        assert_ne!(Command::new(b"a"), Command::new(b"b"));
        assert_eq!(&*Command::new(b"").bytes(), b"");
    }

    #[test]
    fn a_command_of_many_megabytes_costs_no_more_than_a_small_one() {
        let padded = |length| Command::of(Payload::padded(b"7", b' ', length));
        let (one, more) = (padded(1 << 40), padded((1 << 40) + 1));
        assert_eq!(one.size(), 1 << 40);
        assert_ne!(one.digest(), more.digest(), "its length counts");
        for length in [MOST_PADDING_DIGESTED, MOST_PADDING_DIGESTED + 1, MOST_PADDING_DIGESTED + 2]
        {
            let written_out = Command::new(&padded(length).bytes());
            assert_eq!(written_out, padded(length), "it is the same written out");
        }
        let whole = [b"7".to_vec(), vec![b' '; 4999]].concat();
        let byte_by_byte = whole.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        assert_eq!(padded(5000).digest(), byte_by_byte, "short padding is digested as any bytes");
    }
}
