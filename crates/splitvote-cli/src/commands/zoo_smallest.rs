//! The smallest case of a mutant, and its explanation, for `splitvote zoo --shrink`.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use splitvote::case::{Case, replace_file};
use splitvote::scenario::Action;
use splitvote::shrink::{ShrinkError, ShrinkOptions, Shrunk, shrink};
use splitvote::{Scenario, Seed, Subject, replay};
use splitvote_report::{explain, header};
use splitvote_zoo::matrix::Kill;
use splitvote_zoo::{Mutant, subject};

use crate::outcome::Stop;
use crate::output::channel::complain;
use crate::stopwatch::CpuClock;

/// What is said of a mutant whose smallest case could not be written.
pub(super) const UNWRITTEN: &str = "its case cannot be written";

/// The files of the smallest case of a mutant and of its explanation.
pub(super) fn smallest_files(directory: &Path, mutant: &Mutant) -> [PathBuf; 2] {
    let name = mutant.id.to_lowercase();
    ["toml", "txt"].map(|extension| directory.join(format!("{name}.{extension}")))
}

/// How the smallest cases are found, and where they go.
pub(super) struct Smallest<'a> {
    scenarios: &'a [Scenario],
    /// The scenarios that are storms.
    pub(super) storms: Vec<Scenario>,
    directory: &'a Path,
}

impl<'a> Smallest<'a> {
    pub(super) fn new(scenarios: &'a [Scenario], directory: &'a Path) -> Self {
        let is_storm = |scenario: &&Scenario| {
            scenario.steps.iter().any(|step| matches!(step.action, Action::Storm(_)))
        };
        let storms = scenarios.iter().filter(is_storm).cloned().collect();
        Self { scenarios, storms, directory }
    }

    /// Shrinks the failure that was found first, and the one that was found first among the storms; the
    /// smaller one is the case of the mutant.
    pub(super) fn find(
        &self,
        mutant: &'static Mutant,
        kill: &mut Kill,
        swarm: &Kill,
        interrupt: &AtomicBool,
    ) {
        let clock = CpuClock::start();
        let subject = subject(mutant);
        let mut found: Vec<(&Scenario, u64)> = Vec::new();
        for kill in [&*kill, swarm] {
            let scenario =
                self.scenarios.iter().find(|one| Some(&one.name) == kill.scenario.as_ref());
            if let (Some(scenario), Some(seed)) = (scenario, kill.seed)
                && !found.iter().any(|(other, of)| other.name == scenario.name && *of == seed)
            {
                found.push((scenario, seed));
            }
        }
        let mut options = ShrinkOptions::default();
        options.interrupt = Some(interrupt);
        let mut best: Option<(Shrunk, Case)> = None;
        for (scenario, seed) in found {
            if interrupt.load(Ordering::Relaxed) {
                return;
            }
            match shrink(scenario, &subject, Seed(seed), &options) {
                Ok(shrunk) => {
                    let is_smaller =
                        |(best, _): &(Shrunk, Case)| shrunk.size.burden() < best.size.burden();
                    if best.as_ref().is_none_or(is_smaller) {
                        let case = shrunk.to_case(&subject, &scenario.name, Seed(seed));
                        best = Some((shrunk, case));
                    }
                }
                Err(ShrinkError::Held) => {}
                Err(error) => kill.not_shrunk = Some(error.to_string()),
            }
        }
        if let Some((shrunk, case)) = best {
            kill.shrink_s = Some(clock.seconds());
            kill.not_shrunk = None;
            kill.case_size = Some(shrunk.size);
            match self.write(mutant, case, &subject) {
                Ok(file) => kill.case = Some(file),
                Err(stop) => {
                    complain!("error: {}: {stop}", mutant.id);
                    kill.not_shrunk = Some(UNWRITTEN.to_owned());
                }
            }
        }
    }

    /// Writes the case and its explanation; the file of the case.
    fn write<P: splitvote::peer::Peer>(
        &self,
        mutant: &Mutant,
        mut case: Case,
        subject: &Subject<P>,
    ) -> Result<String, Stop> {
        case.about = format!("{} {}", mutant.bug, case.about);
        case.source = mutant.source.to_owned();
        let [file, text_file] = smallest_files(self.directory, mutant);
        case.save(&file).map_err(Stop::unwritten(&file))?;
        // As whoever reads it will see it: its steps stand where they stand in the file.
        let case = splitvote::case::load(&file)?;
        let (report, trace) = replay(&case, subject, case.seed);
        let title = header(&case, case.seed, mutant.name);
        let text = format!("{title}\n{}", explain(&trace, &report));
        replace_file(&text_file, |unfinished| std::fs::write(unfinished, &text))
            .map_err(Stop::unwritten(&text_file))?;
        Ok(file.display().to_string())
    }
}
