//! Plays a scenario, whose steps are resolved when they are taken, or a plan, on a cluster.
//!
//! - `plan`: a plan. `resolve`: who a symbolic target is when the step runs.
//! - `written`: a step that failed, for a plan.
//! - `act`: what each step does; `clients`: the steps of clients. `describe`: the same in words.

mod act;
mod clients;
mod describe;
mod plan;
mod resolve;
mod written;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use splitvote_peer::{Message, Peer, PeerSet, SimTime};
use splitvote_sim::{RuleGuard, Stream, StreamId};

use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::scenario::{Action, PacketRule, Scenario, ScenarioError, Step};
use crate::script::Script;
use crate::subject::Subject;
use crate::trace::What;

/// The state of a play besides the cluster's.
pub(crate) struct Player<'a, P: Peer> {
    cluster: &'a mut Cluster<P>,
    saved: BTreeMap<&'a str, PeerSet>,
    rules: BTreeMap<&'a str, RuleGuard>,
    coverage: Coverage,
    /// How many steps were taken.
    taken: u64,
    failed: Option<FailedStep>,
    /// Draws when steps are taken and how long they last, where ranges stand that draw from no other stream.
    spans: Stream,
    /// How long the last calm was to last, as drawn.
    calm: Duration,
    /// The mild failures that were passed over, if this play goes on after them.
    passed_over: Option<Vec<Failure>>,
    /// The digest before each step, if a diary is kept.
    trail: &'a mut Vec<u64>,
}

/// So many mild failures are passed over: each may have waited for long.
const MOST_PASSED_OVER: usize = 3;

/// The step that failed, the innermost of those that contain each other.
#[derive(Clone, Debug)]
pub(crate) struct FailedStep {
    /// When it began.
    pub(crate) at: SimTime,
    /// How many acts the diary held then.
    pub(crate) acts_before: usize,
    /// What it does.
    pub(crate) action: Action,
}

/// How a play ended.
pub(crate) struct Played {
    pub(crate) outcome: Result<(), Failure>,
    pub(crate) coverage: Coverage,
    pub(crate) failed: Option<FailedStep>,
}

/// The most steps that a run may take, repetitions included. Steps cost no events, so that a
/// scenario could go on for ever without them.
const MAX_STEPS: u64 = 5_000_000;
/// The work of a step that does nothing, besides that of finding its targets among the peers.
const WORK_OF_STEP: u64 = 8;

/// Which steps of a scenario, by number, were reached, and which of them ever found their targets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Coverage {
    pub(crate) reached: Vec<bool>,
    pub(crate) resolved: Vec<bool>,
}

/// Plays a scenario or a plan. The trail is the caller's, so that it outlives a panic of a peer.
///
/// A play that goes on takes the steps after one that failed mildly, too, in search of something graver.
pub(crate) fn play<P: Peer>(
    script: Script<'_>,
    cluster: &mut Cluster<P>,
    trail: &mut Vec<u64>,
    goes_on: bool,
) -> Played {
    match script {
        Script::Scenario(scenario) => {
            let mut player = Player::new(cluster, trail, scenario.step_count, goes_on);
            let outcome = player.take_all(&scenario.steps);
            player.ended(outcome, scenario.within)
        }
        Script::Plan { plan, places, .. } => {
            let end = plan::end(plan, places);
            let mut player = Player::new(cluster, trail, plan.acts.len() + 1, goes_on);
            let outcome = player.follow(plan, places).and_then(|()| player.take(&end));
            player.ended(outcome, None)
        }
    }
}

impl<'a, P: Peer> Player<'a, P> {
    fn new(
        cluster: &'a mut Cluster<P>,
        trail: &'a mut Vec<u64>,
        steps: usize,
        goes_on: bool,
    ) -> Self {
        let spans = Stream::new(cluster.seed, StreamId::Steps);
        Self {
            cluster,
            saved: BTreeMap::new(),
            rules: BTreeMap::new(),
            coverage: Coverage { reached: vec![false; steps], resolved: vec![false; steps] },
            taken: 0,
            failed: None,
            spans,
            calm: Duration::ZERO,
            passed_over: goes_on.then(Vec::new),
            trail,
        }
    }

    /// What was begun in the background has to come to its end, asked for or not.
    fn ended(self, outcome: Result<(), Failure>, within: Option<Duration>) -> Played {
        let outcome = outcome
            .and_then(|()| self.cluster.join())
            .and_then(|()| self.cluster.keeps_what_clients_saw())
            .and_then(|()| self.cluster.holds_allowances())
            .and_then(|()| self.is_in_time(within));
        let first = self.passed_over.into_iter().flatten().next();
        let outcome = match (outcome, first) {
            // The first of several mild failures counts.
            (Ok(()), Some(first)) => Err(first),
            (Err(failure), Some(first)) if failure.may_be_passed_over() => Err(first),
            (outcome, _) => outcome,
        };
        Played { outcome, coverage: self.coverage, failed: self.failed }
    }

    fn take_all(&mut self, steps: &'a [Step]) -> Result<(), Failure> {
        steps.iter().try_for_each(|step| self.take(step))
    }

