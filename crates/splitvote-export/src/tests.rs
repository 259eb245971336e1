//! Runs of all sizes, written and known again. Programs of others read them in `readers/`.

use splitvote::trace::{Head, TraceEvent, What};
use splitvote::{PeerId, Scenario, Seed, SimTime, Trace, reference, replay};

use super::*;

fn text(format: Format, export: &Export<'_>) -> String {
    let mut bytes = Vec::new();
    write(&mut bytes, format, export).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn empty() -> Trace {
    Trace { head: Head { peers: 3, ..Head::default() }, ..Trace::default() }
}

#[test]
fn a_file_is_known_by_how_it_begins_and_the_same_run_gives_the_same_bytes() {
    let steps = "name = \"mine\"\npeers = 3\nsteps = [{ run = \"1s\" }]";
    let scenario = Scenario::parse("mine.toml", steps).unwrap();
    let (report, trace) = replay(&scenario, &reference(), Seed(1));
    let (again, same) = replay(&scenario, &reference(), Seed(1));
    for format in Format::ALL {
        let one = text(format, &Export { trace: &trace, report: Some(&report), command: "" });
        let other = text(format, &Export { trace: &same, report: Some(&again), command: "" });
        assert!(one == other, "{format}");
        let known: Vec<Format> = Format::ALL.into_iter().filter(|it| it.is_of(&one)).collect();
        assert_eq!(known, [format]);
        assert!(one.ends_with('\n') && one.len() > 300, "{format}: {one}");
    }
}

#[test]
fn a_run_without_events_and_one_that_is_cut_off_are_whole_files() {
    let trace = empty();
    let of = |format| text(format, &Export { trace: &trace, report: None, command: "" });
    assert_eq!(of(Format::ShiViz), format!("{}\n\n", shiviz::EXPRESSION));
    assert_eq!(of(Format::Ndjson).lines().count(), 1);
    let chrome: serde_json::Value = serde_json::from_str(&of(Format::ChromeTrace)).unwrap();
    let names = chrome["traceEvents"].as_array().unwrap().iter();
    let names: Vec<&str> = names.filter_map(|event| event["args"]["name"].as_str()).collect();
    assert_eq!(names, ["a test, seed 0", "S0", "S1", "S2", "world"]);
    assert_eq!(chrome["otherData"]["verdict"], serde_json::Value::Null);
    let junit = of(Format::JUnit);
    assert!(junit.contains("errors=\"1\"") && junit.contains("type=\"cut-off\""), "{junit}");
}

/// The last peer's track and clock are its own, and not those of the world.
#[test]
fn a_hundred_and_twenty_eight_peers_have_a_track_and_a_clock_each() {
    let crashed = |peer| What::Crashed { peer: PeerId(peer) };
    let mut trace = Trace { head: Head { peers: 128, ..Head::default() }, ..Trace::default() };
    trace.events = (0..128)
        .map(|peer| TraceEvent { at: SimTime(u64::from(peer)), what: crashed(peer) })
        .collect();
    let export = Export { trace: &trace, report: None, command: "" };
    let shiviz = text(Format::ShiViz, &export);
    assert!(shiviz.ends_with("S127 {\"S127\":1} 0.000000127 crashed S127 crashes\n"), "{shiviz}");
    let chrome: serde_json::Value =
        serde_json::from_str(&text(Format::ChromeTrace, &export)).unwrap();
    let events = chrome["traceEvents"].as_array().unwrap();
    let down = |event: &&serde_json::Value| event["name"] == "down";
    assert_eq!(events.iter().filter(down).count(), 128);
    let last = events.iter().rfind(down).unwrap();
    assert_eq!((&last["tid"], &last["ts"]), (&128.into(), &0.127.into()));
}

#[test]
fn an_edited_trace_that_names_more_peers_than_it_has_is_written_all_the_same() {
    let mut trace = empty();
    let what = What::Crashed { peer: PeerId(9) };
    trace.events.push(TraceEvent { at: SimTime(7), what });
    let export = Export { trace: &trace, report: None, command: "" };
    assert!(text(Format::ShiViz, &export).contains("S9 {\"S9\":1}"));
    assert!(text(Format::ChromeTrace, &export).contains("\"name\":\"S9\""));
}
