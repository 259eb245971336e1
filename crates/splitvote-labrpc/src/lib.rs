//! Raft as the labs teach it: tasks, calls and timers on one thread, in virtual time.
//!
//! A Raft of the labs is a handful of tasks that share a lock: a ticker, a task a follower, handlers. Written here
//! in the same way, it runs under the harness with all of its checkers, scenarios and storms, and every run of a
//! seed is the same.
//!
//! # From the skeleton to a bug that is found
//! **1. Name the calls.** What a call carries and what its handler returns are types of your own ([`Args`],
//! [`Answer`]). They print in a few words, for the replay, and say what they mean in the paper's terms, so that they
//! can be judged. [`service!`] lists them.
//!
//! **2. Write the Raft.** [`LabRaft::make`] is the labs' `Make`: it keeps the [`Env`], reads the [`Persister`], and
//! begins tasks with [`spawn`]. A task sleeps ([`sleep`]), calls ([`ClientEnd::call`]), waits for the first of
//! several things ([`select!`]), takes a lock ([`sync::Mutex`]).
//!
//! **3. Show it.** [`LabRaft::view`] says what the peer looks like: role, term, vote. It is asked between two steps.
//!
//! **4. Run it.** [`Lab`] makes a [`splitvote_peer::Peer`] of it, so that `Subject::<Lab<MyRaft>>::new("mine",
//! as_usual)` is a Raft under test, for `cargo test` (`splitvote::testing`), for the command (`splitvote_cli::Program`)
//! and for every scenario.
//!
//! Here is the first step of the labs, elections, as a student may hand it in. The handler of RequestVote looks at the
//! term alone.
//!
//! ```
//! use std::cell::RefCell;
//! use std::fmt;
//! use std::rc::Rc;
//!
//! use splitvote::run::run;
//! use splitvote::{Scenario, Seed, Subject, Verdict};
//! use splitvote_labrpc::peer::{Features, LogPosition, Meaning, PeerId, Role, Term, View};
//! use splitvote_labrpc::{Answer, Args, ClientEnd, Config, Env, Lab, LabRaft};
//! use splitvote_labrpc::{service, sleep, spawn};
//!
//! #[derive(Clone, Debug)]
//! struct RequestVoteArgs {
//!     term: Term,
//!     candidate: PeerId,
//! }
//!
//! #[derive(Clone, Debug)]
//! struct RequestVoteReply {
//!     term: Term,
//!     granted: bool,
//! }
//!
//! service! {
//!     struct Calls for Raft {
//!         request_vote(RequestVoteArgs) -> RequestVoteReply: "request-vote", "vote-reply";
//!     }
//! }
//!
//! #[derive(Clone)]
//! struct Raft {
//!     env: Env<Raft>,
//!     state: Rc<RefCell<State>>,
//! }
//!
//! /// Figure 2, State.
//! struct State {
//!     role: Role,
//!     term: Term,
//!     voted_for: Option<PeerId>,
//!     votes: usize,
//! }
//!
//! impl LabRaft for Raft {
//!     type Service = Calls;
//!     type State = ();
//!     /// Whether it looks at whom it has voted for.
//!     type Options = bool;
//!     const FEATURES: Features = Features::NONE;
//!
//!     fn make(env: Env<Self>) -> Self {
//!         let state = State { role: Role::Follower, term: 0, voted_for: None, votes: 0 };
//!         let raft = Self { env, state: Rc::new(RefCell::new(state)) };
//!         spawn(raft.clone().ticker());
//!         raft
//!     }
//!
//!     fn view(&self) -> View {
//!         let state = self.state.borrow();
//!         View { role: state.role, term: state.term, voted_for: state.voted_for, ..View::NEW }
//!     }
//! }
//!
//! impl Raft {
//!     async fn ticker(self) {
//!         loop {
//!             sleep(self.env.election_timeout()).await;
//!             let me = self.env.me();
//!             let mut state = self.state.borrow_mut();
//!             (state.role, state.voted_for, state.votes) = (Role::Candidate, Some(me), 1);
//!             state.term += 1;
//!             for end in self.env.others() {
//!                 spawn(self.clone().ask(end, RequestVoteArgs { term: state.term, candidate: me }));
//!             }
//!         }
//!     }
//!
//!     async fn ask(self, end: ClientEnd<Raft>, args: RequestVoteArgs) {
//!         let asked_in = args.term;
//!         let Ok(reply) = end.call(args).await else { return };
//!         let mut state = self.state.borrow_mut();
//!         state.heed(reply.term);
//!         if reply.granted && state.term == asked_in && state.role == Role::Candidate {
//!             state.votes += 1;
//!             if state.votes >= self.env.majority() {
//!                 state.role = Role::Leader;
//!             }
//!         }
//!     }
//!
//!     async fn request_vote(&self, args: RequestVoteArgs) -> RequestVoteReply {
//!         let mut state = self.state.borrow_mut();
//!         state.heed(args.term);
//!         let is_free = state.voted_for.is_none_or(|voted| voted == args.candidate);
//!         let granted = args.term == state.term && (is_free || !*self.env.options());
//!         if granted {
//!             state.voted_for = Some(args.candidate);
//!         }
//!         RequestVoteReply { term: state.term, granted }
//!     }
//! }
//!
//! impl State {
//!     fn heed(&mut self, term: Term) {
//!         if term > self.term {
//!             (self.term, self.role, self.voted_for) = (term, Role::Follower, None);
//!         }
//!     }
//! }
//!
//! // What is judged.
//! impl Args for RequestVoteArgs {
//!     fn meaning(&self) -> Meaning {
//!         Meaning::VoteRequest { term: self.term, last_log: LogPosition::default() }
//!     }
//! }
//!
//! impl Answer for RequestVoteReply {
//!     fn meaning(&self, asked: Meaning) -> Meaning {
//!         let asked_in = asked.term().unwrap_or(self.term);
//!         Meaning::VoteReply { term: self.term, asked_in, granted: self.granted }
//!     }
//! }
//! # impl fmt::Display for RequestVoteArgs {
//! #     fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, "T{}", self.term) }
//! # }
//! # impl fmt::Display for RequestVoteReply {
//! #     fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, "{}", self.granted) }
//! # }
//!
//! let scenario = Scenario::parse("elections.toml", r#"
//!     name = "elections"
//!     peers = 3
//!     network = "realistic"
//!     steps = [{ run = "60s" }]
//! "#)?;
//! let verdict = |looks| {
//!     let raft = Subject::<Lab<Raft>>::new("mine", move |settings| Config::new(settings, looks));
//!     run(&scenario, &raft, Seed(1)).verdict
//! };
//! assert_eq!(verdict(false).checker(), Some("one-vote"), "a peer votes twice in one term");
//! assert_eq!(verdict(true), Verdict::Held);
//! # Ok::<(), splitvote::ScenarioError>(())
//! ```
//!
//! **5. See it.** The command prints the run of a seed in columns, explains it, and makes a small case of it:
//!
//! ```console
//! $ my-raft run --seeds 100 sim-scenarios/lab
//! $ my-raft replay sim-scenarios/lab/re-election.toml --seed 3
//! $ my-raft shrink sim-scenarios/lab/re-election.toml --seed 3
//! ```
//!
//! The example `skeleton` is where to start, `lab-raft` is a whole one with log, disk and snapshots, and
//! `docs/labrpc.md` is the guide. [`network`] has Go's labrpc by itself, without a Raft.
//!
//! # What is promised
//! - Tasks run on one thread, first in, first out, unless a scenario has their order drawn from its seed.
//! - Time is the peer's own clock. It stands still while tasks run.
//! - A crash drops every task in the midst of what it waits for; nothing of it does anything any more.
//! - In steady state nothing is allocated a message but what the message itself holds, and what a task gives that
//!   somebody awaits: tasks lie in the room of those that have ended (`tests/allocation.rs`).

#![deny(clippy::float_arithmetic)]

pub mod network;
mod raft;
pub mod sync;
mod tasks;
#[cfg(test)]
mod tests;

pub use raft::{
    Answer, ApplyCh, ApplyMsg, Args, Call, CallOf, ClientEnd, Config, Env, Lab, LabRaft,
    Persistent, Persister, Saved, Saving, Service, Wire, as_usual,
};
pub use splitvote_peer as peer;
pub use tasks::{
    Elapsed, JoinHandle, Sleep, block_on, now, random, sleep, sleep_until, spawn, timeout,
    yield_now,
};
