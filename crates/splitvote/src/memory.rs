//! How much memory the process holds, and how much it may. Known on Linux alone; elsewhere nobody looks.
//!
//! A peer that allocates without bound cannot be stopped from inside the process. But it can be named
//! before the operating system kills the process, which names nobody.

/// The bytes that the process holds.
pub(crate) fn held() -> Option<u64> {
    kibibytes(&std::fs::read_to_string("/proc/self/status").ok()?, "VmRSS:")
}

/// The bytes that the process may hold: seven eighths of what it holds and what is free, or of what its
/// group is granted.
pub(crate) fn limit() -> Option<u64> {
    let free = kibibytes(&std::fs::read_to_string("/proc/meminfo").ok()?, "MemAvailable:")?;
    let all = free.saturating_add(held()?);
    let granted = std::fs::read_to_string("/sys/fs/cgroup/memory.max").ok();
    let granted = granted.and_then(|text| text.trim().parse().ok()).unwrap_or(u64::MAX);
    Some(all.min(granted) / 8 * 7)
}

/// The number behind a name in a file of lines such as `VmRSS:    1234 kB`, in bytes.
fn kibibytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let number: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(number << 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_is_read_and_within_the_limit() {
        assert_eq!(kibibytes("A: 1 kB\nVmRSS:\t    20 kB\n", "VmRSS:"), Some(20_480));
        assert_eq!(kibibytes("A: 1 kB\n", "VmRSS:"), None);
        if let (Some(held), Some(limit)) = (held(), limit()) {
            assert!(held > 1 << 20 && held < limit, "{held} of {limit}");
        }
    }
}
