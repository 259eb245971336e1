//! Whether a core that is stuck goes round in circles, stands still, or is only slow.
//!
//! What it looks like is reduced to an abstract state: roles, votes and leaders as they are, but terms and
//! positions in the log only by their order. A livelock comes back to the same state though terms rise;
//! progress leads to ever new ones, or to the same with more that all know to be committed:
//! 1. Suppose a follower is a thousand entries behind, and clients go on proposing.
//! 2. Whether it lacks the last entry alternates with every round trip, and by order nothing else changes.
//! 3. But what it knows to be committed rises: it is slow, and no more.

use std::collections::BTreeMap;

use splitvote_peer::{PeerId, PeerSet, Role, View};

use crate::stall::Course;

/// How often a state comes back until it is a circle.
const CIRCLE: u32 = 4;

/// The abstract states that a core has been in.
#[derive(Clone, Debug, Default)]
pub(super) struct States {
    /// How often each was entered.
    entered: BTreeMap<Vec<u8>, u32>,
    now: Vec<u8>,
    /// What it looked like before it was reduced.
    views: Vec<Option<View>>,
    has_changed: bool,
    first_term: u64,
    last_term: u64,
    /// What all know to be committed.
    committed: u64,
}

impl States {
    /// Takes a look.
    pub(super) fn look(&mut self, members: PeerSet, view: impl Fn(PeerId) -> Option<View>) {
        let views: Vec<Option<View>> = members.iter().map(view).collect();
        let state = abstracted(&views);
        let term = views.iter().flatten().map(|view| view.term).max().unwrap_or(0);
        let committed =
            views.iter().flatten().map(splitvote_peer::View::known_commit).min().unwrap_or(0);
        if self.views.is_empty() {
            self.first_term = term;
        } else if self.views != views {
            self.has_changed = true;
        }
        if committed > self.committed {
            self.entered.clear();
        }
        let is_same = self.now == state && self.last_term == term && self.committed == committed;
        (self.views, self.last_term, self.committed) = (views, term, committed);
        if is_same {
            return;
        }
        *self.entered.entry(state.clone()).or_default() += 1;
        self.now = state;
    }

    /// What all looks together say.
    pub(super) fn course(&self) -> Course {
        let times = self.entered.values().copied().max().unwrap_or(0);
        if !self.has_changed {
            Course::Standstill
        } else if times >= CIRCLE {
            Course::Livelock { times, terms: self.last_term - self.first_term }
        } else {
            Course::Slow
        }
    }
}

/// Seven bytes a member. With at most 128 members, every rank fits into one.
fn abstracted(views: &[Option<View>]) -> Vec<u8> {
    let ranks = |of: &dyn Fn(&View) -> (u64, u64)| {
        let mut values: Vec<_> = views.iter().flatten().map(of).collect();
        values.sort_unstable();
        values.dedup();
        move |value| values.partition_point(|other| *other < value) as u8
    };
    let terms = ranks(&|view| (view.term, 0));
    let ends = ranks(&|view| (view.last.term, view.last.index));
    let commits = ranks(&|view| (view.known_commit(), 0));
    let applied = ranks(&|view| (view.applied, 0));
    let peer = |peer: Option<PeerId>| peer.map_or(u8::MAX, |peer| peer.0);
    let mut state = Vec::with_capacity(views.len() * 7);
    for view in views {
        match view {
            None => state.extend([u8::MAX; 7]),
            Some(view) => state.extend([
                match view.role {
                    Role::Follower => 0,
                    Role::Candidate => 1,
                    Role::Leader => 2,
                },
                terms((view.term, 0)),
                peer(view.voted_for),
                peer(view.leader),
                ends((view.last.term, view.last.index)),
                commits((view.known_commit(), 0)),
                applied((view.applied, 0)),
            ]),
        }
    }
    state
}

#[cfg(test)]
mod tests {
    use super::*;

    fn views(terms: [u64; 2], roles: [Role; 2], last: u64) -> impl Fn(PeerId) -> Option<View> {
        move |peer: PeerId| {
            let (term, role) = (terms[peer.index()], roles[peer.index()]);
            let mut view = View { term, role, ..View::NEW };
            view.last.index = last;
            Some(view)
        }
    }

    #[test]
    fn rising_terms_are_a_circle_and_a_growing_log_is_not() {
        let (both, roles) = (PeerSet::all(2), [Role::Follower, Role::Candidate]);
        let mut circle = States::default();
        for term in 5..15 {
            circle.look(both, views([term, term + 1], roles, 3));
            circle.look(both, views([term + 1, term + 1], roles, 3));
        }
        assert_eq!(circle.course(), Course::Livelock { times: 10, terms: 9 });
    }

    #[test]
    fn terms_that_rise_and_nothing_else_are_a_circle() {
        let mut circle = States::default();
        for term in 5..15 {
            circle.look(PeerSet::all(1), views([term, 0], [Role::Candidate; 2], 3));
        }
        assert_eq!(circle.course(), Course::Livelock { times: 10, terms: 9 });
    }

    #[test]
    fn what_comes_back_with_more_committed_is_slow() {
        let view = |commit: u64, last: u64| {
            move |_: PeerId| {
                let mut view = View { commit, ..View::NEW };
                view.last.index = last;
                Some(view)
            }
        };
        let (leader, both) = (PeerId(0), PeerSet::all(2));
        let mut slow = States::default();
        let mut stuck = States::default();
        for last in 3..20 {
            for lacks in [1, 0] {
                let at = |commit: u64| {
                    move |peer: PeerId| {
                        view(commit, last - if peer == leader { 0 } else { lacks })(peer)
                    }
                };
                slow.look(both, at(last - 3));
                stuck.look(both, at(0));
            }
        }
        assert_eq!(slow.course(), Course::Slow);
        assert!(matches!(stuck.course(), Course::Livelock { times: 17, terms: 0 }));
    }

    #[test]
    fn what_never_changes_stands_still() {
        let mut still = States::default();
        assert_eq!(still.course(), Course::Standstill);
        for _ in 0..9 {
            still.look(PeerSet::all(2), views([4, 4], [Role::Follower; 2], 3));
        }
        assert_eq!(still.course(), Course::Standstill);
    }

    #[test]
    fn ever_new_states_are_slow() {
        let mut slow = States::default();
        let (f, c, l) = (Role::Follower, Role::Candidate, Role::Leader);
        for roles in [[f, f], [f, c], [f, l], [c, f], [l, f]] {
            slow.look(PeerSet::all(2), views([4, 4], roles, 3));
        }
        assert_eq!(slow.course(), Course::Slow);
        let mut growing = States::default();
        (0..9).for_each(|last| growing.look(PeerSet::all(2), views([4, 4], [f, l], last)));
        assert_eq!(growing.course(), Course::Slow);
    }
}
