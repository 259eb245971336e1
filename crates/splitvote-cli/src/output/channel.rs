//! Standard output and standard error. No reader changes a verdict, and no text gives orders to a terminal.
//!
//! - A reader may leave at any time (`| head -1`). What is written after that is dropped, and the command goes on to
//!   its exit code.
//! - Output that a full disk does not take is dropped, too, and [`close`] says so: whoever reads the file later must
//!   not take it for whole.
//! - Control characters are shown and not sent: names, keys, commands and panic messages are other people's text. What
//!   stands for them is an escape of JSON, so that JSON stays JSON. Colours of our own pass.

use std::io::{self, ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// The standard output.
pub(crate) fn out() -> Channel {
    Channel(&OUT)
}

/// The standard error.
pub(crate) fn err() -> Channel {
    Channel(&ERR)
}

/// Prints a line on standard error.
macro_rules! complain {
    ($($text:tt)*) => {
        // What cannot be said there can be said nowhere.
        _ = std::io::Write::write_fmt(&mut $crate::output::channel::err(), format_args!("{}\n", format_args!($($text)*)))
    };
}
pub(crate) use complain;

/// From now on colours pass: whoever reads has asked for them, or is a terminal.
pub(crate) fn let_colours_pass() {
    COLOURS_PASS.store(true, Ordering::Relaxed);
}

/// Whether they do.
pub(crate) fn do_colours_pass() -> bool {
    COLOURS_PASS.load(Ordering::Relaxed)
}

/// Writes what is left, and says why standard output was not taken as a whole, if it was not. A reader that has left
/// is no reason.
pub(crate) fn close() -> Option<String> {
    for side in [&OUT, &ERR] {
        let mut side = side.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = side.filter.rest();
        side.send(&rest);
        side.flush();
    }
    let out = OUT.lock().unwrap_or_else(PoisonError::into_inner);
    out.trouble
        .as_ref()
        .filter(|error| error.kind() != ErrorKind::BrokenPipe)
        .map(ToString::to_string)
}

static OUT: Mutex<Side> = Mutex::new(Side::new(Stream::Out));
static ERR: Mutex<Side> = Mutex::new(Side::new(Stream::Err));
static COLOURS_PASS: AtomicBool = AtomicBool::new(false);

/// One of the two. Writing to it never fails.
#[derive(Clone, Copy)]
pub(crate) struct Channel(&'static Mutex<Side>);

impl Write for Channel {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut side = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let clean = side.filter.pass(bytes, do_colours_pass());
        side.send(&clean);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).flush();
        Ok(())
    }
}

enum Stream {
    Out,
    Err,
}

struct Side {
    stream: Stream,
    filter: Filter,
    /// Why nothing is written any more.
    trouble: Option<io::Error>,
}

impl Side {
    const fn new(stream: Stream) -> Self {
        Self { stream, filter: Filter { held: Vec::new() }, trouble: None }
    }

    fn send(&mut self, bytes: &[u8]) {
        if self.trouble.is_some() {
            return;
        }
        self.trouble = match self.stream {
            Stream::Out => io::stdout().write_all(bytes),
            Stream::Err => io::stderr().write_all(bytes),
        }
        .err();
    }

    fn flush(&mut self) {
        if self.trouble.is_none() {
            self.trouble = match self.stream {
                Stream::Out => io::stdout().flush(),
                Stream::Err => io::stderr().flush(),
            }
            .err();
        }
    }
}

/// Shows what would otherwise move a cursor, set a title or turn text around.
struct Filter {
    /// The beginning of what may become a colour or a character.
    held: Vec<u8>,
}

/// What stands at the beginning of some bytes.
enum Found {
    /// So many bytes that may pass.
    Plain(usize),
    /// So many bytes that are this character, which may not pass.
    Control(usize, u32),
    /// Not enough bytes to tell.
    Cut,
}

