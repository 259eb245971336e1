//! The first line of a file, and the last.

use serde::{Deserialize, Serialize};
use splitvote::check::{Election, Share};
use splitvote::trace::Head;
use splitvote::{RunReport, Signature, Trace};

use super::FORMAT;

/// The first line.
#[derive(Serialize, Deserialize)]
pub(super) struct First<H> {
    #[serde(rename = "splitvote-trace")]
    pub(super) format: u32,
    pub(super) splitvote: String,
    #[serde(flatten)]
    pub(super) head: H,
}

/// What must be known of a file before anything else is read.
#[derive(Deserialize)]
pub(super) struct Version {
    #[serde(rename = "splitvote-trace")]
    pub(super) format: Option<u64>,
    pub(super) splitvote: Option<String>,
}

impl<'a> First<&'a Head> {
    pub(super) fn of(trace: &'a Trace) -> Self {
        let splitvote = env!("CARGO_PKG_VERSION").to_owned();
        Self { format: FORMAT, splitvote, head: &trace.head }
    }
}

/// The last line.
#[derive(Serialize, Deserialize)]
pub(super) struct Last<E> {
    pub(super) end: E,
}

/// What the last line holds, to be written. The first four fields say again what the report says, for
/// tools that look no further.
#[derive(Serialize)]
pub(super) struct EndOf<'a> {
    exit_code: u8,
    checker: Option<&'static str>,
    cause: Option<String>,
    sentence: String,
    events: usize,
    left_out: u64,
    elections: &'a [Election],
    rpcs: &'a [Share],
    bytes: &'a [Share],
    report: &'a RunReport,
}

/// What the last line holds, as it is read.
#[derive(Deserialize)]
pub(super) struct End {
    pub(super) events: usize,
    #[serde(default)]
    pub(super) left_out: u64,
    pub(super) elections: Vec<Election>,
    pub(super) rpcs: Vec<Share>,
    pub(super) bytes: Vec<Share>,
    pub(super) report: RunReport,
}

impl<'a> EndOf<'a> {
    pub(super) fn new(trace: &'a Trace, report: &'a RunReport) -> Self {
        let verdict = &report.verdict;
        Self {
            exit_code: verdict.exit_code(),
            checker: verdict.checker(),
            cause: Signature::of(verdict).map(|signature| signature.cause),
            sentence: verdict.to_string(),
            events: trace.events.len(),
            left_out: trace.left_out,
            elections: &trace.elections,
            rpcs: &trace.rpcs,
            bytes: &trace.bytes,
            report,
        }
    }
}
