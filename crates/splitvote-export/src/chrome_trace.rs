//! The Trace Event Format, which Perfetto and `chrome://tracing` show: a track a peer, and one of the world.
//!
//! Roles, pauses and the time in which a peer is down are spans (`track`). What happens at a peer at one instant is
//! one slice, of at most a microsecond, since a step takes no virtual time; a message that arrived is an arrow from
//! one to another (`flows`). What happens to the world is an instant. Times are microseconds, with the nanoseconds
//! behind the point.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};
use splitvote::peer::SimTime;
use splitvote::trace::{TraceEvent, What};
use splitvote_report::write_json;

use crate::clocks::hosts;
use crate::flows::Flows;
use crate::track::Track;
use crate::{Export, name_of, place_of, sentence};

/// How every such file begins.
pub(crate) const START: &str = "{\"displayTimeUnit\":\"ns\",\"otherData\":{\"splitvote\":";

/// The process that all tracks belong to.
pub(crate) const CLUSTER: u32 = 1;

/// The number of a track. None is 0, which readers take for none or for the idle thread.
pub(crate) fn tid(track: usize) -> usize {
    track + 1
}

/// How long the slice of a moment is at the most, so that it can be seen and pointed at.
const LONGEST_SLICE: u64 = 1_000;

/// What is said of the whole run, in this order.
#[derive(Serialize)]
struct About<'a> {
    splitvote: &'static str,
    scenario: &'a str,
    about: &'a str,
    seed: String,
    raft: &'a str,
    verdict: Option<String>,
    command: &'a str,
}

/// Writes the events, one a line, in the order in which they happened.
pub(crate) fn write(out: &mut dyn Write, export: &Export<'_>) -> io::Result<()> {
    let Export { trace, report, command } = *export;
    let head = &trace.head;
    let about = About {
        splitvote: env!("CARGO_PKG_VERSION"),
        scenario: name_of(trace),
        about: &head.about,
        seed: head.seed.to_string(),
        raft: &head.raft,
        verdict: report.map(|report| report.verdict.to_string()),
        command,
    };
    let mut text = Vec::new();
    write_json(&mut text, &about)?;
    out.write_all(b"{\"displayTimeUnit\":\"ns\",\"otherData\":")?;
    out.write_all(&text)?;
    out.write_all(b",\"traceEvents\":[\n")?;
    let name = format!("{}, seed {}", about.scenario, head.seed);
    let mut lines = Lines { out, text };
    lines.add(&metadata("process_name", 0, &json!({"name": name})))?;
    let tracks = hosts(trace);
    write_tracks(&mut lines, &trace.events, tracks)?;
    // Behind the events, so that the last of them need not be known: it has no comma behind it.
    for track in 0..tracks {
        let name = if track + 1 == tracks { "world".to_owned() } else { format!("S{track}") };
        lines.add(&metadata("thread_name", track, &json!({"name": name})))?;
        lines.add(&metadata("thread_sort_index", track, &json!({"sort_index": track})))?;
    }
    lines.write(&metadata("process_sort_index", 0, &json!({"sort_index": 0})), b"\n]}\n")
}

/// What a process or a track is called and where it stands. Readers expect a category and an instant of these, too.
fn metadata(name: &str, track: usize, arguments: &Value) -> Value {
    json!({
        "ph": "M", "name": name, "cat": "__metadata", "ts": 0, "pid": CLUSTER, "tid": tid(track), "args": arguments,
    })
}

