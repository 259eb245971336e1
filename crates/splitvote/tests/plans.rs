//! A run can be written out, and the plan makes the same run.

use std::path::Path;

use splitvote::plan::record;
use splitvote::scenario::load_all;
use splitvote::{Seed, Verdict, reference, run};

#[test]
fn a_storm_written_out_is_the_same_storm() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sim-scenarios/swarm");
    for scenario in load_all(&root).unwrap() {
        for seed in (0..60).map(Seed) {
            let (report, plan) = record(&scenario, &reference(), seed);
            assert_eq!(report.verdict, Verdict::Held, "{} {seed:?}", scenario.name);
            let plan = plan.unwrap();
            let again = run(&plan.scenario(), &reference(), seed);
            assert_eq!(again.digest, report.digest, "{} {seed:?}", scenario.name);
        }
    }
}
