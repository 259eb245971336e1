//! The `splitvote` command, for any Rafts.
//!
//! A program of your own has the whole command, under its own name and with your Rafts in it:
//!
//! ```no_run
//! fn main() -> std::process::ExitCode {
//!     let mine = splitvote::reference(); // the `Subject` of your Raft
//!     splitvote_cli::Program::new("my-raft").raft(mine).main()
//! }
//! ```
//!
//! `my-raft run`, `my-raft replay FILE --seed 7`, `my-raft shrink …` then work, and so do the commands that they print.
//! The first Raft is the one under test unless `--raft` names another.
//!
//! With `default-features = false` the zoo and the experiments, which are about the reference, are left out, and
//! are not compiled.
//!
//! Exit codes: 0 all held · 1 safety violated · 2 wrong usage or input, or what was to be written could not be · 3
//! liveness violated, or a sweep that proves nothing · 4 runs of one seed differed · 5 a peer panicked or hangs · 6
//! a peer broke the contract · 70 fault of the harness itself · 130 interrupted, unless the results so far have a
//! graver code.

#![deny(clippy::print_stdout, clippy::print_stderr)]
#![cfg_attr(
    not(all(feature = "zoo", feature = "experiment")),
    allow(
        dead_code,
        reason = "some of what is shared is used by the zoo and the experiments alone"
    )
)]

mod arguments;
mod commands;
mod interrupt;
mod judging;
mod numbers;
mod outcome;
mod output;
mod peers;
mod program;
mod stopwatch;
#[cfg(feature = "zoo")]
mod taking_down;
mod target;

pub use program::{Program, parse};
