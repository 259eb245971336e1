//! Keys that stand below the head of a table, `[disk]`. TOML takes all that follows a head for keys of its table, down
//! to the next head, whatever empty lines and indents say.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{ScenarioError, Source};

/// A table that begins with a head: its name, where the head is, and its keys.
struct Headed<'a> {
    name: &'a str,
    head: Range<usize>,
    is_one_of_many: bool,
    keys: &'a DeTable<'a>,
}

/// Complains about the first key below a head that is out of place there, if there is one.
pub(crate) fn below_head(
    source: &Source<'_>,
    document: &DeTable<'_>,
    is_misplaced: impl Fn(&str, &str) -> bool,
) -> Option<ScenarioError> {
    let headed: Vec<Headed<'_>> = document
        .iter()
        .flat_map(|(name, value)| tables(name.get_ref(), value))
        .filter(|table| source.text.get(table.head.clone()).is_some_and(|at| at.starts_with('[')))
        .collect();
    let first_head = headed.iter().map(|table| table.head.start).min()?;
    let keys = headed.iter().flat_map(|table| table.keys.keys().map(move |key| (table, key)));
    let misplaced = keys.filter(|(table, key)| is_misplaced(table.name, key.get_ref()));
    let (table, key) = misplaced.min_by_key(|(_, key)| key.span().start)?;
    let line = |offset| source.place(offset).line;
    let (name, key_name) = (table.name, key.get_ref());
    let head = if table.is_one_of_many { format!("[[{name}]]") } else { format!("[{name}]") };
    let problem = format!(
        "`{key_name}` stands in the table `{head}`, as all below line {} does",
        line(table.head.start)
    );
    Some(source.error(&key.span(), problem, format!("move it above line {}", line(first_head))))
}

/// The table that a value is, or those that it lists.
fn tables<'a>(name: &'a str, value: &'a Spanned<DeValue<'a>>) -> Vec<Headed<'a>> {
    let table = |is_one_of_many| {
        move |value: &'a Spanned<DeValue<'a>>| match value.get_ref() {
            DeValue::Table(keys) => Some(Headed { name, head: value.span(), is_one_of_many, keys }),
            _ => None,
        }
    };
    match value.get_ref() {
        DeValue::Array(values) => values.iter().filter_map(table(true)).collect(),
        _ => table(false)(value).into_iter().collect(),
    }
}