impl Filter {
    fn pass(&mut self, bytes: &[u8], colours: bool) -> Vec<u8> {
        let mut all = std::mem::take(&mut self.held);
        all.extend_from_slice(bytes);
        let (mut clean, mut left) = (Vec::with_capacity(all.len()), all.as_slice());
        while !left.is_empty() {
            let taken = match first(left, colours) {
                Found::Plain(count) => {
                    clean.extend_from_slice(&left[..count]);
                    count
                }
                Found::Control(count, character) => {
                    clean.extend_from_slice(format!("\\u{character:04x}").as_bytes());
                    count
                }
                Found::Cut => {
                    self.held = left.to_vec();
                    break;
                }
            };
            left = &left[taken..];
        }
        clean
    }

    /// What is held, when no more comes.
    fn rest(&mut self) -> Vec<u8> {
        let held = std::mem::take(&mut self.held);
        match held.split_first() {
            Some((0x1b, rest)) => [b"\\u001b", rest].concat(),
            _ => held,
        }
    }
}

fn first(bytes: &[u8], colours: bool) -> Found {
    match *bytes {
        [0x1b, ..] if colours => colour(bytes),
        [b'\n' | b'\t', ..] => Found::Plain(1),
        [control @ (0x00..0x20 | 0x7f), ..] => Found::Control(1, control.into()),
        [0xc2, second @ 0x80..=0x9f, ..] => Found::Control(2, second.into()),
        // What turns the direction of text around: U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069.
        [0xe2, 0x80, third @ (0x8e | 0x8f | 0xaa..=0xae), ..] => {
            Found::Control(3, 0x2000 + u32::from(third) - 0x80)
        }
        [0xe2, 0x81, third @ 0xa6..=0xa9, ..] => {
            Found::Control(3, 0x2040 + u32::from(third) - 0x80)
        }
        [0xc2] | [0xe2] | [0xe2, 0x80 | 0x81] => Found::Cut,
        _ => Found::Plain(1),
    }
}

/// A colour is `ESC [`, digits and semicolons, and `m`.
fn colour(bytes: &[u8]) -> Found {
    let is_number = |byte: &&u8| byte.is_ascii_digit() || **byte == b';';
    let numbers = bytes.iter().skip(2).take_while(is_number).count();
    match (bytes.get(1), bytes.get(2 + numbers)) {
        (None, _) => Found::Cut,
        (Some(b'['), Some(b'm')) => Found::Plain(3 + numbers),
        (Some(b'['), None) if numbers < 20 => Found::Cut,
        _ => Found::Control(1, 0x1b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(parts: &[&str], colours: bool) -> String {
        let mut filter = Filter { held: Vec::new() };
        let mut all: Vec<u8> =
            parts.iter().flat_map(|part| filter.pass(part.as_bytes(), colours)).collect();
        all.extend(filter.rest());
        String::from_utf8(all).unwrap()
    }

    #[test]
    fn control_characters_are_shown_and_text_passes() {
        let text = "✓ S0→S1\tdone\n";
        assert_eq!(passed(&[text], false), text);
        assert_eq!(passed(&["a\u{1b}]0;title\u{7}b\rc"], true), "a\\u001b]0;title\\u0007b\\u000dc");
        assert_eq!(
            passed(&["\u{9b}2J\u{7f}\u{202e}\u{2066}"], true),
            "\\u009b2J\\u007f\\u202e\\u2066"
        );
        assert_eq!(passed(&["\u{1b}[2J\u{1b}[31m"], true), "\\u001b[2J\u{1b}[31m", "a colour");
        assert_eq!(passed(&["\u{1b}[31m"], false), "\\u001b[31m", "nobody asked for colours");
    }

    #[test]
    fn what_comes_in_pieces_is_seen_as_a_whole() {
        let mut filter = Filter { held: Vec::new() };
        let text = "\u{1b}[1;31mé\u{9b}→\u{202e}";
        let clean: Vec<u8> =
            text.as_bytes().iter().flat_map(|byte| filter.pass(&[*byte], true)).collect();
        assert_eq!(String::from_utf8(clean).unwrap(), "\u{1b}[1;31mé\\u009b→\\u202e");
        assert_eq!(passed(&["\u{1b}", "[", "3", "1", "m", "\u{1b}["], true), "\u{1b}[31m\\u001b[");
    }
}
