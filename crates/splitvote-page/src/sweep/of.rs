//! What a sweep came to, as a report tells it.

use splitvote::check::Happening;
use splitvote::{Failure as Cause, FaultClass, Scenario, SweepReport, SweptDeparture, Verdict};

use super::data::{
    Calms, CaseRun, Departure, Elections, FORMAT, Failure, Made, Report, Spent, Step, Swept, Told,
};
use splitvote::scenario::Place;

impl Report {
    /// A report without scenarios yet. `judged` are the options that say how runs are judged.
    #[must_use]
    pub fn new(raft: &str, judged: &str, without: &[FaultClass], made: Made) -> Self {
        Self {
            format: FORMAT,
            splitvote: env!("CARGO_PKG_VERSION").to_owned(),
            raft: raft.to_owned(),
            judged: judged.trim().to_owned(),
            without: without.iter().map(|class| class.name().to_owned()).collect(),
            seeds: Vec::new(),
            stops_at_first: false,
            is_partial: false,
            scenarios: Vec::new(),
            cases: Vec::<CaseRun>::new(),
            made,
            checksum: String::new(),
        }
    }
}

/// What is known of a failing seed besides its verdict: the words of its commands, and what is kept of it.
#[derive(Clone, Debug, Default)]
pub struct SeedKept {
    /// The words of the command that replays it, after the program.
    pub replay: String,
    /// The words of the command that shrinks it.
    pub shrink: String,
    /// The name of its page in the directory of the report.
    pub page: Option<String>,
    /// The name of its case there.
    pub case: Option<String>,
}

impl Swept {
    /// What the sweep of a scenario came to. `kept` tells of a failing seed, `replay` how a departure is shown.
    #[must_use]
    pub fn of(
        scenario: &Scenario,
        report: &SweepReport,
        judges_must_happen: bool,
        kept: &dyn Fn(u64) -> SeedKept,
        replay: &dyn Fn(&SweptDeparture) -> String,
    ) -> Self {
        let happened = |happening: &Happening| {
            (happening.name().to_owned(), report.happenings.get(*happening))
        };
        let figures = &report.figures;
        let packets = figures.packets.iter().map(|(cause, count)| {
            (cause.name().to_owned(), Spent { rpcs: count.rpcs, bytes: count.bytes })
        });
        let failed_by = report.failed_by.iter().map(|(name, count)| ((*name).to_owned(), *count));
        let mut departures: Vec<Departure> =
            report.departures.iter().map(|one| departure(one, replay(one))).collect();
        super::merge::in_order(&mut departures);
        let swept = Self {
            name: scenario.name.clone(),
            file: scenario.file.display().to_string(),
            about: scenario.about.clone(),
            digest: super::file::digest(scenario.to_toml().as_bytes()),
            skipped: report.skipped.as_ref().map(ToString::to_string),
            warnings: scenario.warnings().iter().map(ToString::to_string).collect(),
            wanted_seeds: scenario.seeds,
            judges_must_happen,
            means_stuck: scenario.must_happen.contains(&Happening::AllowedToBeStuck),
            runs: report.seeds,
            held: report.held,
            failed_by: failed_by.collect(),
            failures: report
                .failures
                .iter()
                .map(|failed| failure(failed.seed.0, &failed.verdict, kept(failed.seed.0)))
                .collect(),
            departures,
            elections: Elections {
                won: report.elections.won,
                split: report.elections.split,
                lost: report.elections.lost,
                starved: report.elections.starved,
                open: report.elections.open,
            },
            times_to_leader: figures
                .times_to_leader
                .buckets()
                .map(|bucket| (bucket.lowest, bucket.highest, bucket.count))
                .collect(),
            packets: packets.collect(),
            faults: figures
                .struck
                .iter()
                .map(|(it, count)| (it.name().to_owned(), count))
                .collect(),
            must_happen: scenario.must_happen.iter().map(happened).collect(),
            undemanded: report.undemanded.iter().map(|it| it.name().to_owned()).collect(),
            steps: report.steps.iter().map(step).collect(),
            calms: calms(report),
            events: report.events,
            deliveries: report.deliveries,
            virtual_ns: u64::try_from(report.virtual_time.as_nanos()).unwrap_or(u64::MAX),
            differs: report
                .divergence
                .as_ref()
                .map(|it| Told { seed: it.seed.0, why: it.to_string() }),
            digests: format!("{:016x}", report.digests),
            ..Self::default()
        };
        swept.judged()
    }
}

fn failure(seed: u64, verdict: &Verdict, kept: SeedKept) -> Failure {
    let standing = match verdict {
        Verdict::Failed(Cause::Violation(violation)) => Some(violation.evidence.standing()),
        _ => None,
    };
    Failure {
        seed,
        gravity: verdict.gravity() as u8,
        checker: verdict.checker().unwrap_or_default().to_owned(),
        standing: standing.map(|standing| standing.name().to_owned()),
        sentence: verdict.to_string(),
        rule: verdict.broken_rule(),
        replay: kept.replay,
        shrink: kept.shrink,
        page: kept.page,
        case: kept.case,
    }
}

fn departure(departure: &SweptDeparture, replay: String) -> Departure {
    let (checker, cause) = departure.kind();
    Departure {
        checker: checker.name().to_owned(),
        cause: cause.to_owned(),
        runs: departure.runs,
        times: departure.times,
        seed: departure.seed.0,
        sentence: departure.first.to_string(),
        known: departure.reason.clone(),
        replay,
    }
}

fn step(step: &splitvote::sweep::SweptStep) -> Step {
    let Place { line, column } = step.place;
    (line, column, step.is_reached, step.is_resolved)
}

fn calms(report: &SweepReport) -> Calms {
    let calms = &report.calms;
    let first = calms.why.clone().zip(report.first_stuck);
    Calms {
        settled: calms.settled,
        excused: calms.excused,
        unproved: calms.unproved,
        first: first.map(|(why, seed)| Told { seed: seed.0, why }),
    }
}
