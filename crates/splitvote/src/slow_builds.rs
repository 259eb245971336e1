//! A debug build takes minutes for what a release build does in seconds: whoever waits is told, once.

use std::io::Write as _;
use std::sync::Once;
use std::time::Duration;

/// So long a sweep of a test may take until it is said.
const SLOW: Duration = Duration::from_secs(10);

#[expect(
    clippy::disallowed_types,
    reason = "what a test says of its build, and nothing that a run could see"
)]
type Instant = std::time::Instant;

/// How long a sweep takes.
pub(crate) struct Watch(Instant);

impl Watch {
    /// A sweep begins.
    pub(crate) fn begin() -> Self {
        Self(Instant::now())
    }

    /// The sweep has ended.
    pub(crate) fn end(self) {
        static SAID: Once = Once::new();
        let taken = self.0.elapsed();
        if is_worth_saying(taken, cfg!(debug_assertions)) {
            SAID.call_once(|| _ = writeln!(std::io::stderr(), "{}", words(taken)));
        }
    }
}

fn is_worth_saying(taken: Duration, is_debug_build: bool) -> bool {
    is_debug_build && taken >= SLOW
}

fn words(taken: Duration) -> String {
    format!(
        "seeds take long in this build ({} s for one scenario): it has debug assertions, and may not be optimised; \
         `cargo test --release`, or `[profile.test] opt-level = 3` in Cargo.toml, is about ten times as fast",
        taken.as_secs()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_slow_debug_build_is_worth_saying() {
        assert!(is_worth_saying(SLOW, true));
        assert!(!is_worth_saying(SLOW, false) && !is_worth_saying(SLOW / 2, true));
        assert!(
            words(SLOW * 3).starts_with("seeds take long in this build (30 s for one scenario)")
        );
    }
}
