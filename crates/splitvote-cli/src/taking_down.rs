//! Rafts that take down their process: `splitvote run --raft takes-down:abort --isolate` shows what becomes of a sweep.
//!
//! They are in no list, as they break no rule of Raft. Each does it when `S2` stands for election, which it does under
//! some seeds and not under others.

use splitvote::Subject;
use splitvote::peer::PeerId;
use splitvote::raft::{Config, Own, Raft, Rules};

/// A Raft whose `S2` does this when it stands.
#[derive(Debug)]
struct TakesDown(fn());

impl Rules for TakesDown {
    fn own_vote(&self, me: PeerId) -> Option<PeerId> {
        if me == PeerId(2) {
            (self.0)();
        }
        Some(me)
    }
}

static ALL: [(&str, TakesDown); 5] = [
    ("takes-down:abort", TakesDown(|| std::process::abort())),
    ("takes-down:exit", TakesDown(|| std::process::exit(0))),
    ("takes-down:stack", TakesDown(|| _ = endless(1))),
    ("takes-down:memory", TakesDown(fill)),
    (
        "takes-down:hang",
        TakesDown(|| {
            loop {
                std::hint::spin_loop();
            }
        }),
    ),
];

/// The Raft of this name.
pub(crate) fn find(name: &str) -> Option<Subject<Raft<Own>>> {
    let (name, rules) = ALL.iter().find(|(other, _)| *other == name)?;
    let rules: &'static dyn Rules = rules;
    let config =
        move |settings: &_| Config { settings: Clone::clone(settings), rules: rules.into() };
    Some(Subject::new(*name, config).strict())
}

#[expect(unconditional_recursion, reason = "it is to overflow the stack")]
fn endless(depth: u64) -> u64 {
    let below = std::hint::black_box([depth; 64]);
    endless(below[0] + 1) + below[1]
}

/// More than a process may have, without writing to it: nobody else has to make room.
fn fill() {
    let mut all: Vec<Vec<u8>> = Vec::new();
    loop {
        all.push(Vec::with_capacity(256 << 20));
        std::hint::black_box(&all);
    }
}
