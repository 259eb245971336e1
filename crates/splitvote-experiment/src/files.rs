//! What the files of the report are called.

/// The name of the report's file.
pub const REPORT: &str = "README.md";
/// The upper graph.
pub const UPPER_SVG: &str = "upper.svg";
/// The lower graph.
pub const LOWER_SVG: &str = "lower.svg";
/// The statistics, as the command prints them.
pub const RESULTS: &str = "results.json";
/// The cumulative distributions: a row a percent, a column a curve.
pub const DISTRIBUTION: &str = "distribution.csv";
/// The latency models that were tried; another program writes it.
pub const MODELS: &str = "models.md";
