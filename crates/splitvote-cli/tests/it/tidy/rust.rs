//! Every source file opens with its contract, and is short enough to be read.

use super::{File, expect_none, files};

/// The longest line, in characters. Only what has a string in it, or is a line of one, may be longer.
const COLUMNS: usize = 120;
/// The longest function, in lines: a screen.
const FUNCTION: usize = 78;
/// The longest file of production code, in lines. The habit is 150.
const FILE: usize = 400;
/// The fewest words of a doc comment.
const WORDS: usize = 3;

/// The production code.
fn sources() -> Vec<File> {
    let mut sources = files(".rs");
    sources.retain(|file| file.path.contains("/src/"));
    sources
}

fn without_contract(file: &File) -> Option<String> {
    (!file.text.starts_with("//!")).then(|| file.finding(1, "opens with no contract (`//!`)"))
}

fn long_lines(file: &File) -> Vec<String> {
    let is_of_string = |line: &str| line.contains('"') || line.ends_with('\\');
    let is_long = |line: &str| line.chars().count() > COLUMNS && !is_of_string(line);
    let long = file.lines().filter(|(_, line)| is_long(line));
    long.map(|(number, _)| file.finding(number, "is longer than 120 columns")).collect()
}

/// The functions that are longer than a screen. As `rustfmt` writes them, a function ends with the first
/// brace that stands as far to the right as its `fn` does.
fn long_functions(file: &File) -> Vec<String> {
    let lines: Vec<&str> = file.text.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        if !is_function(line.trim_start()) {
            continue;
        }
        let body = &lines[start..];
        let ends = |line: &&str| {
            let own = line.len() - line.trim_start().len();
            own == indent && (line.trim_end().ends_with('}') || line.trim_end().ends_with(';'))
        };
        let length = body.iter().position(ends).map_or(0, |end| end + 1);
        if length > FUNCTION {
            found.push(file.finding(start + 1, &format!("is a function of {length} lines")));
        }
    }
    found
}

fn is_function(line: &str) -> bool {
    let words = ["pub(crate) ", "pub(super) ", "pub ", "const ", "unsafe "];
    let mut rest = line;
    while let Some(shorter) = words.iter().find_map(|word| rest.strip_prefix(word)) {
        rest = shorter;
    }
    rest.starts_with("fn ")
}

fn long_file(file: &File) -> Option<String> {
    let lines = file.text.lines().count();
    (lines > FILE).then(|| file.finding(lines, &format!("is the end of a file of {lines} lines")))
}

/// Doc comments of one line that say less than a name does.
fn short_docs(file: &File) -> Vec<String> {
    let lines: Vec<&str> = file.text.lines().map(str::trim_start).collect();
    let is_doc = |index: Option<usize>| {
        index.and_then(|index| lines.get(index)).is_some_and(|line| line.starts_with("///"))
    };
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(text) = line.strip_prefix("/// ") else { continue };
        let stands_alone = !is_doc(index.checked_sub(1)) && !is_doc(Some(index + 1));
        if stands_alone && text.split_whitespace().count() < WORDS {
            found.push(file.finding(index + 1, &format!("`{text}` says less than a name does")));
        }
    }
    found
}

#[test]
fn every_file_opens_with_its_contract() {
    let findings: Vec<String> = sources().iter().filter_map(without_contract).collect();
    expect_none(&findings);
}

#[test]
fn no_line_is_longer_than_a_page_is_wide() {
    let findings: Vec<String> = sources().iter().flat_map(long_lines).collect();
    expect_none(&findings);
}

#[test]
fn every_function_fits_a_screen() {
    let findings: Vec<String> = sources().iter().flat_map(long_functions).collect();
    expect_none(&findings);
}

#[test]
fn every_file_is_read_at_a_sitting() {
    let findings: Vec<String> = sources().iter().filter_map(long_file).collect();
    expect_none(&findings);
}

#[test]
fn every_doc_comment_says_something() {
    let findings: Vec<String> = sources().iter().flat_map(short_docs).collect();
    expect_none(&findings);
}

#[test]
fn what_breaks_a_rule_is_found() {
    let long = format!("fn short() {{}}\nfn long() {{\n{}}}\n", "    let _ = 1;\n".repeat(80));
    let file = File::new("a/src/b.rs", &long);
    assert_eq!(without_contract(&file).unwrap(), "a/src/b.rs:1: opens with no contract (`//!`)");
    assert_eq!(long_functions(&file), ["a/src/b.rs:2: is a function of 82 lines"]);
    assert!(long_file(&File::new("a", &"\n".repeat(401))).is_some());
    assert!(long_file(&File::new("a", &"\n".repeat(400))).is_none());
    let wide = format!("{}\n\"{}\"\n", "ö".repeat(121), "ö".repeat(121));
    assert_eq!(long_lines(&File::new("a", &wide)), ["a:1: is longer than 120 columns"]);
    let docs = "/// Whose.\nx\n/// Whose log\n/// it is.\n/// The peer that leads.\n";
    assert_eq!(short_docs(&File::new("a", docs)), ["a:1: `Whose.` says less than a name does"]);
}
