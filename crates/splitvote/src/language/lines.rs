//! Lines of a file, as they are written.

use std::fmt::{Display, Write as _};

use super::inline::Inline;

/// Lines of the form `key = value`.
#[derive(Default)]
pub(crate) struct Lines(pub(crate) String);

impl Lines {
    pub(crate) fn put(&mut self, key: &str, value: impl Display) {
        _ = writeln!(self.0, "{key} = {value}");
    }

    pub(crate) fn put_if(&mut self, is_said: bool, key: &str, value: impl FnOnce() -> String) {
        if is_said {
            self.put(key, value());
        }
    }

    /// A line for each key of a table.
    pub(crate) fn put_all(&mut self, table: &Inline) {
        table.0.iter().for_each(|(key, value)| self.put(key, value));
    }
}
