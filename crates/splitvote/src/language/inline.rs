//! Inline tables and strings, as TOML writes them.

use std::fmt::{self, Display, Write as _};

/// `{ key = value, … }`, in the order in which keys are put.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inline(pub(super) Vec<(&'static str, String)>);

impl Inline {
    pub(crate) fn put(&mut self, key: &'static str, value: impl Display) {
        self.0.push((key, value.to_string()));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Display for Inline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{ ")?;
        for (place, (key, value)) in self.0.iter().enumerate() {
            write!(f, "{}{key} = {value}", if place == 0 { "" } else { ", " })?;
        }
        f.write_str(" }")
    }
}

/// A basic string: everything that TOML does not allow in one is escaped.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => _ = write!(quoted, "\\u{:04X}", u32::from(c)),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use toml::de::DeTable;

    use super::*;

    #[test]
    fn any_text_is_read_back() {
        for text in ["", "plain", "\"quoted\" \\ back", "two\nlines\r\tand a tab", "\u{1}\u{7f}é→"]
        {
            let document = format!("key = {}", quoted(text));
            let table = DeTable::parse(&document).unwrap();
            assert_eq!(table.get_ref()["key"].get_ref().as_str(), Some(text), "{document}");
        }
    }
}
