//! Reads a setup from the tables of a file.

use splitvote_peer::PeerId;
use splitvote_sim::{InFlight, Limits};

use crate::language::error::ScenarioError;
use crate::language::parse_network::network;
use crate::language::parse_profiles::{clocks, disk, settings, snapshots};
use crate::language::reader::Table;

use super::read_overrides::{logs, overrides};
use super::{Setup, classes};

impl Setup {
    /// Reads what a file says of it; the rest is as usual.
    pub(crate) fn read(table: &Table<'_>) -> Result<Self, ScenarioError> {
        let peers = table.need("peers", "peers = 3")?.int(1..PeerId::MAX_PEERS as u64 + 1)?;
        let mut setup = Self::of(peers as usize);
        let peers = setup.peers;
        setup.settings = settings(table)?;
        if let Some(value) = table.get("network") {
            setup.network = network(&value)?;
        }
        if let Some(value) = table.get("in-flight") {
            let words = [("cut", InFlight::Cut), ("kept", InFlight::Kept)];
            setup.in_flight = value.word("policy", &words)?;
        }
        if let Some(value) = table.get("disk") {
            setup.disk = disk(&value, peers)?;
        }
        if let Some(value) = table.get("snapshots") {
            setup.snapshots = snapshots(&value)?;
        }
        if let Some(value) = table.get("clocks") {
            setup.clocks = clocks(&value)?;
        }
        setup.limits = limits(table)?;
        setup.logs = logs(table, peers)?;
        setup.overrides = overrides(table, peers)?;
        if let Some(value) = table.get("without") {
            setup.without = classes::read(&value)?;
        }
        Ok(setup)
    }
}

fn limits(table: &Table<'_>) -> Result<Limits, ScenarioError> {
    let mut limits = Limits::default();
    let set = |key, limit: &mut u64| -> Result<(), ScenarioError> {
        if let Some(value) = table.get(key) {
            *limit = value.int(1..u64::from(u32::MAX))?;
        }
        Ok(())
    };
    set("max-events", &mut limits.events)?;
    set("max-events-at-once", &mut limits.events_at_one_instant)?;
    set("max-events-waiting", &mut limits.events_waiting)?;
    set("max-changes-of-term", &mut limits.changes_of_term)?;
    Ok(limits)
}
