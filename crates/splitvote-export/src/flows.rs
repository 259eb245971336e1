//! The arrows of messages: each arrival of a packet has one, from the moment in which the packet left.

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Value, json};
use splitvote::peer::SimTime;
use splitvote::trace::{PacketText, TraceEvent, What};

use crate::chrome_trace::{CLUSTER, micros, tid};

/// The arrows that are still to come.
pub(crate) struct Flows {
    /// How often each packet arrives.
    arrivals: BTreeMap<u64, u64>,
    /// The numbers of the arrows that have begun, by packet.
    begun: BTreeMap<u64, VecDeque<u64>>,
    next: u64,
}

impl Flows {
    /// Of these events.
    pub(crate) fn of(events: &[TraceEvent]) -> Self {
        let mut arrivals = BTreeMap::new();
        for event in events {
            if let What::Received { packet } = &event.what {
                *arrivals.entry(packet.number).or_default() += 1;
            }
        }
        Self { arrivals, begun: BTreeMap::new(), next: 1 }
    }

    /// The ends of arrows at an event.
    pub(crate) fn of_event(&mut self, track: usize, event: &TraceEvent) -> Vec<Value> {
        match &event.what {
            // A copy leaves with its original.
            What::Sent { packet, .. } => {
                let arrivals = self.arrivals.remove(&packet.number).unwrap_or_default();
                let numbers: Vec<u64> = (self.next..self.next + arrivals).collect();
                self.next += arrivals;
                self.begun.entry(packet.number).or_default().extend(&numbers);
                let begin = |number: &u64| end("s", *number, track, event.at, packet);
                numbers.iter().map(begin).collect()
            }
            What::Received { packet } => {
                let number = self.begun.get_mut(&packet.number).and_then(VecDeque::pop_front);
                number.map(|number| end("f", number, track, event.at, packet)).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }
}

/// One end of an arrow. Both have its number, its name and its category.
fn end(phase: &str, number: u64, track: usize, at: SimTime, packet: &PacketText) -> Value {
    let mut event = json!({
        "ph": phase, "name": packet.kind, "cat": "message", "id": number, "ts": micros(at), "pid": CLUSTER,
        "tid": tid(track),
    });
    if let (true, Some(event)) = (phase == "f", event.as_object_mut()) {
        // It ends in the slice that is there, not in the next.
        event.insert("bp".to_owned(), json!("e"));
    }
    event
}
