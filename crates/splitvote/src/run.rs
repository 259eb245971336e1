//! One run, from boot to verdict: a seed of a scenario, or of a plan.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use splitvote_check::{Departure, ElectionCounts, Happenings};
use splitvote_peer::{Peer, SimTime};
use splitvote_sim::{Decisions, Pulse, Seed};

use crate::act::Timed;
use crate::calm::Calms;
use crate::catch::catching;
use crate::cluster::Cluster;
use crate::desk;
use crate::failure::Failure;
use crate::figures::{Figures, Packets, times_to_leader};
use crate::panic::Panic;
use crate::play::{Coverage, FailedStep, play};
use crate::script::Script;
use crate::subject::Subject;
use crate::trace::{Head, Trace, What};
use crate::verdict::{Gravity, Verdict};

/// What a run answers with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RunReport {
    /// The seed of the run.
    pub seed: Seed,
    /// What became of it.
    pub verdict: Verdict,
    /// How its elections ended.
    pub elections: ElectionCounts,
    /// What happened that is no failure.
    pub happenings: Happenings,
    /// How its calms ended, but for one that failed.
    #[serde(default)]
    pub calms: Calms,
    /// The events handled.
    pub events: u64,
    /// The packets delivered.
    pub deliveries: u64,
    /// How much virtual time passed.
    #[serde(with = "splitvote_peer::serial::duration")]
    pub virtual_time: Duration,
    /// The digest over every event.
    #[serde(with = "splitvote_peer::serial::hex")]
    pub digest: u64,
    /// The ways in which the Raft departed from practice without failing, each kind once.
    pub departures: Vec<Departure>,
    /// What else is known of it, in numbers that judge nothing.
    #[serde(default)]
    pub figures: Figures,
    pub(crate) coverage: Coverage,
}

/// Runs one seed of a scenario, a plan or a case. A panic of a peer is caught and is the verdict.
///
/// ```
/// use splitvote::{Cluster, Failure, PeerId, Seed, Verdict, reference, run};
///
/// // Whatever is done to a cluster can be run once more.
/// let mut cluster = Cluster::builder(&reference()).peers(3).seed(7).build()?;
/// cluster.crash(PeerId(0))?;
/// cluster.check_one_leader()?;
/// let plan = cluster.plan().unwrap();
/// assert_eq!(run(&plan, &reference(), Seed(7)).verdict, Verdict::Held);
/// # Ok::<(), Failure>(())
/// ```
#[must_use]
pub fn run<'a, P: Peer>(
    script: impl Into<Script<'a>>,
    subject: &Subject<P>,
    seed: Seed,
) -> RunReport {
    let script = script.into();
    let report = run_with(script, subject, seed, Keeping::Nothing).report;
    // What the peer was told when it panicked, the recorder knows.
    if matches!(report.verdict, Verdict::Panicked(_)) {
        let again = run_with(script, subject, seed, Keeping::Trace).report;
        if again.digest == report.digest && matches!(again.verdict, Verdict::Panicked(_)) {
            return again;
        }
    }
    report
}

/// Runs one seed of a scenario, a plan or a case with the recorder on.
///
/// ```
/// use splitvote::prelude::*;
/// use splitvote::trace::What;
///
/// let text = "name = 'crash'\npeers = 3\nsteps = [{ run = '1s' }, { crash = 'S1' }]";
/// let scenario = Scenario::parse("crash.toml", text)?;
/// let (report, trace) = replay(&scenario, &reference(), Seed(3));
/// assert_eq!(report.verdict, Verdict::Held);
/// let crash = trace.events.iter().find(|event| event.what == What::Crashed { peer: PeerId(1) });
/// assert_eq!(crash.map(|crash| crash.at), Some(SimTime(1_000_000_000)));
/// # Ok::<(), splitvote::ScenarioError>(())
/// ```
#[must_use]
pub fn replay<'a, P: Peer>(
    script: impl Into<Script<'a>>,
    subject: &Subject<P>,
    seed: Seed,
) -> (RunReport, Trace) {
    let Ran { report, trace, .. } = run_with(script.into(), subject, seed, Keeping::Trace);
    (report, trace.unwrap_or_default())
}

/// Runs one seed and keeps a diary of what was done to the cluster.
pub(crate) fn run_keeping_diary<'a, P: Peer>(
    script: impl Into<Script<'a>>,
    subject: &Subject<P>,
    seed: Seed,
) -> (RunReport, Diary) {
    let Ran { report, diary, .. } = run_with(script.into(), subject, seed, Keeping::Diary);
    (report, diary)
}

