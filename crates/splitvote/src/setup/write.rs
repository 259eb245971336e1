//! Writes a setup as the tables of a file: what is read back is the same. What a file would say anyway is left out.

use std::fmt::Write as _;

use splitvote_peer::{PeerId, Term};
use splitvote_sim::{Overrides, Verdict};

use crate::language::form::{Form, written};
use crate::language::inline::quoted;
use crate::language::lines::Lines;
use crate::language::units_text::duration;

use super::Setup;
use super::read_overrides::packet as of_packet;

impl Setup {
    /// The lines that come before the steps.
    pub(crate) fn write_head(&self, head: &mut Lines) {
        head.put_all(&written(self, |form, setup| setup.keys(form)));
    }

    /// The tables that come behind the steps.
    pub(crate) fn write_tables(&self, text: &mut String) {
        write_packets(text, &self.overrides);
        write_timeouts(text, &self.overrides);
        write_logs(text, &self.logs);
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
    // What becomes of a packet that passes is nothing in particular.
    let decided = overrides.packets.iter().filter(|(_, verdict)| **verdict != Verdict::Pass);
    let packets: Vec<String> = decided
        .map(|(packet, verdict)| {
            let keys = |form: &mut Form<'_, '_>, decided: &mut _| of_packet(form, decided, 0);
            written(&(*packet, *verdict), keys).to_string()
        })
        .collect();
    if !packets.is_empty() {
        _ = writeln!(text, "packets = [\n  {},\n]", packets.join(",\n  "));
    }
}
