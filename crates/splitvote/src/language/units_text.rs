//! Durations, ranges and probabilities as scenarios write them: exact, and round when they are round.
//!
//! What is written here is read back by [`super::units`] as the very same value.

use std::time::Duration;

use splitvote_peer::SimTime;
use splitvote_sim::Probability;

use super::inline::quoted;
use super::units::{CountRange, DurationRange, UNITS};

/// `150ms`, `1.5s`, `2min`: the largest unit of which there is at least one, and minutes and hours only
/// if they are whole.
pub(crate) fn duration(duration: Duration) -> String {
    let nanos = duration.as_nanos();
    let is_fit = |factor: u64| match u128::from(factor) {
        factor if factor > 1_000_000_000 => nanos.is_multiple_of(factor) && nanos > 0,
        factor => nanos >= factor,
    };
    let unit = UNITS.iter().rev().find(|(_, factor)| is_fit(*factor));
    let (name, factor) = unit.copied().unwrap_or(("s", 1_000_000_000));
    format!("{}{name}", decimal(nanos, factor.into()))
}

/// `1.234s`: an instant is always in seconds, so that a list of them is read at a glance.
pub(crate) fn instant(at: SimTime) -> String {
    format!("{}s", decimal(at.0.into(), 1_000_000_000))
}

/// `150ms-300ms`, or `150ms` if the ends are the same.
pub(crate) fn range(range: DurationRange) -> String {
    if range.min == range.max { duration(range.min) } else { both(range.min, range.max) }
}

/// `150ms-300ms`, also if the ends are the same.
pub(crate) fn both(min: Duration, max: Duration) -> String {
    format!("{}-{}", duration(min), duration(max))
}

/// `5` as a number, or `"5-14"`.
pub(crate) fn count(count: CountRange) -> String {
    if count.min == count.max {
        return count.min.to_string();
    }
    format!("\"{}-{}\"", count.min, count.max)
}

impl CountRange {
    /// As the value of a key.
    pub(crate) fn written(self) -> String {
        count(self)
    }
}

impl DurationRange {
    /// As the value of a key.
    pub(crate) fn written(self) -> String {
        quoted(&range(self))
    }
}

/// A probability in percent, `10%` or `0.25%`.
pub(crate) fn percent(probability: Probability) -> String {
    format!("{}%", decimal(probability.parts().into(), 10_000))
}

/// A number of parts, so many of which are one, as a decimal fraction without trailing zeros. `one` is a
/// power of ten, or divides the parts.
fn decimal(parts: u128, one: u128) -> String {
    let (whole, rest) = (parts / one, parts % one);
    if rest == 0 {
        return whole.to_string();
    }
    let digits = one.ilog10() as usize;
    let fraction = format!("{rest:0digits$}");
    format!("{whole}.{}", fraction.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::super::units::{parse_duration, parse_probability};
    use super::*;

    #[test]
    fn durations_are_round_when_they_are_round() {
        let cases = [
            (0, "0s"),
            (7, "7ns"),
            (1_500, "1.5us"),
            (150_000_000, "150ms"),
            (1_000_000_000, "1s"),
            (1_234_000_000, "1.234s"),
            (90_000_000_000, "90s"),
            (120_000_000_000, "2min"),
            (3_600_000_000_000, "1h"),
            (3_600_000_000_001, "3600.000000001s"),
        ];
        for (nanos, text) in cases {
            assert_eq!(duration(Duration::from_nanos(nanos)), text);
            assert_eq!(parse_duration(text), Ok(Duration::from_nanos(nanos)));
        }
        assert_eq!(instant(SimTime(150_000_000)), "0.15s");
    }

    #[test]
    fn percentages_are_read_back_as_they_were() {
        for (parts, text) in [(0, "0%"), (1, "0.0001%"), (2_500, "0.25%"), (1_000_000, "100%")] {
            assert_eq!(percent(Probability::per_million(parts)), text);
            assert_eq!(parse_probability(text), Ok(Probability::per_million(parts)));
        }
    }
}