/// What was done in a run.
#[derive(Debug, Default)]
pub(crate) struct Diary {
    pub(crate) acts: Vec<Timed>,
    /// What rules said of packets.
    pub(crate) decisions: Decisions,
    /// The step that failed, if one did.
    pub(crate) failed: Option<FailedStep>,
    /// Whether it was a client in the background that failed, whatever the step was.
    pub(crate) is_in_background: bool,
    /// The digest before each step.
    pub(crate) trail: Vec<u64>,
}

/// What is kept of a run besides its report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keeping {
    Nothing,
    Trace,
    Diary,
}

/// A run that has ended.
struct Ran {
    report: RunReport,
    trace: Option<Trace>,
    diary: Diary,
}

/// What is reported is the gravest of a run. A run ends at its first failure; if that is a mild one, the same
/// seed is run once more and goes on after it, as lenient as can be, in search of a broken guarantee or a
/// panic. If there is none, the first run counts.
///
/// A strict run ends at its first departure, which is what it was asked for. After something that only came too late it
/// goes on like any other, as strict as it is. A plan is what the shrinker runs: in a strict one, where nothing but its
/// end could follow, the first failure counts.
fn run_with<P: Peer>(
    script: Script<'_>,
    subject: &Subject<P>,
    seed: Seed,
    keeping: Keeping,
) -> Ran {
    let ran = run_once(script, subject, seed, keeping, false);
    let gravity = ran.report.verdict.gravity();
    let is_mild = match &ran.report.verdict {
        Verdict::Failed(failure) => failure.may_be_passed_over() || failure.is_departure(),
        _ => false,
    };
    let is_strict = subject.checking().is_strict();
    let may_go_on = !is_strict || goes_on_strictly(script, &ran.report.verdict);
    if !is_mild || !may_go_on {
        return ran;
    }
    let judge = if is_strict { subject.clone() } else { subject.clone().lenient() };
    let further = run_once(script, &judge, seed, keeping, true);
    let is_graver = further.report.verdict.gravity() > gravity.max(Gravity::Liveness);
    if is_graver { further } else { ran }
}

/// Whether a strict run goes on after this: it is a scenario, of which steps may follow, and no departure ended it.
fn goes_on_strictly(script: Script<'_>, verdict: &Verdict) -> bool {
    let is_departure = matches!(verdict, Verdict::Failed(failure) if failure.is_departure());
    matches!(script, Script::Scenario(_)) && !is_departure
}

fn run_once<P: Peer>(
    script: Script<'_>,
    subject: &Subject<P>,
    seed: Seed,
    keeping: Keeping,
    goes_on: bool,
) -> Ran {
    let pulse = desk::begin(script.name(), script.file(), subject.name(), seed);
    let mut builder =
        Cluster::builder(subject).setup(script.setup(), seed).watched_by(pulse.share());
    if keeping != Keeping::Diary {
        builder = builder.without_diary();
    }
    if script.has_budgets() {
        builder = builder.metered();
    }
    if keeping == Keeping::Trace {
        builder = builder.recorded().metered();
    }
    // The cluster outlives a panic of its peers, so that the trace up to it can be shown.
    let mut cluster = None;
    let (mut failed, mut trail) = (None, Vec::new());
    let outcome = catching(|| {
        let built = match builder.build() {
            Ok(built) => cluster.insert(built),
            Err(error) => return (Verdict::Fault(error.to_string()), Coverage::default()),
        };
        let played = play(script, built, &mut trail, goes_on);
        failed = played.failed;
        let finished = built.finish();
        let outcome = match (played.outcome, finished) {
            // How a run failed may have followed from what is only seen at its end.
            (Err(_), Err(breach @ Failure::Breach(_))) => Err(breach),
            // What the logs show at the end is graver than what did not come in time.
            (Err(failure), finished) if goes_on && failure.may_be_passed_over() => {
                finished.and(Err(failure))
            }
            (outcome, finished) => outcome.and(finished),
        };
        (outcome.map_or_else(Verdict::Failed, |()| Verdict::Held), played.coverage)
    });
    let (mut verdict, coverage) = outcome
        .unwrap_or_else(|caught| (caught.into_verdict(is_inside(&pulse)), Coverage::default()));
    if let (Verdict::Panicked(panic), Some(called)) = (&mut verdict, pulse.called()) {
        let at = cluster.as_ref().map_or(SimTime::ZERO, Cluster::now);
        let trace = cluster.as_ref().and_then(|cluster| cluster.court().trace());
        *panic = std::mem::take(panic).of((called.peer, called.task), at, trace);
    }
    let named = |head| Head {
        scenario: script.name().to_owned(),
        about: script.about().to_owned(),
        ..head
    };
    let Some(mut cluster) = cluster else {
        desk::end();
        let (name, setup) = (subject.name(), script.setup().drawn(seed));
        let head = named(Head::of(name, &setup.settings, &setup.world(seed), Vec::new()));
        let trace = Some(Trace { head, ..Trace::default() });
        return Ran { report: RunReport::nothing(seed, verdict), trace, diary: Diary::default() };
    };
    cluster.close_books();
    note_failure(&mut cluster, &verdict);
    let mut trace = cluster.take_trace();
    if let Some(trace) = &mut trace {
        trace.head = named(std::mem::take(&mut trace.head));
        trace.elections = cluster.ledger().elections().cloned().collect();
        (trace.rpcs, trace.bytes) = cluster.costs();
    }
    let (acts, decisions) = (cluster.take_diary(), cluster.take_decisions());
    let is_in_background = cluster.gave_up_in_background;
    let diary = Diary { acts, decisions, failed, is_in_background, trail };
    let mut report = RunReport::of(seed, verdict, coverage, &cluster);
    report.figures.packets = packets(script, &cluster);
    take_down(cluster, &mut report);
    desk::end();
    Ran { report, trace, diary }
}

