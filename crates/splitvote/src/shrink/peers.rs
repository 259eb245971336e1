//! Fewer peers: one is left out with all that is done to it, and those behind it move up.

use splitvote_peer::{Configuration, PeerId};

use super::candidate::Candidate;
use super::search::Search;
use crate::act::{Act, Timed};
use crate::nemesis::Promise;
use crate::plan::Plan;
use crate::scenario::{Action, Expectation, Target};

/// A cluster without one peer draws other times, so that a candidate is given more than one chance.
const SEEDS: u64 = 40;

/// Leaves out one peer after the other.
pub(super) fn leave_out(search: &mut Search<'_>) {
    let mut place = search.best().plan.setup.peers;
    while place > 0 && !search.is_over() {
        place -= 1;
        let Some(candidate) = without_peer(search.best(), PeerId(place as u8)) else { return };
        if search.offer_with_seeds(&candidate, SEEDS) {
            place = search.best().plan.setup.peers;
        }
    }
}

/// The same without one peer; `None` if what is demanded is about all peers.
fn without_peer(candidate: &Candidate, gone: PeerId) -> Option<Candidate> {
    let size = candidate.plan.setup.peers.checked_sub(1).filter(|size| *size > 0)?;
    if !candidate.plan.demand.as_ref().is_none_or(|demand| fits(demand, size)) {
        return None;
    }
    let is_too_many = |timed: &Timed| matches!(timed.act, Act::Agree(seek) if seek.on > size);
    if candidate.plan.acts.iter().any(is_too_many) {
        return None;
    }
    let name = |peer: PeerId| match peer.0 {
        number if number < gone.0 => Some(peer),
        number if number > gone.0 => Some(PeerId(number - 1)),
        _ => None,
    };
    let acts = candidate
        .changing_acts(|timed| Some(Timed { at: timed.at, act: renamed(&timed.act, name)? }));
    let mut changed = acts.changing_setup(|setup| {
        setup.peers = size;
        setup.disk = setup.disk.renamed(name);
        if gone.index() < setup.logs.len() {
            setup.logs.remove(gone.index());
        }
        let overrides = std::mem::take(&mut setup.overrides);
        setup.overrides.packets = overrides
            .packets
            .into_iter()
            .filter_map(|((from, to, place), fate)| Some(((name(from)?, name(to)?, place), fate)))
            .collect();
        setup.overrides.election_timeouts = overrides
            .election_timeouts
            .into_iter()
            .filter_map(|((peer, place), timeout)| Some(((name(peer)?, place), timeout)))
            .collect();
    });
    // A case in which the disks of more than a minority lie is refused when it is read.
    let is_promised = |plan: &Plan| Promise::of(plan.setup.peers).allows(plan.betrayed()).is_ok();
    if is_promised(&candidate.plan) && !is_promised(&changed.plan) {
        return None;
    }
    if let Some(Action::Calm { core: Some(core), .. }) = &mut changed.plan.demand {
        *core = core.iter().filter_map(name).collect();
        // Of less than a quorum nothing can be demanded.
        if !Configuration::simple(size).has_quorum(*core) {
            return None;
        }
    }
    Some(changed)
}

/// Whether a demand means something in a cluster of this size. One that names peers does not: they
/// would have to be others.
pub(super) fn fits(demand: &Action, size: usize) -> bool {
    let unnamed =
        |targets: &[Target]| !targets.iter().any(|target| matches!(target, Target::Peer(_)));
    match demand {
        Action::Agree(agree) => agree.on <= size,
        Action::Expect(Expectation::Applied { on, .. }) => *on <= size,
        Action::Expect(Expectation::Hint { from, .. }) => unnamed(from),
        Action::Propose(propose) => {
            unnamed(&propose.to) && propose.applied_on.is_none_or(|on| on <= size)
        }
        Action::Expect(_) | Action::Run(_) | Action::RunUntil { .. } | Action::Join => true,
        // Whom these name is renamed with a plan, and asked of a scenario's steps by itself.
        Action::Calm { .. } | Action::Remember(_) | Action::Fault(_) | Action::Rule(_) => true,
        Action::Storm(_) | Action::Lift(_) | Action::Allow(_) | Action::Budget { .. } => true,
        Action::Repeat { .. } | Action::Chance { .. } | Action::FewerThan { .. } => true,
        Action::Clients { .. } => true,
    }
}

/// The same act with other names for its peers; `None` if it is about a peer that has no name.
fn renamed(act: &Act, name: impl Fn(PeerId) -> Option<PeerId>) -> Option<Act> {
    Some(match act {
        Act::Fault(fault) => Act::Fault(fault.renamed(name)?),
        Act::Propose { to, bytes } => Act::Propose { to: name(*to)?, bytes: *bytes },
        Act::Agree(_) | Act::Allow(_) => act.clone(),
    })
}

#[cfg(test)]
mod tests {
    use splitvote_peer::PeerSet;
    use splitvote_sim::{DiskProfile, Probability};

    use super::super::testing::{Made, from, made_up, plan, timed};
    use super::*;
    use crate::fault::{Crash, Disk, Fault};

    /// S3 and S4 are wanted, by name, and whoever else is there is not.
    #[test]
    fn whose_disks_are_named_move_up_too() {
        let named = |of: &[u8]| {
            let of: PeerSet = of.iter().copied().map(PeerId).collect();
            DiskProfile { failing: Probability::percent(1), of, ..DiskProfile::default() }
        };
        let mut cell = Made::needing(|candidate| {
            let of_act = |timed: &Timed| match &timed.act {
                Act::Fault(Fault::Disk(Disk(profile))) => profile.of.len() == 1,
                _ => false,
            };
            candidate.plan.setup.disk.of.len() == 1 && candidate.plan.acts.iter().any(of_act)
        });
        let start = plan(vec![timed(1, Disk(named(&[3])))])
            .changing_setup(|setup| setup.disk = named(&[4]));
        let mut search = from(&mut cell, start);
        leave_out(&mut search);
        let best = &search.best().plan;
        assert_eq!((best.setup.peers, best.setup.disk), (2, named(&[1])));
        assert_eq!(best.acts, [timed(1, Disk(named(&[0])))]);
    }

    #[test]
    fn no_majority_of_what_is_left_has_lying_disks() {
        let lying = Probability::percent(1);
        let liars = PeerSet::from_iter([PeerId(0), PeerId(1)]);
        let mut cell = Made::needing(|candidate| candidate.plan.setup.disk.liars.len() == 2);
        let start = plan(Vec::new())
            .changing_setup(|setup| setup.disk = DiskProfile { lying, liars, ..setup.disk });
        let mut search = from(&mut cell, start);
        leave_out(&mut search);
        assert_eq!(search.best().plan.setup.peers, 5);
    }

    #[test]
    fn those_that_matter_move_up() {
        let mut cell = Made::needing(|candidate| {
            let is_crash = |timed: &&Timed| matches!(timed.act, Act::Fault(Fault::Crash(_)));
            candidate.plan.setup.peers >= 2
                && candidate.plan.acts.iter().filter(is_crash).count() == 2
        });
        let acts = vec![timed(1, Crash { of: PeerId(2) }), timed(2, Crash { of: PeerId(4) })];
        let mut search = made_up(&mut cell, acts);
        leave_out(&mut search);
        assert_eq!(search.best().plan.setup.peers, 2);
        let acts = vec![timed(1, Crash { of: PeerId(0) }), timed(2, Crash { of: PeerId(1) })];
        assert_eq!(search.best().plan.acts, acts);
    }
}
