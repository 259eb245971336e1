//! The parameters of the scenario as a person reads them: name, value, and why that value.

use std::time::Duration;

use splitvote::sim::Latency;

use crate::setup::{BROADCAST_TIME, HEARTBEATS_PER_TIMEOUT, PEERS, Setup};

/// One parameter of an experiment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// What it is called.
    pub name: &'static str,
    /// Its value, for all curves.
    pub value: String,
    /// Why it is so.
    pub reason: &'static str,
}

macro_rules! parameters {
    ($($name:literal: $value:literal, $reason:literal;)*) => {
        vec![$(Parameter { name: $name, value: format!($value), reason: $reason }),*]
    };
}

/// What the paper states, and how it is done here.
#[must_use]
pub fn published() -> Vec<Parameter> {
    let broadcast_time = about(BROADCAST_TIME);
    parameters! {
        "peers": "{PEERS}", "stated";
        "broadcast time": "{broadcast_time}", "stated";
        "heartbeat interval": "the shortest election timeout / {HEARTBEATS_PER_TIMEOUT}", "stated";
        "crash of the leader":
            "uniform within the heartbeat interval after its last round of heartbeats",
            "stated; the round is one broadcast, and it resets all timers together but for what the network adds";
        "downtime": "from the crash until a peer becomes leader of a later term", "stated";
    }
}

/// What the paper leaves open, and what was chosen.
#[must_use]
pub fn chosen(setup: &Setup) -> Vec<Parameter> {
    let Setup { one_way_delay, sync_latency, clock_drift_ppm, log_lengths, .. } = setup;
    let lengths = log_lengths.map(|length| length.to_string()).join(", ");
    let (one_way_delay, sync_latency) = (latency(*one_way_delay), latency(*sync_latency));
    let (broadcast_time, cap) = (about(setup.broadcast_time()), setup.cap.as_secs());
    let rounds = setup.heartbeat_rounds;
    parameters! {
        "one-way delay": "{one_way_delay}",
            "network and processing, from the timer or message that causes a packet until the other side acts on it; this \
             is the window in which a rival does not know of a candidate";
        "disk sync": "{sync_latency}",
            "term and vote are durable before a vote is granted or counted; it makes up the rest of the broadcast time";
        "broadcast time that results": "{broadcast_time}",
            "mean over the draws, to be held against the published one";
        "clock drift": "uniform within ±{clock_drift_ppm} ppm a peer",
            "a common quartz oscillator; with perfect clocks 150-150 ms would never end";
        "log lengths": "{lengths} entries, the leader's first",
            "all different, as published: of the four that are left only the two longest can get three votes";
        "packet loss": "none", "a healthy network";
        "warm-up": "{rounds} rounds of heartbeats",
            "the first leader is in office and every disk is idle before the last round";
        "cap": "{cap} s", "where the published graph ends; what lasts longer is reported as above it";
    }
}

/// A distribution in a few words.
#[must_use]
pub fn latency(latency: Latency) -> String {
    match latency {
        Latency::Constant(delay) => millis(delay),
        Latency::Uniform { min, max } => {
            format!("uniform from {} to {}", millis(min), millis(max))
        }
        Latency::Exponential { min, mean, .. } => {
            format!("{} plus exponential of mean {}", millis(min), millis(mean))
        }
    }
}

fn millis(duration: Duration) -> String {
    format!("{} ms", duration.as_secs_f64() * 1_000.0)
}

fn about(duration: Duration) -> String {
    format!("about {:.1} ms", duration.as_secs_f64() * 1_000.0)
}