fn write_tracks(lines: &mut Lines<'_>, events: &[TraceEvent], count: usize) -> io::Result<()> {
    let mut tracks: Vec<Track> = (0..count).map(|_| Track::default()).collect();
    let mut flows = Flows::of(events);
    let next = next_of_track(events, count);
    let mut begin = 0;
    while let Some(first) = events.get(begin) {
        let host = place_of(&first.what);
        let is_of_it = |event: &&TraceEvent| {
            event.at == first.at && place_of(&event.what) == host && host.is_some()
        };
        let rest = events.get(begin..).unwrap_or_default();
        let moment = rest.get(..rest.iter().take_while(is_of_it).count().max(1)).unwrap_or(rest);
        let end = begin + moment.len();
        match host {
            None => lines.add(&instant(count - 1, first))?,
            Some(peer) => {
                let number = usize::from(peer.0);
                if let Some(track) = tracks.get_mut(number) {
                    for event in moment {
                        let spans = track.spans(number, event.at, &event.what);
                        spans.iter().try_for_each(|span| lines.add(span))?;
                    }
                }
                let until = next.get(end - 1).copied().flatten();
                lines.add(&slice(number, moment, until))?;
                for event in moment {
                    let arrows = flows.of_event(number, event);
                    arrows.iter().try_for_each(|arrow| lines.add(arrow))?;
                }
            }
        }
        begin = end;
    }
    let end = events.last().map_or(SimTime(0), |event| event.at);
    for (number, track) in tracks.iter_mut().enumerate() {
        track.end(number, end).iter().try_for_each(|span| lines.add(span))?;
    }
    Ok(())
}

/// For each event the instant of the next at the same peer.
fn next_of_track(events: &[TraceEvent], count: usize) -> Vec<Option<SimTime>> {
    let mut latest = vec![None; count];
    let mut next = vec![None; events.len()];
    for (event, next) in events.iter().zip(&mut next).rev() {
        let host = place_of(&event.what).map(|peer| usize::from(peer.0));
        if let Some(latest) = host.and_then(|host| latest.get_mut(host)) {
            *next = latest.replace(event.at);
        }
    }
    next
}

/// An instant in microseconds: of whole nanoseconds, so that it is exact for the first hundred days.
pub(crate) fn micros(at: SimTime) -> f64 {
    at.0 as f64 / 1e3
}

/// All that happens at a peer at one instant.
fn slice(track: usize, moment: &[TraceEvent], until: Option<SimTime>) -> Value {
    let at = moment.first().map_or(SimTime(0), |event| event.at);
    let until = until.map_or(LONGEST_SLICE, |until| until.0.saturating_sub(at.0));
    let told: Vec<String> = moment.iter().map(|event| sentence(&event.what)).collect();
    json!({
        "ph": "X", "name": moment.first().map(title), "cat": "step", "ts": micros(at),
        "dur": micros(SimTime(until.min(LONGEST_SLICE))), "pid": CLUSTER, "tid": tid(track), "args": {"events": told},
    })
}

/// A few words for what a moment begins with.
fn title(event: &TraceEvent) -> String {
    match &event.what {
        What::Received { packet } => format!("{} from {}", packet.kind, packet.from),
        What::Woke { .. } => "timer".to_owned(),
        What::Disturbed { change } => change.to_string(),
        other => other.kind().to_owned(),
    }
}

/// What happens to the world; the verdict is drawn over all tracks.
fn instant(track: usize, event: &TraceEvent) -> Value {
    let is_verdict = matches!(event.what, What::Failed { .. });
    json!({
        "ph": "i", "name": sentence(&event.what), "cat": event.what.kind(), "ts": micros(event.at), "pid": CLUSTER,
        "tid": tid(track), "s": if is_verdict { "g" } else { "t" },
    })
}

/// The events of the file, one a line.
struct Lines<'a> {
    out: &'a mut dyn Write,
    text: Vec<u8>,
}

impl Lines<'_> {
    /// An event that is not the last.
    fn add(&mut self, event: &Value) -> io::Result<()> {
        self.write(event, b",\n")
    }

    fn write(&mut self, event: &Value, behind: &[u8]) -> io::Result<()> {
        self.text.clear();
        write_json(&mut self.text, event)?;
        self.text.extend_from_slice(behind);
        self.out.write_all(&self.text)
    }
}
