//! Several reports as one: that of a sweep over all their seeds, however these were shared out.
//!
//! Counts add up. Of what is told of a seed the lowest seed counts, as in one sweep, and of the failures the gravest
//! are kept. What the parts do not have in common is refused: of such reports no sum is a sweep.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::Path;

use splitvote::sweep::MAX_KEPT;

use super::data::{Bucket, Departure, Failure, Report, Swept, Told};
use super::problem::Problem;

/// The report of all seeds of some reports, each with the file from which it was read. `None` if there are none.
///
/// # Errors
/// If one of them is of another Raft, of other scenarios or judged otherwise, was cut short, or has seeds that another
/// one has.
pub fn merge(mut parts: Vec<(&Path, Report)>) -> Result<Option<Report>, Problem> {
    parts.sort_by_key(|(_, part)| part.seeds.first().copied());
    let mut parts = parts.into_iter();
    let Some((first_file, mut sum)) = parts.next() else { return Ok(None) };
    is_whole(first_file, &sum)?;
    for (file, part) in parts {
        is_whole(file, &part)?;
        is_alike(file, &part, first_file, &sum)?;
        add(file, first_file, &mut sum, part)?;
    }
    let scenarios = std::mem::take(&mut sum.scenarios);
    sum.scenarios = scenarios.into_iter().map(Swept::judged).collect();
    Ok(Some(sum))
}

/// Whether a report is of all of its seeds.
fn is_whole(file: &Path, part: &Report) -> Result<(), Problem> {
    let has_failed = part.scenarios.iter().any(|swept| swept.runs > swept.held);
    let why = match () {
        () if part.is_partial => "was cut short, so that some of its seeds were not run",
        () if part.stops_at_first && has_failed => {
            "was made with --stop-at-first, so that some of its seeds were not run"
        }
        () => return Ok(()),
    };
    Err(Problem::new(file, why, "sweep these seeds again, to their end"))
}

/// Whether two reports are of the same Raft and scenarios, judged in the same way.
fn is_alike(file: &Path, part: &Report, first: &Path, sum: &Report) -> Result<(), Problem> {
    let (first, same) = (first.display(), "merge reports of one Raft, judged in one way");
    let differs = |what: &str, is: &str, there: &str| {
        let name =
            |text: &str| if text.is_empty() { "nothing".to_owned() } else { format!("`{text}`") };
        let problem = format!("{what} is {}, and {} in {first}", name(is), name(there));
        Err(Problem::new(file, problem, same))
    };
    let without = |report: &Report| report.without.join(",");
    match () {
        () if part.splitvote != sum.splitvote => {
            return differs("its version of Splitvote", &part.splitvote, &sum.splitvote);
        }
        () if part.raft != sum.raft => return differs("its Raft", &part.raft, &sum.raft),
        () if part.judged != sum.judged => {
            return differs("how it is judged", &part.judged, &sum.judged);
        }
        () if part.without != sum.without => {
            return differs("what --without switches off", &without(part), &without(sum));
        }
        () => {}
    }
    let missing = |these: &Report, those: &Report| {
        let is_there = |name: &str| those.scenarios.iter().any(|other| other.name == name);
        these.scenarios.iter().map(|swept| swept.name.clone()).find(|name| !is_there(name))
    };
    let remedy = "sweep the same scenarios in all parts";
    if let Some(name) = missing(part, sum) {
        return Err(Problem::new(
            file,
            format!("has scenario `{name}`, which {first} has not"),
            remedy,
        ));
    }
    if let Some(name) = missing(sum, part) {
        return Err(Problem::new(
            file,
            format!("has no scenario `{name}`, which {first} has"),
            remedy,
        ));
    }
    if part.cases != sum.cases {
        let problem = format!("its cases are not those of {first}, or end otherwise");
        return Err(Problem::new(file, problem, "replay the same cases in all parts"));
    }
    Ok(())
}

/// Adds a part whose first seed is above that of the sum.
fn add(file: &Path, first: &Path, sum: &mut Report, part: Report) -> Result<(), Problem> {
    for (from, to) in &part.seeds {
        if let Some((start, end)) = sum.seeds.iter().find(|(start, end)| from < end && start < to) {
            let problem =
                format!("has seeds {from}..{to}, of which {start}..{end} were merged already");
            return Err(Problem::new(file, problem, "name each report once, of seeds of its own"));
        }
    }
    sum.seeds.extend(part.seeds);
    sum.seeds = joined(std::mem::take(&mut sum.seeds));
    for swept in part.scenarios {
        let Some(known) = sum.scenarios.iter_mut().find(|known| known.name == swept.name) else {
            continue;
        };
        if known.digest != swept.digest {
            let (name, first) = (&swept.name, first.display());
            let problem = format!("its scenario `{name}` does not say what that of {first} says");
            return Err(Problem::new(file, problem, "sweep the same version of it in all parts"));
        }
        known.add(swept);
    }
    sum.made.commands.extend(part.made.commands);
    sum_up(&mut sum.made.wall_ms, part.made.wall_ms, |sum, more| *sum += more);
    Ok(())
}

