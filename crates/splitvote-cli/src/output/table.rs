//! A plain table that also reads well in a pipe.

use std::fmt;

use comfy_table::{CellAlignment, ContentArrangement, presets};

/// Rows of text under headers.
pub(crate) struct Table(comfy_table::Table);

impl Table {
    pub(crate) fn new(headers: &[&str]) -> Self {
        let mut table = comfy_table::Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(headers.iter().copied());
        Self(table)
    }

    pub(crate) fn row<const N: usize>(&mut self, cells: [impl ToString; N]) {
        self.0.add_row(cells);
    }

    /// The same with as many cells as there are headers.
    pub(crate) fn cells(&mut self, cells: impl Iterator<Item = String>) {
        self.0.add_row(cells);
    }

    /// The columns from here on hold numbers.
    pub(crate) fn align_right_from(&mut self, first: usize) {
        for column in self.0.column_iter_mut().skip(first) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.to_string();
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        f.write_str(&lines.join("\n"))
    }
}
