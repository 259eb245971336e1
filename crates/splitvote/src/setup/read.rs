//! The tables of a file that a setup is read from, and what its head is written as.

use splitvote_peer::PeerId;
use splitvote_sim::{InFlight, Limits};

use crate::fault::FaultClasses;
use crate::language::error::Result;
use crate::language::form::Form;
use crate::language::profiles::{clocks, disk, raft, snapshots, timing};
use crate::language::reader::Table;

use super::Setup;
use super::read_overrides::{logs, overrides};

/// How many parts a snapshot may have, of which each is a record on a disk and a packet.
const MOST_PARTS: usize = 100_000;

impl Setup {
    /// Reads what a file says of it; the rest is as usual.
    pub(crate) fn read(table: &Table<'_>) -> Result<Self> {
        let mut setup = Self::of(1);
        setup.keys(&mut Form::Reads(table))?;
        setup.logs = logs(table, setup.peers)?;
        setup.overrides = overrides(table, setup.peers)?;
        Ok(setup)
    }

    /// The lines of its head.
    pub(crate) fn keys(&mut self, form: &mut Form<'_, '_>) -> Result {
        // All of them, so that a new one does not compile until it is written. A case says itself how it
        // is judged, and draws and logs come behind the steps.
        let Self {
            peers,
            settings,
            timers,
            network,
            in_flight,
            disk: disks,
            snapshots: machines,
            clocks: times,
            limits: bounds,
            logs: _,
            overrides: _,
            without,
            only: _,
            departs: _,
        } = self;
        form.needed_number("peers", "peers = 3", peers, 1..PeerId::MAX_PEERS as u64 + 1)?;
        timing(form, &mut settings.timing, &mut timers.heartbeat)?;
        let mut configured = (settings.clone(), timers.batch_delay);
        form.table(false, "raft", &mut configured, raft)?;
        (*settings, timers.batch_delay) = configured;
        form.always("network", network)?;
        let words = [("cut", InFlight::Cut), ("kept", InFlight::Kept)];
        form.word(*in_flight != InFlight::Cut, "in-flight", "policy", in_flight, &words)?;
        form.table(false, "disk", disks, |form, disks| disk(form, disks, *peers))?;
        form.table(false, "snapshots", machines, snapshots)?;
        let chunk = settings.snapshot_chunk.unwrap_or(machines.bytes).max(1);
        // A peer has a record of each part on its disk.
        let is_right = machines.bytes / chunk < MOST_PARTS;
        let (problem, remedy) =
            ("a snapshot would have too many parts", "lower `bytes`, or raise `snapshot-chunk`");
        form.check(is_right, "snapshots", problem, remedy)?;
        form.table(false, "clocks", times, clocks)?;
        limits(form, bounds)?;
        form.key("without", without, FaultClasses::NONE)
    }
}

fn limits(form: &mut Form<'_, '_>, limits: &mut Limits) -> Result {
    let usual = Limits::default();
    let Limits { events, events_at_one_instant, events_waiting, changes_of_term, work, memory } =
        limits;
    for (key, limit, usual) in [
        ("max-events", events, usual.events),
        ("max-events-at-once", events_at_one_instant, usual.events_at_one_instant),
        ("max-events-waiting", events_waiting, usual.events_waiting),
        ("max-changes-of-term", changes_of_term, usual.changes_of_term),
    ] {
        form.number(key, limit, 1..u64::from(u32::MAX), usual)?;
    }
    form.number("max-work", work, 1..1 << 50, usual.work)?;
    form.number("max-memory", memory, 1..1 << 40, usual.memory)
}
