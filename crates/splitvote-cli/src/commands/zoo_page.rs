//! The kill matrix as a page, with the pages of the smallest cases.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use clap::Args;
use splitvote::shrink::CaseSize;
use splitvote::threads::share_out;
use splitvote::{Scenario, case, replay};
use splitvote_page::{Page, ZooCase, ZooMeeting, ZooMutant, ZooPage, ZooSection, save, save_zoo};
use splitvote_zoo::matrix::{Chase, Kill};
use splitvote_zoo::meetings::{Meeting, meetings};
use splitvote_zoo::{Mutant, find, sections, subject};

use super::zoo_smallest::smallest_files;
use crate::numbers::whole;
use crate::outcome::Stop;
use crate::output::channel::complain;
use crate::output::progress::Progress;
use crate::output::zoo_text::{caught_by, replay as shown, summary};
use crate::target::{Kind, Targets};

/// Whether the matrix is written as a page, too.
#[derive(Debug, Args)]
pub(crate) struct ZooPageArguments {
    /// Also write the matrix as a page: which checker and which scenario show which mutant, as heat maps.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// For that page a mutant meets so many seeds of each scenario, one scenario at a time.
    #[arg(long, requires = "html", default_value = "10", allow_negative_numbers = true)]
    #[arg(value_parser = whole("number of seeds", 1..=u64::MAX))]
    map_seeds: u64,
    /// The smallest cases that the page leads to; those that `--shrink` writes come first.
    #[arg(long, requires = "html", value_name = "DIRECTORY", default_value = "reports/zoo")]
    cases: PathBuf,
    /// Also make a page of each of these cases, in a directory beside that page.
    #[arg(long, requires = "html")]
    case_pages: bool,
}

/// What the chase has come to.
pub(super) struct Chased<'a> {
    pub(super) scenarios: &'a [Scenario],
    pub(super) mutants: &'a [&'static Mutant],
    pub(super) kills: &'a [Kill],
    /// What the command was told of classes of faults, as it follows a replay command.
    pub(super) without: &'a str,
    pub(super) command: &'a str,
    pub(super) jobs: usize,
    pub(super) interrupt: &'a AtomicBool,
}

impl ZooPageArguments {
    /// Whether the page can be written and may be.
    pub(super) fn check(&self, targets: &mut Targets) -> Result<(), Stop> {
        self.html.iter().try_for_each(|file| targets.add(file, Kind::Page))
    }

    /// The file of the page.
    pub(super) fn file(&self) -> Option<&PathBuf> {
        self.html.as_ref()
    }

    /// What follows the command that writes the other reports.
    pub(super) fn in_command(&self) -> String {
        let Some(file) = &self.html else { return String::new() };
        let pages = if self.case_pages { " --case-pages" } else { "" };
        format!(" --html {}{pages}", file.display())
    }

    /// Writes the page, if one is asked for; false if it cannot be written. What is interrupted leaves it as it was.
    pub(super) fn write(&self, chased: &Chased<'_>) -> Result<bool, Stop> {
        let Some(file) = &self.html else { return Ok(true) };
        let met = self.meet(chased)?;
        if chased.interrupt.load(Ordering::Relaxed) {
            complain!("interrupted: {} is left as it was", file.display());
            return Ok(true);
        }
        let written = self.page(file, chased, &met).and_then(|page| save_zoo(file, &page));
        match &written {
            Ok(()) => complain!("written to {}", file.display()),
            Err(error) => complain!("error: {}: cannot be written: {error}", file.display()),
        }
        Ok(written.is_ok())
    }

    /// Which scenarios show which mutant, in the order of the mutants.
    fn meet(&self, chased: &Chased<'_>) -> Result<Vec<Vec<Meeting>>, Stop> {
        let progress = Progress::start(chased.mutants.len() as u64, "mutants");
        let runs = AtomicU64::new(0);
        let how = Chase {
            max_seeds: self.map_seeds,
            only: &[],
            finished: &runs,
            interrupt: chased.interrupt,
        };
        let of = |number: u64| {
            let mutant = chased.mutants.get(number as usize);
            let met =
                mutant.map_or(Ok(Vec::new()), |mutant| meetings(mutant, chased.scenarios, &how));
            progress.counter().fetch_add(1, Ordering::Relaxed);
            met
        };
        let met = share_out(chased.mutants.len() as u64, chased.jobs, || false, of);
        progress.finish();
        Ok(met.into_iter().collect::<Result<_, _>>()?)
    }

