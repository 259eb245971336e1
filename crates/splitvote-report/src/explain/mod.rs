//! Why a run failed: the chain of causes that ends in the verdict, as numbered sentences.
//!
//! A backward slice over what happened before what. It begins with the moment in which a rule was
//! broken. A moment was caused by the packet with which it began, that packet by the moment in which
//! it left; of the same peer's past only what the evidence or the present link needs is included: a
//! vote, an election, a crash and the restart that made it forget, where an entry came from. Faults
//! are told where they lie between two links, or where they explain why something did not happen.
//!
//! From a trace to sentences: `history`, `past` (who was what when), `logs`, `followed`, `carried` (whose log held
//! what) → `leads` (what the evidence asks for) → `slice`, `needs`, `origin`, `ballots`, `commits`,
//! `absence`, `faults`, `timers` (what led to it), `stalled`, `stalled_core`, `nobody_leads`, `exchange`, `spent`,
//! `panicked` (what led to nothing) → `tell…`, `odd`, `words`, `ordinal` (sentences) → `explanation`.
//!
//! `difference` tells two runs apart in the same words.

mod absence;
mod aspects;
mod ballots;
mod carried;
mod commits;
mod difference;
mod exchange;
mod explanation;
mod faults;
mod followed;
mod history;
mod leads;
mod logs;
mod needs;
mod nobody_leads;
mod odd;
mod ordinal;
mod origin;
mod panicked;
mod past;
mod slice;
mod spent;
mod stalled;
mod stalled_core;
mod tell;
mod tell_answer;
mod tell_canvass;
mod tell_disk;
mod tell_roles;
mod tell_snapshot;
mod timers;
mod words;

use std::collections::BTreeMap;

use splitvote::trace::What;
use splitvote::{Failure, PeerId, RunReport, SimTime, Trace, Verdict};

use crate::part::Ink;
use aspects::Aspects;
use history::{History, Moment};
use logs::Logs;
use slice::{Link, Slice};

pub use difference::{Alike, Difference, Side, ToldStep, compare, write_difference};
pub use explanation::{ExplainedStep, Explanation};

/// More sentences than this nobody reads.
const MOST_STEPS: usize = 28;

/// Explains why a run failed. A run that held has nothing to explain.
#[must_use]
pub fn explain(trace: &Trace, report: &RunReport) -> Explanation {
    explain_verdict(trace, &report.verdict)
}

/// The same from the verdict alone, for a trace that was not recorded by a replay.
#[must_use]
pub fn explain_verdict(trace: &Trace, verdict: &Verdict) -> Explanation {
    let history = History::of(trace);
    let logs = Logs::of(&history);
    let mut slice = Slice::new(&history, &logs);
    match verdict {
        Verdict::Held => {}
        Verdict::Failed(Failure::Violation(violation)) => {
            let last = last_moment(&history, &violation.peers(), violation.at);
            if let Some(last) = last {
                leads::follow_all(&mut slice, violation, last);
            }
        }
        Verdict::Failed(Failure::Breach(breach)) => {
            if let Some(last) = last_moment(&history, &[breach.peer], breach.at) {
                slice.include(last, Aspects::ALL, 0);
                slice.own_past(breach.peer, last);
            }
        }
        Verdict::Panicked(panic) => {
            if let Some(peer) = panic.peer {
                panicked::follow(&mut slice, peer, panic.at);
            }
        }
        Verdict::Failed(Failure::Stalled(stall)) => stalled_core::follow(&mut slice, stall),
        Verdict::Failed(Failure::Overrun { at, overrun }) => {
            spent::follow(&mut slice, overrun, *at);
        }
        Verdict::Failed(Failure::Unmet(unmet)) if !unmet.is_liveness => {
            stalled::found_otherwise(&mut slice, &unmet.peers);
        }
        Verdict::Failed(_) => stalled::follow(&mut slice),
        Verdict::Hung(_) | Verdict::Fault(_) => stalled::last_changes(&mut slice),
    }
    slice.include_restarts();
    finish(&slice, verdict)
}

