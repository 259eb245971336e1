//! What the documents say is so: links lead somewhere, snippets compile, and the README is short.

use std::path::Path;

use super::{File, ROOT, expect_none, files};

/// The most words of the README, code included.
const README: usize = 1500;

/// The text with its blocks of code left blank, so that lines keep their numbers.
fn prose(text: &str) -> String {
    let mut is_code = false;
    let mut prose = String::new();
    for line in text.lines() {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        prose += if is_code || is_fence { "" } else { line };
        prose.push('\n');
    }
    prose
}

/// The targets of the relative links of a line.
fn links(line: &str) -> Vec<&str> {
    let targets = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.filter(|target| !target.contains("://") && !target.contains(' ')).collect()
}

/// The anchor that a heading gets: lower case, spaces become hyphens, punctuation goes.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter(|&c| c.is_alphanumeric() || c == ' ' || c == '-');
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

fn has_anchor(text: &str, wanted: &str) -> bool {
    let headings = prose(text);
    let mut headings = headings.lines().filter(|line| line.starts_with('#'));
    headings.any(|line| anchor(line.trim_start_matches('#')) == wanted)
}

/// The links of a document that lead nowhere.
fn dead_links(file: &File) -> Vec<String> {
    let text = prose(&file.text);
    let directory = Path::new(ROOT).join(&file.path);
    let directory = directory.parent().unwrap_or(Path::new(ROOT));
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for link in links(line) {
            let (path, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = directory.join(path);
            let text = || match path {
                "" => Ok(file.text.clone()),
                _ => std::fs::read_to_string(&target),
            };
            if !path.is_empty() && !target.exists() {
                found.push(file.finding(index + 1, &format!("{link} is no file")));
            } else if !heading.is_empty() && !text().is_ok_and(|text| has_anchor(&text, heading)) {
                found.push(file.finding(index + 1, &format!("{link} is no heading")));
            }
        }
    }
    found
}

/// The Rust snippets of a document that do not stand in a file that is compiled.
fn uncompiled(file: &File, compiled: &str) -> Vec<String> {
    let text = |text: &str| text.replace("use splitvote::prelude::*;", "");
    // `rustfmt` breaks lines elsewhere than a page does, and then writes a comma more.
    let squeezed = |code: &str| {
        text(code).split_whitespace().collect::<String>().replace(",)", ")").replace(",}", "}")
    };
    let compiled = squeezed(compiled);
    let mut found = Vec::new();
    for block in file.text.split("```rust\n").skip(1) {
        let snippet = block.split("```").next().unwrap_or_default();
        if !compiled.contains(&squeezed(snippet)) {
            let first = snippet.lines().next().unwrap_or_default();
            found.push(file.finding(1, &format!("the snippet `{first} …` is not in guide.rs")));
        }
    }
    found
}

#[test]
fn every_relative_link_leads_somewhere() {
    let mut documents = files(".md");
    // A page of code that is filled in; its links are those of the report that is made of it.
    documents.retain(|file| !file.path.contains("/src/"));
    let findings: Vec<String> = documents.iter().flat_map(dead_links).collect();
    expect_none(&findings);
}

#[test]
fn every_snippet_of_rust_compiles() {
    let compiled = include_str!("guide.rs");
    let mut documents = files(".md");
    documents.retain(|file| file.path == "README.md" || file.path.starts_with("docs/"));
    let findings: Vec<String> =
        documents.iter().flat_map(|file| uncompiled(file, compiled)).collect();
    expect_none(&findings);
}

#[test]
fn the_readme_is_read_in_five_minutes() {
    let readme = files("README.md").into_iter().find(|file| file.path == "README.md").unwrap();
    let words = readme.text.split_whitespace().count();
    assert!(words <= README, "README.md has {words} words: move a part to docs/");
}

/// The ratios of a report: the last column of each row of its section about other simulators.
fn ratios(report: &str) -> Vec<&str> {
    let section = report.split("## Beside other simulators").nth(1).unwrap_or_default();
    let rows = section.lines().filter(|line| line.starts_with("| ")).skip(2);
    rows.filter_map(|row| row.trim_end_matches(" |").rsplit('|').next()).map(str::trim).collect()
}

#[test]
fn the_table_of_the_readme_is_that_of_the_report() {
    let of = |path| files(".md").into_iter().find(|file| file.path == path).unwrap().text;
    let (report, readme) = (of("reports/bench.md"), of("README.md"));
    let table = readme.split("<!-- beside -->").nth(1).unwrap();
    let figures: Vec<&str> =
        table.lines().filter(|line| line.starts_with('|')).nth(2).unwrap().split('|').collect();
    assert_eq!(figures[1..figures.len() - 1], ratios(&report), "just bench-beside writes both");
    assert!(ratios(&report).len() > 3, "{:?}", ratios(&report));
}

#[test]
fn what_is_untrue_is_found() {
    let text = "[a](README.md) [b](nowhere.md)\n```\n[c](nowhere.md)\n```\n[d](README.md#no-such-heading)\n";
    let found = dead_links(&File::new("made-up.md", text));
    let expected = [
        "made-up.md:1: nowhere.md is no file",
        "made-up.md:5: README.md#no-such-heading is no heading",
    ];
    assert_eq!(found, expected);
    assert!(has_anchor("# Exit codes, all", "exit-codes-all"));
    let snippet = File::new("a.md", "```rust\nlet x = 1;\n```\n```rust\nlet y  = 2;\n```\n");
    assert_eq!(uncompiled(&snippet, "let y = 2;").len(), 1);
}
