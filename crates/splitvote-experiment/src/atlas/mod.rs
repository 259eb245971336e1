//! The connectivity atlas: every connected directed graph of a few peers, and what becomes of the
//! reference Raft when its links are cut down to that graph, with and without PreVote and
//! CheckQuorum.
//!
//! Raft promises progress while a majority can talk. Which connections are enough is another
//! question, and the answer depends on the options: Cloudflare's outage of 2020, Howard and Abraham,
//! "Raft does not guarantee liveness in the face of network faults" (2020), and OmniPaxos (2023).
//!
//! - [`graph`]: all graphs up to renaming. [`shape`]: those that have names.
//! - [`trial`]: one run. [`mod@chart`]: what is made of all runs of a graph.
//! - [`report`]: what a person reads.

pub mod chart;
pub mod graph;
pub mod report;
pub mod shape;
pub mod trial;

pub use chart::{Chart, Failed, Verdict, chart, trials_in_all};
pub use graph::{Digraph, MAX_PEERS, connected};
pub use trial::{Options, Outcome};
