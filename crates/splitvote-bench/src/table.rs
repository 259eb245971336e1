//! What was measured, a row a workload: medians over the rounds, and ratios within them.
//!
//! The machine's speed drifts, so a ratio is taken within each round, and the median of these
//! counts. A row may have a bound, on its ratio to another row or on its own median; [`Row::is_met`]
//! tells whether it holds.

use std::fmt::{self, Write};

use serde::Serialize;

/// What a figure has to be.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(least) => write!(f, "at least {least:.2}"),
            Self::AtMost(most) => write!(f, "at most {most:.2}"),
        }
    }
}

impl Bound {
    fn is_met(self, figure: f64) -> bool {
        match self {
            Self::AtLeast(least) => figure >= least,
            Self::AtMost(most) => figure <= most,
        }
    }
}

/// What is demanded of a row.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Demand {
    /// Nothing: others are compared with it.
    Nothing,
    /// A bound on its ratio to another row.
    Ratio(&'static str, Bound),
    /// A bound on its own median.
    Median(Bound),
}

/// A row as it is measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) name: &'static str,
    /// What is measured, in half a line.
    pub(crate) about: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) demand: Demand,
}

/// A row as it is reported.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) median: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
    pub(crate) ratio_to: Option<&'static str>,
    pub(crate) ratio: Option<f64>,
    pub(crate) bound: Option<Bound>,
    pub(crate) is_met: Option<bool>,
}

/// All rows of the table.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Table {
    pub(crate) rows: Vec<Row>,
}

/// The middle one, or NaN of none.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Whether a demand is met. Unknown of a ratio to a row that was not measured.
fn is_met(demand: Demand, ratio: Option<f64>, median: f64) -> Option<bool> {
    match demand {
        Demand::Nothing => None,
        Demand::Ratio(_, bound) => ratio.map(|ratio| bound.is_met(ratio)),
        Demand::Median(bound) => Some(bound.is_met(median)),
    }
}

impl Table {
    /// Sums up: `rounds[r][p]` is what round r measured for plan p.
    pub(crate) fn new(plans: &[Plan], rounds: &[Vec<f64>]) -> Self {
        let column = |place: usize| rounds.iter().map(|round| round[place]).collect::<Vec<_>>();
        let rows = plans.iter().enumerate().map(|(place, plan)| {
            let values = column(place);
            let median_value = median(&values);
            let ratio_to = |name| {
                let base = column(plans.iter().position(|plan| plan.name == name)?);
                let ratios: Vec<f64> =
                    values.iter().zip(base).map(|(value, base)| value / base).collect();
                Some(median(&ratios))
            };
            let (against, ratio, bound) = match plan.demand {
                Demand::Nothing => (None, None, None),
                Demand::Ratio(name, bound) => (Some(name), ratio_to(name), Some(bound)),
                Demand::Median(bound) => (None, None, Some(bound)),
            };
            Row {
                name: plan.name,
                unit: plan.unit,
                median: median_value,
                min: values.iter().copied().fold(f64::INFINITY, f64::min),
                max: values.iter().copied().fold(0.0, f64::max),
                ratio_to: against,
                ratio,
                bound,
                is_met: is_met(plan.demand, ratio, median_value),
            }
        });
        Self { rows: rows.collect() }
    }

    /// Whether every bound holds.
    pub(crate) fn all_met(&self) -> bool {
        self.rows.iter().all(|row| row.is_met != Some(false))
    }

    /// As a table of Markdown.
    pub(crate) fn markdown(&self, rounds: u32) -> String {
        let mut text = format!(
            "# How fast the world is\n\nWritten by `cargo run --release -p splitvote-bench`: \
             {rounds} rounds in one process, the rows alternating. The machine's speed drifts, so \
             trust the ratios, which are medians of the ratios within each round.\n\n\
             | row | unit | median | min | max | ratio | to | must be | met |\n\
             | --- | --- | ---: | ---: | ---: | ---: | --- | --- | --- |\n"
        );
        for row in &self.rows {
            let ratio = row.ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}"));
            let bound = row.bound.map_or_else(String::new, |bound| bound.to_string());
            let met = row.is_met.map_or("", |is_met| if is_met { "yes" } else { "NO" });
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {} | {ratio} | {} | {bound} | {met} |",
                row.name,
                row.unit,
                readable(row.median),
                readable(row.min),
                readable(row.max),
                row.ratio_to.unwrap_or(""),
            );
        }
        text
    }
}

/// Millions as such, small numbers with few decimals.
pub(crate) fn readable(value: f64) -> String {
    match value {
        v if v >= 100_000.0 => format!("{:.2} M", v / 1e6),
        v if v >= 10.0 => format!("{v:.1}"),
        v => format!("{v:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_taken_within_a_round() {
        let bound = Bound::AtLeast(0.5);
        let plans = [
            Plan { name: "floor", about: "", unit: "events/s", demand: Demand::Nothing },
            Plan {
                name: "work",
                about: "",
                unit: "events/s",
                demand: Demand::Ratio("floor", bound),
            },
        ];
        // The machine is twice as fast in the second round.
        let table = Table::new(&plans, &[vec![10.0, 6.0], vec![20.0, 12.0], vec![10.0, 4.0]]);
        assert_eq!(table.rows[1].ratio, Some(0.6));
        assert_eq!((table.rows[1].median, table.rows[1].min), (6.0, 4.0));
        assert!(table.all_met());
    }

    #[test]
    fn a_ratio_to_a_row_that_was_not_measured_is_unknown() {
        let demand = Demand::Ratio("floor", Bound::AtLeast(0.5));
        let plans = [Plan { name: "work", about: "", unit: "events/s", demand }];
        let table = Table::new(&plans, &[vec![6.0]]);
        assert_eq!((table.rows[0].ratio, table.rows[0].is_met), (None, None));
        assert!(table.all_met(), "nothing is known to be missed");
    }

    #[test]
    fn a_bound_that_is_missed_is_said_to_be() {
        let most = Demand::Median(Bound::AtMost(2.0));
        let plans = [Plan { name: "work", about: "", unit: "s", demand: most }];
        assert!(Table::new(&plans, &[vec![1.9]]).all_met());
        let missed = Table::new(&plans, &[vec![2.1]]);
        assert!(!missed.all_met() && missed.markdown(1).contains("| at most 2.00 | NO |"));
    }
}
