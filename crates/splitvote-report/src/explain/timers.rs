//! Timers: what set one, what did not, and which of them a case has fixed.

use std::time::Duration;

use splitvote::check::Calmed;
use splitvote::peer::{Meaning, Term};
use splitvote::sim::Disturbance;
use splitvote::trace::What;
use splitvote::{PeerId, Role, SimTime};

use super::aspects::Aspects;
use super::faults::disturbance;
use super::history::Moment;
use super::ordinal::ordinal;
use super::slice::Slice;

/// A candidate whose timer went off as often as this might have stood again.
const MANY: usize = 10;

/// When a peer's timer was last set, and for when.
#[derive(Clone, Copy)]
struct Set {
    moment: Moment,
    due: Option<SimTime>,
}

impl Slice<'_> {
    /// The last setting of a peer's timer before a moment, in the same life.
    fn timer(&self, peer: PeerId, before: Moment) -> Option<Set> {
        self.sets(peer, before).next()
    }

    /// The settings of a peer's timer before a moment and since it began its life, the latest first.
    fn sets(&self, peer: PeerId, before: Moment) -> impl Iterator<Item = Set> {
        let mut is_over = false;
        let life = self.history.before(peer, before).take_while(move |moment| {
            let is_in = !is_over && !self.history.is_crash(*moment);
            is_over = self.history.boot(*moment).is_some();
            is_in
        });
        life.flat_map(|moment| {
            let events = self.history.events(moment).iter().rev();
            events.filter_map(move |event| match event.what {
                What::Armed { due, .. } => Some(Set { moment, due }),
                _ => None,
            })
        })
    }

    /// Includes the moment from which on an election timeout had to pass, and says whether the timer was set there.
    pub(super) fn timer_reset(&mut self, peer: PeerId, by: Calmed, stood: Moment) {
        let history = self.history;
        let term = history.view_before(peer, stood).map_or(0, |view| view.term);
        let found = match by {
            Calmed::ByLeader(leader) => history.before(peer, stood).find(|moment| {
                history.received(*moment).is_some_and(|packet| {
                    let is_led = matches!(
                        packet.meaning,
                        Meaning::Append { .. } | Meaning::InstallSnapshot { .. }
                    );
                    packet.from == leader && is_led && packet.meaning.term() >= Some(term)
                })
            }),
            Calmed::ByVote(candidate) => history.voted(peer, candidate, term, stood),
            Calmed::ByStanding => history.last_change(peer, stood, |was, is| {
                is.role == Role::Candidate && (was.role, was.term) != (is.role, is.term)
            }),
        };
        let Some(moment) = found else { return };
        self.include(moment, Aspects::ALL, 1);
        let words = match self.timer(peer, moment + 1) {
            None => "no timer of it is set".to_owned(),
            Some(Set { moment: set, due }) => {
                let due = due.map_or("not at all".to_owned(), |due| format!("at {due}"));
                if set == moment {
                    format!("its timer is set here to go off {due}")
                } else {
                    let at = self.history.at(set);
                    format!("its timer is not set anew: it goes off {due}, as it was set at {at}")
                }
            }
        };
        self.remark(moment, words);
    }

    /// Says why a peer that could stand does not: what last set its timer.
    pub(super) fn why_it_waits(&mut self, peer: PeerId, end: Moment) {
        let history = self.history;
        match history.view_before(peer, end).map(|view| (view.role, view.term)) {
            None | Some((Role::Leader, _)) => return,
            Some((Role::Candidate, term)) => return self.stands_no_more(peer, term, end),
            Some((Role::Follower, _)) => {}
        }
        let Some(Set { moment, due }) = self.timer(peer, end) else {
            let boot = history.before(peer, end).find(|moment| history.boot(*moment).is_some());
            self.include_any(boot, Aspects::ALL, 2);
            boot.into_iter().for_each(|boot| self.remark(boot, "no timer of it is ever set"));
            return;
        };
        if self.goes_off(peer, moment + 1, end) > 0 {
            return;
        }
        let is_it = |moment: &Moment| history.begins_with_timer(*moment);
        let last_off = history.before(peer, moment).find(is_it).unwrap_or(0);
        let count = self.sets(peer, end).take_while(|set| set.moment > last_off).count();
        let words = match due {
            None => format!("from here on no timer of {peer} is set"),
            Some(due) if count < 3 => format!("{peer}'s timer is set here to go off at {due}"),
            Some(due) => format!(
                "{peer}'s timer starts anew here, for the {} time since it last went off, and would go off at {due}",
                ordinal(count)
            ),
        };
        self.include(moment, Aspects::ALL, 2);
        self.remark(moment, words);
    }

    /// Says of a candidate how often its timer went off since it stood, if often.
    fn stands_no_more(&mut self, peer: PeerId, term: Term, end: Moment) {
        let Some(stood) = self.history.stood(peer, term, end) else { return };
        let count = self.goes_off(peer, stood + 1, end);
        if count >= MANY {
            self.include(stood, Aspects::ROLE, 2);
            let words = "it does not stand again";
            self.remark(
                stood,
                format!("{peer}'s timer goes off {count} times after that, and {words}"),
            );
        }
    }

    /// How often a peer's timer goes off between two moments.
    fn goes_off(&self, peer: PeerId, from: Moment, end: Moment) -> usize {
        let since = self.history.since(peer, from).take_while(|moment| *moment < end);
        since.filter(|moment| self.history.begins_with_timer(*moment)).count()
    }

    /// The timeout that has just elapsed, if it was fixed and not drawn.
    pub(super) fn fixed_timeout(&self, peer: PeerId, stood: Moment) -> Option<Duration> {
        let at = self.history.at(stood);
        let set = self.timer(peer, stood).filter(|set| set.due == Some(at))?;
        let waited = at.since(self.history.at(set.moment));
        let mut beforehand = self.history.head.election_timeouts.iter();
        let is_beforehand = beforehand.any(|fixed| fixed.peer == peer && fixed.is == waited);
        let meanwhile = self.history.before(peer, set.moment + 1).find_map(|moment| {
            let events = self.history.events(moment).iter().rev();
            events.filter_map(|event| disturbance(&event.what)).find_map(|change| match change {
                Disturbance::ElectionTimeout { is, .. } => Some(is),
                _ => None,
            })
        });
        (is_beforehand || meanwhile.flatten() == Some(waited)).then_some(waited)
    }
}