    /// Passes over a mild failure, if this play does; otherwise it is handed back.
    fn pass_over(&mut self, failure: Failure) -> Option<Failure> {
        let Some(passed_over) = &mut self.passed_over else { return Some(failure) };
        if !failure.may_be_passed_over() || passed_over.len() == MOST_PASSED_OVER {
            return Some(failure);
        }
        passed_over.push(failure);
        None
    }

    /// The lab's `checkTimeout`, which too is asked only when all is done.
    fn is_in_time(&self, within: Option<Duration>) -> Result<(), Failure> {
        let taken = Duration::from_nanos(self.cluster.now().0);
        match within {
            Some(within) if taken > within => {
                let sentence =
                    format!("the run took {taken:?} of virtual time, {within:?} are allowed");
                Err(self.cluster.unmet(true, sentence, Vec::new()))
            }
            _ => Ok(()),
        }
    }

    /// Waits until the instant of a step is over. Steps of one instant follow each other at once, with
    /// no event in between.
    fn wait_until(&mut self, at: SimTime) -> Result<(), Failure> {
        let wait = at.since(self.cluster.now());
        if wait.is_zero() && self.taken > 0 { Ok(()) } else { self.cluster.run_for(wait) }
    }

    /// Notes that a step begins, which stands in this line.
    fn begin(
        &mut self,
        (number, line): (usize, usize),
        text: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        self.coverage.reached[number] = true;
        let now = self.cluster.now();
        self.taken += 1;
        if self.taken > MAX_STEPS {
            return Err(Failure::EndlessPlan { at: now, steps: MAX_STEPS });
        }
        let peers = self.cluster.world().cluster_size() as u64;
        self.cluster.world_mut().spend(WORK_OF_STEP + peers);
        if let Err(failure) = self.cluster.is_within_limits() {
            return Err(failure.in_step(line, text));
        }
        self.cluster.court_mut().note(now, || What::Step { line, text: text() });
        if self.cluster.keeps_diary() {
            self.trail.push(self.cluster.digest());
        }
        Ok(())
    }

    fn take(&mut self, step: &'a Step) -> Result<(), Failure> {
        if let Some(at) = step.at {
            let at = at.drawn(&mut self.spans);
            self.wait_until(SimTime::ZERO + at)?;
        }
        let text = || describe::describe(&step.action);
        self.begin((step.number, step.place.line), text)?;
        let (at, acts_before) = (self.cluster.now(), self.cluster.acts_so_far());
        let about = match self.act(step) {
            Ok(Some(about)) => about,
            Ok(None) => return Ok(()),
            Err(failure) => {
                let failure = failure.in_step(step.place.line, text);
                let Some(failure) = self.pass_over(failure) else { return Ok(()) };
                // The innermost step fails first; those around it fail with it.
                if self.failed.is_none() {
                    let action = self.written_out(&step.action);
                    self.failed = Some(FailedStep { at, acts_before, action });
                }
                return Err(failure);
            }
        };
        self.coverage.resolved[step.number] = true;
        if let (Some(name), false) = (&step.save, matches!(step.action, Action::Rule(_))) {
            self.saved.insert(name, about);
        }
        Ok(())
    }
}

/// Whether a scenario, a plan or a case fits a Raft: its rules name no kind of message that the Raft does not have (a
/// sweep skips a scenario with one that is like none that it has), and it gives the peers no logs to start with if
/// nobody knows how the Raft writes them.
///
/// # Errors
/// The first thing that does not fit.
pub fn check_fit<'a, P: Peer>(
    script: impl Into<Script<'a>>,
    subject: &Subject<P>,
) -> Result<(), ScenarioError> {
    let script = script.into();
    let name = subject.name();
    if !script.setup().logs.is_empty() && !subject.has_disks() {
        return Err(ScenarioError {
            file: script.file().to_owned(),
            place: None,
            problem: format!(
                "`{name}` cannot start from a prepared log: there are `[logs]`, and the subject has no \
                 `with_disks`"
            ),
            remedy: "give the subject `with_disks`, or leave `[logs]` out".to_owned(),
        });
    }
    // A plan has no rules.
    let Script::Scenario(scenario) = script else { return Ok(()) };
    check_steps(scenario, &mut scenario.steps.iter(), <P::Message as Message>::KINDS)
}

fn check_steps(
    scenario: &Scenario,
    steps: &mut dyn Iterator<Item = &Step>,
    kinds: &[&str],
) -> Result<(), ScenarioError> {
    for step in steps {
        if let Action::Rule(PacketRule { kind: Some(kind), .. }) = &step.action
            && !kinds.contains(&kind.as_str())
        {
            return Err(ScenarioError {
                file: scenario.file.clone(),
                place: Some(step.place),
                problem: format!("this Raft sends no message of kind `{kind}`"),
                remedy: format!("its kinds are: {}", kinds.join(", ")),
            });
        }
        check_steps(scenario, &mut step.action.nested(), kinds)?;
    }
    Ok(())
}
