//! The table of all mutants.

use std::fmt::Write as _;

/// One mutant.
pub(crate) struct Row {
    /// The first mutant of the same place: it is reached when that is.
    pub(crate) site: usize,
    pub(crate) file: String,
    pub(crate) function: String,
    pub(crate) line: usize,
    pub(crate) operator: &'static str,
    pub(crate) original: String,
    pub(crate) mutated: String,
}

/// All mutants; the number of one is its place, counted from 1.
#[derive(Default)]
pub(crate) struct Table {
    /// The rules that always answer the same.
    pub(crate) constant: Vec<String>,
    pub(crate) rows: Vec<Row>,
}

impl Table {
    /// The table as the library includes it.
    pub(crate) fn to_rust(&self) -> String {
        let mut text = "&[\n".to_owned();
        for (place, row) in self.rows.iter().enumerate() {
            let Row { site, file, function, line, operator, original, mutated } = row;
            let number = place + 1;
            let _ = writeln!(
                text,
                "Mutant {{ number: {number}, site: {site}, file: {file:?}, function: {function:?}, line: {line}, \
                 operator: {operator:?}, original: {original:?}, mutated: {mutated:?} }},"
            );
        }
        text + "]"
    }
}
