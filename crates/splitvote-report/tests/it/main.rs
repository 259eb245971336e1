//! The integration tests of `splitvote-report` as one program: each further program would be linked by itself.

mod columns;
mod difference;
mod explain;
mod named_steps;
mod nonsense;
mod support;
mod told_rightly;
mod trace_file;
mod trace_schema;
