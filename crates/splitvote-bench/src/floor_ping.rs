//! The floor of the ping: five nodes as plain callbacks on std's heap. Every 50 ms each calls the
//! four others and awaits the replies; a packet takes 1 to 10 ms.

use std::collections::BinaryHeap;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::floor::{Event, delay};

/// How many nodes ping each other.
pub(crate) const NODES: u8 = 5;
/// How often each pings all others, in nanoseconds.
pub(crate) const INTERVAL: u64 = 50_000_000;

#[derive(Clone, Copy, Debug)]
enum Payload {
    Tick { node: u8 },
    Request { from: u8, to: u8, call: u64, body: u64 },
    Reply { to: u8, call: u64, body: u64 },
}

#[derive(Clone, Debug, Default)]
struct Node {
    awaited: u64,
    completed: u64,
    sum: u64,
}

struct Loop {
    now: u64,
    pushed: u64,
    calls: u64,
    heap: BinaryHeap<Event<Payload>>,
    nodes: Vec<Node>,
    chance: ChaCha8Rng,
}

impl Loop {
    #[inline]
    fn push(&mut self, after: u64, payload: Payload) {
        self.heap.push(Event { at: self.now + after, number: self.pushed, payload });
        self.pushed += 1;
    }

    #[inline]
    fn transmit(&mut self, payload: Payload) {
        let after = delay(&mut self.chance);
        self.push(after, payload);
    }

    #[inline]
    fn tick(&mut self, node: u8) {
        for to in (0..NODES).filter(|to| *to != node) {
            let call = self.calls;
            self.calls += 1;
            self.nodes[usize::from(node)].awaited += 1;
            self.transmit(Payload::Request { from: node, to, call, body: call });
        }
        self.push(INTERVAL, Payload::Tick { node });
    }

    #[inline]
    fn happen(&mut self, payload: Payload) {
        match payload {
            Payload::Tick { node } => self.tick(node),
            Payload::Request { from, to, call, body } => {
                self.nodes[usize::from(to)].sum += body;
                self.transmit(Payload::Reply { to: from, call, body });
            }
            Payload::Reply { to, call, body } => {
                let node = &mut self.nodes[usize::from(to)];
                node.awaited -= 1;
                node.completed += 1;
                node.sum ^= call ^ body;
            }
        }
    }
}

/// Runs for so many virtual seconds; how many calls were answered.
pub(crate) fn run(seconds: u64) -> u64 {
    let mut floor = Loop {
        now: 0,
        pushed: 0,
        calls: 0,
        heap: BinaryHeap::new(),
        nodes: vec![Node::default(); usize::from(NODES)],
        chance: ChaCha8Rng::seed_from_u64(1),
    };
    (0..NODES).for_each(|node| floor.push(0, Payload::Tick { node }));
    let end = seconds * 1_000_000_000;
    while let Some(event) = floor.heap.pop() {
        if event.at > end {
            break;
        }
        floor.now = event.at;
        floor.happen(event.payload);
    }
    floor.nodes.iter().map(|node| node.completed).sum()
}
