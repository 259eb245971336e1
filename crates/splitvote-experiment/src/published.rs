//! What the paper states of Figure 16 in words, curve by curve.

use serde::Serialize;

use crate::setup::Timeouts;

/// The published values of one curve. Where the paper gives only the curve, there are none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Published {
    /// No trial was shorter than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least_ms: Option<f64>,
    /// The mean of all trials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean_ms: Option<f64>,
    /// The median of all trials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub median_ms: Option<f64>,
    /// The longest of all trials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worst_ms: Option<f64>,
}

impl Published {
    /// What is published of this curve.
    #[must_use]
    pub fn of(timeouts: Timeouts) -> Self {
        let none = Self::default();
        match (timeouts.min_ms, timeouts.max_ms) {
            (150, 150) => Self { least_ms: Some(10_000.0), ..none },
            (150, 155) => Self { median_ms: Some(287.0), ..none },
            (150, 200) => Self { worst_ms: Some(513.0), ..none },
            (12, 24) => Self { mean_ms: Some(35.0), worst_ms: Some(152.0), ..none },
            _ => none,
        }
    }
}
