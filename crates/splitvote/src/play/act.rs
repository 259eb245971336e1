//! What each step of a scenario does.

use std::time::Duration;

use splitvote_check::Happening;
use splitvote_peer::time::nanos;
use splitvote_peer::{Message, Peer, PeerId, PeerSet};
use splitvote_sim::Verdict;

use super::Player;
use super::resolve::Resolver;
use crate::act::Act;
use crate::failure::Failure;
use crate::fault::{Fault, Symbolic};
use crate::nemesis::Storm;
use crate::scenario::{Action, Condition, DurationRange, Expectation, PacketRule, Step, Target};

/// How long a step waits at least for what has no limit of its own, as the lab's `one` does.
const WITHIN: Duration = Duration::from_secs(10);
/// How many of the longest election timeouts it waits, if they are longer. With those of the lab that is less.
const WITHIN_TIMEOUTS: u32 = 15;

/// What a step was about; `None` if its targets did not resolve and it was skipped.
pub(super) type About = Option<PeerSet>;

impl<'a, P: Peer> Player<'a, P> {
    pub(super) fn act(&mut self, step: &'a Step) -> Result<About, Failure> {
        match &step.action {
            Action::Run(range) => self.run(*range)?,
            Action::RunUntil { happening, within } => self.run_until(*happening, *within)?,
            Action::Expect(expectation) => return self.expect(expectation),
            Action::Remember(target) => return Ok(self.someone(std::slice::from_ref(target))),
            Action::Fault(fault) => return Ok(self.inflict(fault)),
            Action::Storm(storm) => {
                let lasts = storm.lasts.drawn(&mut self.spans);
                let proposals_every =
                    storm.proposals_every.map(|every| every.drawn(&mut self.spans));
                self.cluster.storm(Storm { lasts, proposals_every, without: storm.without })?;
            }
            Action::Calm { core, lasts, load } => {
                self.calm = lasts.drawn(&mut self.spans);
                let load = load.map(|load| load.drawn(&mut self.spans));
                self.cluster.calm_for(*core, self.calm, load)?;
            }
            Action::Agree(agree) => self.agree(agree)?,
            Action::Join => self.cluster.join()?,
            Action::Propose(propose) => return self.propose(propose, step.at.is_some()),
            Action::Allow(budget) => self.cluster.disturb(Act::Allow(*budget)),
            Action::Budget { budget, steps } => self.within_budget(*budget, steps)?,
            Action::Clients { count, steps } => self.with_clients(*count, steps)?,
            Action::FewerThan { count, are, steps } => {
                if self.how_many(*are) < *count {
                    self.take_all(steps)?;
                }
            }
            Action::Rule(rule) => return Ok(self.install(rule)),
            Action::Lift(name) => {
                self.rules.remove(name.as_str());
            }
            Action::Repeat { times, steps } => {
                for _ in 0..*times {
                    self.take_all(steps)?;
                }
            }
            Action::Chance { probability, steps, otherwise } => {
                let happens = self.cluster.world_mut().nemesis().happens(*probability);
                self.take_all(if happens { steps } else { otherwise })?;
            }
        }
        Ok(Some(PeerSet::EMPTY))
    }

    fn run(&mut self, range: DurationRange) -> Result<(), Failure> {
        // This draws from the nemesis, and also where there is nothing to draw: the seeds of old depend on it.
        let nemesis = self.cluster.world_mut().nemesis();
        let duration = nemesis.between(nanos(range.min), nanos(range.max));
        self.cluster.run_for(Duration::from_nanos(duration))
    }

    /// How long a step waits that says so, or does not.
    pub(super) fn patience(&self, within: Option<Duration>) -> Duration {
        within.unwrap_or_else(|| self.cluster.at_least(WITHIN, WITHIN_TIMEOUTS))
    }

    fn run_until(&mut self, happening: Happening, within: Option<Duration>) -> Result<(), Failure> {
        let within = self.patience(within);
        let before = self.cluster.happenings().get(happening);
        let happened = self
            .cluster
            .run_until(within, |cluster| cluster.happenings().get(happening) > before)?;
        if happened {
            return Ok(());
        }
        let name = happening.name();
        Err(self.cluster.unmet(
            true,
            format!("waited {within:?} for `{name}`, in vain: {}", self.cluster.summary()),
            Vec::new(),
        ))
    }

    fn expect(&mut self, expectation: &Expectation) -> Result<About, Failure> {
        match expectation {
            Expectation::OneLeader { within } => {
                let leader = self.cluster.one_leader_within(*within)?;
                return Ok(Some(PeerSet::from_iter([leader])));
            }
            Expectation::NoLeader => self.cluster.check_no_leader()?,
            Expectation::SameTerm => {
                self.cluster.check_terms()?;
            }
            Expectation::Applied { index, on, within } => self.is_applied(*index, *on, *within)?,
            Expectation::Unapplied { index } => self.is_unapplied(*index)?,
            Expectation::Hint { from, is } => {
                let named = self.resolve(is).iter().next();
                let (Some(leader), Some(asked)) = (named, self.someone(from)) else {
                    return Ok(None);
                };
                for peer in asked.iter() {
                    self.cluster.check_hint(peer, leader)?;
                }
            }
        }
        Ok(Some(PeerSet::EMPTY))
    }

    /// Installs a rule for the peers that its targets name now.
    fn install(&mut self, rule: &'a PacketRule) -> About {
        let (from, to) = (self.resolve(&rule.from), self.resolve(&rule.to));
        if from.is_empty() || to.is_empty() {
            return None;
        }
        let verdict = rule.verdict.map(|by| by.drawn(&mut self.spans));
        let (kind, times) = (rule.kind.clone(), rule.times);
        let guard = self.cluster.rule(move |packet, decided| {
            let is_aimed_at = from.contains(packet.from)
                && to.contains(packet.to)
                && times.is_none_or(|times| decided < times)
                && kind.as_deref().is_none_or(|kind| {
                    <P::Message as Message>::KINDS.get(packet.message.kind()) == Some(&kind)
                });
            if is_aimed_at { verdict } else { Verdict::Pass }
        });
        match &rule.name {
            Some(name) => {
                self.rules.insert(name, guard);
            }
            None => guard.keep(),
        }
        Some(PeerSet::EMPTY)
    }

    fn how_many(&self, are: Condition) -> usize {
        let is_so = |peer: &PeerId| match are {
            Condition::Alive => self.cluster.view(*peer).is_some(),
            Condition::Connected => self.cluster.world().is_connected(*peer),
        };
        self.cluster.peers().filter(is_so).count()
    }

    pub(super) fn someone(&mut self, targets: &[Target]) -> About {
        let peers = self.resolve_all(targets);
        (!peers.is_empty()).then_some(peers)
    }

    /// Resolves a fault and does it.
    fn inflict(&mut self, fault: &Fault<Symbolic>) -> About {
        let mut resolver = Resolver { player: self, about: PeerSet::EMPTY };
        let faults = fault.translate(&mut resolver).ok()?;
        let about = resolver.about;
        faults.into_iter().for_each(|fault| self.cluster.disturb(fault));
        Some(about)
    }
}
