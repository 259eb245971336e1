//! Text that others wrote, such that it only stands where it is: no character of it steers a terminal, ends a line or
//! turns the direction of what stands beside it.

use std::fmt::Write as _;
use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

/// Whether a character only stands where it is: no control character, no line separator, no mark of direction,
/// nothing that is not seen.
#[must_use]
pub fn is_harmless(c: char) -> bool {
    let is_mark = matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    !c.is_control() && !is_mark
}

/// A text on one line: characters that would do more than stand there are written as in Rust, `\n` or `\u{1b}`.
#[must_use]
pub fn on_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if is_harmless(c) => line.push(c),
            '\n' | '\r' | '\t' => line.extend(c.escape_default()),
            // Writing to a string does not fail.
            c => _ = write!(line, "{}", c.escape_unicode()),
        }
    }
    line
}

/// Writes a value as JSON in which such characters are escaped, as JSON has it: who reads it gets what was written.
///
/// # Errors
/// If `out` cannot be written to, or the value is none of JSON.
pub fn write_json<W: io::Write>(out: &mut W, value: &impl Serialize) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(out, Harmless)).map_err(io::Error::from)
}

/// As `serde_json` writes it, but for characters that would do more than stand there.
struct Harmless;

impl Formatter for Harmless {
    fn write_string_fragment<W>(&mut self, out: &mut W, fragment: &str) -> io::Result<()>
    where
        W: ?Sized + io::Write,
    {
        // ASCII that would have to be escaped has been, but for the last of it.
        if fragment.bytes().all(|byte| byte < 0x7f) {
            return out.write_all(fragment.as_bytes());
        }
        let mut rest = fragment;
        while let Some((place, c)) = rest.char_indices().find(|(_, c)| !is_harmless(*c)) {
            let (before, after) = rest.split_at(place);
            out.write_all(before.as_bytes())?;
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = after.get(c.len_utf8()..).unwrap_or_default();
        }
        out.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVIL: &str = "\"a\"\n\r\u{1b}[31m \u{202e}gnp\u{2028}\u{7f}\u{9b}\u{feff}\u{fffe}ä𝄞";

    #[test]
    fn a_line_has_nothing_in_it_that_steers() {
        let line = on_one_line(EVIL);
        assert!(line.chars().all(is_harmless), "{line}");
        assert_eq!(on_one_line("a\nb\u{1b}"), "a\\nb\\u{1b}");
        assert_eq!(on_one_line("`AppendEntries { term: 1 }` ä𝄞"), "`AppendEntries { term: 1 }` ä𝄞");
    }

    #[test]
    fn json_is_harmless_and_says_the_same() {
        let mut json = Vec::new();
        write_json(&mut json, &[EVIL, "plain"]).unwrap();
        let json = String::from_utf8(json).unwrap();
        assert!(json.chars().all(is_harmless), "{json}");
        assert_eq!(serde_json::from_str::<[String; 2]>(&json).unwrap(), [EVIL, "plain"]);
        assert!(json.contains("ä𝄞") && json.contains("\\u202e"), "{json}");
    }
}
