//! Fewer peers: one is left out with all that is done to it, and those behind it move up.

use splitvote_peer::{Configuration, PeerId};

use super::candidate::Candidate;
use super::search::Search;
use crate::act::{Act, Timed};
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
    use super::super::testing::{Made, made_up, timed};
    use super::*;
    use crate::fault::{Crash, Fault};

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
