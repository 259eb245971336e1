//! Writes a scenario as a file of the scenario language: what is read back is the same scenario.
//!
//! What a file would say anyway is left out. Names of the head that a file cannot hold (`file`, `only`)
//! are for whoever writes it.

use std::fmt::Write as _;

use splitvote_peer::{PeerId, Term};
use splitvote_sim::{InFlight, Limits, Overrides, Verdict};

use crate::language::inline::{Inline, quoted};
use crate::language::units_text::duration;
use crate::language::write_profiles::{clocks, disk, network, raft, snapshots, timing};

use super::parse::DEFAULT_SEEDS;
use super::write_steps::steps;
use super::{Scenario, classes};

impl Scenario {
    /// The scenario as a text that [`Scenario::parse`] reads back as the same.
    #[must_use]
    pub fn to_toml(&self) -> String {
        // All of them, so that a new one does not compile until it is written.
        let Self {
            name,
            file: _,
            about,
            source,
            peers,
            seeds,
            settings,
            network: net,
            in_flight,
            disk: disks,
            snapshots: machines,
            clocks: times,
            limits,
            within,
            logs,
            overrides,
            without,
            steps: all,
            step_count: _,
            needs,
            must_happen,
            only: _,
        } = self;
        let mut head = Lines::default();
        head.put("name", quoted(name));
        head.put_if(!about.is_empty(), "about", || quoted(about));
        head.put_if(!source.is_empty(), "source", || quoted(source));
        head.put("peers", peers);
        head.put_if(*seeds != DEFAULT_SEEDS, "seeds", || seeds.to_string());
        timing(&settings.timing).into_iter().for_each(|(key, value)| head.put(key, value));
        head.put_some("raft", &raft(settings));
        head.put("network", network(*net));
        head.put_if(*in_flight == InFlight::Kept, "in-flight", || quoted("kept"));
        head.put_some("disk", &disk(*disks));
        head.put_some("snapshots", &snapshots(*machines));
        head.put_some("clocks", &clocks(*times));
        head.put_limits(*limits);
        let longest = within.unwrap_or_default();
        head.put_if(within.is_some(), "within", || quoted(&duration(longest)));
        head.put_if(!without.is_empty(), "without", || classes::written(*without));
        head.put_if(!needs.is_empty(), "needs", || {
            let names: Vec<String> = needs.iter().map(|feature| quoted(feature.name())).collect();
            format!("[{}]", names.join(", "))
        });
        let mut text = head.0;
        _ = writeln!(text, "steps = {}", steps(all, 0));
        write_packets(&mut text, overrides);
        write_timeouts(&mut text, overrides);
        write_logs(&mut text, logs);
        if !must_happen.is_empty() {
            text.push_str("\n[must-happen]\n");
            must_happen.iter().for_each(|event| _ = writeln!(text, "{} = true", event.name()));
        }
        text
    }
}

/// Lines of the form `key = value`.
#[derive(Default)]
struct Lines(String);

impl Lines {
    fn put(&mut self, key: &str, value: impl std::fmt::Display) {
        _ = writeln!(self.0, "{key} = {value}");
    }

    fn put_if(&mut self, is_said: bool, key: &str, value: impl FnOnce() -> String) {
        if is_said {
            self.put(key, value());
        }
    }

    fn put_some(&mut self, key: &str, table: &Inline) {
        self.put_if(!table.is_empty(), key, || table.to_string());
    }

    fn put_limits(&mut self, limits: Limits) {
        let usual = Limits::default();
        let Limits { events, events_at_one_instant, events_waiting, changes_of_term } = limits;
        let all = [
            ("max-events", events, usual.events),
            ("max-events-at-once", events_at_one_instant, usual.events_at_one_instant),
            ("max-events-waiting", events_waiting, usual.events_waiting),
            ("max-changes-of-term", changes_of_term, usual.changes_of_term),
        ];
        for (key, limit, usual) in all {
            self.put_if(limit != usual, key, || limit.to_string());
        }
    }
}

/// `S0 = ["200ms", { nth = 7, is = "150ms" }]`: the first draws by their place, later ones by number.
fn write_timeouts(text: &mut String, overrides: &Overrides) {
    if overrides.election_timeouts.is_empty() {
        return;
    }
    text.push_str("\n[election-timeouts]\n");
    let mut peers: Vec<PeerId> =
        overrides.election_timeouts.keys().map(|(peer, _)| *peer).collect();
    peers.dedup();
    for peer in peers {
        let of_peer = overrides.election_timeouts.range((peer, 0)..=(peer, u64::MAX));
        let timeouts = of_peer.enumerate().map(|(place, ((_, nth), timeout))| {
            let timeout = quoted(&duration(*timeout));
            let is_in_place = *nth == place as u64;
            if is_in_place { timeout } else { format!("{{ nth = {nth}, is = {timeout} }}") }
        });
        _ = writeln!(text, "{peer} = [{}]", timeouts.collect::<Vec<_>>().join(", "));
    }
}

fn write_logs(text: &mut String, logs: &[Vec<Term>]) {
    if logs.is_empty() {
        return;
    }
    text.push_str("\n[logs]\n");
    for (peer, log) in PeerId::all(logs.len()).zip(logs) {
        let terms: Vec<String> = log.iter().map(Term::to_string).collect();
        _ = writeln!(text, "{peer} = [{}]", terms.join(", "));
    }
}

/// A line a packet: a `[[packets]]` for each would fill pages.
fn write_packets(text: &mut String, overrides: &Overrides) {
    let mut packets = Vec::new();
    for ((from, to, nth), verdict) in &overrides.packets {
        let mut packet = Inline::default();
        packet.put("from", quoted(&from.to_string()));
        packet.put("to", quoted(&to.to_string()));
        packet.put("nth", nth);
        if fate(*verdict, "fate", &mut packet) {
            packets.push(packet.to_string());
        }
    }
    if !packets.is_empty() {
        _ = writeln!(text, "packets = [\n  {},\n]", packets.join(",\n  "));
    }
}

/// Writes what becomes of a packet; false if it is nothing in particular.
pub(super) fn fate(verdict: Verdict, key: &'static str, table: &mut Inline) -> bool {
    let (word, by) = match verdict {
        Verdict::Pass => return false,
        Verdict::Deliver => ("deliver", None),
        Verdict::Delay(by) => ("delay", Some(by)),
        Verdict::Drop => ("drop", None),
        Verdict::Duplicate => ("duplicate", None),
        Verdict::Replay(by) => ("replay", Some(by)),
    };
    table.put(key, quoted(word));
    if let Some(by) = by {
        table.put("by", quoted(&duration(by)));
    }
    true
}
