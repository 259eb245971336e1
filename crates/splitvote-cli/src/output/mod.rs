//! How results are shown: text for people, JSON for programs, progress on a terminal.

pub(crate) mod channel;
#[cfg(feature = "experiment")]
pub(crate) mod experiment_text;
pub(crate) mod json;
pub(crate) mod progress;
pub(crate) mod results;
pub(crate) mod rows;
pub(crate) mod shrink_text;
mod sweep_table;
pub(crate) mod sweep_text;
pub(crate) mod table;
pub(crate) mod terminal;
#[cfg(feature = "zoo")]
pub(crate) mod zoo_text;
