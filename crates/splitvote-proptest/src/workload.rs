//! What clients ask for.

use std::ops::RangeInclusive;
use std::time::Duration;

use proptest::prelude::*;
use splitvote::{Act, Timed};

use crate::peers::peer;
use crate::schedule::Schedule;
use crate::times::instant;

/// What a workload is made of.
#[derive(Clone, Debug)]
pub struct Workload {
    /// How many commands.
    pub commands: RangeInclusive<usize>,
    /// Within which time.
    pub lasts: Duration,
    /// How long a command is at most, in bytes. Each one is long enough to be unlike all others.
    pub bytes: usize,
}

impl Default for Workload {
    /// Up to thirty short commands within five seconds.
    fn default() -> Self {
        Self { commands: 0..=30, lasts: Duration::from_secs(5), bytes: 0 }
    }
}

/// Up to thirty short commands within five seconds, each to one peer, be it the leader or not.
pub fn workload(peers: usize) -> impl Strategy<Value = Schedule> {
    workload_of(peers, Workload::default())
}

/// Commands, each to one peer, be it the leader or not. Shrinks to fewer, shorter and earlier ones.
pub fn workload_of(peers: usize, workload: Workload) -> impl Strategy<Value = Schedule> {
    let Workload { commands, lasts, bytes } = workload;
    // A range that ends before it begins is as long as its end.
    let commands = (*commands.start()).min(*commands.end())..=*commands.end();
    let command = (instant(lasts), peer(peers), 0..=bytes)
        .prop_map(|(at, to, bytes)| Timed { at, act: Act::Propose { to, bytes } });
    proptest::collection::vec(command, commands)
        .prop_map(move |commands| Schedule::new(peers, commands))
}
