//! A plan as a scenario of timed steps, so that it runs, sweeps and replays as any other.

use std::time::Duration;

use splitvote_peer::{PeerId, PeerSet};

use super::Plan;
use crate::act::{Act, Seek};
use crate::scenario::{
    Action, Agree, CountRange, DurationRange, Place, Propose, Scenario, Step, Target,
};

impl Plan {
    /// The scenario whose steps do what the plan says.
    #[must_use]
    pub fn scenario(&self) -> Scenario {
        let acts = self.acts.iter().map(|timed| (timed.at, action(&timed.act)));
        let wait = Action::Run(DurationRange { min: Duration::ZERO, max: Duration::ZERO });
        let last = (self.until, self.demand.clone().unwrap_or(wait));
        let step = |(number, (at, action)): (usize, (splitvote_peer::SimTime, Action))| Step {
            place: Place { line: number + 1, column: 1 },
            number,
            at: Some(Duration::from_nanos(at.0)),
            action,
            save: None,
        };
        let steps: Vec<Step> = acts.chain([last]).enumerate().map(step).collect();
        Scenario { step_count: steps.len(), steps, must_happen: Vec::new(), ..self.head.clone() }
    }
}

/// The action of a step that does this.
fn action(act: &Act) -> Action {
    let one = |peer: &PeerId| vec![Target::Peer(*peer)];
    let exactly = |after: &u64| CountRange::exactly(*after);
    match act {
        Act::Crash(peer) => Action::Crash(one(peer)),
        Act::Restart(peer) => Action::Restart(one(peer)),
        Act::CrashAtWrite { peer, after } => {
            Action::CrashAtWrite { of: one(peer), after: exactly(after) }
        }
        Act::CrashAtSend { peer, after } => {
            Action::CrashAtSend { of: one(peer), after: exactly(after) }
        }
        Act::Disarm(peer) => Action::Disarm(one(peer)),
        Act::Pause(peer) => Action::Pause(one(peer)),
        Act::Resume(peer) => Action::Resume(one(peer)),
        Act::Disconnect(peer) => Action::Disconnect(one(peer)),
        Act::Connect(peer) => Action::Connect(one(peer)),
        Act::Cut { from, to } => Action::Cut { from: Target::Peer(*from), to: Target::Peer(*to) },
        Act::Restore { from, to } => {
            Action::Restore { from: Target::Peer(*from), to: Target::Peer(*to) }
        }
        Act::Partition(groups) => {
            let names = |group: &PeerSet| group.iter().map(Target::Peer).collect();
            Action::Partition(some_groups(groups).iter().map(names).collect())
        }
        Act::Heal => Action::Heal,
        Act::Clog { from, to, lasts } => {
            let (from, to) = (Target::Peer(*from), Target::Peer(*to));
            Action::Clog { from, to, lasts: *lasts }
        }
        Act::Unclog { from, to } => {
            Action::Unclog { from: Target::Peer(*from), to: Target::Peer(*to) }
        }
        Act::Delay { from, to, by } => {
            Action::Delay { from: Target::Peer(*from), to: Target::Peer(*to), by: *by }
        }
        Act::Network(profile) => Action::Network(*profile),
        Act::Disk(profile) => Action::Disk(*profile),
        Act::StepClock { peer, by } => Action::StepClock { of: one(peer), by: *by },
        Act::DriftClock { peer, ppm } => Action::DriftClock { of: one(peer), ppm: *ppm },
        Act::ElectionTimeout { peer, is } => Action::ElectionTimeout { of: one(peer), is: *is },
        Act::Propose { to, bytes } => Action::Propose(Propose {
            to: one(to),
            count: CountRange::exactly(1),
            bytes: *bytes,
            index: None,
            applied_on: None,
        }),
        Act::Agree(Seek { on, retry, bytes }) => Action::Agree(Agree {
            on: *on,
            retry: *retry,
            count: CountRange::exactly(1),
            bytes: *bytes,
            index: None,
            is_in_background: true,
        }),
        Act::Allow(budget) => Action::Allow(*budget),
    }
}

/// A group of nobody says nothing. If all are such, everybody is alone; so they are, too, if one peer
/// is a group by itself and the others are in none.
pub(super) fn some_groups(groups: &[PeerSet]) -> Vec<PeerSet> {
    let is_somebody = |group: &PeerSet| !group.is_empty();
    let named: Vec<PeerSet> = groups.iter().copied().filter(is_somebody).collect();
    if named.is_empty() { vec![PeerSet::from_iter([PeerId(0)])] } else { named }
}