/// Ranges in order, those that meet joined.
fn joined(mut seeds: Vec<(u64, u64)>) -> Vec<(u64, u64)> {
    seeds.sort_unstable();
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for (from, to) in seeds {
        match ranges.last_mut() {
            Some((_, end)) if *end == from => *end = to,
            _ => ranges.push((from, to)),
        }
    }
    ranges
}

fn sum_up<T>(sum: &mut BTreeMap<String, T>, more: BTreeMap<String, T>, add: impl Fn(&mut T, T))
where
    T: Default,
{
    more.into_iter().for_each(|(name, more)| add(sum.entry(name).or_default(), more));
}

impl Swept {
    /// Adds what other seeds came to.
    fn add(&mut self, more: Self) {
        self.runs += more.runs;
        self.held += more.held;
        sum_up(&mut self.failed_by, more.failed_by, |sum, more| *sum += more);
        keep_gravest(&mut self.failures, more.failures);
        more.departures.into_iter().for_each(|one| add_departure(&mut self.departures, one));
        in_order(&mut self.departures);
        self.elections.won += more.elections.won;
        self.elections.split += more.elections.split;
        self.elections.lost += more.elections.lost;
        self.elections.starved += more.elections.starved;
        self.elections.open += more.elections.open;
        add_times(&mut self.times_to_leader, more.times_to_leader);
        sum_up(&mut self.packets, more.packets, |sum, more| {
            sum.rpcs += more.rpcs;
            sum.bytes += more.bytes;
        });
        sum_up(&mut self.faults, more.faults, |sum, more| *sum += more);
        let counts = self.must_happen.iter_mut().zip(more.must_happen);
        counts.for_each(|((_, sum), (_, more))| *sum += more);
        for ((.., reached, resolved), (.., came, matched)) in self.steps.iter_mut().zip(more.steps)
        {
            *reached |= came;
            *resolved |= matched;
        }
        self.calms.settled += more.calms.settled;
        self.calms.excused += more.calms.excused;
        self.calms.unproved += more.calms.unproved;
        self.calms.first = lower(self.calms.first.take(), more.calms.first);
        self.events += more.events;
        self.deliveries += more.deliveries;
        self.virtual_ns = self.virtual_ns.saturating_add(more.virtual_ns);
        self.differs = lower(self.differs.take(), more.differs);
        let number = |text: &str| u64::from_str_radix(text, 16).unwrap_or(0);
        let digests = number(&self.digests).wrapping_add(number(&more.digests));
        self.digests = format!("{digests:016x}");
    }
}

/// What is told of the lower seed.
fn lower(one: Option<Told>, other: Option<Told>) -> Option<Told> {
    one.into_iter().chain(other).min_by_key(|told| told.seed)
}

fn keep_gravest(failures: &mut Vec<Failure>, more: Vec<Failure>) {
    failures.extend(more);
    failures.sort_by_key(|failure| (Reverse(failure.gravity), failure.seed));
    failures.truncate(MAX_KEPT);
}

fn add_departure(departures: &mut Vec<Departure>, more: Departure) {
    let is_it = |known: &&mut Departure| known.checker == more.checker && known.cause == more.cause;
    let Some(known) = departures.iter_mut().find(is_it) else { return departures.push(more) };
    let (runs, times) = (known.runs + more.runs, known.times + more.times);
    if more.seed < known.seed {
        *known = more;
    }
    (known.runs, known.times) = (runs, times);
}

/// The order in which departures are told, whatever the order in which they were seen.
pub(super) fn in_order(departures: &mut [Departure]) {
    departures.sort_by(|one, other| {
        (one.seed, &one.checker, &one.cause).cmp(&(other.seed, &other.checker, &other.cause))
    });
}

fn add_times(times: &mut Vec<Bucket>, more: Vec<Bucket>) {
    let all = std::mem::take(times).into_iter().chain(more);
    let mut sum: BTreeMap<u64, Bucket> = BTreeMap::new();
    for (lowest, highest, count) in all {
        sum.entry(lowest).or_insert((lowest, highest, 0)).2 += count;
    }
    *times = sum.into_values().collect();
}
