//! How a text is mutated: by bytes, by values, by words, by lines, by nesting.

use crate::corpus::{Corpus, EXTREMES};
use crate::dice::Dice;

/// The longest text that comes of it, in bytes.
const LONGEST: usize = 1 << 20;

/// A text of the corpus after a few mutations.
pub(crate) fn mutated(corpus: &Corpus, dice: &mut Dice) -> String {
    let mut text = dice.one_of(&corpus.texts).cloned().unwrap_or_default();
    for _ in 0..=dice.below(4) {
        text = once(&text, corpus, dice);
        if text.len() > LONGEST {
            let end = (0..=LONGEST).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
            text.truncate(end);
        }
    }
    text
}

/// The text after one mutation.
fn once(text: &str, corpus: &Corpus, dice: &mut Dice) -> String {
    match dice.below(12) {
        0 => of_bytes(text, dice),
        1..=4 => with_value(text, dice),
        5..=6 => with_word(text, corpus, dice),
        7 => without_line(text, dice),
        8 => with_line_again(text, dice),
        9 => spliced(text, corpus, dice),
        10 => nested(text, dice),
        _ => with_head(text, dice),
    }
}

/// A byte changed, a stretch removed, or a stretch doubled.
fn of_bytes(text: &str, dice: &mut Dice) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let at = dice.below(bytes.len());
    let end = bytes.len().min(at + 1 + dice.below(40));
    match dice.below(3) {
        0 => {
            let byte = u8::try_from(dice.below(256)).unwrap_or(0);
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
        }
        1 => drop(bytes.drain(at.min(end)..end)),
        _ => {
            let again = bytes.get(at..end).map(<[u8]>::to_vec).unwrap_or_default();
            bytes.splice(at.min(end)..at.min(end), again);
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The stretches of a text that are values: what stands between `=` or a separator and the next one.
fn values(text: &str) -> Vec<(usize, usize)> {
    let ends = |c: char| matches!(c, ',' | '}' | ']' | '\n' | '#');
    let mut found = Vec::new();
    for (at, c) in text.char_indices() {
        if !matches!(c, '=' | ',' | '[') {
            continue;
        }
        let rest = &text[at + c.len_utf8()..];
        let length = rest.find(ends).unwrap_or(rest.len());
        let value = &rest[..length];
        let from = at + c.len_utf8() + (value.len() - value.trim_start().len());
        let to = from + value.trim().len();
        if to > from && !value.contains('=') && !value.contains('{') {
            found.push((from, to));
        }
    }
    found
}

/// A value replaced by an extreme one.
fn with_value(text: &str, dice: &mut Dice) -> String {
    let values = values(text);
    let (Some(&(from, to)), Some(extreme)) = (dice.one_of(&values), dice.one_of(EXTREMES)) else {
        return text.to_owned();
    };
    format!("{}{extreme}{}", &text[..from], &text[to..])
}

/// A word replaced by another of the corpus.
fn with_word(text: &str, corpus: &Corpus, dice: &mut Dice) -> String {
    let is_part = |c: char| c.is_alphanumeric() || c == '-' || c == '$';
    let starts: Vec<usize> = text
        .char_indices()
        .filter(|&(at, c)| is_part(c) && !text[..at].chars().next_back().is_some_and(is_part))
        .map(|(at, _)| at)
        .collect();
    let (Some(&from), Some(word)) = (dice.one_of(&starts), dice.one_of(&corpus.words)) else {
        return text.to_owned();
    };
    let length = text[from..].find(|c| !is_part(c)).unwrap_or(text.len() - from);
    format!("{}{word}{}", &text[..from], &text[from + length..])
}

/// The lines, each with its end.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn without_line(text: &str, dice: &mut Dice) -> String {
    let mut lines = lines(text);
    if !lines.is_empty() {
        lines.remove(dice.below(lines.len()));
    }
    lines.concat()
}

/// A line doubled, in its place or elsewhere, once or many times.
fn with_line_again(text: &str, dice: &mut Dice) -> String {
    let mut lines = lines(text);
    let Some(&line) = dice.one_of(&lines) else { return text.to_owned() };
    let times = if dice.once_in(8) { 2000 } else { 1 };
    let at = dice.below(lines.len() + 1);
    lines.splice(at..at, std::iter::repeat_n(line, times));
    lines.concat()
}

/// The beginning of this text and the end of another.
fn spliced(text: &str, corpus: &Corpus, dice: &mut Dice) -> String {
    let Some(other) = dice.one_of(&corpus.texts) else { return text.to_owned() };
    let (head, tail) = (lines(text), lines(other));
    let (end, start) = (dice.below(head.len() + 1), dice.below(tail.len() + 1));
    let parts = head.iter().take(end).chain(tail.iter().skip(start));
    parts.copied().collect()
}

/// The steps within a step that repeats them, once, or as deep as nobody would.
fn nested(text: &str, dice: &mut Dice) -> String {
    let Some(at) = text.find("steps = [") else { return text.to_owned() };
    let (head, steps) = text.split_at(at + "steps = [".len());
    let Some(end) = steps.find("\n]").map(|end| end + 1).or_else(|| steps.rfind(']')) else {
        return text.to_owned();
    };
    let depth = if dice.once_in(4) { 1 + dice.below(3000) } else { 1 + dice.below(3) };
    let times = dice.one_of(&["2", "1", "0", "100000", "4000000000"]).copied().unwrap_or("2");
    let open = format!("{{ repeat = {times}, steps = [").repeat(depth);
    let close = "] }".repeat(depth);
    format!("{head}{open}{}{close}{}", &steps[..end], &steps[end..])
}

/// A key of the head stated, which is or is not there already.
fn with_head(text: &str, dice: &mut Dice) -> String {
    const HEADS: &[&str] = &[
        "peers = 128\n",
        "peers = 1\n",
        "election-timeout = \"1ns-8760h\"\n",
        "election-timeout = \"1ns\"\n",
        "heartbeat = \"1ns\"\n",
        "heartbeat = \"8760h\"\n",
        "max-events = 18446744073709551615\n",
        "max-events-waiting = 1\n",
        "snapshots = { every = 1, bytes = 67108864 }\n",
        "clocks = { offset = \"8760h\", drift = \"99%\" }\n",
        "disk = { sync = \"1ms\", slow = \"50%\", slow-sync = \"1h\" }\n",
        "within = \"1ns\"\n",
        "without = [\"crashes\"]\n",
        "network = { profile = \"realistic\", duplicate = \"100%\", delay = \"1ms\" }\n",
        "network = { profile = \"realistic\", loss = \"100%\" }\n",
        "seeds = 0\n",
        "raft = { pre-vote = true, check-quorum = true }\n",
    ];
    let head = dice.one_of(HEADS).copied().unwrap_or_default();
    let key = head.split(' ').next().unwrap_or_default();
    let is_other = |line: &&str| states_another(line, key);
    let rest: String = lines(text).into_iter().filter(is_other).collect();
    format!("{head}{rest}")
}

/// Whether a line states another key than this one.
fn states_another(line: &str, key: &str) -> bool {
    line.split([' ', '=']).next() != Some(key)
}
