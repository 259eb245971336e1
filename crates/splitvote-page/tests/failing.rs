//! What a failing test says of its page, by each door, in a process that is told where to keep it.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may fail loudly, and reads what it is told"
)]

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use splitvote::case::Case;
use splitvote::cluster::ClusterBuilder;
use splitvote::prelude::*;
use splitvote::sim::{Limits, WorldConfig};
use splitvote::testing::TestFailure;
use splitvote::{Seed, record};
use splitvote_page::{in_tests, is_page};

/// What the process of its own is to fail by.
const DOOR: &str = "SPLITVOTE_TEST_DOOR";

/// Somebody leads within a second.
const HASTY: &str = "name = \"hasty\"\npeers = 3\nseeds = 2\n\
    steps = [{ run = \"1s\" }, { expect = \"no-leader\" }]";

/// A test that fails.
fn failing(door: &str) -> Result<(), TestFailure> {
    let mine = in_tests(reference());
    let hasty = Scenario::parse("hasty.toml", HASTY)?;
    match door {
        "check" => testing::check(&hasty, &mine, None).map(drop),
        "must-hold" => {
            let plan = record(&hasty, &mine, Seed(0)).1.unwrap();
            testing::must_hold(&Case::new("hasty", plan, &mine, Seed(0)).0, &mine)
        }
        _ => {
            let limits = Limits { events: 500, ..Limits::default() };
            let world = WorldConfig { limits, ..WorldConfig::new(3, Seed(0)) };
            let build = |cluster: ClusterBuilder<_>| cluster.world(world.clone());
            under_seeds("hasty", &mine, 1, build, |cluster| {
                cluster.run_for(Duration::from_secs(60))
            })
        }
    }
}

#[test]
fn in_a_process_of_its_own() {
    if let Ok(door) = std::env::var(DOOR) {
        failing(&door).unwrap();
    }
}

/// What it says; without a directory if that is empty.
fn said(door: &str, directory: &str) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "in_a_process_of_its_own", "--nocapture"]);
    let output = command.envs([(DOOR, door), ("SPLITVOTE_REPORT", directory)]).output().unwrap();
    assert!(!output.status.success(), "{door}");
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}

#[test]
fn a_failing_test_names_its_page_by_every_door() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("failing");
    let shown = directory.to_str().unwrap();
    for door in ["check", "under-seeds", "must-hold"] {
        _ = std::fs::remove_dir_all(&directory);
        let text = said(door, shown);
        let page = directory.join("hasty-0.html");
        assert!(text.contains(&format!("\npage: {}\n", page.display())), "{door}: {text}");
        assert!(is_page(&std::fs::read_to_string(&page).unwrap()), "{door}");
        let text = said(door, "");
        assert!(!text.contains("\npage: "), "nobody has asked for one: {text}");
        let text = said(door, "/proc/nowhere");
        assert!(text.contains("\npage: /proc/nowhere/hasty-0.html cannot be written: "), "{text}");
    }
}
