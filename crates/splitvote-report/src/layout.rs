//! Where on the line each peer's column begins, and how words are broken to fit.
//!
//! Columns are narrow and words run on to the right, over the columns of peers that do nothing at
//! the moment: so a moment takes one line, and the last column has room as well. If the columns
//! would be narrower than a name, each line names its peer instead.

use splitvote::PeerId;

use crate::part::{Ink, Span};

/// Where the first column begins, behind the time.
pub(crate) const TIME: usize = 12;
/// The room for words in the last column.
const LAST: usize = 50;
const NARROWEST: usize = 6;
const WIDEST: usize = 26;

/// Where each peer's column begins.
pub(crate) struct Layout {
    pub(crate) width: usize,
    pub(crate) peers: Vec<PeerId>,
    /// How far apart the columns are; `None` if each line names its peer.
    stride: Option<usize>,
}

impl Layout {
    pub(crate) fn new(width: usize, peers: Vec<PeerId>) -> Self {
        let gaps = peers.len().saturating_sub(1).max(1);
        let room = width.saturating_sub(TIME + LAST);
        let stride = Some(room / gaps).filter(|stride| *stride >= NARROWEST);
        Self { width, stride: stride.map(|stride| stride.min(WIDEST)), peers }
    }

    /// Whether there is a column a peer.
    pub(crate) fn has_columns(&self) -> bool {
        self.stride.is_some()
    }

    /// The peers and where their columns begin.
    pub(crate) fn columns(&self) -> impl Iterator<Item = (PeerId, usize)> {
        let stride = self.stride.unwrap_or_default();
        self.peers.iter().enumerate().map(move |(place, peer)| (*peer, TIME + place * stride))
    }

    /// Where the words of this peer begin, its mark included.
    pub(crate) fn column(&self, peer: PeerId) -> usize {
        let found = self.columns().find(|(known, _)| *known == peer);
        found.map_or(TIME, |(_, column)| column)
    }
}

/// Breaks parts into lines of this width: between parts where that helps, else between words. A
/// word that is longer stands alone.
pub(crate) fn wrap(parts: &[Vec<Span>], width: usize) -> Vec<Vec<Span>> {
    let mut lines: Vec<Vec<Span>> = vec![Vec::new()];
    let mut filled = 0;
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            push(&mut lines, Ink::Dim, " · ");
            filled += 3;
        }
        let length: usize = part.iter().map(|(_, text)| text.chars().count()).sum();
        if filled > 0 && filled + length > width && length <= width {
            end_line(&mut lines);
            filled = 0;
        }
        for (ink, text) in part {
            for word in text.split_inclusive(' ') {
                let length = word.trim_end().chars().count();
                if filled > 0 && length > 0 && filled + length > width {
                    end_line(&mut lines);
                    filled = 0;
                }
                push(&mut lines, *ink, word);
                filled += word.chars().count();
            }
        }
    }
    lines
}

fn end_line(lines: &mut Vec<Vec<Span>>) {
    if let Some((_, text)) = lines.last_mut().and_then(|line| line.last_mut()) {
        text.truncate(text.trim_end().len());
    }
    lines.push(Vec::new());
}

fn push(lines: &mut [Vec<Span>], ink: Ink, word: &str) {
    let Some(line) = lines.last_mut() else { return };
    match line.last_mut() {
        Some((last, text)) if *last == ink => text.push_str(word),
        _ => line.push((ink, word.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(width: usize, peers: usize) -> Vec<usize> {
        let layout = Layout::new(width, PeerId::all(peers).collect());
        if layout.has_columns() { layout.columns().map(|(_, at)| at).collect() } else { Vec::new() }
    }

    #[test]
    fn columns_are_even_and_leave_room_for_the_last() {
        assert_eq!(starts(120, 3), [12, 38, 64]);
        assert_eq!(starts(120, 5), [12, 26, 40, 54, 68]);
        assert_eq!(starts(120, 7), [12, 21, 30, 39, 48, 57, 66]);
        assert_eq!(starts(120, 1), [12]);
    }

    #[test]
    fn too_many_peers_have_no_columns() {
        assert!(starts(120, 101).is_empty());
        assert!(starts(60, 5).is_empty());
    }

    fn wrapped(parts: &[&str], width: usize) -> Vec<String> {
        let parts: Vec<Vec<Span>> =
            parts.iter().map(|text| vec![(Ink::Plain, (*text).to_owned())]).collect();
        let text = |line: &Vec<Span>| line.iter().map(|(_, text)| text.as_str()).collect();
        wrap(&parts, width).iter().map(text).collect()
    }

    #[test]
    fn lines_are_broken_between_parts_where_that_helps() {
        assert_eq!(wrapped(&["one", "two", "three four"], 12), ["one · two ·", "three four"]);
    }

    #[test]
    fn a_long_part_is_broken_at_blanks() {
        assert_eq!(wrapped(&["one two three four"], 9), ["one two", "three", "four"]);
        assert_eq!(wrapped(&["aVeryLongWord"], 4), ["aVeryLongWord"]);
    }
}