    fn page(&self, file: &Path, chased: &Chased<'_>, met: &[Vec<Meeting>]) -> io::Result<ZooPage> {
        let mut page = ZooPage {
            summary: summary(chased.kills),
            command: chased.command.to_owned(),
            scenarios: chased.scenarios.iter().map(|scenario| scenario.name.clone()).collect(),
            seeds: self.map_seeds,
            sections: Vec::new(),
        };
        for section in sections() {
            let of_it = chased
                .kills
                .iter()
                .zip(met)
                .filter(|(kill, _)| section.mutants.iter().any(|mutant| mutant.id == kill.id));
            let mutants: io::Result<Vec<_>> =
                of_it.map(|(kill, met)| self.mutant(file, kill, met, chased.without)).collect();
            page.sections.push(ZooSection { title: section.title.to_owned(), mutants: mutants? });
        }
        page.sections.retain(|section| !section.mutants.is_empty());
        Ok(page)
    }

    fn mutant(
        &self,
        file: &Path,
        kill: &Kill,
        met: &[Meeting],
        without: &str,
    ) -> io::Result<ZooMutant> {
        let meeting = |meeting: &Meeting| ZooMeeting {
            scenario: meeting.scenario.clone(),
            seeds: meeting.seed + 1,
            checker: meeting.checker.to_owned(),
        };
        Ok(ZooMutant {
            id: kill.id.to_owned(),
            name: kill.mutant.to_owned(),
            breaks: kill.harm.to_owned(),
            violates: kill.violates.to_owned(),
            caught_by: if kill.caught { caught_by(kill) } else { String::new() },
            took: [kill.seeds.to_string(), kill.runs.to_string(), format!("{:.3}", kill.cpu_s)],
            sentence: kill.sentence.clone().unwrap_or_default(),
            replay: if kill.caught {
                format!("splitvote {}", shown(kill, without))
            } else {
                String::new()
            },
            meetings: met.iter().map(meeting).collect(),
            case: find(kill.id).map_or(Ok(None), |mutant| self.case(file, kill, mutant))?,
        })
    }

    /// The smallest case of a mutant, and its page if it is to have one.
    fn case(
        &self,
        file: &Path,
        kill: &Kill,
        mutant: &'static Mutant,
    ) -> io::Result<Option<ZooCase>> {
        let [kept, _] = smallest_files(&self.cases, mutant);
        let place = kill.case.as_ref().map_or(kept, PathBuf::from);
        // One that is missing or of another version leads nowhere, and the row says all else.
        let Ok(case) = case::load(&place) else { return Ok(None) };
        let (report, trace) = replay(&case, &subject(mutant), case.seed);
        let size = CaseSize::of(&case.plan, &report);
        let page = self.case_pages.then(|| {
            let directory = file.with_extension("");
            directory.join(format!("{}.html", mutant.id.to_lowercase()))
        });
        if let Some(page) = &page {
            let command = format!("splitvote replay {} --raft {}", place.display(), mutant.id);
            save(page, &Page { trace: &trace, report: Some(&report), command: &command })?;
        }
        Ok(Some(ZooCase {
            file: from(file, &place)?,
            explanation: from(file, &place.with_extension("txt"))?,
            page: page.map(|page| from(file, &page)).transpose()?,
            size: [
                size.peers.to_string(),
                size.faults.to_string(),
                size.commands.to_string(),
                size.deliveries.to_string(),
            ],
        }))
    }
}

/// Where a file stands as seen from a page.
fn from(page: &Path, file: &Path) -> io::Result<String> {
    let above = page.parent().filter(|above| !above.as_os_str().is_empty());
    let (page, file) =
        (std::path::absolute(above.unwrap_or(Path::new(".")))?, std::path::absolute(file)?);
    let common = page.components().zip(file.components()).take_while(|(one, other)| one == other);
    let shared = common.count();
    let up = page.components().skip(shared).map(|_| "..".to_owned());
    let down =
        file.components().skip(shared).map(|part| part.as_os_str().to_string_lossy().into_owned());
    Ok(up.chain(down).collect::<Vec<_>>().join("/"))
}
