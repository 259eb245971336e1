//! The spans of one peer: its life, its role and a pause are open from an event to another, one within the other.

use serde_json::{Value, json};
use splitvote::View;
use splitvote::peer::SimTime;
use splitvote::sim::Disturbance;
use splitvote::trace::What;

use crate::chrome_trace::{CLUSTER, micros, tid};

/// What is open on the track of a peer, the outermost first.
#[derive(Debug, Default)]
pub(crate) struct Track {
    open: Vec<Span>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Span {
    Down,
    Role,
    Pause,
}

impl Track {
    /// The events with which spans begin and end because of this.
    pub(crate) fn spans(&mut self, track: usize, at: SimTime, what: &What) -> Vec<Value> {
        let mut events = Vec::new();
        match what {
            What::Booted { view, .. } => {
                self.close_to(0, track, at, &mut events);
                self.begin_role(track, at, view, &mut events);
            }
            What::Crashed { .. } => {
                self.close_to(0, track, at, &mut events);
                self.open.push(Span::Down);
                events.push(begin(track, at, "down", &json!({})));
            }
            What::Changed { before, after, .. }
                if (before.role, before.term) != (after.role, after.term) =>
            {
                self.close_to(0, track, at, &mut events);
                self.begin_role(track, at, after, &mut events);
            }
            What::Disturbed { change } if matches!(**change, Disturbance::Paused { .. }) => {
                self.open.push(Span::Pause);
                events.push(begin(track, at, "paused", &json!({})));
            }
            What::Disturbed { change } if matches!(**change, Disturbance::Resumed { .. }) => {
                if let Some(place) = self.open.iter().position(|span| *span == Span::Pause) {
                    self.close_to(place, track, at, &mut events);
                }
            }
            _ => {}
        }
        events
    }

    /// The run ends: so does all that is open.
    pub(crate) fn end(&mut self, track: usize, at: SimTime) -> Vec<Value> {
        let mut events = Vec::new();
        self.close_to(0, track, at, &mut events);
        events
    }

    fn begin_role(&mut self, track: usize, at: SimTime, view: &View, events: &mut Vec<Value>) {
        self.open.push(Span::Role);
        let name = format!("{} T{}", view.role, view.term);
        let arguments = json!({
            "role": view.role, "term": view.term, "voted for": view.voted_for, "leader": view.leader,
            "last": view.last, "commit": view.commit, "applied": view.applied,
        });
        events.push(begin(track, at, &name, &arguments));
    }

    fn close_to(&mut self, depth: usize, track: usize, at: SimTime, events: &mut Vec<Value>) {
        for _ in depth..self.open.len() {
            events.push(
                json!({"ph": "E", "cat": "role", "ts": micros(at), "pid": CLUSTER, "tid": tid(track)}),
            );
        }
        self.open.truncate(depth);
    }
}

fn begin(track: usize, at: SimTime, name: &str, arguments: &Value) -> Value {
    json!({
        "ph": "B", "name": name, "cat": "role", "ts": micros(at), "pid": CLUSTER, "tid": tid(track), "args": arguments,
    })
}
