//! `docs/rules.md` is true: each clause of Figures 2 and 13 names rules that exist, or says why it has none.

use splitvote_raft::rules::RULE_NAMES;

const TABLE: &str = include_str!("../../../../docs/rules.md");

/// The clauses of the two figures, by how they begin.
const CLAUSES: [&str; 41] = [
    "currentTerm",
    "votedFor",
    "log[]",
    "Updated on stable storage",
    "commitIndex",
    "lastApplied",
    "nextIndex[]",
    "matchIndex[]",
    "Results, term: currentTerm, for leader",
    "Receiver 1: reply false if term",
    "Receiver 2: reply false if log",
    "Receiver 3: if an existing entry",
    "Receiver 4: append any new",
    "Receiver 5: set commitIndex",
    "Results, term: currentTerm, for candidate",
    "Receiver 2: if votedFor",
    "Receiver 2: candidate's log",
    "All 1",
    "All 2",
    "Followers 1",
    "Followers 2",
    "Candidates 1: increment",
    "Candidates 1: vote for self",
    "Candidates 1: reset",
    "Candidates 1: send",
    "Candidates 2",
    "Candidates 3",
    "Candidates 4",
    "Leaders 1",
    "Leaders 2",
    "Leaders 3: last log",
    "Leaders 3: if successful",
    "Leaders 3: if it fails",
    "Leaders 4",
    "Sender",
    "Receiver 1: reply immediately",
    "Receiver 2: create",
    "Receiver 3: write",
    "Receiver 6",
    "Receiver 7",
    "Receiver 8",
];

/// The rows of the tables of clauses: clause, rules, remark.
fn rows() -> Vec<[&'static str; 3]> {
    let clauses = TABLE.split("## What no rule covers").next().unwrap_or_default();
    let cells = |line: &'static str| {
        let mut cells = line.trim_matches('|').split(" | ").map(str::trim);
        [(); 3].map(|()| cells.next().unwrap_or_default().trim_end_matches('|').trim())
    };
    let rows = clauses.lines().filter(|line| line.starts_with("| ") && !line.contains("---"));
    rows.map(cells).filter(|[clause, ..]| *clause != "clause").collect()
}

#[test]
fn each_clause_names_rules_that_exist() {
    for [clause, rules, remark] in rows() {
        if rules == "paper" {
            assert!(remark.len() > 20, "{clause}: why is there no rule?");
            continue;
        }
        for name in rules.split(", ").map(|name| name.trim_matches('`')) {
            assert!(RULE_NAMES.contains(&name), "{clause}: there is no rule `{name}`");
        }
    }
}

/// A rule that no clause names is either misplaced or missing in the document.
#[test]
fn each_rule_stands_for_a_clause() {
    let named: String = rows().iter().map(|[_, rules, _]| format!("{rules} ")).collect();
    for rule in RULE_NAMES {
        assert!(named.contains(&format!("`{rule}`")), "docs/rules.md: add `{rule}` to its clause");
    }
}

#[test]
fn no_clause_is_left_out() {
    let rows = rows();
    for clause in CLAUSES {
        assert!(rows.iter().any(|[known, ..]| known.starts_with(clause)), "{clause} is missing");
    }
    assert!(rows.len() >= CLAUSES.len());
}
