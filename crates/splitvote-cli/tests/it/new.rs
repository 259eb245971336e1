//! `new` writes a crate, and replaces nothing. That the crate compiles and is red, `.ci/new-crate` tries.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fs;
use std::path::Path;

use splitvote::prelude::*;

use super::command::{splitvote as run, text};

/// What `--state-machine` writes compiles.
#[expect(unreachable_pub, reason = "it is a library")]
#[path = "../../template/state_machine.rs"]
mod state_machine;

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
    _ = fs::remove_dir_all(&directory);
    let (code, out, said) = splitvote(&["new", place, "--state-machine"]);
    assert_eq!(code, 0, "{said}");
    assert!(out.contains("as a state machine") && out.contains("docs/your-own-raft.md"), "{out}");
    let main = fs::read_to_string(directory.join("src/main.rs")).unwrap();
    assert!(main.contains("Subject::<Raft>::new") && !main.contains("Lab"), "{main}");
    let (code, _, said) = splitvote(&["new", place]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("choose another name") && !said.contains("remove"), "{said}");
    let (code, _, said) = splitvote(&["new", "My Raft"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("`My Raft` is no name for a crate"), "{said}");
}

#[test]
fn the_state_machine_answers_and_stands_for_nothing_yet() {
    let mut bench: TestBench<state_machine::Raft> = TestBench::new(PeerId(0), 3);
    let (mut raft, _) = bench.boot(&Timing::default());
    bench.pass_to_wake(&raft);
    assert!(bench.step(&mut raft, Input::Wake).is_empty());
    assert!(raft.next_wake() > Some(bench.now()), "a timer that moves on");
    let (call, from) = (CallId { number: 1, boot: 1, caller: PeerId(1) }, PeerId(1));
    let message = &state_machine::Say::RequestVote { term: 1 };
    let effects = bench.step(&mut raft, Input::Request { call, from, message });
    assert!(matches!(effects[..], [Effect::Send(_)]), "{effects:?}");
}
