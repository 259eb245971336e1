//! A set of digests: nothing but adding and asking, at the price of a look or two.
//!
//! The digests are evenly spread, so that they are their own hash. Nothing goes through the set in its order.

/// A set of digests.
#[derive(Clone, Debug, Default)]
pub(super) struct Digests {
    /// A power of two of them, at most half full; zero is empty.
    slots: Vec<u64>,
    count: usize,
    /// Whether zero is a member.
    has_zero: bool,
}

impl Digests {
    const FEWEST: usize = 64;

    /// Adds a digest.
    #[inline]
    pub(super) fn insert(&mut self, digest: u64) {
        if digest == 0 {
            self.has_zero = true;
            return;
        }
        if self.count * 2 >= self.slots.len() {
            self.grow();
        }
        let place = self.place(digest);
        self.count += usize::from(self.slots[place] == 0);
        self.slots[place] = digest;
    }

    /// Whether a digest is a member.
    #[inline]
    pub(super) fn contains(&self, digest: u64) -> bool {
        match digest {
            0 => self.has_zero,
            _ => !self.slots.is_empty() && self.slots[self.place(digest)] == digest,
        }
    }

    /// Where a digest is, or where it would be: there are slots, and some are empty.
    #[inline]
    fn place(&self, digest: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut place = digest as usize & mask;
        while self.slots[place] != 0 && self.slots[place] != digest {
            place = (place + 1) & mask;
        }
        place
    }

    #[cold]
    fn grow(&mut self) {
        let room = (self.slots.len() * 2).max(Self::FEWEST);
        let old = std::mem::replace(&mut self.slots, vec![0; room]);
        self.count = 0;
        old.into_iter().filter(|digest| *digest != 0).for_each(|digest| self.insert(digest));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_knows_what_was_put_in_and_nothing_else() {
        let mut set = Digests::default();
        assert!(!set.contains(0) && !set.contains(1));
        // They all want the same few slots.
        let digests: Vec<u64> = (0..1_000).map(|number| (number << 32) | (number % 3)).collect();
        for digest in &digests {
            set.insert(*digest);
            set.insert(*digest);
        }
        assert!(digests.iter().all(|digest| set.contains(*digest)));
        assert!(digests.iter().all(|digest| !set.contains(digest ^ 1 << 60)));
        assert_eq!(set.count, 999, "zero is beside the slots");
    }
}
