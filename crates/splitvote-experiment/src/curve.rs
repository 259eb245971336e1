//! The statistics of one curve: how long its trials were without a leader, and how the elections
//! of that time ended.
//!
//! A trial that was given up counts as one that lasted for the cap, so that every statistic which
//! it touches is a lower bound; [`Curve::above_cap`] says how many there are.

use std::time::Duration;

use serde::Serialize;
use splitvote::check::ElectionCounts;

use crate::published::Published;
use crate::setup::Timeouts;
use crate::trial::Trial;

/// One curve of the figure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Curve {
    /// Shortest and longest election timeout.
    pub timeout_ms: [u64; 2],
    /// How many trials.
    pub trials: usize,
    /// The shortest downtime.
    pub least_ms: f64,
    /// The mean downtime.
    pub mean_ms: f64,
    /// The median downtime.
    pub median_ms: f64,
    /// 99 % of the trials took no longer.
    pub p99_ms: f64,
    /// The longest downtime.
    pub worst_ms: f64,
    /// Trials that were given up.
    pub above_cap: usize,
    /// Elections of all trials.
    pub elections: u64,
    /// Of these, ended by a split vote.
    pub split: u64,
    /// Of these, lost: a majority voted for one that never led.
    pub lost: u64,
    /// Of these, starved: one stood alone and got too few votes.
    pub starved: u64,
    /// What the paper says.
    pub published: Published,
    /// The downtimes of all trials in ascending order; those given up stand at the cap.
    #[serde(skip)]
    pub downtimes: Vec<Duration>,
}

impl Curve {
    /// The statistics of these trials; `None` if there are none.
    #[must_use]
    pub fn of(timeouts: Timeouts, trials: &[Trial], cap: Duration) -> Option<Self> {
        let mut downtimes: Vec<Duration> =
            trials.iter().map(|trial| trial.downtime.unwrap_or(cap)).collect();
        downtimes.sort_unstable();
        let (least, worst) = (*downtimes.first()?, *downtimes.last()?);
        let mut elections = ElectionCounts::default();
        trials.iter().for_each(|trial| elections.merge(&trial.elections));
        let sum: u128 = downtimes.iter().map(Duration::as_nanos).sum();
        Some(Self {
            timeout_ms: [timeouts.min_ms, timeouts.max_ms],
            trials: trials.len(),
            least_ms: ms(least.as_nanos()),
            mean_ms: ms(sum / trials.len() as u128),
            median_ms: ms(quantile(&downtimes, 50)?.as_nanos()),
            p99_ms: ms(quantile(&downtimes, 99)?.as_nanos()),
            worst_ms: ms(worst.as_nanos()),
            above_cap: trials.iter().filter(|trial| trial.downtime.is_none()).count(),
            elections: elections.total(),
            split: elections.split,
            lost: elections.lost,
            starved: elections.starved,
            published: Published::of(timeouts),
            downtimes,
        })
    }

    /// The range of its election timeouts.
    #[must_use]
    pub fn timeouts(&self) -> Timeouts {
        let [min_ms, max_ms] = self.timeout_ms;
        Timeouts { min_ms, max_ms }
    }

    /// The cumulative distribution: after so many milliseconds, so many percent of the trials had
    /// a leader. Trials that were given up are not among the points.
    pub fn cumulative(&self) -> impl Iterator<Item = (f64, f64)> {
        let all = self.downtimes.len();
        let has_leader = &self.downtimes[..all - self.above_cap.min(all)];
        (1..)
            .zip(has_leader)
            .map(move |(rank, at)| (ms(at.as_nanos()), 100.0 * f64::from(rank) / all as f64))
    }

    /// The downtime that so many percent of the trials did not exceed; `None` if they were given up.
    #[must_use]
    pub fn percentile_ms(&self, percent: usize) -> Option<f64> {
        let has_leader = self.downtimes.len().checked_sub(self.above_cap)?;
        if rank(self.downtimes.len(), percent) > has_leader {
            return None;
        }
        Some(ms(quantile(&self.downtimes, percent)?.as_nanos()))
    }
}

/// The least of the sorted values that so many percent of them do not exceed.
fn quantile(sorted: &[Duration], percent: usize) -> Option<Duration> {
    sorted.get(rank(sorted.len(), percent) - 1).copied()
}

/// The place of a percentile among so many, counted from 1.
fn rank(values: usize, percent: usize) -> usize {
    (values * percent).div_ceil(100).max(1)
}

/// Whole microseconds, as milliseconds.
fn ms(nanos: u128) -> f64 {
    (nanos / 1_000) as f64 / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAP: Duration = Duration::from_secs(60);

    fn trial(downtime: Option<u64>) -> Trial {
        let elections = ElectionCounts { won: 1, split: 2, lost: 1, ..ElectionCounts::default() };
        Trial { downtime: downtime.map(Duration::from_millis), elections }
    }

    #[test]
    fn statistics_of_made_up_trials() {
        let trials: Vec<Trial> = (1..=200).rev().map(|millis| trial(Some(millis))).collect();
        let curve = Curve::of(Timeouts::ms(12, 24), &trials, CAP).unwrap();
        let found = [curve.least_ms, curve.mean_ms, curve.median_ms, curve.p99_ms, curve.worst_ms];
        assert_eq!(found, [1.0, 100.5, 100.0, 198.0, 200.0]);
        assert_eq!((curve.elections, curve.split, curve.lost, curve.starved), (800, 400, 200, 0));
        assert_eq!(curve.cumulative().last(), Some((200.0, 100.0)));
        assert_eq!(curve.cumulative().next(), Some((1.0, 0.5)));
    }

    #[test]
    fn trials_given_up_are_at_the_cap_and_on_no_curve() {
        let trials = [trial(None), trial(Some(30_000)), trial(None), trial(Some(20_000))];
        let curve = Curve::of(Timeouts::ms(150, 150), &trials, CAP).unwrap();
        assert_eq!((curve.above_cap, curve.worst_ms), (2, 60_000.0));
        assert_eq!((curve.median_ms, curve.mean_ms), (30_000.0, 42_500.0));
        assert_eq!(curve.cumulative().last(), Some((30_000.0, 50.0)));
        assert_eq!(curve.percentile_ms(50), Some(30_000.0));
        assert_eq!(curve.percentile_ms(51), None);
    }

    #[test]
    fn no_trials_make_no_curve() {
        assert_eq!(Curve::of(Timeouts::ms(12, 24), &[], CAP), None);
    }
}
