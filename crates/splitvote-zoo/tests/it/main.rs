//! The integration tests of `splitvote-zoo` as one program: each further program would be linked by itself.

mod behaviour;
mod behaviour_of_logs;
mod case_to_test;
mod clients;
mod kills;
mod shrinking;
mod stage;
mod zoo;
