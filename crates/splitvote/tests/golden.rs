//! Golden digests: runs that must never change unnoticed, in debug and in release builds.
//!
//! `just bless` rewrites the file. Commit a change only when its cause is understood: a digest that
//! changes means that seeds which failed yesterday may hold today.

use std::fmt::Write as _;
use std::path::PathBuf;

use splitvote::{Seed, Verdict, reference, run, scenario};

const RUNS: [(&str, u64); 28] = [
    ("clocks/drifting-clocks", 1),
    ("crashes/quick-restarts", 2),
    ("crashes/quick-restarts", 3),
    ("lab/initial-election", 4),
    ("lab/many-elections", 5),
    ("lab/re-election", 6),
    ("paper/candidate-loses", 7),
    ("paper/follower-redirects", 8),
    ("paper/log-restriction", 9),
    ("paper/split-votes", 10),
    ("paper/timer-redrawn", 11),
    ("partitions/dethroned-leader", 12),
    ("partitions/even-cluster", 13),
    ("partitions/multiple-leaders", 14),
    ("paper/figure-7", 15),
    ("paper/figure-8", 16),
    ("paper/figure-8-committed", 17),
    ("lab/backup", 18),
    ("lab/figure-8", 19),
    ("lab/figure-8-unreliable", 20),
    ("lab/unreliable-churn", 21),
    ("lab/snapshot-install-un-crash", 22),
    ("crashes/restart-all-in-a-row", 23),
    ("disks/power-failures", 24),
    ("partitions/late-grants", 25),
    ("replication/longer-then-shorter", 26),
    ("replication/storm", 27),
    ("snapshots/racing-append", 28),
];

#[test]
fn the_digests_of_known_runs_have_not_changed() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut found = String::new();
    for (name, seed) in RUNS {
        let file = root.join(format!("../../sim-scenarios/{name}.toml"));
        let report = run(&scenario::load(&file).unwrap(), &reference(), Seed(seed));
        assert_eq!(report.verdict, Verdict::Held, "{name}, seed {seed}");
        writeln!(found, "{:016x} {name} {seed}", report.digest).unwrap();
    }
    let file = root.join("tests/golden/digests.txt");
    if is_blessing() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, &found).unwrap();
    }
    let golden = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(found, golden, "digests have changed; see the head of this file");
}

#[expect(clippy::disallowed_methods, reason = "only `just bless` sets it")]
fn is_blessing() -> bool {
    std::env::var("SPLITVOTE_BLESS").is_ok()
}
