//! The determinism check finds a peer that is not deterministic, and names the first event.

use std::sync::atomic::{AtomicU64, Ordering};

use splitvote::determinism::check_seed;
use splitvote::{Scenario, Seed, reference};

use crate::strange::{AMBIENT, late};

const SCENARIO: &str = r#"
    name = "short"
    peers = 3
    steps = [{ run = "1s" }]
"#;

#[test]
fn the_reference_is_deterministic() {
    let scenario = Scenario::parse("short.toml", SCENARIO).unwrap();
    for seed in 0..20 {
        assert!(check_seed(&scenario, &reference(), Seed(seed)).is_ok());
    }
}

#[test]
fn a_peer_that_looks_at_ambient_state_is_found_out() {
    let scenario = Scenario::parse("short.toml", SCENARIO).unwrap();
    let subject = late("ambient", || {});
    let divergence = check_seed(&scenario, &subject, Seed(1)).unwrap_err();
    assert!(divergence.event.is_some(), "{divergence}");
    let sentence = divergence.to_string();
    assert!(sentence.contains("the timer of S"), "the timer shows it first: {sentence}");
    assert!(
        sentence.contains("; in the other, the timer of S") && !sentence.contains("{ "),
        "{sentence}"
    );
    assert_ne!(divergence.first, divergence.second);
}

#[test]
fn a_run_that_differs_only_without_the_recorder_is_named_by_an_event_all_the_same() {
    static BOOTS: AtomicU64 = AtomicU64::new(0);
    // Three peers a run: the first two runs agree, from the third on all are later.
    let subject = late("late", || {
        let run = BOOTS.fetch_add(1, Ordering::Relaxed);
        AMBIENT.store(if run < 2 { 0 } else { 1_000_000 }, Ordering::Relaxed);
    });
    let scenario = Scenario::parse("short.toml", SCENARIO).unwrap();
    let divergence = check_seed(&scenario, &subject, Seed(1)).unwrap_err();
    assert!(divergence.event.is_some(), "{divergence}");
}
