//! Every kind of event is recorded in some run, and described in `docs/trace.md` with all its fields.

use std::collections::BTreeSet;

use serde_json::Value;
use splitvote::sim::{Disturbance, Fate, Waiting};
use splitvote::trace::{TraceEvent, What};
use splitvote::{RunReport, Trace};
use splitvote_report::trace_file::write;

use crate::support::runs;

/// The place of a kind of disturbance among all kinds: a kind more does not compile here until it is counted.
fn disturbance(change: &Disturbance) -> usize {
    match change {
        Disturbance::Paused { .. } => 0,
        Disturbance::Resumed { .. } => 1,
        Disturbance::Clogged { .. } => 2,
        Disturbance::Unclogged { .. } => 3,
        Disturbance::Delayed { .. } => 4,
        Disturbance::ClockStepped { .. } => 5,
        Disturbance::ClockDrift { .. } => 6,
        Disturbance::CrashAtWrite { .. } => 7,
        Disturbance::CrashAtSend { .. } => 8,
        Disturbance::Disarmed { .. } => 9,
        Disturbance::ElectionTimeout { .. } => 10,
        Disturbance::Network { .. } => 11,
        Disturbance::InFlight { .. } => 12,
        Disturbance::Disk { .. } => 13,
        Disturbance::DiskTrouble { .. } => 14,
        Disturbance::TaskOrder { .. } => 15,
    }
}
const DISTURBANCES: usize = 16;

fn fate(fate: &Fate) -> usize {
    match fate {
        Fate::Arrives(_) => 0,
        Fate::Duplicated(_) => 1,
        Fate::Lost => 2,
        Fate::Dropped => 3,
        Fate::Cut => 4,
        Fate::Dead => 5,
    }
}
const FATES: usize = 6;

fn waiting(waiting: &Waiting) -> usize {
    match waiting {
        Waiting::Packet { .. } => 0,
        Waiting::Sync { .. } => 1,
        Waiting::CallFailed { .. } => 2,
        Waiting::Proposal { .. } => 3,
        Waiting::Snapshot { .. } => 4,
    }
}

/// The runs that are looked through: short ones that together show everything.
fn all_runs() -> Vec<(RunReport, Trace)> {
    let wanted = ["failing-syncs", "snapshot-basic", "swarm-three", "log-restriction"];
    let mut all: Vec<(RunReport, Trace)> = runs::cases().iter().map(runs::of_case).collect();
    let held = all[0].0.clone();
    all.push((held, runs::everything()));
    let scenarios = runs::scenarios();
    let few = scenarios.iter().filter(|scenario| wanted.contains(&scenario.name.as_str()));
    all.extend(few.map(|scenario| runs::of_scenario(scenario, 0)));
    all
}

#[test]
fn every_kind_of_event_is_recorded_in_some_run() {
    let mut kinds = BTreeSet::new();
    let (mut disturbances, mut fates, mut held) =
        (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (_, trace) in all_runs() {
        for TraceEvent { what, .. } in &trace.events {
            kinds.insert(what.kind());
            match what {
                What::Disturbed { change } => _ = disturbances.insert(disturbance(change)),
                What::Sent { fate: is, .. } | What::Perished { fate: is, .. } => {
                    fates.insert(fate(is));
                }
                What::Held { waiting: what, .. } => _ = held.insert(waiting(what)),
                _ => {}
            }
        }
    }
    let missing: Vec<&&str> = What::KINDS.iter().filter(|kind| !kinds.contains(*kind)).collect();
    assert!(missing.is_empty(), "never recorded: {missing:?}");
    assert_eq!(disturbances.len(), DISTURBANCES, "{disturbances:?}");
    assert_eq!(fates.len(), FATES, "{fates:?}");
    assert!(held.is_superset(&BTreeSet::from([0, 3])), "{held:?}");
}

/// All names of fields in a line, and what stands in those that tell kinds.
fn names(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                into.insert(name.clone());
                if let (true, Value::String(kind)) = (name == "kind" || name == "what", value) {
                    into.insert(kind.clone());
                }
                names(value, into);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| names(value, into)),
        _ => {}
    }
}

#[test]
fn every_field_that_is_written_is_described() {
    let described = std::fs::read_to_string(runs::repository().join("docs/trace.md")).unwrap();
    let mut written = BTreeSet::new();
    for (report, mut trace) in all_runs() {
        // What packets are called is the Raft's own.
        for event in &mut trace.events {
            if let What::Sent { packet, .. }
            | What::Received { packet }
            | What::Perished { packet, .. } = &mut event.what
            {
                packet.kind = "own".into();
            }
        }
        let mut bytes = Vec::new();
        write(&mut bytes, &trace, &report).unwrap();
        for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            match serde_json::from_slice(line).unwrap() {
                Value::Object(fields) if fields.contains_key("end") => {
                    let end = fields["end"].as_object().unwrap();
                    written.extend(end.keys().cloned());
                    written.extend(end["report"].as_object().unwrap().keys().cloned());
                }
                line => names(&line, &mut written),
            }
        }
    }
    // The types that a record may hold are told by their names in Rust.
    let words: BTreeSet<&str> =
        described.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-')).collect();
    let missing: Vec<&String> =
        written.iter().filter(|name| *name != "own" && !words.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "not in docs/trace.md: {missing:?}");
    let undescribed: Vec<&&str> =
        What::KINDS.iter().filter(|kind| !described.contains(&format!("| `{kind}` |"))).collect();
    assert!(undescribed.is_empty(), "no row in docs/trace.md: {undescribed:?}");
}
