//! Raft as a state machine, to be written: it takes an input and acts through a context, and does nothing else.
//!
//! It is red until somebody stands for election: `cargo test lab/initial-election`. The steps:
//!
//! 1. **Stand.** When the alarm goes off (`Input::Wake`), a follower becomes a candidate of the next term, votes for
//!    itself and calls all others (`cx.others()`, `cx.call`) with `Say::RequestVote`.
//! 2. **Vote.** An `Input::Request` is answered by `cx.reply`: yes, if the term is its own and the vote is free.
//!    A higher term makes a follower of everybody.
//! 3. **Lead.** An `Input::Reply` brings a vote. A majority (`Configuration::simple(cx.cluster_size())`) makes a leader,
//!    which says so to all by a `Say::AppendEntries` every `timing.heartbeat_interval`; who hears it sets its alarm anew.
//! 4. **Replicate.** `Feature::Log`: `Input::Propose`, entries, `cx.applied`; then `Feature::Disk`: `cx.persist`, and
//!    `splitvote::peer::calls::Calls` for what may leave only once it is durable.
//!
//! A whole one is `crates/splitvote/examples/call_and_reply.rs` of the project; what to write is told in
//! docs/your-own-raft.md.

use std::fmt;

use splitvote::prelude::*;

/// A peer.
pub struct Raft {
    timing: Timing,
    /// What the harness sees of it: role, term, vote, and so on.
    view: View,
    /// When it wants to be woken.
    alarm: LocalTime,
}

/// What peers call on each other, and answer. Add `AppendEntries` and its reply.
#[derive(Clone, Debug)]
pub enum Say {
    /// Figure 2, RequestVote RPC, arguments.
    RequestVote { term: Term },
    /// Figure 2, RequestVote RPC, results.
    Vote { term: Term, asked_in: Term, granted: bool },
}

/// What the disk keeps: nothing yet.
#[derive(Clone, Debug)]
pub enum Note {}

/// Figure 2, Rules for Servers.
impl Raft {
    fn set_alarm(&mut self, cx: &mut Context<'_, Self>) {
        let Timing { election_timeout_min: min, election_timeout_max: max, .. } = self.timing;
        self.alarm = cx.now() + cx.election_timeout(min, max);
    }

    /// Figure 2, RequestVote RPC, receiver implementation.
    fn request_vote(&mut self, asked_in: Term) -> Say {
        Say::Vote { term: self.view.term, asked_in, granted: false }
    }
}

impl Peer for Raft {
    type Message = Say;
    type Record = Note;
    type Config = Timing;
    /// State here what it has, as soon as it has it: `Features::of(&[Feature::Log])`. The rest is not asked for.
    const FEATURES: Features = Features::NONE;

    fn boot(_me: PeerId, timing: &Timing, cx: &mut Context<'_, Self>) -> Self {
        let mut raft = Self { timing: timing.clone(), view: View::NEW, alarm: cx.now() };
        raft.set_alarm(cx);
        raft
    }

    fn step(&mut self, input: Input<'_, Say>, cx: &mut Context<'_, Self>) {
        match input {
            // Stand for election; a leader sends its heartbeat.
            Input::Wake => self.set_alarm(cx),
            Input::Request { call, message: &Say::RequestVote { term }, .. } => {
                let reply = self.request_vote(term);
                cx.reply(call, reply, 24);
            }
            Input::Request { .. } => {}
            // Count the votes.
            Input::Reply { .. } => {}
            Input::Propose { request, .. } => {
                cx.answer(request, ProposalAnswer::Redirect { leader: self.view.leader });
            }
            Input::Message { .. } | Input::Synced(_) | Input::Snapshot(_) => {}
        }
    }

    fn next_wake(&self) -> Option<LocalTime> {
        Some(self.alarm)
    }

    fn view(&self) -> View {
        self.view
    }

    /// The entry at an index of the log: its term and the digest of its command.
    fn entry(&self, _index: LogIndex) -> Option<EntryId> {
        None
    }
}

impl Message for Say {
    /// Named as in the paper, so that scenarios can aim at them.
    const KINDS: &'static [&'static str] = &["request-vote", "vote-reply"];

    fn kind(&self) -> usize {
        match self {
            Self::RequestVote { .. } => 0,
            Self::Vote { .. } => 1,
        }
    }

    fn meaning(&self) -> Meaning {
        match *self {
            Self::RequestVote { term } => {
                Meaning::VoteRequest { term, last_log: LogPosition::default() }
            }
            Self::Vote { term, asked_in, granted } => {
                Meaning::VoteReply { term, asked_in, granted }
            }
        }
    }
}

impl fmt::Display for Say {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl Record for Note {
    /// Whether its records tell of votes; remove both once they do.
    const TELLS_BALLOTS: bool = false;
    const TELLS_ENTRIES: bool = false;

    fn meaning(&self) -> Durable {
        match *self {}
    }
}
