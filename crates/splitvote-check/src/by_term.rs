//! One thing a term. Nearly all that happens concerns the highest term, which is found without a search.

use std::collections::BTreeMap;

use splitvote_peer::Term;

/// Things that are kept for ever, one a term.
#[derive(Clone, Debug)]
pub(crate) struct ByTerm<T> {
    /// That of the highest term.
    newest: Option<(Term, T)>,
    older: BTreeMap<Term, T>,
}

impl<T> Default for ByTerm<T> {
    fn default() -> Self {
        Self { newest: None, older: BTreeMap::new() }
    }
}

impl<T> ByTerm<T> {
    pub(crate) fn get(&self, term: Term) -> Option<&T> {
        match &self.newest {
            Some((newest, thing)) if *newest == term => Some(thing),
            _ => self.older.get(&term),
        }
    }

    pub(crate) fn get_mut(&mut self, term: Term) -> Option<&mut T> {
        match &mut self.newest {
            Some((newest, thing)) if *newest == term => Some(thing),
            _ => self.older.get_mut(&term),
        }
    }

    /// That of a term, made now if there is none.
    pub(crate) fn of(&mut self, term: Term, make: impl Fn() -> T) -> &mut T {
        if self.newest.as_ref().is_none_or(|(newest, _)| *newest < term) {
            self.older.extend(self.newest.replace((term, make())));
        }
        match &mut self.newest {
            Some((newest, thing)) if *newest == term => thing,
            _ => self.older.entry(term).or_insert_with(make),
        }
    }

    /// All of them, in the order of their terms.
    pub(crate) fn values(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.older.values().chain(self.newest.as_ref().map(|(_, thing)| thing))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_term_has_its_own_in_whatever_order_they_come() {
        let mut things = ByTerm::default();
        for term in [5, 3, 8, 8, 1, 5, 9, 3] {
            *things.of(term, || term * 100) += 1;
        }
        let values: Vec<u64> = things.values().copied().collect();
        assert_eq!(values, [101, 302, 502, 802, 901]);
        assert_eq!((things.get(8), things.get(9), things.get(4)), (Some(&802), Some(&901), None));
        *things.get_mut(3).unwrap() = 7;
        assert_eq!(things.get(3), Some(&7));
        assert!(things.get_mut(2).is_none());
    }
}
