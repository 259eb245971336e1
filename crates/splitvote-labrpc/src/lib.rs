//! Raft as the labs teach it: tasks, calls and timers on one thread, in virtual time.
//!
//! A Raft of the labs is a handful of tasks that share a lock: a ticker, a task a follower, handlers. Written here
//! in the same way, it runs under the harness with all of its checkers, scenarios and storms, and every run of a
//! seed is the same.
//!
//! # From the beginning
//! **1. Name the calls.** What a call carries and what its handler returns are types of your own ([`Args`],
//! [`Answer`]), which say what they mean in the paper's terms. [`service!`] lists them.
//!
//! **2. Write the Raft.** [`LabRaft::make`] is the labs' `Make`: it keeps the [`Env`], reads the [`Persister`], and
//! begins tasks with [`spawn`]. A task sleeps ([`sleep`]), calls ([`ClientEnd::call`]), waits for the first of
//! several things ([`select!`]), takes a lock ([`sync::Mutex`]).
//!
//! **3. Show it.** [`LabRaft::view`] says what the peer looks like: role, term, vote. It is asked between two steps.
//!
//! **4. Run it.** [`Lab`] makes a [`splitvote_peer::Peer`] of it, so that `Subject::<Lab<MyRaft>>::new("mine",
//! as_usual)` is a Raft under test.
//!
//! The example `skeleton` is where to start, `lab-raft` is a whole one, and `docs/labrpc.md` is the guide.
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
