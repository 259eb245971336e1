//! Shrinking as a test calls it: the best so far is in its file, and it ends in time.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::time::Duration;

use splitvote::raft::Rules;
use splitvote::shrink::{Candidate, ShrinkOptions, shrink_into, shrink_plan_into};
use splitvote::{Case, Scenario, Seed, case, reference};

use crate::broken::broken;

/// One vote is enough.
#[derive(Clone, Debug)]
struct OneIsEnough;

impl Rules for OneIsEnough {
    fn votes_needed(&self, _: usize) -> usize {
        1
    }
}

fn stormy() -> Scenario {
    Scenario::parse("x.toml", "name = \"stormy\"\npeers = 5\nsteps = [{ storm = \"5s\" }]").unwrap()
}

fn file(name: &str) -> PathBuf {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("shrinking").join(name);
    _ = std::fs::remove_file(&file);
    file
}

#[test]
fn the_best_so_far_is_in_its_file_from_the_first_pass_on() {
    let file = file("kept.toml");
    let subject = broken("one-is-enough", &OneIsEnough);
    let (looks, first) = (Cell::new(0), RefCell::new(None));
    let watch = |_: &splitvote::shrink::ShrinkProgress| {
        looks.set(looks.get() + 1);
        // A half-written file would not be read.
        let found = case::load(&file).unwrap();
        assert_eq!(found.fails.as_ref().map(|fails| fails.checker.as_str()), Some("real-majority"));
        first.borrow_mut().get_or_insert(found);
    };
    let mut options = ShrinkOptions::default();
    options.watch = Some(&watch);
    let made = shrink_into(&file, &stormy(), &subject, Seed(0), &options).unwrap();
    assert!(looks.get() > 3);
    let kept = case::load(&file).unwrap();
    assert_eq!((&kept.plan, &kept.fails), (&made.plan, &made.fails));
    assert_ne!(kept.plan, first.into_inner().unwrap().plan, "it has become smaller");
    assert!(kept.replay(&subject).1.is_as_stated());
    let others = std::fs::read_dir(file.parent().unwrap()).unwrap();
    assert!(others.flatten().all(|other| !other.path().ends_with("unfinished")));
}

#[test]
fn a_bound_of_time_leaves_a_case_that_fails_all_the_same() {
    let file = file("bound.toml");
    let subject = broken("one-is-enough", &OneIsEnough);
    let mut options = ShrinkOptions::default();
    options.within = Some(Duration::ZERO);
    let made = shrink_into(&file, &stormy(), &subject, Seed(0), &options).unwrap();
    assert_eq!(made.file, file);
    let kept: Case = case::load(&file).unwrap();
    assert!(kept.replay(&subject).1.is_as_stated(), "{}", kept.replay(&subject).1);
    // It can be shrunk further, into another file or the same.
    let further = shrink_plan_into(
        &file,
        "stormy",
        &Candidate::from(&kept),
        &subject,
        &ShrinkOptions::default(),
    );
    assert!(further.unwrap().plan.setup.peers <= kept.plan.setup.peers);
}

#[test]
fn what_holds_leaves_no_file() {
    let file = file("held.toml");
    let told = shrink_into(&file, &stormy(), &reference(), Seed(0), &ShrinkOptions::default());
    assert!(told.unwrap_err().to_string().contains("all properties held"));
    assert!(!file.exists());
}
