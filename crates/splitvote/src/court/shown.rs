//! What a message prints, as a trace keeps it: on one line, without what a terminal would obey, not
//! without end, and whatever its `Display` does short of a panic.

use std::fmt::{self, Display, Write as _};

use crate::catch::plain;

/// So many bytes of a message are kept.
const MOST_BYTES: usize = 1_000;

/// Takes what is printed until it is enough.
struct Bounded {
    text: String,
    is_full: bool,
}

impl fmt::Write for Bounded {
    fn write_str(&mut self, more: &str) -> fmt::Result {
        let left = MOST_BYTES - self.text.len();
        if more.len() <= left {
            self.text.push_str(more);
            return Ok(());
        }
        self.text.push_str(&more[..more.floor_char_boundary(left)]);
        self.is_full = true;
        // So a message that prints without end stops here.
        Err(fmt::Error)
    }
}

/// What a message prints.
pub(super) fn shown(message: &impl Display) -> String {
    let mut bounded = Bounded { text: String::new(), is_full: false };
    let outcome = write!(bounded, "{message}");
    let Bounded { mut text, is_full } = bounded;
    if text.chars().any(char::is_control) {
        text = plain(&text);
    }
    match (outcome, is_full) {
        (Ok(()), _) => {}
        (Err(_), true) => text.push('…'),
        (Err(_), false) => text.push_str("(its Display fails)"),
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Says(fn(&mut fmt::Formatter<'_>) -> fmt::Result);

    impl Display for Says {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            (self.0)(f)
        }
    }

    #[test]
    fn a_message_is_kept_on_a_short_line_whatever_it_prints() {
        assert_eq!(shown(&"vote T3"), "vote T3");
        assert_eq!(shown(&Says(|f| f.write_str("a\x1b[2J\nb"))), "a\\u{1b}[2J b");
        assert_eq!(shown(&Says(|_| Err(fmt::Error))), "(its Display fails)");
        let endless = shown(&Says(|f| {
            loop {
                f.write_str("ä-")?;
            }
        }));
        assert!(endless.len() < 1_010 && endless.ends_with('…'), "{endless}");
    }
}
