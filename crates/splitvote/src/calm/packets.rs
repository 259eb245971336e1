//! How long packets take in a calm.

use std::time::Duration;

use splitvote_sim::{Labrpc, Latency, NetworkProfile, Probability};

/// How long packets take over a network that loses none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Packets {
    /// How long a packet takes at most, but for one in a million.
    pub(super) one_way: Duration,
    /// How much longer one may take than another.
    pub(super) jitter: Duration,
    /// How often something is to be sent until one of the packets is as quick as that.
    pub(super) attempts: u32,
    /// Whether delays have an upper end.
    pub(super) is_bounded: bool,
}

impl Packets {
    /// Those of a network.
    pub(super) fn over(network: NetworkProfile) -> Self {
        match network {
            NetworkProfile::Labrpc(Labrpc { reliable: true, .. }) => {
                Self::between(Duration::ZERO, Duration::ZERO, 1, true)
            }
            // 26 ms, and one request in ten and one reply in ten is lost: of 19 %, eight in a row are one in
            // half a million.
            NetworkProfile::Labrpc(_) => {
                Self::between(Duration::ZERO, Duration::from_millis(26), 8, false)
            }
            NetworkProfile::Realistic(realistic) => {
                let delay = realistic.one_way_delay;
                let (min, late, is_bounded) = match delay {
                    Latency::Constant(min) | Latency::Uniform { min, .. } => {
                        (min, Probability::NEVER, true)
                    }
                    Latency::Exponential { min, tail, .. } => (min, tail.probability, false),
                };
                Self::between(min, delay.usual_max(), attempts(late), is_bounded)
            }
        }
    }

    fn between(min: Duration, max: Duration, attempts: u32, is_bounded: bool) -> Self {
        Self { one_way: max, jitter: max.saturating_sub(min), attempts, is_bounded }
    }
}

/// How often something is to be tried until it fails each time less than once in a million.
fn attempts(failure: Probability) -> u32 {
    const MILLION: u64 = 1_000_000;
    let mut left = u64::MAX >> 32;
    let mut tries = 1;
    while tries < 20 && left.saturating_mul(u64::from(failure.parts())) >> 32 > (1 << 32) / MILLION
    {
        left = left.saturating_mul(u64::from(failure.parts())) >> 32;
        tries += 1;
    }
    tries
}
