//! Which seeds to run: a number of them, or a range.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use splitvote_sim::Seed;

/// A range of seeds. Reads `1000` (the seeds 0 to 999) and `500..600`.
///
/// ```
/// use splitvote::{Seed, Seeds};
///
/// let seeds: Seeds = "500..502".parse()?;
/// assert_eq!(seeds.iter().collect::<Vec<_>>(), [Seed(500), Seed(501)]);
/// assert_eq!("2".parse(), Ok(Seeds::first(2)));
/// # Ok::<(), splitvote::seeds::SeedsError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seeds(Range<u64>);

/// A text that names no seeds.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` names no seeds: write a number such as 1000, or a range such as 500..600")]
pub struct SeedsError(String);

impl Seeds {
    /// The seeds from 0 on.
    #[must_use]
    pub fn first(count: u64) -> Self {
        Self(0..count)
    }

    /// One seed. The greatest number of all is none: it has no end.
    ///
    /// # Errors
    /// If the seed is [`u64::MAX`].
    pub fn only(seed: impl Into<Seed>) -> Result<Self, SeedsError> {
        let Seed(start) = seed.into();
        let end = start.checked_add(1).ok_or_else(|| SeedsError(start.to_string()))?;
        Ok(Self(start..end))
    }

    /// The seeds from one on to another, which is not among them any more.
    #[must_use]
    pub fn between(start: impl Into<Seed>, end: impl Into<Seed>) -> Self {
        Self(start.into().0..end.into().0)
    }

    /// The first seed; one that is not among them if there is none.
    #[must_use]
    pub fn start(&self) -> Seed {
        Seed(self.0.start)
    }

    /// The seeds in order.
    pub fn iter(&self) -> impl Iterator<Item = Seed> + use<> {
        self.0.clone().map(Seed)
    }

    /// At most `count` of the seeds, from the one on that `skipped` others precede.
    pub(crate) fn part(&self, skipped: u64, count: u64) -> impl Iterator<Item = Seed> + use<> {
        let start = self.0.start.saturating_add(skipped);
        (start..start.saturating_add(count).min(self.0.end)).map(Seed)
    }

    /// How many seeds there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.end.saturating_sub(self.0.start)
    }
}

impl FromStr for Seeds {
    type Err = SeedsError;

    fn from_str(text: &str) -> Result<Self, SeedsError> {
        let wrong = || SeedsError(text.to_owned());
        let number = |text: &str| text.trim().replace('_', "").parse::<u64>().map_err(|_| wrong());
        let seeds = match text.split_once("..") {
            Some((start, end)) => number(start)?..number(end)?,
            None => 0..number(text)?,
        };
        if seeds.is_empty() { Err(wrong()) } else { Ok(Self(seeds)) }
    }
}

impl fmt::Display for Seeds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.count() == 1 {
            write!(f, "seed {}", self.0.start)
        } else {
            write!(f, "seeds {}..{}", self.0.start, self.0.end)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_a_count_or_a_range() {
        assert_eq!("1_000".parse(), Ok(Seeds(0..1_000)));
        assert_eq!("5..7".parse(), Ok(Seeds(5..7)));
        for wrong in ["", "0", "7..5", "7..7", "-1", "a", "1..b"] {
            assert!(wrong.parse::<Seeds>().is_err(), "{wrong}");
        }
        let five = Seeds::between(5, 10);
        assert_eq!((five.start(), five.count(), five.iter().last()), (Seed(5), 5, Some(Seed(9))));
        assert_eq!(five.part(3, 3).collect::<Vec<_>>(), [Seed(8), Seed(9)], "there are no more");
        assert!(Seeds::only(u64::MAX).is_err());
        assert_eq!(Seeds::only(u64::MAX - 1).unwrap().count(), 1);
    }
}
