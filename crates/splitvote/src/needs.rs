//! What a scenario needs of a Raft, and whether a Raft has it.
//!
//! A scenario that needs what a Raft has not is skipped, by name and with the reason: it would fail, or
//! prove nothing, through no fault of that Raft. Most of what is needed follows from the steps and from
//! what must happen; what does not is named under the scenario's `needs`.
//!
//! An event that must happen, and never does to a Raft with other habits (`heeds-candidates`, `refusals`), is no need
//! either: it is left undemanded, and the scenario runs.
//!
//! An option that a scenario merely turns on (`raft = { check-quorum = true }`) is no need: without the
//! feature the option is off, and nobody is judged by it.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Serialize, Serializer};
use splitvote_check::{Allowance, Happening};
use splitvote_peer::{Feature, Features, Message as _, Peer};

use crate::fault::{FaultClass, FaultClasses, Needs};
use crate::language::error::alike;
use crate::nemesis::Storm;
use crate::scenario::{Action, DurationRange, Expectation, Scenario, Step};
use crate::subject::Subject;

/// What a Raft may do in its own way: no scenario is about it, but some events never happen otherwise.
const HABITS: Features = Features::of(&[Feature::HeedsCandidates, Feature::Refusals]);

/// Something that a scenario needs of a Raft.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Need {
    /// A feature that the Raft lacks.
    Feature(Feature),
    /// Messages of a kind that one of its rules names.
    Message(String),
    /// A way to write the log with which a peer starts: [`Subject::with_disks`].
    WrittenLog,
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Feature(feature) => feature.fmt(f),
            Self::Message(kind) => write!(f, "messages of kind `{kind}`"),
            Self::WrittenLog => f.write_str("a written log (`Subject::with_disks`)"),
        }
    }
}

/// Why a scenario was skipped. Prints as `needs snapshots and pre-vote, which MyRaft has not`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// What the Raft has not; never empty.
    pub needs: Vec<Need>,
    /// The Raft's name.
    pub raft: String,
    /// The kinds of messages that the Raft has, if one is needed that it has not.
    pub kinds: &'static [&'static str],
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("needs ")?;
        for (place, need) in self.needs.iter().enumerate() {
            match place {
                0 => {}
                _ if place + 1 == self.needs.len() => f.write_str(" and ")?,
                _ => f.write_str(", ")?,
            }
            need.fmt(f)?;
        }
        write!(f, ", which {} has not", self.raft)?;
        if self.kinds.is_empty() {
            return Ok(());
        }
        write!(f, "; its kinds are: {}", self.kinds.join(", "))
    }
}

