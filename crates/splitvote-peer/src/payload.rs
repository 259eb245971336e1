//! What clients and state machines hand to a Raft: bytes that it carries and does not look into.
//!
//! A long run of one byte at the end is counted and not kept, so that a command or a snapshot that is
//! padded to many megabytes takes as little memory as one that is not. How a payload came to be makes no
//! difference: two of the same bytes are equal, and are held alike.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A run of fewer bytes at the end is kept as it is.
const LEAST_COUNTED: usize = 64;

/// Bytes that Raft does not look into. Cheap to clone, and padding costs nothing.
///
/// ```
/// use splitvote_peer::Payload;
///
/// let whole = Payload::padded(b"state", 0, 64 << 20);
/// let (mut taken, end) = (whole.part(0..1000), whole.len());
/// taken.push(&whole.part(1000..end));
/// assert_eq!(taken, whole);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Payload {
    kept: Arc<[u8]>,
    padding: Padding,
}

/// So many equal bytes behind those that are kept: the byte, and how many, in one word. None, or at
/// least [`LEAST_COUNTED`], and the last byte that is kept is another.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Padding(u64);

impl Padding {
    const COUNT_BITS: u32 = 56;

    fn of(byte: u8, count: usize) -> Self {
        let most = (1 << Self::COUNT_BITS) - 1;
        let count = (count as u64).min(most);
        if count == 0 { Self(0) } else { Self(u64::from(byte) << Self::COUNT_BITS | count) }
    }

    #[inline]
    fn count(self) -> usize {
        (self.0 & ((1 << Self::COUNT_BITS) - 1)) as usize
    }

    fn byte(self) -> u8 {
        (self.0 >> Self::COUNT_BITS) as u8
    }

    /// Whether it consists of these bytes; no padding consists of any.
    fn is_of(self, byte: u8) -> bool {
        self.count() == 0 || self.byte() == byte
    }
}

impl Payload {
    /// A payload of these bytes.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        Self::padded(bytes, 0, 0)
    }

    /// These bytes, and behind them as many of one byte as it takes to have so many in all. Fewer than there
    /// are cut off nothing.
    #[must_use]
    pub fn padded(bytes: &[u8], byte: u8, length: usize) -> Self {
        let count = length.saturating_sub(bytes.len());
        if count > 0 && count < LEAST_COUNTED {
            let mut whole = bytes.to_vec();
            whole.resize(length, byte);
            return Self::new(&whole);
        }
        let byte = if count > 0 { byte } else { bytes.last().copied().unwrap_or_default() };
        let run = bytes.iter().rev().take_while(|last| **last == byte).count();
        if run + count < LEAST_COUNTED {
            return Self { kept: Arc::from(bytes), padding: Padding::default() };
        }
        let kept = bytes.get(..bytes.len() - run).unwrap_or_default();
        Self { kept: Arc::from(kept), padding: Padding::of(byte, run + count) }
    }

    /// How many bytes they are.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.kept.len() + self.padding.count()
    }

    /// Whether there is no byte.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All bytes, the padding included: it is written out for that.
    #[must_use]
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        if self.padding.count() == 0 {
            return Cow::Borrowed(&self.kept);
        }
        let mut whole = self.kept.to_vec();
        whole.resize(self.len(), self.padding.byte());
        Cow::Owned(whole)
    }

    /// The bytes without a long run of one byte at the end; of that run `most` bytes, or as many as there are.
    pub fn beginning(&self, most: usize) -> impl Iterator<Item = u8> + '_ {
        let padding = std::iter::repeat_n(self.padding.byte(), self.padding.count().min(most));
        self.kept.iter().copied().chain(padding)
    }

    /// How many bytes of padding there are.
    #[inline]
    pub(crate) fn padding(&self) -> usize {
        self.padding.count()
    }

    /// The bytes of a range; of one that reaches beyond the end those that there are.
    #[must_use]
    pub fn part(&self, range: Range<usize>) -> Self {
        let (start, end) = (range.start.min(self.len()), range.end.min(self.len()));
        if (start, end) == (0, self.len()) {
            return self.clone();
        }
        let kept = |at: usize| at.min(self.kept.len());
        let bytes = self.kept.get(kept(start)..kept(end)).unwrap_or_default();
        Self::padded(bytes, self.padding.byte(), end.saturating_sub(start))
    }

    /// Adds other bytes behind these. Padding of both is written out only if the other bytes do not
    /// continue it.
    pub fn push(&mut self, other: &Self) {
        let length = self.len().saturating_add(other.len());
        let byte =
            if self.padding.count() > 0 { self.padding.byte() } else { other.padding.byte() };
        let continues = other.padding.is_of(byte) && other.kept.iter().all(|next| *next == byte);
        *self = if continues && (self.padding.count() > 0 || other.padding.count() > 0) {
            Self::padded(&self.kept, byte, length)
        } else {
            let mut whole = self.bytes().into_owned();
            whole.extend_from_slice(&other.kept);
            Self::padded(&whole, other.padding.byte(), length)
        };
    }
}

