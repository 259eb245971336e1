//! The atlas as it is committed. `just bless` rewrites the files; commit a
//! change only when its cause is understood: a verdict that moves means that the Raft, the network or the
//! chances behave otherwise.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64};

use splitvote::sweep::cores;
use splitvote_experiment::atlas::{Outcome, chart, report};

#[test]
fn the_verdicts_have_not_changed() {
    for peers in 1..=4 {
        let chart = chart(peers, cores(), &AtomicU64::new(0), &AtomicBool::new(false));
        assert!(chart.failures.is_empty(), "{:?}", chart.failures);
        let found = report::verdicts(&chart);
        let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../reports/atlas");
        let file = directory.join(report::file_name(peers));
        if is_blessing() {
            std::fs::create_dir_all(&directory).unwrap();
            std::fs::write(&file, &found).unwrap();
        }
        let golden = std::fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(found, golden, "verdicts have changed; see the head of this file");
    }
}

/// The page of up to five peers. Their verdicts are 9364 lines, which are not kept.
#[test]
#[ignore = "takes two minutes in a release build, on two cores: `just atlas-of-five`"]
fn the_page_of_five_peers_has_not_changed() {
    let charts: Vec<_> = (1..=5)
        .map(|peers| chart(peers, cores(), &AtomicU64::new(0), &AtomicBool::new(false)))
        .collect();
    assert!(charts.iter().all(|chart| chart.failures.is_empty()));
    assert_eq!(report::page(&charts), include_str!("../../../reports/atlas/five-peers.md"));
}

/// With both options, whoever can talk both ways with a majority comes to lead, or follows one who can.
#[test]
fn with_both_options_every_graph_that_allows_progress_is_steady() {
    let chart = chart(3, 1, &AtomicU64::new(0), &AtomicBool::new(false));
    let able: Vec<_> = chart.rows.iter().filter_map(|(_, verdicts)| verdicts.as_ref()).collect();
    assert_eq!(able.len(), 8);
    assert!(able.iter().all(|[.., both]| both.worst == Outcome::Steady));
    assert!(able.iter().any(|[neither, ..]| neither.worst == Outcome::Livelock));
    assert!(able.iter().any(|[_, pre_vote, ..]| pre_vote.worst == Outcome::Stuck));
}

#[expect(clippy::disallowed_methods, reason = "only `just bless` sets it")]
fn is_blessing() -> bool {
    std::env::var("SPLITVOTE_BLESS").is_ok()
}