/// The moment in which the run failed: the last one of those concerned, if it was at that instant;
/// else what another peer did then, as a leader may be convicted by what others commit.
fn last_moment(history: &History<'_>, peers: &[PeerId], at: SimTime) -> Option<Moment> {
    // A crash at that instant came after: it breaks no rule.
    let is_it = |moment: &Moment| history.at(*moment) <= at && !history.is_crash(*moment);
    let of = |peer: &PeerId| history.before(*peer, history.len()).find(is_it);
    let lasts: Vec<Moment> = peers.iter().filter_map(of).collect();
    let then = lasts.iter().filter(|moment| history.at(**moment) == at).max().copied();
    let is_step = |moment: &Moment| history.peer(*moment).is_some() && is_it(moment);
    let any = || (0..history.len()).rev().find(is_step);
    then.or_else(|| any().filter(|moment| history.at(*moment) == at))
        .or_else(|| lasts.first().copied())
        .or_else(any)
}

/// Turns the slice into sentences: the nearest causes, in the order of time.
fn finish(slice: &Slice<'_>, verdict: &Verdict) -> Explanation {
    let mut nearest: Vec<(u32, std::cmp::Reverse<Moment>)> =
        slice.told().map(|(moment, link)| (link.depth, std::cmp::Reverse(moment))).collect();
    nearest.sort_unstable();
    let left_out = nearest.len().saturating_sub(MOST_STEPS);
    nearest.truncate(MOST_STEPS);
    let kept: BTreeMap<Moment, &Link> = nearest
        .iter()
        .filter_map(|(_, moment)| Some((moment.0, slice.links.get(&moment.0)?)))
        .collect();
    let steps: Vec<ExplainedStep> =
        kept.iter().map(|(moment, link)| step(slice, *moment, link)).collect();
    let mut explanation = Explanation { steps, left_out, ..Explanation::default() };
    let events = slice.history.all();
    explanation.deliveries = explanation
        .events()
        .iter()
        .filter(|event| {
            events.get(**event).is_some_and(|event| matches!(event.what, What::Received { .. }))
        })
        .count();
    explanation.telling = telling(slice, &kept);
    explanation.conclusion = verdict.to_string();
    explanation.broken_rule = verdict.broken_rule();
    explanation
}

/// The places of the steps that say most of what went wrong: the first in which something is odd, or of which
/// something is remarked that is not plain from what happens there, and the last such step, or the last of all.
fn telling(slice: &Slice<'_>, kept: &BTreeMap<Moment, &Link>) -> Vec<usize> {
    // What a log comes to says where things stand, and not what went wrong.
    let is_plain = |remark: &str| {
        let plain = ["at the end ", "its own log ends ", "the message reads "];
        remark.is_empty()
            || plain.iter().any(|start| remark.starts_with(start))
            || remark.contains("'s own log goes from ")
    };
    let is_odd = |moment: Moment| {
        let of =
            |peer| !slice.oddities(peer, moment).is_empty() || slice.forgets_early(peer, moment);
        slice.history.peer(moment).is_some_and(of)
    };
    let is_told = |(_, (moment, link)): &(usize, (&Moment, &&Link))| {
        link.remarks.iter().any(|remark| !is_plain(remark)) || is_odd(**moment)
    };
    let mut places = kept.iter().enumerate().filter(is_told).map(|(place, _)| place);
    let end = kept.len().checked_sub(1);
    let (first, last) = (places.next(), places.next_back());
    first.into_iter().chain(last.or(end).filter(|last| Some(*last) != first)).collect()
}

fn step(slice: &Slice<'_>, moment: Moment, link: &Link) -> ExplainedStep {
    let history = slice.history;
    let mut peers: Vec<PeerId> = history.peer(moment).into_iter().collect();
    peers.extend(history.received(moment).map(|packet| packet.from));
    let ink = if history.is_crash(moment) {
        Ink::Down
    } else if peers.is_empty() {
        Ink::Step
    } else {
        match history.change(moment) {
            Some((was, is)) if (was.role, was.term) != (is.role, is.term) => Ink::Of(is.role),
            _ => Ink::Plain,
        }
    };
    let mut events = link.events.clone();
    if history.is_crash(moment)
        && let Some(boot) = slice.restart_of(moment).filter(|boot| slice.is_folded(*boot))
    {
        events.extend(history.range(boot));
    }
    ExplainedStep {
        at: history.at(moment),
        peers,
        sentence: slice.tell(moment, link),
        events: events.into_iter().collect(),
        ink,
    }
}
