//! When each leader was last answered by whom, and since when it speaks on without a majority.
//!
//! Kept for Rafts with CheckQuorum alone. Whatever keeps a peer from looking at its clock in time, or changes
//! that clock, excuses it: it then counts as answered by all at that moment.

use std::time::Duration;

use splitvote_peer::{Configuration, PeerId, PeerSet, SimTime};

/// One leader's.
#[derive(Clone, Debug)]
struct Row {
    /// Since when silence counts: it took office then, or was excused.
    since: SimTime,
    /// When each peer last answered.
    answered: Vec<SimTime>,
    /// When it was first seen to speak without a majority.
    overdue_since: Option<SimTime>,
}

/// What is known of who answers whom.
#[derive(Clone, Debug)]
pub(crate) struct Contact {
    rows: Vec<Row>,
    configuration: Configuration,
    /// The longest election timeout that is drawn.
    longest: Duration,
}

/// How many of the longest election timeouts an answer counts: a leader that looks once a timeout finds out in
/// the second one that nobody has answered since it looked.
const COUNTS_FOR: u32 = 2;

impl Contact {
    pub(crate) fn new(configuration: Configuration, longest: Duration) -> Self {
        let peers = configuration.members().len();
        let row =
            Row { since: SimTime::ZERO, answered: vec![SimTime::ZERO; peers], overdue_since: None };
        Self { rows: vec![row; peers], configuration, longest }
    }

    /// A peer takes office, or nothing that came before may be held against it.
    pub(crate) fn begin_anew(&mut self, at: SimTime, leader: PeerId) {
        if let Some(row) = self.rows.get_mut(leader.index()) {
            (row.since, row.overdue_since) = (at, None);
        }
    }

    /// A leader is handed an answer.
    pub(crate) fn answered(&mut self, at: SimTime, leader: PeerId, by: PeerId) {
        let row = self.rows.get_mut(leader.index());
        if let Some(answered) = row.and_then(|row| row.answered.get_mut(by.index())) {
            *answered = at;
        }
    }

    /// How long an answer counts.
    pub(crate) fn counts_for(&self) -> Duration {
        self.longest * COUNTS_FOR
    }

    /// A leader speaks as one. If it has done so for a whole election timeout without a majority that answers:
    /// who does answer. `elapsed` is how long ago an instant is by the leader's own clock.
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
        (elapsed(overdue_since) >= self.longest).then_some(answering)
    }
}
