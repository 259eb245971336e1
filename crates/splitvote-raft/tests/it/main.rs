//! The integration tests of `splitvote-raft` as one program: each further program would be linked by itself.

mod bad_input;
mod broken_rules;
mod budgets;
mod clauses;
mod client;
mod cluster;
mod driver;
mod durability;
mod messages;
mod section_5_1;
mod section_5_2;
mod section_5_3;
mod section_5_4_1;
mod section_5_4_2;
mod section_5_4_3;
mod section_5_5;
mod section_5_6;
mod section_6_2;
mod section_7;
mod section_9_6;
mod sizes;
mod soak;