/// What packets cost, where a scenario asks for it. A replay counts that in any case, and answers with what the run
/// does.
fn packets<P: Peer>(script: Script<'_>, cluster: &Cluster<P>) -> Packets {
    match script.has_budgets() {
        true => Packets::of(&cluster.meter_reading()),
        false => Packets::default(),
    }
}

/// Whether a world is inside a call of a peer.
fn is_inside(pulse: &Pulse) -> bool {
    pulse.called().is_some_and(|called| called.is_inside)
}

/// Drops a cluster, one peer after the other: two that panic while they are dropped together would end
/// the process. The first that panics is the verdict, unless another one panicked before.
fn take_down<P: Peer>(mut cluster: Cluster<P>, report: &mut RunReport) {
    let at = cluster.now();
    for id in cluster.peers() {
        let peer = cluster.world_mut().take_down(id);
        let Err(caught) = catching(|| drop(peer)) else { continue };
        let verdict = caught.into_verdict(true);
        if let (Verdict::Panicked(panic), false) =
            (verdict, matches!(report.verdict, Verdict::Panicked(_) | Verdict::Fault(_)))
        {
            let during = "being dropped".to_owned();
            report.verdict = Verdict::Panicked(Panic { peer: Some(id), at, during, ..panic });
        }
    }
}

fn note_failure<P: Peer>(cluster: &mut Cluster<P>, verdict: &Verdict) {
    let now = cluster.now();
    let peers = match verdict {
        Verdict::Held => return,
        Verdict::Panicked(panic) => panic.peer.into_iter().collect(),
        Verdict::Failed(failure) => failure.peers(),
        Verdict::Hung(_) | Verdict::Fault(_) => Vec::new(),
    };
    cluster.court_mut().note(now, || What::Failed { sentence: verdict.to_string(), peers });
}

impl RunReport {
    fn of<P: Peer>(seed: Seed, verdict: Verdict, coverage: Coverage, cluster: &Cluster<P>) -> Self {
        Self {
            elections: cluster.elections(),
            happenings: cluster.happenings().clone(),
            calms: cluster.calms.clone(),
            events: cluster.world().events(),
            deliveries: cluster.world().counters().deliveries,
            virtual_time: Duration::from_nanos(cluster.now().0),
            digest: cluster.digest(),
            departures: cluster.departures().to_vec(),
            figures: Figures {
                times_to_leader: times_to_leader(cluster.ledger().elections()),
                struck: cluster.struck,
                ..Figures::default()
            },
            coverage,
            ..Self::nothing(seed, verdict)
        }
    }

    /// The report of a run of which nothing is known but its verdict: a peer panicked at its first boot, or
    /// hangs.
    pub(crate) fn nothing(seed: Seed, verdict: Verdict) -> Self {
        Self {
            seed,
            verdict,
            elections: ElectionCounts::default(),
            happenings: Happenings::default(),
            calms: Calms::default(),
            events: 0,
            deliveries: 0,
            virtual_time: Duration::ZERO,
            digest: 0,
            departures: Vec::new(),
            figures: Figures::default(),
            coverage: Coverage::default(),
        }
    }
}
