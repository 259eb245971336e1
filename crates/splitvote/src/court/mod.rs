//! The bridge between a world and what judges and records it.
//!
//! It turns what the world shows into observations, and asks a message what it means only where an
//! observation may come of it: a quiet heartbeat costs a comparison or two.
//!
//! - `watch`: what is made of each thing that the world shows. `messages`: what those tell that leave and arrive.
//! - `heard`: what a message demands of its receiver, and what a leader makes of a reply.
//! - `logs`: how logs are read, and whether they are what the views say. `shown`: what a message prints.
//! - `answers`: what clients were told. `commands`: which entries are commands of clients. `recorder`: what is kept
//!   for a replay.

mod answers;
mod commands;
mod heard;
mod logs;
mod messages;
mod recorder;
mod shown;
mod watch;

use splitvote_check::{Judge, Meter};
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
    /// This judge's court for a cluster of this size. If leaders check their quorum, whoever follows one may disregard
    /// requests for votes. The world writes whom it calls into the pulse.
    pub(crate) fn new(
        cluster_size: usize,
        judge: Judge,
        checks_quorum: bool,
        pulse: Pulse,
    ) -> Self {
        Self {
            judge,
            heard: None,
            accounts: Accounts::new(cluster_size),
            checks_quorum,
            answers: Answers::default(),
            commands: Commands::default(),
            meter: None,
            recorder: None,
            pulse,
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

    /// The judge of this run.
    #[must_use]
    pub fn judge(&self) -> &Judge {
        &self.judge
    }

    /// The judge, for what only who disturbs the cluster knows of.
    pub(crate) fn judge_mut(&mut self) -> &mut Judge {
        &mut self.judge
    }

    /// Compares a peer's whole log with what was seen of it. For the end of a run.
    pub(crate) fn compare<P: Peer>(&mut self, at: SimTime, id: PeerId, peer: &P) {
        self.whole_log(at, id, peer, &peer.view());
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
