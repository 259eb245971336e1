//! The contract between a Raft and the harness.
//!
//! A peer is a pure state machine. It has no clock, no socket, no thread, no randomness and no
//! disk of its own: everything comes in through [`Peer::step`] and goes out through its
//! [`Context`]. The harness asks after each step when the peer wants to be woken next
//! ([`Peer::next_wake`]) and what it looks like ([`Peer::view`]). A crash drops the value;
//! [`Peer::boot`] is the first start and every restart, and whatever survived comes from the
//! peer's own disk records.
//!
//! # A first Raft
//!
//! Elections, from nothing, in memory. **1.** What crosses the network is a type that says what it means in the paper's
//! terms ([`Message`]), and so is what the disk keeps ([`Record`]). **2.** The peer takes one input after the other
//! ([`Peer::step`]), and says when it wants to be woken and what it looks like. **3.** A [`TestBench`] is the world of
//! one peer in a unit test.
//!
//! ```
//! use std::fmt;
//! use splitvote_peer::*;
//!
//! // 1. What is said, and what is kept: nothing yet.
//! #[derive(Clone, Debug)]
//! enum Say { AskVote(Term), Vote(Term, bool), Beat(Term) }
//!
//! impl Message for Say {
//!     const KINDS: &'static [&'static str] = &["request-vote", "vote-reply", "append-entries"];
//!     fn kind(&self) -> usize {
//!         match self { Say::AskVote(_) => 0, Say::Vote(..) => 1, Say::Beat(_) => 2 }
//!     }
//!     fn meaning(&self) -> Meaning {
//!         let end = LogPosition::default(); // of a log that is empty
//!         match *self {
//!             Say::AskVote(term) => Meaning::VoteRequest { term, last_log: end },
//!             Say::Vote(term, granted) => Meaning::VoteReply { term, asked_in: term, granted },
//!             Say::Beat(term) => Meaning::Append { term, previous: end, entries: 0 },
//!         }
//!     }
//! }
//! # impl fmt::Display for Say {
//! #     fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, "{self:?}") }
//! # }
//! # #[derive(Clone)]
//! # enum Nothing {}
//! # impl Record for Nothing {
//! #     const TELLS_BALLOTS: bool = false;
//! #     fn meaning(&self) -> Durable { match *self {} }
//! # }
//!
//! // 2. The peer.
//! struct MyRaft { me: PeerId, timing: Timing, view: View, votes: PeerSet, alarm: LocalTime }
//!
//! impl MyRaft {
//!     fn rest(&mut self, cx: &mut Context<'_, Self>) {
//!         let (min, max) = (self.timing.election_timeout_min, self.timing.election_timeout_max);
//!         self.alarm = cx.now() + cx.election_timeout(min, max);
//!     }
//!     fn heed(&mut self, term: Term) {
//!         if term > self.view.term {
//!             self.view = View { role: Role::Follower, term, voted_for: None, ..self.view };
//!         }
//!     }
//!     fn beat(&mut self, cx: &mut Context<'_, Self>) {
//!         cx.others().for_each(|peer| cx.send(peer, Say::Beat(self.view.term), 9));
//!         self.alarm = cx.now() + self.timing.heartbeat_interval;
//!     }
//! }
//!
//! impl Peer for MyRaft {
//!     type Message = Say;
//!     type Record = Nothing;
//!     type Config = Timing;
//!     const FEATURES: Features = Features::of(&[Feature::Refusals, Feature::HeedsCandidates]);
//!
//!     fn boot(me: PeerId, timing: &Timing, cx: &mut Context<'_, Self>) -> Self {
//!         let (timing, alarm) = (timing.clone(), cx.now());
//!         let mut raft = Self { me, timing, view: View::NEW, votes: PeerSet::EMPTY, alarm };
//!         raft.rest(cx);
//!         raft
//!     }
//!
//!     fn step(&mut self, input: Input<'_, Say>, cx: &mut Context<'_, Self>) {
//!         match input {
//!             Input::Wake if self.view.role == Role::Leader => self.beat(cx),
//!             Input::Wake => {
//!                 let (term, voted_for) = (self.view.term + 1, Some(self.me));
//!                 self.view = View { role: Role::Candidate, term, voted_for, ..self.view };
//!                 self.votes = PeerSet::from_iter([self.me]);
//!                 cx.others().for_each(|peer| cx.send(peer, Say::AskVote(term), 9));
//!                 self.rest(cx);
//!             }
//!             Input::Message { from, message: &Say::AskVote(term) } => {
//!                 self.heed(term);
//!                 let is_free = self.view.voted_for.is_none_or(|vote| vote == from);
//!                 let granted = term == self.view.term && is_free;
//!                 if granted {
//!                     self.view.voted_for = Some(from);
//!                     self.rest(cx);
//!                 }
//!                 cx.send(from, Say::Vote(term.max(self.view.term), granted), 10);
//!             }
//!             Input::Message { from, message: &Say::Vote(term, granted) } => {
//!                 self.heed(term);
//!                 if granted && term == self.view.term && self.view.role == Role::Candidate {
//!                     self.votes.insert(from);
//!                     if Configuration::simple(cx.cluster_size()).has_quorum(self.votes) {
//!                         self.view.role = Role::Leader;
//!                         self.beat(cx);
//!                     }
//!                 }
//!             }
//!             Input::Message { message: &Say::Beat(term), .. } if term >= self.view.term => {
//!                 self.heed(term);
//!                 self.view.role = Role::Follower;
//!                 self.rest(cx);
//!             }
//!             _ => {}
//!         }
//!     }
//!     # fn next_wake(&self) -> Option<LocalTime> { Some(self.alarm) }
//!     # fn view(&self) -> View { self.view }
//!     # fn entry(&self, _: LogIndex) -> Option<EntryId> { None }
//! }
//!
//! // 3. Its unit test: two of three are enough.
//! let mut bench: TestBench<MyRaft> = TestBench::new(PeerId(0), 3);
//! let (mut raft, _) = bench.boot(&Timing::default());
//! bench.pass_to_wake(&raft);
//! bench.step(&mut raft, Input::Wake);
//! assert_eq!((raft.view().role, raft.view().term), (Role::Candidate, 1));
//! bench.step(&mut raft, Input::Message { from: PeerId(2), message: &Say::Vote(1, true) });
//! assert_eq!(raft.view().role, Role::Leader);
//! ```
//!
//! **4.** `splitvote` runs a cluster of them over many seeds, and leads from here to a replayed and shrunk case.
//! **5.** What a Raft states in [`Peer::FEATURES`] it is judged by: with a log, it hands what is committed to
//! [`Context::applied`]; with a disk, nothing that rests on a record may leave before [`Input::Synced`], which
//! [`calls::Calls`] sees to.
//!
//! # Where to read on
//!
//! Read in this order: [`id`] (peers, terms, log positions), [`time`], [`message`] (what a message
//! or a disk record *means* in the paper's terms), [`view`], [`payload`], [`snapshot`], [`settings`],
//! [`features`] (what a Raft has), [`configuration`] (whose voices make a quorum), [`context`],
//! [`disk`] (what a disk gets wrong), [`peer`], [`calls`] (what a Raft of calls and replies keeps), [`breach`] (what
//! it is to break the contract); a unit test of a peer starts with a [`test_bench`].

