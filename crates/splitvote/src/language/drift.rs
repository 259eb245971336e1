//! How much faster than virtual time a clock runs: a share, or a range of shares from which one is drawn.

use std::fmt;

use splitvote_sim::{ClockProfile, Probability, Stream};

use super::error::Result;
use super::inline::quoted;
use super::reader::Value;
use super::units::parse_probability;
use super::units_text::percent;

/// A range of drifts in parts per million, both ends included; negative ones are slower than virtual time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DriftRange {
    /// The smallest that may be drawn.
    pub min: i32,
    /// The largest that may be drawn.
    pub max: i32,
}

impl DriftRange {
    /// This drift and no other.
    #[must_use]
    pub fn exactly(ppm: i32) -> Self {
        Self { min: ppm, max: ppm }
    }

    /// One of them, drawn evenly; a single drift draws nothing.
    pub(crate) fn drawn(self, stream: &mut Stream) -> i32 {
        let Self { min, max } = self;
        let width = max.abs_diff(min);
        if width == 0 {
            return min;
        }
        let above = stream.below(u64::from(width) + 1);
        min.saturating_add_unsigned(u32::try_from(above).unwrap_or(width))
    }

    /// As scenarios state it, in quotes: `"-1%"`, `"-1%-2%"`.
    pub(crate) fn written(self) -> String {
        let Self { min, max } = self;
        let range = if min == max { share(min) } else { format!("{}-{}", share(min), share(max)) };
        quoted(&range)
    }

    /// Reads `"1%"`, `"-0.5%"`, or a range such as `"-1%-1%"`.
    pub(crate) fn read(value: &Value<'_>) -> Result<Self> {
        let text = value.str()?;
        Self::parse(text).map_err(|problem| {
            let remedy = "write a percentage such as \"1%\" or \"-0.5%\", or a range such as \"-1%-2%\", at most \
                          50% either way";
            value.error(problem, remedy)
        })
    }

    fn parse(text: &str) -> std::result::Result<Self, String> {
        // A sign may stand before either end, so that ends are parted behind a percent sign.
        let parted = text.find('%').map(|at| text.split_at(at + 1));
        let ends = parted.and_then(|(min, rest)| Some((min, rest.trim_start().strip_prefix('-')?)));
        let (min, max) = ends.unwrap_or((text, text));
        let range = Self { min: parse_share(min)?, max: parse_share(max)? };
        if range.min > range.max {
            let (min, max) = (min.trim(), max.trim());
            return Err(format!("`{text}` ends before it starts: exchanged it is \"{max}-{min}\""));
        }
        Ok(range)
    }
}

impl fmt::Display for DriftRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { min, max } = self;
        if min == max { write!(f, "{min} ppm") } else { write!(f, "{min} to {max} ppm") }
    }
}

fn share(ppm: i32) -> String {
    let sign = if ppm < 0 { "-" } else { "" };
    format!("{sign}{}", percent(Probability::per_million(ppm.unsigned_abs())))
}

/// How much faster than virtual time a clock runs, in parts per million: `1%`, or `-1%` if slower.
fn parse_share(text: &str) -> std::result::Result<i32, String> {
    let text = text.trim();
    let (sign, size) = text.strip_prefix('-').map_or((1, text), |size| (-1, size));
    let share = parse_probability(size)?.parts();
    if share > ClockProfile::MAX_DRIFT_PPM {
        return Err(format!("no clock drifts by {text}"));
    }
    Ok(sign * share.cast_signed())
}

#[cfg(test)]
mod tests {
    use splitvote_sim::{Seed, StreamId};

    use super::*;

    fn range(min: i32, max: i32) -> std::result::Result<DriftRange, String> {
        Ok(DriftRange { min, max })
    }

    #[test]
    fn a_drift_is_read_as_it_is_written_whatever_its_signs() {
        let texts = ["1%", "-0.5%", "-1%-2%", "-2%--1%", "0.01%-50%"];
        let ranges = [(10_000, 10_000), (-5_000, -5_000), (-10_000, 20_000), (-20_000, -10_000)];
        let ranges = ranges.into_iter().chain([(100, 500_000)]);
        for (text, (min, max)) in texts.into_iter().zip(ranges) {
            assert_eq!(DriftRange::parse(text), range(min, max), "{text}");
            assert_eq!(DriftRange { min, max }.written(), format!("\"{text}\""));
        }
        for wrong in ["", "1", "2%-1%", "51%", "-51%", "1%-51%", "1%2%", "--1%", "1%-", "1ms-2ms"] {
            assert!(DriftRange::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn all_of_a_range_is_drawn_and_a_single_drift_draws_nothing() {
        let mut stream = Stream::new(Seed(1), StreamId::Nemesis);
        let mut drawn: Vec<i32> =
            (0..100).map(|_| DriftRange { min: -2, max: 2 }.drawn(&mut stream)).collect();
        drawn.sort_unstable();
        drawn.dedup();
        assert_eq!(drawn, [-2, -1, 0, 1, 2]);
        let (mut one, mut other) = (stream.clone(), stream);
        assert_eq!(DriftRange::exactly(-7).drawn(&mut one), -7);
        assert_eq!(one.below(1 << 40), other.below(1 << 40));
    }
}
