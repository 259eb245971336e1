//! How a rule came to be broken: what a signature, checker and cause, does not tell.
//!
//! Two bugs may break one rule by one cause: a leader with too few votes may have asked for too few, or have counted
//! an old one. A shrinker that knows only the signature slides from one to the other. The mechanism is read from the
//! trace of a run that failed, and a sweep does not pay for it.
//!
//! - `step`: the kind of the step in which the rule was broken.
//! - `votes`, `disk`: what was missing, for evidence that leaves it open.

mod disk;
mod step;
mod votes;

use std::fmt;

use splitvote_check::checkers::{HastyCommit, NoMajority};
use splitvote_check::{Evidence, Violation};
use splitvote_peer::{Peer, Role};

use crate::failure::Failure;
use crate::run::{RunReport, replay};
use crate::script::Script;
use crate::subject::Subject;
use crate::trace::{Trace, TraceEvent, What};
use crate::verdict::Verdict;

/// How a rule came to be broken, as a clause: `a vote of an older term was counted, when a vote of an older term came`.
///
/// It names no peer, term or index, so that runs of different sizes can be compared.
///
/// ```
/// use splitvote::mechanism::Mechanism;
/// use splitvote::prelude::*;
///
/// let text = "name = 'calm'\npeers = 3\nsteps = [{ run = '1s' }]";
/// let scenario = Scenario::parse("calm.toml", text)?;
/// let (report, trace) = replay(&scenario, &reference(), Seed(3));
/// assert_eq!(Mechanism::of(&trace, &report.verdict), None, "it held");
/// # Ok::<(), splitvote::ScenarioError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mechanism(String);

impl Mechanism {
    /// The mechanism of a run's failure, from its trace. `None` if no rule was broken: of a panic, a breach of the
    /// contract or a failure of liveness, the signature tells enough.
    #[must_use]
    pub fn of(trace: &Trace, verdict: &Verdict) -> Option<Self> {
        let Verdict::Failed(Failure::Violation(violation)) = verdict else { return None };
        let events = up_to_failure(trace);
        let step = step::kind(events);
        Some(Self(match detail(events, violation) {
            Some(detail) => format!("{detail}, {step}"),
            None => step,
        }))
    }

    /// The mechanism of a run that ended in this report: it is run once more, and recorded.
    pub(crate) fn of_run<'a, P: Peer>(
        script: impl Into<Script<'a>>,
        subject: &Subject<P>,
        report: &RunReport,
    ) -> Option<Self> {
        if !matches!(report.verdict, Verdict::Failed(Failure::Violation(_))) {
            return None;
        }
        let (report, trace) = replay(script, subject, report.seed);
        Self::of(&trace, &report.verdict)
    }

    /// A mechanism as a case states it.
    pub(crate) fn stated(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The words that name it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Mechanism {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The events before the run failed.
fn up_to_failure(trace: &Trace) -> &[TraceEvent] {
    let failed = trace.events.iter().rposition(|event| matches!(event.what, What::Failed { .. }));
    failed.and_then(|end| trace.events.get(..end)).unwrap_or(&trace.events)
}

/// What the evidence leaves open.
fn detail(events: &[TraceEvent], violation: &Violation) -> Option<&'static str> {
    match violation.evidence {
        Evidence::NoMajority(NoMajority::TooFew { leader, term, needed, .. }) => {
            Some(votes::missing(events, leader, term, needed))
        }
        Evidence::VolatileVote(vote) => {
            Some(disk::of_vote(events, vote.voter, vote.candidate, vote.term))
        }
        Evidence::TwoVotes(votes) => {
            let is_restarted = events.iter().any(|event| {
                let is_between = votes.first_at <= event.at && event.at <= votes.second_at;
                let is_boot = |boot: u32| is_between && boot > 1;
                matches!(event.what, What::Booted { peer, boot, .. } if peer == votes.voter && is_boot(boot))
            });
            Some(if is_restarted { "after a restart" } else { "within one life" })
        }
        Evidence::TwoLeaders(leaders) => Some(match leaders.double_voters().is_empty() {
            true => "one of them had too few votes",
            false => "a peer voted for both",
        }),
        Evidence::HastyCommit(HastyCommit::TooFew { peer, .. }) => {
            let role = events.iter().rev().find_map(|event| match &event.what {
                What::Changed { peer: of, after, .. } if *of == peer => Some(after.role),
                _ => None,
            });
            Some(if role == Some(Role::Leader) { "by a leader" } else { "by a follower" })
        }
        _ => None,
    }
}
