//! Every file of `sim-scenarios/` is a test: the reference Raft holds. A case of the reference is a bug that
//! was mended, and holds too; those of broken Rafts are tests of the zoo.

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use splitvote::{Case, ScenarioError, case, reference, scenario, testing};

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
        Trial::ignorable_test(scenario.name.clone(), move || {
            let file = scenario.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let replay = |seed| {
                let directory =
                    scenario.file.parent().and_then(|path| path.file_name()).unwrap_or_default();
                let directory = directory.to_string_lossy();
                format!(
                    "cargo run --release -- replay sim-scenarios/{directory}/{file} --seed {seed}"
                )
            };
            let report = testing::check(&scenario, &reference(), Some(&replay));
            Ok(match report.map_err(Failed::from)?.skipped {
                Some(reason) => Completion::ignored_with(reason),
                None => Completion::Completed,
            })
        })
    });
    let cases = match cases(directory) {
        Ok(cases) => cases,
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(2);
        }
    };
    let cases = cases.into_iter().map(|case| {
        Trial::test(format!("case {}", case.name), move || {
            testing::must_hold(&case, &reference()).map_err(Failed::from)
        })
    });
    libtest_mimic::run(&arguments, trials.chain(cases).collect()).exit();
}

/// The cases of the reference.
fn cases(directory: &str) -> Result<Vec<Case>, ScenarioError> {
    let mut cases = case::load_all(directory.as_ref())?;
    cases.retain(|case| case.raft == reference().name());
    Ok(cases)
}
