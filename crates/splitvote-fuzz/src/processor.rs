//! How much processor time a process has taken. Where others are at work, the time on the wall says nothing.

use std::fs;

/// The ticks of a second, the same on every Linux.
const TICKS: f64 = 100.0;

/// The processor time of a process in seconds, without that of its children; 0 where nothing tells.
pub(crate) fn seconds_of(process: u32) -> f64 {
    let told = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name in parentheses may hold blanks; the 14th and 15th words are the ticks in user and in system mode.
    let rest = told.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = rest.split_ascii_whitespace().skip(11).take(2);
    ticks.filter_map(|word| word.parse::<f64>().ok()).sum::<f64>() / TICKS
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    #[test]
    fn a_process_that_works_takes_time() {
        let before = seconds_of(std::process::id());
        while seconds_of(std::process::id()) < before + 0.05 {
            std::hint::spin_loop();
        }
        assert!(seconds_of(0) < f64::EPSILON, "there is no such process");
    }
}
