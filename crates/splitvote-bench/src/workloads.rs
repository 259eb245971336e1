//! What each row lets run. A workload is prepared when it is first asked for, before the clock runs.

use std::time::Duration;

use splitvote::reference;
use splitvote_export::Format;

use crate::cluster::IdleCluster;
use crate::lab::Lab;
use crate::recording::Recording;
use crate::replicating::{Replicating, Unchecked};
use crate::swarm::Swarm;
use crate::{Trouble, floor, floor_ping, hour, lab_raft, ping, ping_async, stopwatch};

/// The work of one measurement: about a tenth of a second each.
const EVENTS: u64 = 1_000_000;
const PING_SECONDS: u64 = 1_000;
const REPLICATING: Duration = Duration::from_secs(100);

/// All workloads that were asked for so far.
#[derive(Default)]
pub(crate) struct Workloads {
    idle_5: Option<IdleCluster>,
    idle_3: Option<IdleCluster>,
    idle_101: Option<IdleCluster>,
    unchecked: Option<Unchecked>,
    replicating: Option<Replicating>,
    lab: Option<Lab>,
    swarm: Option<Swarm>,
    recording: Option<Recording>,
    /// What `checked` was in this round, until `replicating` tells the same in millions.
    checked: Option<f64>,
    /// What is measured once.
    suite_seconds: Option<f64>,
    hour_mebibytes: Option<f64>,
}

/// One method a row of [`crate::rows::ROWS`]: measures it once, in its unit.
impl Workloads {
    pub(crate) fn floor(&mut self) -> Result<f64, Trouble> {
        rate(|| Ok(floor::run(EVENTS)))
    }

    pub(crate) fn idle_5(&mut self) -> Result<f64, Trouble> {
        idle(&mut self.idle_5, 5)
    }

    pub(crate) fn floor_ping(&mut self) -> Result<f64, Trouble> {
        rate(|| Ok(floor_ping::run(PING_SECONDS)))
    }

    pub(crate) fn ping(&mut self) -> Result<f64, Trouble> {
        rate(|| ping::run(PING_SECONDS))
    }

    pub(crate) fn ping_async(&mut self) -> Result<f64, Trouble> {
        rate(|| ping_async::run(PING_SECONDS))
    }

    pub(crate) fn idle_3(&mut self) -> Result<f64, Trouble> {
        Ok(1e9 / idle(&mut self.idle_3, 3)?)
    }

    pub(crate) fn idle_101(&mut self) -> Result<f64, Trouble> {
        Ok(1e9 / idle(&mut self.idle_101, 101)?)
    }

    pub(crate) fn lab_3a(&mut self) -> Result<f64, Trouble> {
        ready(&mut self.lab, Lab::load)?.part_3a_seconds()
    }

    pub(crate) fn unchecked(&mut self) -> Result<f64, Trouble> {
        let unchecked = ready(&mut self.unchecked, Unchecked::settled)?;
        rate(|| unchecked.run(REPLICATING))
    }

    pub(crate) fn checked(&mut self) -> Result<f64, Trouble> {
        let replicating = ready(&mut self.replicating, Replicating::settled)?;
        let figure = rate(|| replicating.run(REPLICATING))?;
        self.checked = Some(figure);
        Ok(figure)
    }

    pub(crate) fn replicating(&mut self) -> Result<f64, Trouble> {
        let told = self.checked.take();
        Ok(told.map_or_else(|| self.checked(), Ok)? / 1e6)
    }

    pub(crate) fn lab_suite(&mut self) -> Result<f64, Trouble> {
        ready(&mut self.lab, Lab::load)?.one_seed_milliseconds(&reference())
    }

    pub(crate) fn lab_suite_async(&mut self) -> Result<f64, Trouble> {
        ready(&mut self.lab, Lab::load)?.one_seed_milliseconds(&lab_raft::subject())
    }

    pub(crate) fn lab_suite_1000(&mut self) -> Result<f64, Trouble> {
        let lab = ready(&mut self.lab, Lab::load)?;
        ready(&mut self.suite_seconds, || lab.suite_seconds()).copied()
    }

    pub(crate) fn hour(&mut self) -> Result<f64, Trouble> {
        ready(&mut self.hour_mebibytes, hour::mebibytes).copied()
    }

    pub(crate) fn swarm(&mut self) -> Result<f64, Trouble> {
        ready(&mut self.swarm, Swarm::load)?.seeds_a_second()
    }

    pub(crate) fn plain(&mut self) -> Result<f64, Trouble> {
        self.recording()?.plain_milliseconds()
    }

    pub(crate) fn recorded(&mut self) -> Result<f64, Trouble> {
        self.recording()?.recorded_milliseconds()
    }

    pub(crate) fn page(&mut self) -> Result<f64, Trouble> {
        self.recording()?.page_seconds()
    }

    pub(crate) fn page_size(&mut self) -> Result<f64, Trouble> {
        self.recording()?.page_megabytes()
    }

    pub(crate) fn shiviz(&mut self) -> Result<f64, Trouble> {
        self.recording()?.export_seconds(Format::ShiViz)
    }

    pub(crate) fn chrome_trace(&mut self) -> Result<f64, Trouble> {
        self.recording()?.export_seconds(Format::ChromeTrace)
    }

    pub(crate) fn ndjson(&mut self) -> Result<f64, Trouble> {
        self.recording()?.export_seconds(Format::Ndjson)
    }

    fn recording(&mut self) -> Result<&mut Recording, Trouble> {
        ready(&mut self.recording, Recording::load)
    }
}

/// What was prepared before, or is prepared now.
fn ready<T>(
    place: &mut Option<T>,
    prepare: impl FnOnce() -> Result<T, Trouble>,
) -> Result<&mut T, Trouble> {
    match place {
        Some(workload) => Ok(workload),
        none => Ok(none.insert(prepare()?)),
    }
}

/// Events a second of an idle cluster of so many peers.
fn idle(place: &mut Option<IdleCluster>, peers: usize) -> Result<f64, Trouble> {
    let cluster = ready(place, || IdleCluster::settled(peers))?;
    rate(|| cluster.run(EVENTS))
}

/// Units of work a second.
fn rate(work: impl FnOnce() -> Result<u64, Trouble>) -> Result<f64, Trouble> {
    let (elapsed, done) = stopwatch::time(work);
    Ok(done? as f64 / elapsed.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workload_is_prepared_when_it_is_asked_for() {
        let mut workloads = Workloads::default();
        for _ in 0..2 {
            assert!(workloads.idle_3().is_ok_and(|figure| figure > 0.0));
        }
        assert!(workloads.idle_3.is_some() && workloads.idle_5.is_none());
    }
}
