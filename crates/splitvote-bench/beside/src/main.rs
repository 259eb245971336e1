//! The ping of `splitvote-bench` on other simulators, each as its users would write it.
//!
//! `splitvote-beside NAME SECONDS` runs it twice, the first time to warm up, and prints how many calls the second run
//! answered and how many nanoseconds of wall time it took. `splitvote-bench --beside` calls it in turns with its own
//! rows; it is built in its own directory, whose `.cargo/config.toml` sets the flag that madsim needs.
//!
//! The work of all: five nodes, and every 50 ms of virtual time each calls the four others and awaits the replies; a
//! packet takes 1 to 10 ms and none is lost.

#[cfg(not(madsim))]
compile_error!(
    "madsim simulates nothing without `--cfg madsim`: build this crate in its own directory, without RUSTFLAGS"
);

mod on_madsim;
mod on_tokio;
mod on_turmoil;

use std::process::ExitCode;
use std::time::{Duration, Instant};

/// How many nodes call each other.
const NODES: usize = 5;
/// How often each calls all others.
const INTERVAL: Duration = Duration::from_millis(50);
/// How long a packet takes.
const LATENCY: std::ops::RangeInclusive<Duration> =
    Duration::from_millis(1)..=Duration::from_millis(10);

/// Runs the ping for so many virtual seconds; how many calls were answered.
type Ping = fn(u64) -> u64;

const SIMULATORS: [(&str, Ping); 3] =
    [("madsim", on_madsim::run), ("turmoil", on_turmoil::run), ("tokio-paused", on_tokio::run)];

fn work(arguments: &[String]) -> Result<(), String> {
    let usage = "usage: splitvote-beside (madsim|turmoil|tokio-paused) SECONDS";
    let [name, seconds] = arguments else { return Err(usage.to_owned()) };
    let ping = SIMULATORS.iter().find(|(known, _)| known == name).ok_or(usage)?.1;
    let seconds: u64 = seconds.parse().map_err(|error| format!("{seconds}: {error}; {usage}"))?;
    ping(seconds.div_ceil(4));
    let start = Instant::now();
    let answered = ping(seconds);
    let took = start.elapsed();
    // Replies that are still under way at the end are few.
    let asked = seconds * (NODES * (NODES - 1)) as u64 * 20;
    if answered < asked * 99 / 100 {
        return Err(format!(
            "{name} answered {answered} of {asked} calls: it is not the same work"
        ));
    }
    println!("{answered} {}", took.as_nanos());
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match work(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("splitvote-beside: {trouble}");
            ExitCode::from(2)
        }
    }
}
