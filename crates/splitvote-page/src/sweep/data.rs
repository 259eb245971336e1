//! What the report of a sweep holds: counts and sentences, and nothing that depends on how the seeds were shared out
//! but [`Made`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::judged::Judged;

/// The version of the file.
pub(super) const FORMAT: u64 = 1;

/// What a sweep, or several that were merged, came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// The version of the file.
    #[serde(rename = "splitvote-report")]
    pub(super) format: u64,
    /// The version of Splitvote that swept.
    pub(super) splitvote: String,
    /// The Raft under test.
    pub raft: String,
    /// The options that say how runs were judged, as a command line has them.
    pub judged: String,
    /// The classes of faults that were switched off.
    pub without: Vec<String>,
    /// Which seeds, as ranges whose second end is not among them.
    pub seeds: Vec<(u64, u64)>,
    /// Whether each scenario stopped at its first failing seed.
    pub stops_at_first: bool,
    /// Whether the sweep was cut short.
    pub is_partial: bool,
    /// The scenarios in the order in which they were swept.
    pub scenarios: Vec<Swept>,
    /// The cases that were replayed on the way.
    pub cases: Vec<CaseRun>,
    /// How it was made: all that differs between one sweep and the merged parts of it.
    pub made: Made,
    /// A hash of all the rest.
    pub(super) checksum: String,
}

/// How a report was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Made {
    /// How the program was called: what stands before `replay` and `shrink`.
    pub program: String,
    /// The commands, one a part.
    pub commands: Vec<String>,
    /// How long each scenario took, in milliseconds of wall time, with its pages.
    pub wall_ms: BTreeMap<String, u64>,
}

/// What the seeds of a scenario came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Swept {
    /// The name of the scenario.
    pub name: String,
    /// The file of the scenario, as it was named.
    pub file: String,
    /// What it is about, as the file says.
    pub about: String,
    /// A hash of what it says.
    pub digest: String,
    /// Why it was skipped, if it was.
    pub skipped: Option<String>,
    /// What in its timers makes no sense.
    pub warnings: Vec<String>,
    /// How many seeds it takes to say what never happened.
    pub wanted_seeds: u64,
    /// Whether it is to be said at all.
    pub judges_must_happen: bool,
    /// Whether a core that is stuck is what the scenario is about.
    pub means_stuck: bool,
    /// How many seeds were run.
    pub runs: u64,
    /// How many held.
    pub held: u64,
    /// How many failed, by checker.
    pub failed_by: BTreeMap<String, u64>,
    /// The failures that are kept: the gravest, and of those the lowest seeds.
    pub failures: Vec<Failure>,
    /// The departures from practice, each kind once.
    pub departures: Vec<Departure>,
    /// How elections ended.
    pub elections: Elections,
    /// How long it took until a peer led, in microseconds.
    pub times_to_leader: Vec<Bucket>,
    /// What packets were sent for, if the scenario has a budget.
    pub packets: BTreeMap<String, Spent>,
    /// How many faults struck, by class.
    pub faults: BTreeMap<String, u64>,
    /// How often what must happen did, in the order of the file.
    pub must_happen: Vec<(String, u64)>,
    /// Those that were not asked for, as they never happen to this Raft.
    pub undemanded: Vec<String>,
    /// What became of each step.
    pub steps: Vec<Step>,
    /// How calms ended.
    pub calms: Calms,
    /// Events of all seeds.
    pub events: u64,
    /// Deliveries of all seeds.
    pub deliveries: u64,
    /// Virtual time of all seeds, in nanoseconds.
    pub virtual_ns: u64,
    /// The first seed of which two runs differed, and how.
    pub differs: Option<Told>,
    /// The sum of the digests of all runs.
    pub digests: String,
    /// What follows from all this.
    pub outcome: Judged,
}

/// A seed that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// The seed of the run that failed.
    pub seed: u64,
    /// How grave it is; the more, the graver.
    pub gravity: u8,
    /// Who found it.
    pub checker: String,
    /// Whether a guarantee was broken or practice departed from, if a checker says so.
    pub standing: Option<String>,
    /// What failed, as a sentence.
    pub sentence: String,
    /// The rule that was broken.
    pub rule: Option<String>,
    /// The words of the commands after the program.
    pub replay: String,
    /// The same for a smaller case.
    pub shrink: String,
    /// The name of its page in the directory of the report.
    pub page: Option<String>,
    /// The name of its case there.
    pub case: Option<String>,
}

/// A way in which the Raft departed from practice without failing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Departure {
    /// Who found it.
    pub checker: String,
    /// In which way.
    pub cause: String,
    /// In how many runs.
    pub runs: u64,
    /// How often in all of them.
    pub times: u64,
    /// The first seed.
    pub seed: u64,
    /// What happened there.
    pub sentence: String,
    /// Why it does, if its author knows.
    pub known: Option<String>,
    /// The words of the command after the program.
    pub replay: String,
}

/// Elections by the way they ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "as `ElectionCounts` has them")]
pub struct Elections {
    pub won: u64,
    pub split: u64,
    pub lost: u64,
    pub starved: u64,
    pub open: u64,
}

/// What was sent for one cause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spent {
    /// Requests, without replies.
    pub rpcs: u64,
    /// Bytes, of requests and replies.
    pub bytes: u64,
}

/// A step of a scenario: its line and column in the file, whether any run came to it, and whether its targets ever
/// matched a peer.
pub type Step = (usize, usize, bool, bool);

/// Durations in microseconds: the lowest and the highest of them, and how many there are.
pub type Bucket = (u64, u64, u64);

/// How calms ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calms {
    /// With a leader and equal logs.
    pub settled: u64,
    /// Stuck, as the faults that were left would stop any Raft.
    pub excused: u64,
    /// Stuck, as network and timers leave no time for an election.
    pub unproved: u64,
    /// The first that did not settle.
    pub first: Option<Stuck>,
}

/// A calm that did not settle and did not have to.
pub type Stuck = Told;

/// Something that is told of a seed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// The seed of the run.
    pub seed: u64,
    /// What is told of it.
    pub why: String,
}

/// A case that was replayed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseRun {
    /// The name of the case.
    pub name: String,
    /// The file of the case, as it was named.
    pub file: String,
    /// The Raft that it is about.
    pub raft: String,
    /// Whether it ends as it states.
    pub as_stated: bool,
    /// That as a sentence.
    pub sentence: String,
}
