//! Elections, written down: who stands does so when it did, though packets fare otherwise.
//!
//! A peer draws a timeout whenever it hears of its leader. One heartbeat more or less, and all its draws
//! after that are others: what comes of a run without some packet's delay is then another story. So the
//! timeouts are made to depend on time: nobody stands, but who stood, after the silence in which it did.

use std::time::Duration;

use splitvote_peer::time::nanos;
use splitvote_peer::{Meaning, PeerId, Role, SimTime};

use super::candidate::Candidate;
use super::timers::NEVER;
use crate::act::Timed;
use crate::fault::{ElectionTimeout, Fault};
use crate::trace::{Direction, Trace, What};

/// The candidate in which peers stand when they did in its trace, and never else.
pub(super) fn directed(candidate: &Candidate, trace: &Trace) -> Candidate {
    let mut directed = candidate.without_faults(|fault| matches!(fault, Fault::ElectionTimeout(_)));
    let plan = &mut directed.plan;
    plan.setup.overrides.election_timeouts.clear();
    let shortest = nanos(plan.setup.settings.timing.election_timeout_min);
    for peer in PeerId::all(plan.setup.peers) {
        let told = |at: SimTime, is: Duration| Timed {
            at,
            act: ElectionTimeout { of: peer, is: Some(is) }.into(),
        };
        let heard = heard(trace, peer);
        let mut acts = vec![told(SimTime::ZERO, NEVER)];
        plan.setup.overrides.election_timeouts.insert((peer, 0), NEVER);
        for stood in stood(trace, peer) {
            let before = |end: SimTime| heard.iter().copied().rev().find(|at| *at < end);
            let last = before(SimTime(stood.0.saturating_sub(shortest) + 1));
            let last = last.unwrap_or(SimTime::ZERO);
            let silence = stood.since(last);
            match before(last) {
                Some(told_at) => acts.push(told(told_at, silence)),
                None => {
                    plan.setup.overrides.election_timeouts.insert((peer, 0), silence);
                    acts.push(told(SimTime::ZERO, silence));
                }
            }
            acts.push(told(stood, NEVER));
        }
        plan.acts.extend(acts);
    }
    plan.acts.sort_by_key(|timed| timed.at);
    directed
}

/// When a peer stood for election.
fn stood(trace: &Trace, of: PeerId) -> Vec<SimTime> {
    let stood = trace.events.iter().filter(|event| match &event.what {
        What::Changed { peer, before, after } => {
            *peer == of && after.role == Role::Candidate && before.term < after.term
        }
        _ => false,
    });
    stood.map(|event| event.at).collect()
}

/// When a peer began to wait anew, as far as a trace shows it: it started, gave its vote, lost its office or
/// heard of its leader.
fn heard(trace: &Trace, of: PeerId) -> Vec<SimTime> {
    let mut term = 0;
    let mut all = Vec::new();
    for event in &trace.events {
        let is_heard = match &event.what {
            What::Booted { peer, view, .. } if *peer == of => {
                term = view.term;
                true
            }
            What::Changed { peer, before, after } if *peer == of => {
                term = after.term;
                let has_voted = after.voted_for.is_some()
                    && (before.voted_for, before.term) != (after.voted_for, after.term);
                has_voted || before.role == Role::Leader && after.role != Role::Leader
            }
            What::Received { packet } if packet.to == of => match packet.meaning {
                Meaning::Append { term: theirs, .. }
                | Meaning::InstallSnapshot { term: theirs, .. } => theirs >= term,
                Meaning::Other => packet.direction != Direction::Reply,
                _ => false,
            },
            _ => false,
        };
        if is_heard {
            all.push(event.at);
        }
    }
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use splitvote_peer::{LogPosition, View};

    use super::super::testing::{event, packet, plan, timed};
    use super::*;

    const S1: PeerId = PeerId(1);

    fn view(role: Role, term: u64) -> View {
        View { role, term, ..View::NEW }
    }

    /// S1 hears of its leader.
    fn heard_at(at: u64) -> crate::trace::TraceEvent {
        let previous = LogPosition::default();
        let meaning = Meaning::Append { term: 1, previous, entries: 0 };
        event(at, What::Received { packet: crate::trace::PacketText { meaning, ..packet(at) } })
    }

    #[test]
    fn who_stood_stands_after_the_same_silence_and_nobody_else_does() {
        let (before, after) = (view(Role::Follower, 1), view(Role::Candidate, 2));
        let stands = event(600, What::Changed { peer: S1, before, after });
        let events = vec![heard_at(300), heard_at(350), heard_at(400), stands];
        let trace = Trace { events, ..Trace::default() };
        let told = |at: u64, millis: u64| {
            timed(at, ElectionTimeout { of: S1, is: Some(Duration::from_millis(millis)) })
        };
        let drawn = ElectionTimeout { of: S1, is: None };
        let directed = directed(&plan(vec![timed(7, drawn)]), &trace);
        let of_s1 = |timed: &&Timed| {
            matches!(
                timed.act.fault(),
                Some(Fault::ElectionTimeout(ElectionTimeout { of: S1, .. }))
            )
        };
        let acts: Vec<Timed> = directed.plan.acts.iter().filter(of_s1).cloned().collect();
        assert_eq!(acts, [told(0, 60_000), told(350, 200), told(600, 60_000)]);
        let written = &directed.plan.setup.overrides.election_timeouts;
        assert!(PeerId::all(5).all(|peer| written[&(peer, 0)] == NEVER), "{written:?}");
    }
}