#![deny(clippy::float_arithmetic)]

/// This file as the compiler names it: by it, panics of this crate are known.
#[doc(hidden)]
pub const SOURCE: &str = file!();

pub mod breach;
pub mod calls;
pub mod configuration;
pub mod context;
pub mod disk;
pub mod features;
pub mod id;
pub mod message;
mod named;
pub mod payload;
pub mod peer;
pub mod peer_set;
pub mod serial;
pub mod settings;
pub mod snapshot;
pub mod test_bench;
pub mod time;
mod unknown;
pub mod view;

pub use breach::{Breach, BreachCause, Naming, ViewPart};
pub use configuration::{Configuration, Quorum};
pub use context::{Chance, Context, Effect, Outbox, Parcel, ProposalAnswer, Turn};
pub use disk::{Damage, DiskError, DiskTrouble};
pub use features::{Feature, Features};
pub use id::{CallId, Command, EntryId, LogIndex, LogPosition, PeerId, RequestId, SyncId, Term};
pub use message::{Durable, Leg, Meaning, Message, Record};
pub use payload::Payload;
pub use peer::{Input, Peer, Progress, RpcError};
pub use peer_set::PeerSet;
pub use settings::Settings;
pub use snapshot::{History, Snapshot};
pub use test_bench::{Effects, Script, TestBench};
pub use time::{LocalTime, SimTime, Timing};
pub use unknown::Unknown;
pub use view::{Role, View};
