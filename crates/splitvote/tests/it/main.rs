//! The integration tests of `splitvote` as one program: each further program would be linked by itself.

mod bad_input;
mod bounds;
mod broken;
mod call_and_reply;
mod calm;
mod cases;
mod departures;
mod determinism;
mod disturbances;
mod extreme_calms;
mod features;
mod foreign;
mod limits;
mod mechanism;
mod misbehaving;
mod nemesis;
mod plans;
mod ranges;
mod replication;
mod shrinking;
mod strange;
mod under_seeds;
mod vacuous;
mod verdicts;
