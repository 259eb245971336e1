//! Durations, ranges of durations and probabilities, as scenarios write them.

use std::fmt;
use std::time::Duration;

use splitvote_peer::time::nanos;
use splitvote_sim::{Probability, Stream};

/// The units of durations and their nanoseconds.
pub(super) const UNITS: [(&str, u64); 6] = [
    ("ns", 1),
    ("us", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("min", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// The longest duration of a scenario: a year.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 3_600);

/// A range of durations, both ends included; a single duration is a range of one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DurationRange {
    /// The shortest that may be drawn.
    pub min: Duration,
    /// The longest that may be drawn.
    pub max: Duration,
}

/// A range of whole numbers, both ends included; a single number is a range of one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CountRange {
    /// The smallest value.
    pub min: u64,
    /// The largest value.
    pub max: u64,
}

impl DurationRange {
    /// This duration and no other.
    #[must_use]
    pub fn exactly(duration: Duration) -> Self {
        Self { min: duration, max: duration }
    }

    /// One of them, drawn evenly; a single duration draws nothing.
    pub(crate) fn drawn(self, stream: &mut Stream) -> Duration {
        let Self { min, max } = self;
        if min == max {
            return min;
        }
        Duration::from_nanos(stream.between(nanos(min), nanos(max)))
    }
}

impl From<Duration> for DurationRange {
    fn from(duration: Duration) -> Self {
        Self::exactly(duration)
    }
}

impl fmt::Display for DurationRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { min, max } = self;
        if min == max { write!(f, "{min:?}") } else { write!(f, "{min:?} to {max:?}") }
    }
}

impl CountRange {
    /// This number and no other.
    #[must_use]
    pub fn exactly(count: u64) -> Self {
        Self { min: count, max: count }
    }

    /// Whether the number lies in the range.
    #[must_use]
    pub fn contains(self, number: u64) -> bool {
        (self.min..=self.max).contains(&number)
    }
}

impl fmt::Display for CountRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.min == self.max {
            write!(f, "{}", self.min)
        } else {
            write!(f, "{} to {}", self.min, self.max)
        }
    }
}

/// Reads `5-14`.
///
/// # Errors
/// Says what is wrong with the text.
pub fn parse_count_range(text: &str) -> Result<CountRange, String> {
    let ends = text.split_once('-').unwrap_or((text, text));
    let parse = |end: &str| end.trim().parse::<u64>().ok();
    match (parse(ends.0), parse(ends.1)) {
        (Some(min), Some(max)) if min <= max => Ok(CountRange { min, max }),
        (Some(_), Some(_)) => Err(format!("`{text}` ends before it begins")),
        _ => Err(format!("`{text}` is no range of whole numbers")),
    }
}

/// Reads `150ms` or `1.5s`.
///
/// # Errors
/// Says what is wrong with the text.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    if text.starts_with('-') {
        return Err(format!("`{text}` is negative"));
    }
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = (&text[..digits], text[digits..].trim());
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if whole.is_empty() || fraction.is_empty() || fraction.contains('.') {
        return Err(format!("`{text}` is no duration"));
    }
    let Some((_, factor)) = UNITS.iter().find(|(name, _)| *name == unit) else {
        return Err(if unit.is_empty() {
            format!("`{text}` lacks a unit")
        } else {
            format!("`{unit}` is no unit of time")
        });
    };
    let Some(rest) = parts(fraction, *factor) else {
        return Err(format!("`{text}` is finer than a nanosecond"));
    };
    let nanos = whole.parse::<u64>().ok().and_then(|number| number.checked_mul(*factor));
    match nanos.map(|nanos| Duration::from_nanos(nanos) + Duration::from_nanos(rest)) {
        Some(duration) if duration <= LONGEST => Ok(duration),
        _ => Err(format!("`{text}` is longer than a year")),
    }
}

/// How many of the parts of a unit a decimal fraction is; `None` if it is no whole number of them.
fn parts(fraction: &str, unit: u64) -> Option<u64> {
    let digits = fraction.trim_end_matches('0');
    let scale = 10_u64.checked_pow(u32::try_from(digits.len()).ok()?)?;
    let numerator = if digits.is_empty() { 0 } else { digits.parse::<u64>().ok()? };
    let product = u128::from(numerator) * u128::from(unit);
    let is_whole = product.is_multiple_of(u128::from(scale));
    is_whole.then(|| u64::try_from(product / u128::from(scale)).ok()).flatten()
}

/// Reads `150ms` or `150ms-300ms`.
///
/// # Errors
/// Says what is wrong with the text.
pub fn parse_range(text: &str) -> Result<DurationRange, String> {
    let (min, max) = match text.trim_start().strip_prefix('-') {
        Some(_) => return Err(format!("`{text}` is negative")),
        None => text.split_once('-').unwrap_or((text, text)),
    };
    let range = DurationRange { min: parse_duration(min)?, max: parse_duration(max)? };
    if range.min > range.max {
        return Err(format!("`{text}` ends before it starts"));
    }
    Ok(range)
}

/// Reads `10%` or `0.25%`.
///
/// # Errors
/// Says what is wrong with the text.
pub fn parse_probability(text: &str) -> Result<Probability, String> {
    let wrong = || format!("`{text}` is no percentage");
    let number = text.trim().strip_suffix('%').ok_or_else(wrong)?.trim();
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) || fraction.len() > 4 {
        return Err(wrong());
    }
    let parts = format!("{whole}{fraction:0<4}").parse::<u32>().map_err(|_| wrong())?;
    if parts > 1_000_000 {
        return Err(format!("`{text}` is more than 100%"));
    }
    Ok(Probability::per_million(parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_unit_and_a_bound() {
        assert_eq!(parse_duration("150ms"), Ok(Duration::from_millis(150)));
        assert_eq!(parse_duration("2 s"), Ok(Duration::from_secs(2)));
        assert_eq!(parse_duration("1.250s"), Ok(Duration::from_millis(1_250)));
        assert_eq!(parse_duration("0.5min"), Ok(Duration::from_secs(30)));
        let wrong = ["", "ms", "-3s", "3", "3 weeks", "99999999999999999999s", "9000000h"];
        for wrong in wrong.into_iter().chain(["1.s", ".5s", "1.2.3s", "1.5ns", "0.0000000001s"]) {
            assert!(parse_duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn ranges_go_upward() {
        let millis = Duration::from_millis;
        let range = |min, max| Ok(DurationRange { min: millis(min), max: millis(max) });
        assert_eq!(parse_range("150ms-300ms"), range(150, 300));
        assert_eq!(parse_range("7ms"), range(7, 7));
        assert!(parse_range("300ms-150ms").is_err() && parse_range("-1s").is_err());
    }

    #[test]
    fn percentages_are_exact() {
        assert_eq!(parse_probability("0.1%"), Ok(Probability::per_million(1_000)));
        assert_eq!(parse_probability("100%"), Ok(Probability::CERTAIN));
        for wrong in ["10", "-1%", "100.0001%", "%", "1.23456%", "a%"] {
            assert!(parse_probability(wrong).is_err(), "{wrong}");
        }
    }
}
