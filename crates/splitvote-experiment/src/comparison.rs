//! The published values beside ours.

use crate::curve::Curve;
use crate::experiment::Experiment;
use crate::setup::Timeouts;

splitvote::peer::named! {
    /// A statistic of a curve.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Measure {
        /// The shortest downtime.
        Least = "least",
        /// The mean of all trials.
        Mean = "mean",
        /// The median of all trials.
        Median = "median",
        /// The longest downtime.
        Worst = "worst",
    }
}

/// One published value beside ours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// Of which curve.
    pub timeouts: Timeouts,
    /// The statistic that is plotted.
    pub measure: Measure,
    /// What the paper says. Of [`Measure::Least`], that every trial was above it.
    pub published_ms: f64,
    /// What was measured.
    pub measured_ms: f64,
}

impl Comparison {
    /// Ours by theirs.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        self.measured_ms / self.published_ms
    }
}

/// Every published value beside ours, in the order of the curves.
#[must_use]
pub fn compare(experiment: &Experiment) -> Vec<Comparison> {
    experiment.curves.iter().flat_map(of_curve).collect()
}

fn of_curve(curve: &Curve) -> impl Iterator<Item = Comparison> + use<> {
    let (timeouts, published) = (curve.timeouts(), curve.published);
    let pairs = [
        (Measure::Least, published.least_ms, curve.least_ms),
        (Measure::Mean, published.mean_ms, curve.mean_ms),
        (Measure::Median, published.median_ms, curve.median_ms),
        (Measure::Worst, published.worst_ms, curve.worst_ms),
    ];
    pairs.into_iter().filter_map(move |(measure, published_ms, measured_ms)| {
        Some(Comparison { timeouts, measure, published_ms: published_ms?, measured_ms })
    })
}
