//! Is a run the same every time? Every event of two runs of one seed is compared.
//!
//! A world is deterministic; a peer may not be. A peer that reads a clock, a thread's random numbers
//! or the order of a `HashMap` makes two runs of one seed differ, and the first event that differs
//! points at it.

use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde::{Deserialize, Serialize};
use splitvote_peer::Peer;
use splitvote_sim::Seed;

use crate::run::{RunReport, replay, run};
use crate::scenario::Scenario;
use crate::subject::Subject;
use crate::trace::{Trace, TraceEvent};
use crate::verdict::Verdict;

/// So often a run is recorded again to find the event in which it differs from others.
const TRIES: usize = 8;
/// A run of more events is not recorded to be compared: an event takes about 450 bytes of a trace.
const MOST_RECORDED: u64 = 500_000;

/// What to look for where runs of one seed differ.
pub const WHAT_TO_LOOK_FOR: &str = "look for a clock, random numbers or threads of its own, the order of \
    a HashMap or HashSet, addresses, and statics that outlive a run";

/// Two runs of one seed that differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Divergence {
    /// The seed of the run.
    pub seed: Seed,
    /// The number, from 0, of the first event that differs; `None` if only the digests do.
    pub event: Option<usize>,
    /// That event in the first run; `None` if the run had ended.
    pub first: Option<String>,
    /// That event in the second run; `None` if the run had ended.
    pub second: Option<String>,
}

impl Divergence {
    /// Runs of this seed differ; nobody knows where.
    pub(crate) fn unknown(seed: Seed) -> Self {
        Self { seed, event: None, first: None, second: None }
    }
}

impl fmt::Display for Divergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(event) = self.event else {
            let seed = self.seed;
            write!(f, "two runs of seed {seed} show the same events and still end differently")?;
            return match (&self.first, &self.second) {
                (Some(first), Some(second)) => {
                    write!(f, ": the one that was recorded, {first}; the other, {second}")
                }
                _ => Ok(()),
            };
        };
        let show = |event: &Option<String>| {
            event.clone().unwrap_or_else(|| "the run has ended".to_owned())
        };
        write!(
            f,
            "two runs of seed {} differ first at event {event}: in one, {}; in the other, {}",
            self.seed,
            show(&self.first),
            show(&self.second)
        )
    }
}

/// Runs a seed twice and compares every event, all that a message says included; a hash over the
/// events if they agree, to be compared with that of another process.
///
/// # Errors
/// The first event that differs.
pub fn check_seed<P: Peer>(
    scenario: &Scenario,
    subject: &Subject<P>,
    seed: Seed,
) -> Result<u64, Divergence> {
    let plain = run(scenario, subject, seed);
    if plain.events > MOST_RECORDED {
        // Two records of so long a run would fill the memory: the digests are compared.
        let is_same = plain == run(scenario, subject, seed);
        let hash = hash(&plain, &Trace::default());
        return if is_same { Ok(hash) } else { Err(Divergence::unknown(seed)) };
    }
    let (first, first_trace) = replay(scenario, subject, seed);
    let (second, second_trace) = replay(scenario, subject, seed);
    if let Some(divergence) = first_difference(seed, &first_trace, &second_trace) {
        return Err(divergence);
    }
    if matches!(first.verdict, Verdict::Panicked(_)) && first == second {
        let recorded = first;
        if plain.verdict != recorded.verdict {
            // A message that panics when it is printed does so only while it is recorded.
            let told = |report: &RunReport| Some(report.verdict.to_string());
            let (first, second) = (told(&recorded), told(&plain));
            return Err(Divergence { first, second, ..Divergence::unknown(seed) });
        }
        return Ok(hash(&recorded, &first_trace));
    }
    // Once more as a sweep runs it, without the recorder; what differs, only a record can name.
    if first != second || first != plain {
        for _ in 0..TRIES {
            let (_, another) = replay(scenario, subject, seed);
            if let Some(divergence) = first_difference(seed, &first_trace, &another) {
                return Err(divergence);
            }
        }
        return Err(Divergence::unknown(seed));
    }
    Ok(hash(&first, &first_trace))
}

/// A hash over every event of a run, equal in all processes of one build.
#[must_use]
pub fn hash(report: &RunReport, trace: &Trace) -> u64 {
    let mut hasher = DefaultHasher::new();
    report.digest.hash(&mut hasher);
    lines(trace).for_each(|line| line.hash(&mut hasher));
    hasher.finish()
}

/// One line an event of a trace, for comparing runs of different processes.
pub fn lines(trace: &Trace) -> impl Iterator<Item = String> {
    trace.events.iter().map(line)
}

/// An event on one line, whatever a message prints.
fn line(event: &TraceEvent) -> String {
    event.to_string().replace(['\n', '\r'], " ")
}

/// The first event in which two records differ, if any.
fn first_difference(seed: Seed, first: &Trace, second: &Trace) -> Option<Divergence> {
    difference(seed, first.events.iter(), second.events.iter(), line)
}

/// The first line in which two runs differ.
pub fn compare(
    seed: Seed,
    first: impl IntoIterator<Item = String>,
    second: impl IntoIterator<Item = String>,
) -> Divergence {
    let differs = difference(seed, first.into_iter(), second.into_iter(), |line| line);
    differs.unwrap_or_else(|| Divergence::unknown(seed))
}

fn difference<T: PartialEq>(
    seed: Seed,
    mut first: impl Iterator<Item = T>,
    mut second: impl Iterator<Item = T>,
    told: impl Fn(T) -> String,
) -> Option<Divergence> {
    for event in 0.. {
        match (first.next(), second.next()) {
            (None, None) => break,
            (one, other) if one != other => {
                let (first, second) = (one.map(&told), other.map(&told));
                return Some(Divergence { seed, event: Some(event), first, second });
            }
            _ => {}
        }
    }
    None
}
