//! The bridge between a world and what judges and records it.
//!
//! It turns what the world shows into observations, and asks a message what it means only where an
//! observation may come of it: a quiet heartbeat costs a comparison or two.
//!
//! - `watch`: what is made of each thing that the world shows.
//! - `heard`: what a message demands of its receiver, and what a leader makes of a reply.
//! - `logs`: how logs are read, and whether they are what the views say. `shown`: what a message prints.
//! - `answers`: what clients were told. `commands`: which entries are commands of clients. `recorder`: what is kept for a replay.

mod answers;
mod commands;
mod heard;
mod logs;
mod recorder;
mod shown;
mod watch;

use std::time::Duration;

use splitvote_check::{CheckerSet, Happening, Judge, Meter};
use splitvote_peer::{
    BreachCause, EntryId, LogIndex, Peer, PeerId, ProposalAnswer, RequestId, SimTime,
};
use splitvote_sim::Pulse;

use crate::trace::{Head, Trace, What};
use answers::Answers;
use commands::Commands;
use heard::{Accounts, Heard};
use recorder::Recorder;

/// Judges every event of a run, and records it if asked to.
#[derive(Clone, Debug)]
pub struct Court {
    judge: Judge,
    /// What the message that is being handled demands of its receiver.
    heard: Option<Heard>,
    /// What leaders were last seen to know of followers.
    accounts: Accounts,
    /// Whether leaders check their quorum, and who follows one may disregard requests for votes.
    checks_quorum: bool,
    answers: Answers,
    commands: Commands,
    /// What packets cost, if the scenario sets budgets.
    meter: Option<Box<Meter>>,
    recorder: Option<Box<Recorder>>,
    /// Where the world writes whom it calls.
    pulse: Pulse,
    /// Which peer's log was found not to be what its view says, until the world is told.
    breach: Option<(PeerId, BreachCause)>,
}

impl Court {
    /// Judges a cluster of this size.
    #[must_use]
    pub fn new(cluster_size: usize) -> Self {
        Self {
            judge: Judge::new(cluster_size),
            heard: None,
            accounts: Accounts::new(cluster_size),
            checks_quorum: false,
            answers: Answers::default(),
            commands: Commands::default(),
            meter: None,
            recorder: None,
            pulse: Pulse::default(),
            breach: None,
        }
    }

    /// The peers start with these entries in their logs.
    pub(crate) fn logs_begin_with(&mut self, entries: &[(LogIndex, EntryId)]) {
        entries.iter().for_each(|(index, entry)| self.commands.prepare(*index, *entry));
    }

    /// Which entries are commands of clients.
    pub(crate) fn commands(&self) -> &Commands {
        &self.commands
    }

    /// The same court of a world that writes whom it calls into this pulse.
    pub(crate) fn with_pulse(self, pulse: Pulse) -> Self {
        Self { pulse, ..self }
    }

    /// The same court, but only these checkers are asked.
    #[must_use]
    pub fn asking(self, checkers: CheckerSet) -> Self {
        Self { judge: self.judge.asking(checkers), ..self }
    }

    /// The same court, which ends the run at a departure from practice that one of these checkers
    /// finds.
    #[must_use]
    pub fn strict_about(self, checkers: CheckerSet) -> Self {
        Self { judge: self.judge.strict_about(checkers), ..self }
    }

    /// The same court, for peers whose disks tell of no ballots ([`splitvote_peer::Record::TELLS_BALLOTS`]).
    #[must_use]
    pub fn trusting_memory(self) -> Self {
        Self { judge: self.judge.trusting_memory(), ..self }
    }

    /// The same court, for peers whose disks tell of no entries
    /// ([`splitvote_peer::Record::TELLS_ENTRIES`]).
    #[must_use]
    pub fn trusting_disks(self) -> Self {
        Self { judge: self.judge.trusting_disks(), ..self }
    }

    /// The same court, for peers that disregard requests for votes while they follow a leader, and as leaders
    /// give up their office without a majority ([`splitvote_peer::Settings::check_quorum`]). The longest
    /// election timeout that they draw is told.
    #[must_use]
    pub fn checking_quorum(self, longest: Duration) -> Self {
        Self { judge: self.judge.checking_quorum(longest), checks_quorum: true, ..self }
    }

    /// Counts what packets cost from now on; `kinds` are the names of the kinds of message.
    pub(crate) fn meter(&mut self, kinds: &'static [&'static str]) {
        self.meter.get_or_insert_with(|| Box::new(Meter::new(kinds)));
    }

    /// What packets have cost, if that is counted.
    pub(crate) fn metered(&self) -> Option<&Meter> {
        self.meter.as_deref()
    }

    /// Records from now on.
    pub fn record(&mut self) {
        self.recorder.get_or_insert_default();
    }

    /// What was recorded so far, if anything is to be.
    pub(crate) fn trace(&self) -> Option<&Trace> {
        self.recorder.as_deref().map(Recorder::trace)
    }

    /// What was recorded, if anything was to be.
    pub fn take_trace(&mut self) -> Option<Trace> {
        self.recorder.take().map(|recorder| recorder.into_trace())
    }

    /// What was run, for the record.
    pub(crate) fn head(&mut self, head: Head) {
        if let Some(recorder) = &mut self.recorder {
            recorder.head(head);
        }
    }

    /// The judge.
    #[must_use]
    pub fn judge(&self) -> &Judge {
        &self.judge
    }

    /// A peer may draw an election timeout as short as this.
    pub(crate) fn timeouts_at_least(&mut self, peer: PeerId, timeout: Duration) {
        self.judge.timeouts_at_least(peer, timeout);
    }

    /// A peer's clock runs so many parts per million faster than virtual time from the start.
    pub(crate) fn clock_runs_at(&mut self, peer: PeerId, rate_ppm: i32) {
        self.judge.clock_changes(SimTime::ZERO, peer, Some(rate_ppm));
    }

    /// Counts what only who disturbs the cluster knows of.
    pub(crate) fn happened(&mut self, happening: Happening) {
        self.judge.happened(happening);
    }

    /// Compares a peer's whole log with what was seen of it. For the end of a run.
    pub(crate) fn compare<P: Peer>(&mut self, at: SimTime, id: PeerId, peer: &P) {
        self.whole_log(at, id, peer, &peer.view());
    }

    /// Closes the books at the end of a run.
    pub(crate) fn finish(&mut self, at: SimTime) {
        self.judge.finish(at);
    }

    /// The answer to a client's request, if it has come and not very many later ones have.
    pub(crate) fn answer_to(&self, request: RequestId) -> Option<&ProposalAnswer> {
        self.answers.to(request)
    }

    /// Whether every answer is kept from now on, for whoever waits for very many.
    pub(crate) fn keep_all_answers(&mut self, all: bool) {
        self.answers.keep_all(all);
    }

    /// Notes something in the record, if one is kept.
    #[inline(always)]
    pub(crate) fn note(&mut self, at: SimTime, what: impl FnOnce() -> What) {
        if let Some(recorder) = &mut self.recorder {
            record(recorder, at, what);
        }
    }
}

/// Kept out of the loop: only a replay has a record.
#[cold]
fn record(recorder: &mut Recorder, at: SimTime, what: impl FnOnce() -> What) {
    recorder.note(at, what());
}
