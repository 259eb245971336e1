//! Where two runs are first different, and what each did from there.
//!
//! [`compare`] takes two traces, mostly of one seed: of two Rafts, or of one with and without a fault. Events are
//! compared as they are, up to the first that differs; behind it by what they say, as packets have other numbers there.
//!
//! - `alike`: which events both runs have. `meaning`, `deeds`: what it comes to, in a sentence. `text`: how it is
//!   printed.

mod alike;
mod deeds;
mod meaning;
mod text;

use std::collections::BTreeSet;

use splitvote::sim::Disturbance;
use splitvote::trace::{TraceEvent, What};
use splitvote::{SimTime, Trace};

use super::aspects::Aspects;
use super::history::{History, Moment};
use super::logs::Logs;
use super::slice::{Link, Slice};
use crate::event_words::QUIET_STEPS;

pub use alike::Alike;
pub use text::write_difference;

/// So many steps of each run are told.
const MOST_STEPS: usize = 8;
/// So many are compared with what the other run did, word by word.
const MOST_TOLD: usize = 100;

/// Where two runs are first different, and what each did from there. The first run is called A, the second B.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// How many events both runs begin with; the number, from 0, of the first that differs.
    pub event: usize,
    /// The instant from which on they differ.
    pub at: SimTime,
    /// What it comes to, as a sentence without its full stop.
    pub meaning: String,
    /// What A did from there, and what B did.
    pub sides: [Side; 2],
    /// The events that both runs have, those before included.
    pub alike: Vec<Alike>,
}

/// What one of two runs did that the other did not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// Its first steps that the other run has not, in the order of time.
    pub steps: Vec<ToldStep>,
    /// How many more steps the other run has not.
    pub more: usize,
}

/// A step in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldStep {
    /// When it happens.
    pub at: SimTime,
    /// What happens, without a full stop.
    pub sentence: String,
    /// The number, from 0, of its first event.
    pub event: usize,
}

/// Finds where two runs are first different; `None` if they have the same events.
#[must_use]
pub fn compare(first: &Trace, second: &Trace) -> Option<Difference> {
    let pairs = first.events.iter().zip(&second.events);
    let event = pairs.take_while(|(one, other)| is_same(one, other)).count();
    if event == first.events.len() && event == second.events.len() {
        return None;
    }
    let histories = [History::of(first), History::of(second)];
    let alike = alike::between(&histories, event);
    let logs = [Logs::of(&histories[0]), Logs::of(&histories[1])];
    let tellers = [0, 1].map(|run| Slice::new(&histories[run], &logs[run]));
    let sides = sides(&tellers, &alike, event);
    let ends = histories.each_ref().map(|history| history.all().get(event).map(|event| event.at));
    let at = ends.iter().flatten().min().copied().unwrap_or_default();
    let meaning = meaning::of(&tellers, event);
    Some(Difference { event, at, meaning, sides, alike })
}

/// Whether two events at one place are the same. That a storm is announced in other words, or that network and disks
/// have another profile, is told apart from them: what comes of it is an event.
fn is_same(one: &TraceEvent, other: &TraceEvent) -> bool {
    one == other
        || one.at == other.at
            && match (&one.what, &other.what) {
                (What::Weather { .. }, What::Weather { .. }) => true,
                (What::Disturbed { change: one }, What::Disturbed { change: other }) => {
                    matches!(
                        (&**one, &**other),
                        (Disturbance::Network { .. }, Disturbance::Network { .. })
                            | (Disturbance::Disk { .. }, Disturbance::Disk { .. })
                    )
                }
                _ => false,
            }
}

/// What each run did that the other did not: the first steps that are news, without those that read alike.
fn sides(tellers: &[Slice<'_>; 2], alike: &[Alike], event: usize) -> [Side; 2] {
    let own = [0, 1].map(|run| own_moments(&tellers[run], alike, run, event));
    let told = [0, 1].map(|run| {
        let history = tellers[run].history;
        let steps = own[run].iter().take(MOST_TOLD).map(|moment| ToldStep {
            at: history.at(*moment),
            sentence: told(&tellers[run], *moment),
            event: history.range(*moment).start,
        });
        steps.collect::<Vec<_>>()
    });
    [0, 1].map(|run| {
        let reads_alike = |step: &ToldStep| {
            let is_it = |other: &ToldStep| (other.at, &other.sentence) == (step.at, &step.sentence);
            told[1 - run].iter().any(is_it)
        };
        let mut steps: Vec<ToldStep> =
            told[run].iter().filter(|step| !reads_alike(step)).cloned().collect();
        let more = steps.len().saturating_sub(MOST_STEPS) + own[run].len() - told[run].len();
        steps.truncate(MOST_STEPS);
        Side { steps, more }
    })
}

/// The moments of a run that the other has not, as far as they are worth a line: the first, and of the others what is
/// news.
fn own_moments(teller: &Slice<'_>, alike: &[Alike], run: usize, event: usize) -> Vec<Moment> {
    let history = teller.history;
    let first = history.moment_of(event);
    let shared = alike::shared(alike, run, history.all().len());
    let is_shared = |moment: Moment| {
        history.range(moment).all(|event| shared.get(event).is_some_and(|shared| *shared))
    };
    let mut own: Vec<Moment> = (first..history.len())
        .filter(|moment| !is_end(history, *moment))
        .filter(|moment| {
            // The step in the midst of which they part is one that they do not share, whatever else it has.
            let is_parting = *moment == first && history.range(first).start < event;
            let is_worth_a_line = *moment == first || is_news(history, *moment);
            is_parting || !is_shared(*moment) && is_worth_a_line
        })
        .collect();
    // A crash is told with the restart behind it.
    let crashes: BTreeSet<Moment> =
        own.iter().copied().filter(|moment| history.is_crash(*moment)).collect();
    own.retain(|moment| {
        let peer = history.peer(*moment).filter(|_| history.boot(*moment).is_some());
        let crash = peer.and_then(|peer| history.last_crash(peer, *moment));
        !crash.is_some_and(|crash| crashes.contains(&crash))
    });
    own
}

/// Whether a moment is the end of a failing run, which is told elsewhere.
fn is_end(history: &History<'_>, moment: Moment) -> bool {
    history.events(moment).iter().any(|event| matches!(event.what, What::Failed { .. }))
}

/// Whether a moment is worth a line: it is none of timers, of steps that only wait, and of messages that change
/// nothing.
fn is_news(history: &History<'_>, moment: Moment) -> bool {
    if history.change(moment).is_some() {
        return true;
    }
    history.events(moment).iter().any(|event| match &event.what {
        What::Step { text, .. } => !QUIET_STEPS.iter().any(|start| text.starts_with(start)),
        What::Disturbed { change } => !matches!(
            **change,
            Disturbance::Network { .. }
                | Disturbance::Disk { .. }
                | Disturbance::ElectionTimeout { .. }
        ),
        what => matches!(
            what,
            What::Crashed { .. }
                | What::Link { .. }
                | What::Log { .. }
                | What::Restored { .. }
                | What::SnapshotTaken { .. }
                | What::Perished { .. }
        ),
    })
}

/// A moment in the words of the explanation.
fn told(teller: &Slice<'_>, moment: Moment) -> String {
    teller.tell(moment, &Link { aspects: Aspects::ALL, ..Link::default() })
}
