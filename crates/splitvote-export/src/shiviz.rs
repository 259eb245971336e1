//! The log format of ShiViz: a regular expression, an empty line (there is one execution), and a line an event with
//! its host, its vector clock and its text.
//!
//! What follows from other events is left out: which timer is armed, what a log holds by then, what a leader knows of
//! a follower.

use std::io::{self, Write};

use splitvote::Trace;
use splitvote::trace::What;
use splitvote_report::on_one_line;

use crate::clocks::Clocks;
use crate::sentence;

/// What reads the lines below it. ShiViz takes `(` for a group even behind a backslash, so there is none.
pub(crate) const EXPRESSION: &str =
    r"^(?<host>\S+) (?<clock>\{\S*\}) (?<at>\S+) (?<kind>\S+) (?<event>.*)$";

/// Writes the log.
pub(crate) fn write(out: &mut dyn Write, trace: &Trace) -> io::Result<()> {
    writeln!(out, "{EXPRESSION}\n")?;
    let mut clocks = Clocks::of(trace);
    for event in trace.events.iter().filter(|event| !is_derived(&event.what)) {
        let (host, clock) = clocks.next(&event.what);
        let name = |place: usize| {
            if place + 1 == clock.len() { "world".to_owned() } else { format!("S{place}") }
        };
        let known = clock.iter().enumerate().filter(|(_, known)| **known > 0);
        let known: Vec<String> =
            known.map(|(place, known)| format!("\"{}\":{known}", name(place))).collect();
        let (host, known, kind) = (name(host), known.join(","), event.what.kind());
        let text = on_one_line(&sentence(&event.what));
        let (seconds, nanos) = (event.at.0 / 1_000_000_000, event.at.0 % 1_000_000_000);
        writeln!(out, "{host} {{{known}}} {seconds}.{nanos:09} {kind} {text}")?;
    }
    Ok(())
}

/// Whether an event only says what another has led to.
fn is_derived(what: &What) -> bool {
    matches!(what, What::Armed { .. } | What::Log { .. } | What::Progress { .. })
}
