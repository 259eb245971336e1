//! Every file of `sim-scenarios/` is a test: the reference Raft holds.

use libtest_mimic::{Arguments, Failed, Trial};
use splitvote::{reference, scenario, testing};

fn main() {
    let arguments = Arguments::from_args();
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../../sim-scenarios");
    let scenarios = match scenario::load_all(directory.as_ref()) {
        Ok(scenarios) => scenarios,
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(2);
        }
    };
    let trials = scenarios.into_iter().map(|scenario| {
        Trial::test(scenario.name.clone(), move || {
            let file = scenario.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let replay = |seed| {
                let directory =
                    scenario.file.parent().and_then(|path| path.file_name()).unwrap_or_default();
                let directory = directory.to_string_lossy();
                format!(
                    "cargo run --release -- replay sim-scenarios/{directory}/{file} --seed {seed}"
                )
            };
            testing::check(&scenario, &reference(), Some(&replay)).map_err(Failed::from)?;
            Ok(())
        })
    });
    libtest_mimic::run(&arguments, trials.collect()).exit();
}
