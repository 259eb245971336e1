//! The integration tests of `splitvote-cli` as one program: each further program would be linked by itself.

mod cases;
mod check;
mod command;
mod departures;
mod diff;
mod errors;
mod exports;
mod files;
mod isolate;
mod merged;
mod moments;
mod new;
mod pages;
mod pipes;
mod shrink;
mod signals;
mod tidy;
mod traces;
