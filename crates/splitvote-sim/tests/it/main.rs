//! The integration tests of `splitvote-sim` as one program: each further program would be linked by itself.

mod chance;
mod clocks;
mod clog;
mod common;
mod crash_at_send;
mod crash_at_write;
mod digest;
mod disk;
mod disk_faults;
mod fork;
mod labrpc_calls;
mod labrpc_self_tests;
mod limits;
mod machine;
mod partitions;
mod pause;
mod realistic;
mod rules;
mod watcher;
