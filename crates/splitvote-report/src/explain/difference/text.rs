//! How the difference of two runs is printed.

use std::io;

use splitvote::sim::Disturbance;
use splitvote::trace::{Head, What};
use splitvote::{RunReport, SimTime, Trace, Verdict};

use super::Difference;
use crate::explain::explanation::paragraph;
use crate::options::TextOptions;
use crate::part::Ink;
use crate::surroundings::Surroundings;

/// The two runs, and how each ended if that is known.
type Pair<'a> = [(&'a Trace, Option<&'a RunReport>); 2];

const NAMES: [&str; 2] = ["A", "B"];
const USUAL_WIDTH: usize = 120;

/// Prints where two runs part, what each did from there, and how each ended. `labels` say how each was made.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_difference(
    out: &mut impl io::Write,
    runs: Pair<'_>,
    labels: [&str; 2],
    difference: Option<&Difference>,
    options: TextOptions,
) -> io::Result<()> {
    let width = options.width.map_or(USUAL_WIDTH, |width| width.max(40));
    let mut say = |head: &str, ink: Ink, words: String| {
        let text = paragraph(head, &[vec![(ink, harmless(&words))]], options.colour, width);
        out.write_all(text.as_bytes())
    };
    for (name, label) in NAMES.iter().zip(labels) {
        say(&format!(" {name}"), Ink::Plain, label.to_owned())?;
    }
    let heads = runs.map(|(trace, _)| &trace.head);
    let apart = apart(heads[0], heads[1]);
    if !apart.is_empty() {
        say("", Ink::Plain, format!("They begin with another {}.", apart.join(", ")))?;
    }
    let traces = runs.map(|(trace, _)| trace);
    for words in storms(traces).into_iter().chain(profiles(traces)) {
        say("", Ink::Plain, words)?;
    }
    let Some(difference) = difference else {
        let count = runs[0].0.events.len();
        say("", Ink::Plain, format!("All {count} events are the same, up to the end."))?;
        return ends(runs, &mut say);
    };
    let (event, at) = (difference.event, difference.at);
    let same = match event {
        0 => "They differ from the first event on:".to_owned(),
        1 => format!("One event is the same. They differ from {at} on:"),
        _ => format!("{event} events are the same. They differ from {at} on:"),
    };
    say("", Ink::Plain, same)?;
    say("    ≠", Ink::Failure, format!("{}.", difference.meaning))?;
    for (name, side) in NAMES.iter().zip(&difference.sides) {
        for (place, step) in side.steps.iter().enumerate() {
            let name = if place == 0 { name } else { " " };
            let ink = if step.sentence.starts_with('✗') { Ink::Failure } else { Ink::Plain };
            say(
                &format!(" {name}  {:>11}", step.at.to_string()),
                ink,
                format!("{}.", step.sentence),
            )?;
        }
        match side.more {
            0 if side.steps.is_empty() => {
                say(&format!(" {name}"), Ink::Dim, "nothing else".to_owned())?;
            }
            0 => {}
            1 => say("", Ink::Dim, "(one more step)".to_owned())?,
            more => say("", Ink::Dim, format!("({more} more steps)"))?,
        }
    }
    ends(runs, &mut say)
}

/// Words with everything visible that would end a line or steer a terminal: what is compared was written by others.
fn harmless(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for c in words.chars() {
        let is_mark = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}');
        if c.is_control() || is_mark {
            text.extend(c.escape_unicode());
        } else {
            text.push(c);
        }
    }
    text
}

/// How each of two runs ended.
fn ends(
    runs: Pair<'_>,
    say: &mut impl FnMut(&str, Ink, String) -> io::Result<()>,
) -> io::Result<()> {
    for (name, (trace, report)) in NAMES.iter().zip(runs) {
        let (ink, words) = end(trace, report);
        say(&format!(" {name} ends"), ink, words)?;
    }
    Ok(())
}

/// How a run ended, in a line.
fn end(trace: &Trace, report: Option<&RunReport>) -> (Ink, String) {
    let Some(report) = report else {
        let last = trace.events.last().map(|event| event.at).unwrap_or_default();
        return (Ink::Dim, format!("not known: its trace is cut off at {last}"));
    };
    let at = SimTime::ZERO + report.virtual_time;
    match &report.verdict {
        Verdict::Held => (Ink::Plain, format!("✓ it holds, up to {at}")),
        failed => {
            let checker = failed.checker().unwrap_or_default();
            (Ink::Failure, format!("✗ it fails at {at} by {checker}: {failed}"))
        }
    }
}

/// In what two runs differ before anything happens.
fn apart(one: &Head, other: &Head) -> Vec<&'static str> {
    let parts = [
        ("seed", one.seed == other.seed),
        ("number of peers", one.peers == other.peers),
        ("configuration", one.settings == other.settings),
        ("clocks", one.clocks == other.clocks),
        ("fixed election timeouts", one.election_timeouts == other.election_timeouts),
    ];
    parts.into_iter().filter(|(_, is_same)| !is_same).map(|(name, _)| name).collect()
}

/// Which parts of the nemesis only one of two runs has on in its first storm.
fn storms(traces: [&Trace; 2]) -> Option<String> {
    let parts = |trace: &Trace| {
        let storm = trace.events.iter().find_map(|event| match &event.what {
            What::Weather { text } => Some(text.clone()),
            _ => None,
        });
        let parts = storm.unwrap_or_default();
        parts.split(", ").filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    let own = traces.map(parts);
    let told = [0, 1].into_iter().filter_map(|run: usize| {
        let only = own[run].iter().filter(|part| !own[1 - run].contains(part));
        let only: Vec<&str> = only.map(String::as_str).collect();
        (!only.is_empty()).then(|| format!("{} alone has {}", NAMES[run], only.join(", ")))
    });
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| format!("Their storms are not the same: {}.", told.join("; ")))
}

/// In what network and disks of two runs differ, at the start or when they first become others.
fn profiles([one, other]: [&Trace; 2]) -> Option<String> {
    let mut surroundings = Surroundings::of(&one.head);
    let mut told = Vec::new();
    if one.head.network != other.head.network {
        told.push(surroundings.network(other.head.network));
    } else if one.head.disk != other.head.disk {
        told.push(surroundings.disk(other.head.disk));
    }
    let pairs = one.events.iter().zip(&other.events).take_while(|(one, other)| one.at == other.at);
    for (one, other) in pairs.filter(|(one, other)| one != other) {
        let (What::Disturbed { change: one }, What::Disturbed { change: other }) =
            (&one.what, &other.what)
        else {
            continue;
        };
        match (&**one, &**other) {
            (Disturbance::Network { is }, Disturbance::Network { is: second }) => {
                surroundings.network(*is);
                told.push(surroundings.network(*second));
            }
            (Disturbance::Disk { is }, Disturbance::Disk { is: second }) => {
                surroundings.disk(*is);
                told.push(surroundings.disk(*second));
            }
            _ => {}
        }
        if !told.is_empty() {
            break;
        }
    }
    (!told.is_empty()).then(|| format!("From A to B, {}.", told.join("; ")))
}