impl Default for Payload {
    fn default() -> Self {
        Self::new(&[])
    }
}

impl From<&[u8]> for Payload {
    fn from(bytes: &[u8]) -> Self {
        Self::new(bytes)
    }
}

impl From<Vec<u8>> for Payload {
    fn from(bytes: Vec<u8>) -> Self {
        Self::new(&bytes)
    }
}

impl<const N: usize> From<[u8; N]> for Payload {
    fn from(bytes: [u8; N]) -> Self {
        Self::new(&bytes)
    }
}

impl FromIterator<u8> for Payload {
    fn from_iter<I: IntoIterator<Item = u8>>(bytes: I) -> Self {
        bytes.into_iter().collect::<Vec<u8>>().into()
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", String::from_utf8_lossy(&self.kept))?;
        match self.padding.count() {
            0 => Ok(()),
            count => write!(f, " and {count} times the byte {}", self.padding.byte()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes with short and long runs of two kinds, in all orders.
    fn samples() -> Vec<Vec<u8>> {
        let runs: [(u8, usize); 7] = [(0, 0), (0, 1), (0, 63), (0, 64), (0, 200), (7, 3), (7, 80)];
        let mut samples = Vec::new();
        for (first, times) in runs {
            for (second, more) in runs {
                let mut bytes = vec![first; times];
                bytes.resize(times + more, second);
                samples.push(bytes);
            }
        }
        samples
    }

    #[test]
    fn it_is_its_bytes_however_it_came_to_be() {
        for one in samples() {
            let payload = Payload::new(&one);
            assert_eq!((payload.len(), &*payload.bytes()), (one.len(), &*one));
            for cut in [0, 1, 3, 63, 64, 65, 100, one.len()] {
                let (start, end) = (payload.part(0..cut), payload.part(cut..one.len()));
                assert_eq!(start, Payload::new(&one[..cut.min(one.len())]));
                let mut again = start;
                again.push(&end);
                assert_eq!(again, payload, "{one:?} cut at {cut}");
            }
            for other in samples() {
                let mut both = payload.clone();
                both.push(&Payload::new(&other));
                assert_eq!(both, Payload::new(&[one.clone(), other].concat()));
            }
        }
    }

    #[test]
    fn padding_is_counted_and_not_kept() {
        let length = 1 << 50;
        let whole = Payload::padded(b"state", 0, length);
        assert_eq!((whole.len(), whole.kept.len()), (length, 5));
        let mut parts = whole.part(0..8);
        for (from, to) in [(8, 10), (10, 1 << 40), (1 << 40, length - 1), (length - 1, length)] {
            parts.push(&whole.part(from..to));
        }
        assert_eq!(parts, whole);
        assert_eq!(whole.part(length - 3..usize::MAX).bytes(), vec![0; 3]);
        assert_eq!(format!("{:?}", Payload::padded(b"9", b' ', 65)), "9 and 64 times the byte 32");
    }
}
