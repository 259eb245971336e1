//! `new` writes a crate, and replaces nothing. That the crate compiles and is red, `.ci/new-crate` tries.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fs;
use std::path::Path;

use super::command::{splitvote as run, text};

fn splitvote(arguments: &[&str]) -> (i32, String, String) {
    let ran = run(arguments);
    (ran.status.code().unwrap(), text(&ran.stdout), text(&ran.stderr))
}

#[test]
fn a_new_crate_is_whole_and_nothing_is_replaced() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("new-raft");
    _ = fs::remove_dir_all(&directory);
    let place = directory.to_str().unwrap();
    let (code, out, said) = splitvote(&["new", place]);
    assert_eq!(code, 0, "{said}");
    assert!(out.contains("cargo test lab/"), "{out}");
    for file in ["Cargo.toml", "src/lib.rs", "src/main.rs", "tests/conformance.rs"] {
        let text = fs::read_to_string(directory.join(file)).unwrap();
        assert!(!text.contains('@'), "{file}: every place is filled in: {text}");
    }
    let (code, _, said) = splitvote(&["new", place]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("choose another name, or remove it"), "{said}");
    let (code, _, said) = splitvote(&["new", "My Raft"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("`My Raft` is no name for a crate"), "{said}");
}
