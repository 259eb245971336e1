//! What was measured, a row a workload: medians over the rounds, and ratios within them.
//!
//! The machine's speed drifts, so a ratio is taken within each round, and the median of these
//! counts. A row may have a bound on its ratio; [`Row::is_met`] tells whether it holds.

use std::fmt::Write;

use serde::Serialize;

/// What a ratio has to be.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

/// A row as it is measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) name: &'static str,
    pub(crate) unit: &'static str,
    /// The row that it is compared with, and what the ratio has to be.
    pub(crate) against: Option<(&'static str, Bound)>,
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

/// All rows.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Table {
    pub(crate) rows: Vec<Row>,
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

impl Table {
    /// Sums up: `rounds[r][p]` is what round r measured for plan p.
    pub(crate) fn new(plans: &[Plan], rounds: &[Vec<f64>]) -> Self {
        let column = |place: usize| rounds.iter().map(|round| round[place]).collect::<Vec<_>>();
        let rows = plans.iter().enumerate().map(|(place, plan)| {
            let values = column(place);
            let ratio = plan.against.and_then(|(name, bound)| {
                let base = column(plans.iter().position(|plan| plan.name == name)?);
                let ratios: Vec<f64> =
                    values.iter().zip(base).map(|(value, base)| value / base).collect();
                Some((name, median(&ratios), bound))
            });
            Row {
                name: plan.name,
                unit: plan.unit,
                median: median(&values),
                min: values.iter().copied().fold(f64::INFINITY, f64::min),
                max: values.iter().copied().fold(0.0, f64::max),
                ratio_to: ratio.map(|(name, ..)| name),
                ratio: ratio.map(|(_, ratio, _)| ratio),
                bound: ratio.map(|(.., bound)| bound),
                is_met: ratio.map(|(_, ratio, bound)| match bound {
                    Bound::AtLeast(least) => ratio >= least,
                    Bound::AtMost(most) => ratio <= most,
                }),
            }
        });
        Self { rows: rows.collect() }
    }

    /// Whether every bound holds.
    pub(crate) fn all_met(&self) -> bool {
        self.rows.iter().all(|row| row.is_met != Some(false))
    }

    /// As a table of Markdown.
    pub(crate) fn markdown(&self, rounds: usize) -> String {
        let mut text = format!(
            "# How fast the world is\n\nWritten by `cargo run --release -p splitvote-bench`: \
             {rounds} rounds in one process, the rows alternating. The machine's speed drifts, so \
             trust the ratios, which are medians of the ratios within each round.\n\n\
             | row | unit | median | min | max | ratio | to | must be | met |\n\
             | --- | --- | ---: | ---: | ---: | ---: | --- | --- | --- |\n"
        );
        for row in &self.rows {
            let ratio = row.ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}"));
            let bound = match row.bound {
                None => String::new(),
                Some(Bound::AtLeast(least)) => format!("at least {least:.2}"),
                Some(Bound::AtMost(most)) => format!("at most {most:.2}"),
            };
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

/// Millions as such, small numbers with one decimal.
fn readable(value: f64) -> String {
    if value >= 100_000.0 { format!("{:.2} M", value / 1e6) } else { format!("{value:.1}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_taken_within_a_round() {
        let bound = Bound::AtLeast(0.5);
        let plans = [
            Plan { name: "floor", unit: "events/s", against: None },
            Plan { name: "work", unit: "events/s", against: Some(("floor", bound)) },
        ];
        // The machine is twice as fast in the second round.
        let table = Table::new(&plans, &[vec![10.0, 6.0], vec![20.0, 12.0], vec![10.0, 4.0]]);
        assert_eq!(table.rows[1].ratio, Some(0.6));
        assert_eq!((table.rows[1].median, table.rows[1].min), (6.0, 4.0));
        assert!(table.all_met());
    }
}
