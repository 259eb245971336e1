//! When each leader was last answered by whom, and since when it speaks on without a majority.
//!
//! Kept for Rafts with CheckQuorum alone. Whatever keeps a peer from looking at its clock in time, or changes
//! that clock, excuses a leader that stays in office: it then counts as answered by all at that moment. A clock that
//! changes excuses a leader that gives up, too: it then counts as answered by nobody.

use std::time::Duration;

use splitvote_peer::{Configuration, PeerId, PeerSet, SimTime};

/// The account of one leader.
#[derive(Clone, Debug)]
struct Row {
    /// Since when silence counts: it took office then, or was excused.
    since: SimTime,
    /// When each peer last answered anything.
    answered: Vec<SimTime>,
    /// When it took office, by a clock that has not changed since; zero if it has.
    in_office_since: SimTime,
    /// When each peer last answered an AppendEntries or InstallSnapshot in the leader's term; zero if the clock
    /// has changed since.
    confirmed: Vec<SimTime>,
    /// When it was first seen to speak without a majority.
    overdue_since: Option<SimTime>,
}

/// What is known of who answers whom.
#[derive(Clone, Debug)]
pub(crate) struct Contact {
    rows: Vec<Row>,
    configuration: Configuration,
    /// The shortest election timeout that is drawn.
    shortest: Duration,
    /// The longest timeout.
    longest: Duration,
}

/// How many of the shortest election timeouts an answer counts at least: a leader that looks once a timeout finds
/// out in the second one that nobody has answered since it looked.
const COUNTS_FOR: u32 = 2;

impl Contact {
    pub(crate) fn new(
        configuration: Configuration,
        (shortest, longest): (Duration, Duration),
    ) -> Self {
        let nobody = vec![SimTime::ZERO; configuration.members().len()];
        let row = Row {
            since: SimTime::ZERO,
            answered: nobody.clone(),
            in_office_since: SimTime::ZERO,
            confirmed: nobody,
            overdue_since: None,
        };
        let rows = vec![row; configuration.members().len()];
        Self { rows, configuration, shortest, longest }
    }

    /// A peer takes office.
    pub(crate) fn takes_office(&mut self, at: SimTime, leader: PeerId) {
        if let Some(row) = self.rows.get_mut(leader.index()) {
            row.in_office_since = at;
            row.confirmed.fill(SimTime::ZERO);
        }
        self.begin_anew(at, leader);
    }

    /// Nothing that came before may be held against a leader that stays in office.
    pub(crate) fn begin_anew(&mut self, at: SimTime, leader: PeerId) {
        if let Some(row) = self.rows.get_mut(leader.index()) {
            (row.since, row.overdue_since) = (at, None);
        }
    }

    /// A peer's clock jumps or changes its rate: what it has measured before is not known any more.
    pub(crate) fn clock_changes(&mut self, at: SimTime, leader: PeerId) {
        if let Some(row) = self.rows.get_mut(leader.index()) {
            row.in_office_since = SimTime::ZERO;
            row.confirmed.fill(SimTime::ZERO);
        }
        self.begin_anew(at, leader);
    }

    /// A leader is handed an answer; `confirms` says whether it is one in its term to what only leaders send.
    pub(crate) fn answered(&mut self, at: SimTime, leader: PeerId, by: PeerId, confirms: bool) {
        let Some(row) = self.rows.get_mut(leader.index()) else { return };
        if let Some(answered) = row.answered.get_mut(by.index()) {
            *answered = at;
        }
        if let (Some(confirmed), true) = (row.confirmed.get_mut(by.index()), confirms) {
            *confirmed = at;
        }
    }

    /// How long an answer counts.
    pub(crate) fn counts_for(&self) -> Duration {
        self.longest.max(self.shortest * COUNTS_FOR)
    }

    /// A leader has given up its office: when a majority, the leader among them, was last known to follow it.
    /// Whoever wins an election is followed by a majority at that moment. `None` if its clock has changed since.
    #[cold]
    pub(crate) fn last_followed(&self, leader: PeerId) -> Option<SimTime> {
        let row = self.rows.get(leader.index())?;
        let others = || row.confirmed.iter().enumerate().filter(|(id, _)| *id != leader.index());
        let is_enough = |since: SimTime| {
            let by = others().filter(|(_, last)| **last >= since);
            let by = by.map(|(place, _)| PeerId(place as u8)).chain([leader]);
            self.configuration.has_quorum(by.collect())
        };
        let majority = others().map(|(_, last)| *last).filter(|last| is_enough(*last)).max();
        let followed = majority.unwrap_or(SimTime::ZERO).max(row.in_office_since);
        (followed != SimTime::ZERO).then_some(followed)
    }

    /// A leader speaks as one. If it has done so for a whole election timeout, the shortest, without a majority
    /// that answers: who does answer. `elapsed` is how long ago an instant is by the leader's own clock.
    pub(crate) fn speaks_alone(
        &mut self,
        at: SimTime,
        leader: PeerId,
        elapsed: impl Fn(SimTime) -> Duration,
    ) -> Option<PeerSet> {
        let counts_for = self.counts_for();
        let row = self.rows.get_mut(leader.index())?;
        let answers = |place: &usize| {
            row.answered
                .get(*place)
                .is_some_and(|last| elapsed(*last.max(&row.since)) <= counts_for)
        };
        let others = (0..row.answered.len()).filter(|place| *place != leader.index());
        let answering: PeerSet = others.filter(answers).map(|place| PeerId(place as u8)).collect();
        let mut heard = answering;
        heard.insert(leader);
        if self.configuration.has_quorum(heard) {
            row.overdue_since = None;
            return None;
        }
        let overdue_since = *row.overdue_since.get_or_insert(at);
        (elapsed(overdue_since) >= self.shortest).then_some(answering)
    }
}
