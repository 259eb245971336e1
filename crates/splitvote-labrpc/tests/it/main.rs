//! The integration tests of `splitvote-labrpc` as one program: each further program would be linked by itself.

mod bad_input;
mod labrpc;
mod semantics;
