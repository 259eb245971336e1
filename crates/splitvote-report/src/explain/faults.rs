//! Which fault kept a peer from hearing of its leader: a crash, a pause, a cut or clogged link, or a
//! clock of its own that ran ahead.

use std::time::Duration;

use splitvote::sim::Disturbance;
use splitvote::trace::What;
use splitvote::{PeerId, Role};

use super::history::Moment;
use super::slice::Slice;

/// A step of a clock that lies further back than this made nobody impatient.
const RECENT: Duration = Duration::from_secs(1);

/// What was done to the world, if something was.
pub(super) fn disturbance(what: &What) -> Option<Disturbance> {
    match what {
        What::Disturbed { change } => Some(**change),
        _ => None,
    }
}

impl Slice<'_> {
    /// Says why a peer's election timeout elapsed, if a fault was the cause.
    pub(super) fn why_it_stood(&mut self, stood: Moment, peer: PeerId) {
        if let Some(words) = self.clock_step(peer, stood) {
            self.remark(stood, words);
        }
        let leader = self.history.view_before(peer, stood).and_then(|view| view.leader);
        let Some(leader) = leader.filter(|leader| *leader != peer) else { return };
        let words = match self.history.view_before(leader, stood) {
            None => self.down(leader, stood),
            Some(view) if view.role == Role::Leader => self.unheard(leader, peer, stood),
            Some(_) => None,
        };
        if let Some(words) = words {
            self.remark(stood, words);
        }
    }

    fn down(&self, leader: PeerId, before: Moment) -> Option<String> {
        let crash = self.history.last_crash(leader, before)?;
        Some(format!("its leader {leader} has been down since {}", self.history.at(crash)))
    }

    /// Why a peer does not hear its leader, which is up.
    fn unheard(&self, leader: PeerId, peer: PeerId, before: Moment) -> Option<String> {
        if let Some((paused, _)) = self.pause(leader, before) {
            let at = self.history.at(paused);
            return Some(format!("its leader {leader} has been paused since {at}"));
        }
        if let (false, Some(cut)) = self.history.link(leader, peer, before) {
            let at = self.history.at(cut);
            return Some(format!(
                "it does not hear its leader {leader}: the link is cut since {at}"
            ));
        }
        let now = self.history.at(before);
        let events = self.history.all().get(..self.history.range(before).start)?;
        let is_link = |from, to| (from, to) == (leader, peer);
        let mut is_lifted = false;
        let (at, how) = events.iter().rev().find_map(|event| {
            let (until, how) = match disturbance(&event.what)? {
                Disturbance::Clogged { from, to, until } if is_link(from, to) && !is_lifted => {
                    (until, "clogged".to_owned())
                }
                // What left since then has not arrived.
                Disturbance::Delayed { from, to, by } if is_link(from, to) => {
                    (event.at + by, format!("{by:?} slower"))
                }
                Disturbance::Unclogged { from, to } => {
                    is_lifted |= is_link(from, to);
                    return None;
                }
                _ => return None,
            };
            (until > now).then_some((event.at, how))
        })?;
        Some(format!("it does not hear its leader {leader}: the link is {how} since {at}"))
    }

    fn clock_step(&self, peer: PeerId, before: Moment) -> Option<String> {
        let now = self.history.at(before);
        let recent = self
            .history
            .before(peer, before)
            .take_while(|moment| now.since(self.history.at(*moment)) < RECENT);
        recent.flat_map(|moment| self.history.events(moment)).find_map(|event| {
            match disturbance(&event.what)? {
                Disturbance::ClockStepped { by, .. } => {
                    Some(format!("its clock jumped {} ms ahead at {}", by.as_millis(), event.at))
                }
                _ => None,
            }
        })
    }

    /// The last pause of a peer before a moment and when it ended; `None` if it had ended by then.
    pub(super) fn pause(&self, peer: PeerId, before: Moment) -> Option<(Moment, Option<Moment>)> {
        let (paused, is_pause) = self
            .history
            .before(peer, before)
            .find_map(|moment| Some((moment, self.pauses(moment)?)))?;
        let end = self
            .history
            .since(peer, paused + 1)
            .find(|moment| self.pauses(*moment) == Some(false) || self.history.is_crash(*moment));
        is_pause.then_some((paused, end))
    }

    /// Whether a peer is paused in this moment, or goes on; `None` if neither.
    pub(super) fn pauses(&self, moment: Moment) -> Option<bool> {
        self.history.events(moment).iter().find_map(|event| match disturbance(&event.what)? {
            Disturbance::Paused { .. } => Some(true),
            Disturbance::Resumed { .. } => Some(false),
            _ => None,
        })
    }

    /// Says of an old leader that it does not know of a newer one, and why.
    pub(super) fn knows_no_newer(&mut self, peer: PeerId, moment: Moment) {
        let Some(view) = self.history.view_after(peer, moment) else { return };
        let newer = self.history.everyone.iter().filter_map(|other| {
            let office = self.history.last_change(other, moment, |_, is| {
                is.role == Role::Leader && is.term > view.term
            })?;
            self.history.change(office).map(|(_, is)| (is.term, other))
        });
        let Some((term, leader)) = newer.max() else { return };
        let why = match self.history.link(leader, peer, moment) {
            (false, Some(cut)) => {
                format!(": the link from {leader} is cut since {}", self.history.at(cut))
            }
            _ => String::new(),
        };
        self.remark(moment, format!("it does not know yet that {leader} leads term {term}{why}"));
    }
}
