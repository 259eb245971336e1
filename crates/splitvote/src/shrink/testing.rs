//! Made-up cells for the tests of passes: a candidate fails if it has what the test says.

use std::time::Duration;

use splitvote_peer::{Meaning, PeerId, SimTime};
use splitvote_sim::{Fate, Seed};

use super::ShrinkOptions;
use super::candidate::Candidate;
use super::search::{Bug, Cell, Search, Spent};
use super::size::Tried;
use crate::act::{Act, Timed};
use crate::fault::Crash;
use crate::mechanism::Mechanism;
use crate::plan::Plan;
use crate::setup::Setup;
use crate::signature::Signature;
use crate::trace::{Direction, PacketText, Trace, TraceEvent, What};

/// How a candidate ends: when, and after how many deliveries.
type End = dyn Fn(&Candidate) -> (SimTime, u64);

/// By which mechanism a candidate breaks its rule.
type HowBroken = dyn Fn(&Candidate) -> Option<Mechanism>;

/// A cell in which nothing runs.
pub(super) struct Made {
    fails: Box<dyn Fn(&Candidate) -> bool>,
    /// How a candidate ends, beyond whether it fails.
    pub(super) end: Box<End>,
    /// By which mechanism a candidate fails.
    pub(super) mechanism: Box<HowBroken>,
    /// How many events every run has.
    pub(super) events: u64,
    /// What happens in the run of any candidate.
    pub(super) trace: Trace,
}

impl Made {
    /// Candidates fail that have what is needed: ten milliseconds after their last act, and after one
    /// delivery.
    pub(super) fn needing(fails: impl Fn(&Candidate) -> bool + 'static) -> Self {
        let end = |candidate: &Candidate| {
            let last = candidate.plan.acts.last().map_or(SimTime::ZERO, |timed| timed.at);
            (last + Duration::from_millis(10), 1)
        };
        Self {
            fails: Box::new(fails),
            end: Box::new(end),
            mechanism: Box::new(|_| None),
            events: 1,
            trace: Trace::default(),
        }
    }
}

impl Cell for Made {
    fn run(&mut self, candidate: &Candidate, _: SimTime, _: u64) -> Tried {
        let (at, deliveries) = (self.end)(candidate);
        let signature = (self.fails)(candidate).then(signature);
        Tried { signature, at, deliveries, events: self.events }
    }

    fn mechanism(&mut self, candidate: &Candidate) -> Option<Mechanism> {
        (self.mechanism)(candidate)
    }

    fn trace(&mut self, _: &Candidate) -> Trace {
        self.trace.clone()
    }
}

pub(super) fn signature() -> Signature {
    Signature { checker: "made-up".to_owned(), cause: "needed".to_owned() }
}

/// How candidates have to fail that count.
pub(super) fn bug(mechanism: Option<Mechanism>) -> Bug {
    Bug { signature: signature(), mechanism }
}

/// A crash of S0 at this millisecond.
pub(super) fn crash(at: u64) -> Timed {
    timed(at, Crash { of: PeerId(0) })
}

pub(super) fn timed(at: u64, act: impl Into<Act>) -> Timed {
    Timed { at: SimTime(at * 1_000_000), act: act.into() }
}

/// A packet of S0 to S1 leaves at this millisecond, to arrive at another.
pub(super) fn sent(number: u64, at: u64, arrives: u64) -> TraceEvent {
    let fate = Fate::Arrives(SimTime(arrives * 1_000_000));
    event(at, What::Sent { packet: packet(number), fate })
}

/// The packet arrives.
pub(super) fn received(number: u64, at: u64) -> TraceEvent {
    event(at, What::Received { packet: packet(number) })
}

/// It happens at this millisecond.
pub(super) fn event(at: u64, what: What) -> TraceEvent {
    TraceEvent { at: SimTime(at * 1_000_000), what }
}

/// A reply of S0 to S1.
pub(super) fn packet(number: u64) -> PacketText {
    PacketText {
        number,
        from: PeerId(0),
        to: PeerId(1),
        direction: Direction::Reply,
        call: None,
        kind: "made-up".into(),
        is_vote: false,
        meaning: Meaning::Other,
        text: String::new(),
    }
}

/// A plan of five peers in which this is done.
pub(super) fn plan(acts: Vec<Timed>) -> Candidate {
    let setup = Setup::of(5);
    let plan = Plan { setup, acts, demand: None, until: SimTime(1_000_000_000) };
    Candidate { plan, seed: Seed(0) }
}

/// A search that starts with these acts in a cluster of five.
pub(super) fn made_up(cell: &mut Made, acts: Vec<Timed>) -> Search<'_> {
    from(cell, plan(acts))
}

/// A search that starts with this.
pub(super) fn from(cell: &mut Made, candidate: Candidate) -> Search<'_> {
    let tried = cell.run(&candidate, SimTime::NEVER, u64::MAX);
    assert_eq!(tried.signature, Some(signature()), "the start fails");
    let (spent, bounds) = (Spent::default(), Spent { runs: 10_000, events: u64::MAX });
    let mechanism = cell.mechanism(&candidate);
    let (bug, options) = Box::leak(Box::new((bug(mechanism), ShrinkOptions::default())));
    Search::new(cell, bug, (candidate, tried), (spent, bounds), options)
}
