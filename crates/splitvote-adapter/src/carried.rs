//! What a Raft carries in place of a command.

use splitvote_peer::{Command, EntryId, Term};

/// A command as its digest and its size: 16 bytes, however large it is. No Raft looks into commands, and the harness
/// asks for no more of them than this.
///
/// ```
/// use splitvote_adapter::Carried;
/// use splitvote_peer::Command;
///
/// let command = Command::new(b"x = 1");
/// let carried = Carried::from_bytes(&Carried::of(&command).to_bytes());
/// assert_eq!((carried.in_term(3), carried.size()), (command.in_term(3), 5));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carried {
    digest: u64,
    size: u64,
}

impl Carried {
    /// An entry that no client asked for.
    pub const OWN: Self = Self { digest: 0x0000_c0de_0000_c0de, size: 0 };

    /// What stands for a command.
    #[must_use]
    pub fn of(command: &Command) -> Self {
        Self { digest: command.digest(), size: command.size() as u64 }
    }

    /// As bytes, for the data of an entry.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 16] {
        (u128::from(self.digest) | u128::from(self.size) << 64).to_le_bytes()
    }

    /// What such bytes stand for; any others are an entry that no client asked for.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let Ok(bytes) = <[u8; 16]>::try_from(bytes) else { return Self::OWN };
        let both = u128::from_le_bytes(bytes);
        Self { digest: both as u64, size: (both >> 64) as u64 }
    }

    /// How many bytes the command has.
    #[must_use]
    pub fn size(self) -> usize {
        self.size as usize
    }

    /// What identifies its entry.
    #[must_use]
    pub fn in_term(self, term: Term) -> EntryId {
        EntryId { term, digest: self.digest }
    }
}
