//! Whole numbers and durations on the command line, and what is said of a word that is none.

use std::fmt::Display;
use std::ops::RangeInclusive;

/// The greatest seed: the greatest number of all has no number after it, by which a range of seeds would end.
pub(crate) const LAST_SEED: u64 = u64::MAX - 1;

/// How many seeds of each scenario `run` takes unless it is told.
pub(crate) const USUAL_SEEDS: &str = "1000";

/// A reader of whole numbers within bounds; `what` is what one is called.
pub(crate) fn whole<N>(
    what: &'static str,
    bounds: RangeInclusive<N>,
) -> impl Fn(&str) -> Result<N, String> + Clone + Send + Sync + 'static
where
    N: TryFrom<u64> + Display + PartialOrd + Clone + Send + Sync + 'static,
{
    move |text| {
        let number = text.trim().parse::<u64>().ok().and_then(|number| N::try_from(number).ok());
        number.filter(|number| bounds.contains(number)).ok_or_else(|| {
            let (least, most) = (bounds.start(), bounds.end());
            format!("`{text}` is no {what}; write a whole number from {least} to {most}")
        })
    }
}

/// Reads a duration.
pub(crate) fn duration(text: &str) -> Result<std::time::Duration, String> {
    let remedy = |problem| format!("{problem}; write a time such as 1500ms or 2s");
    splitvote::scenario::parse_duration(text).map_err(remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_whole_number_within_bounds_is_told_with_them() {
        let read = whole("number of threads", 1..=1024_u16);
        assert_eq!((read("1"), read("1024")), (Ok(1), Ok(1024)));
        for wrong in ["abc", "", "-1", "0", "1025", "65537", "3.0", "99999999999999999999999"] {
            let told =
                format!("`{wrong}` is no number of threads; write a whole number from 1 to 1024");
            assert_eq!(read(wrong), Err(told));
        }
        assert_eq!(whole("seed", 0..=u64::MAX - 1)("18446744073709551614"), Ok(u64::MAX - 1));
        assert!(whole("seed", 0..=u64::MAX - 1)("18446744073709551615").is_err());
    }
}