impl Serialize for Skipped {
    /// As its sentence.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Whether a scenario is to be skipped for this Raft, and why.
///
/// ```
/// use splitvote::peer::Feature;
/// use splitvote::{Scenario, needs, reference};
///
/// let scenario = Scenario::parse("s.toml", r#"
///     name = "agreement"
///     peers = 3
///     steps = [{ agree = "all" }]
/// "#).unwrap();
/// assert!(needs::lacking(&scenario, &reference()).is_none());
/// let without_log = reference().without_feature(Feature::Log);
/// let skipped = needs::lacking(&scenario, &without_log).unwrap();
/// assert_eq!(skipped.to_string(), "needs log, which reference has not");
/// ```
#[must_use]
pub fn lacking<P: Peer>(scenario: &Scenario, subject: &Subject<P>) -> Option<Skipped> {
    let found = find(scenario);
    let lacks = found.needs.difference(subject.features());
    let mut needs: Vec<Need> = lacks.iter().map(Need::Feature).collect();
    let unknown = found.messages.into_iter().filter(|kind| is_unknown(kind, P::Message::KINDS));
    let before = needs.len();
    needs.extend(unknown.map(|kind| Need::Message(kind.to_owned())));
    let kinds = if needs.len() > before { P::Message::KINDS } else { &[] };
    if !scenario.setup.logs.is_empty() && !subject.has_disks() {
        needs.push(Need::WrittenLog);
    }
    let raft = subject.name().to_owned();
    if needs.is_empty() { None } else { Some(Skipped { needs, raft, kinds }) }
}

/// Whether a kind of message is none of these, nor a slip of the pen for one: that is an error of the scenario.
fn is_unknown(kind: &str, kinds: &[&'static str]) -> bool {
    !kinds.contains(&kind) && alike(kind, kinds.iter().copied()).is_empty()
}

/// The events that a scenario demands and that never happen to this Raft. A sweep does not ask for them, unless the
/// scenario is skipped altogether.
pub(crate) fn undemanded<P: Peer>(scenario: &Scenario, subject: &Subject<P>) -> Vec<Happening> {
    let never = |event: &&Happening| !event.needs().difference(subject.features()).is_empty();
    scenario.must_happen.iter().filter(never).copied().collect()
}

/// The features that a scenario needs: those that it names and those that follow from what it does.
#[must_use]
pub fn features(scenario: &Scenario) -> Features {
    find(scenario).needs
}

fn find(scenario: &Scenario) -> Found<'_> {
    let mut found = Found { needs: scenario.needs, ..Found::default() };
    if scenario.setup.snapshots.every.is_some() {
        found.need(Feature::Snapshots);
    }
    if !scenario.setup.logs.is_empty() {
        found.need(Feature::Log);
        found.need(Feature::Disk);
    }
    for happening in &scenario.must_happen {
        found.needs = found.needs.union(happening.needs().difference(HABITS));
    }
    found.look_at(&scenario.steps, scenario.setup.without);
    if found.crashes && found.calms {
        found.need(Feature::Disk);
    }
    found
}

/// What was found in the steps of a scenario.
#[derive(Default)]
struct Found<'a> {
    needs: Features,
    /// The kinds of messages that rules name.
    messages: BTreeSet<&'a str>,
    crashes: bool,
    /// A calm starts the peers that are down.
    calms: bool,
}

impl<'a> Found<'a> {
    fn need(&mut self, feature: Feature) {
        self.needs = self.needs.with(feature);
    }

    fn look_at(&mut self, steps: impl IntoIterator<Item = &'a Step>, without: FaultClasses) {
        for step in steps {
            self.look(&step.action, without);
            self.look_at(step.action.nested(), without);
        }
    }

    fn look(&mut self, action: &'a Action, without: FaultClasses) {
        match action {
            Action::Agree(_) | Action::Join | Action::Propose(_) | Action::Clients { .. } => {
                self.need(Feature::Log);
            }
            Action::Expect(
                Expectation::Applied { .. }
                | Expectation::Unapplied { .. }
                | Expectation::Hint { .. },
            ) => self.need(Feature::Log),
            Action::Expect(
                Expectation::OneLeader { .. } | Expectation::NoLeader | Expectation::SameTerm,
            ) => {}
            Action::RunUntil { happening, .. } => self.needs = self.needs.union(happening.needs()),
            Action::Calm { .. } => {
                self.need(Feature::Log);
                self.calms = true;
            }
            Action::Storm(storm) => self.look_at_storm(storm, without),
            Action::Budget { budget, .. } | Action::Allow(budget) => {
                if budget.what == Allowance::RaftState {
                    self.need(Feature::Disk);
                }
            }
            Action::Fault(fault) => match fault.needs() {
                Needs::Nothing => {}
                Needs::Disk => self.need(Feature::Disk),
                Needs::DiskToReturn => self.crashes = true,
                Needs::Tasks => self.need(Feature::Tasks),
            },
            Action::Rule(rule) => self.messages.extend(rule.kind.as_deref()),
            Action::Run(_)
            | Action::Remember(_)
            | Action::Lift(_)
            | Action::Repeat { .. }
            | Action::Chance { .. }
            | Action::FewerThan { .. } => {}
        }
    }

