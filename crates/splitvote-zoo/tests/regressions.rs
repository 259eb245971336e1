//! Every case of a broken Raft in `sim-scenarios/` is a test: it still fails by the checker and the cause
//! that it states. The run itself may have become another.

use libtest_mimic::{Arguments, Failed, Trial};
use splitvote::{case, testing};

fn main() {
    let arguments = Arguments::from_args();
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../../sim-scenarios");
    let cases = match case::load_all(directory.as_ref()) {
        Ok(cases) => cases,
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(2);
        }
    };
    let broken = cases.into_iter().filter(|case| case.raft != splitvote::reference().name());
    let trials = broken.map(|case| {
        Trial::test(case.name.clone(), move || {
            let mutant = splitvote_zoo::find(&case.raft).ok_or("no such mutant")?;
            testing::must_still_fail(&case, &splitvote_zoo::subject(mutant)).map_err(Failed::from)
        })
    });
    libtest_mimic::run(&arguments, trials.collect()).exit();
}
