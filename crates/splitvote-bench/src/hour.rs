//! An hour of virtual time of the replicating cluster, in a process of its own, and the most memory
//! that the process ever held.

use std::process::Command;
use std::time::Duration;

use crate::Trouble;
use crate::replicating::Replicating;

/// The argument with which the benchmark calls itself.
pub(crate) const ARGUMENT: &str = "--hour";

const HOUR: Duration = Duration::from_secs(3_600);

/// The process's own work: prints the peak of its memory in MiB.
pub(crate) fn work() -> Result<(), Trouble> {
    let mut cluster = Replicating::settled()?;
    cluster.run(HOUR)?;
    // Leaders change at most a few times in a run without faults: nearly all must be there.
    if cluster.applied() < 3_500_000 {
        return Err(Trouble::Fails(format!("an hour with {} commands", cluster.applied())));
    }
    println!("{}", peak_mebibytes().unwrap_or(f64::NAN));
    Ok(())
}

/// The peak of this process's resident memory; unknown where there is no `/proc`.
fn peak_mebibytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes / 1024.0)
}

/// Runs the hour in another process; the peak of its memory in MiB.
pub(crate) fn mebibytes() -> Result<f64, Trouble> {
    let own = std::env::current_exe().map_err(Trouble::Own)?;
    let output = Command::new(own).arg(ARGUMENT).output().map_err(Trouble::Own)?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim().parse().map_err(|_| {
        let said = String::from_utf8_lossy(&output.stderr);
        Trouble::Fails(format!("the hour in a process of its own ({})", said.trim()))
    })
}