    fn look_at_storm(&mut self, storm: &Storm<DurationRange>, without: FaultClasses) {
        if storm.proposals_every.is_some() {
            self.need(Feature::Log);
        }
        let without = storm.without.union(without);
        let may = |class| !without.contains(class);
        // Among other classes it is left out for a Raft without tasks.
        if FaultClass::ALL.iter().all(|class| may(*class) == (*class == FaultClass::Tasks)) {
            self.need(Feature::Tasks);
        }
        if may(FaultClass::Crashes) || may(FaultClass::CrashPoints) {
            self.need(Feature::Disk);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subject::reference;

    fn needs_of(rest: &str) -> String {
        let text = format!("name = \"s\"\npeers = 3\n{rest}");
        features(&Scenario::parse("s.toml", &text).unwrap()).to_string()
    }

    #[test]
    fn what_a_scenario_needs_follows_from_what_it_does() {
        for (rest, needs) in [
            ("steps = [{ run = \"1s\" }]", ""),
            ("steps = [{ expect = \"one-leader\", save = \"x\" }, { disconnect = \"$x\" }]", ""),
            ("steps = [{ agree = 2 }]", "log"),
            ("steps = [{ propose = \"leader\" }]", "log"),
            ("steps = [{ crash = \"S0\" }]", ""),
            ("steps = [{ crash = \"S0\" }, { restart = \"S0\" }]", "disk"),
            (
                "steps = [{ repeat = 2, steps = [{ crash = \"S0\" }] }, { calm = true }]",
                "log, disk",
            ),
            ("steps = [{ crash-at-write = \"S0\", after = 1 }]", "disk"),
            ("steps = [{ storm = \"1s\" }]", "disk"),
            ("steps = [{ storm = \"1s\", only = [\"loss\"] }]", ""),
            ("steps = [{ storm = \"1s\", only = [\"tasks\"] }]", "tasks"),
            ("steps = [{ storm = \"1s\", only = [\"tasks\", \"loss\"] }]", ""),
            ("steps = [{ shuffle-tasks = \"S0\" }]", "tasks"),
            ("without = [\"crashes\", \"crash-points\"]\nsteps = [{ storm = \"1s\" }]", ""),
            ("steps = [{ storm = \"1s\", only = [\"loss\"], proposals-every = \"1s\" }]", "log"),
            (
                "steps = [{ budget = \"raft-state\", at-most = 9, steps = [{ run = \"1s\" }] }]",
                "disk",
            ),
            ("snapshots = { every = 10 }\nsteps = [{ run = \"1s\" }]", "snapshots"),
            ("steps = [{ run = \"1s\" }]\n[logs]\nS0 = [1]", "log, disk"),
            ("steps = [{ run = \"1s\" }]\n[must-happen]\nquorum-lost = true", "check-quorum"),
            ("steps = [{ run-until = \"pre-vote-refused\" }]", "pre-vote"),
            ("needs = [\"no-op\"]\nsteps = [{ run = \"1s\" }]", "no-op"),
            // Turned on, and not what the scenario is about.
            ("raft = { check-quorum = true, pre-vote = true }\nsteps = [{ agree = 2 }]", "log"),
        ] {
            assert_eq!(needs_of(rest), needs, "{rest}");
        }
    }

    #[test]
    fn what_is_lacking_is_said_in_one_sentence() {
        let text = "name = \"s\"\npeers = 3\nneeds = [\"snapshots\", \"pre-vote\"]\n\
                    steps = [{ agree = 2 }]\n[logs]\nS0 = [1]";
        let scenario = Scenario::parse("s.toml", text).unwrap();
        assert_eq!(lacking(&scenario, &reference()), None);
        let bare =
            Subject::<splitvote_raft::Raft<splitvote_raft::Paper>>::new("mine", |settings| {
                splitvote_raft::Config { settings: settings.clone(), rules: splitvote_raft::Paper }
            });
        let bare = bare.without_feature(Feature::Snapshots).without_feature(Feature::PreVote);
        assert_eq!(
            lacking(&scenario, &bare).unwrap().to_string(),
            "needs snapshots, pre-vote and a written log (`Subject::with_disks`), which mine has not"
        );
    }
}
