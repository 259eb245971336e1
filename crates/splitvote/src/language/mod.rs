//! The words of scenario files: values with their places, durations, counts, peers by what they are, and
//! the tables of networks, disks, clocks and settings, as they are read and as they are written.
//!
//! - `reader`: values and tables of a TOML text. `error`: what is wrong, where, and what would be right.
//! - `units`, `units_text`: durations, counts and percentages. `drift`: how fast clocks run. `target`: whom a step is
//!   about.
//! - `form`: tables that are read and written by one list of their keys. `profiles`: those of networks, disks,
//!   snapshots, clocks and settings.
//! - `keys`: those keys alone, for a schema.
//! - `heads`: keys that stand below the head of a table by mistake.
//! - `inline`, `lines`: tables on one line, and lines, as they are written.

pub(crate) mod drift;
pub(crate) mod error;
pub(crate) mod form;
pub(crate) mod heads;
pub(crate) mod inline;
pub(crate) mod keys;
pub(crate) mod lines;
pub(crate) mod profiles;
pub(crate) mod reader;
pub(crate) mod target;
pub(crate) mod units;
pub(crate) mod units_text;
