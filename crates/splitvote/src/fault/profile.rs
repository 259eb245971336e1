//! What networks, disks and clocks get wrong: how many kinds of faults they may draw, and what is left of them
//! when classes of faults are switched off.

use splitvote_sim::{
    ClockProfile, DiskProfile, Labrpc, Latency, NetworkProfile, Probability, Realistic, SlowSync,
    Unsynced,
};

use super::class::{FaultClass, FaultClasses};

/// How a network, disks or clocks behave, and what is wrong with that.
pub(crate) trait Profile: Sized {
    /// What is left when some classes of faults are switched off.
    #[must_use]
    fn without(self, classes: FaultClasses) -> Self;

    /// How many kinds of faults may be drawn.
    fn hazards(&self) -> usize;
}

impl Profile for NetworkProfile {
    fn without(self, classes: FaultClasses) -> Self {
        match self {
            Self::Labrpc(lab) => Self::Labrpc(lab.without(classes)),
            Self::Realistic(realistic) => Self::Realistic(realistic.without(classes)),
        }
    }

    fn hazards(&self) -> usize {
        match self {
            Self::Labrpc(lab) => lab.hazards(),
            Self::Realistic(realistic) => realistic.hazards(),
        }
    }
}

impl Profile for Labrpc {
    fn without(self, classes: FaultClasses) -> Self {
        Self {
            reliable: self.reliable || classes.contains(FaultClass::Loss),
            long_delays: self.long_delays && !classes.contains(FaultClass::Delays),
            long_reordering: self.long_reordering && !classes.contains(FaultClass::Reordering),
        }
    }

    fn hazards(&self) -> usize {
        count([!self.reliable, self.long_delays, self.long_reordering])
    }
}

impl Profile for Realistic {
    fn without(mut self, classes: FaultClasses) -> Self {
        if classes.contains(FaultClass::Loss) {
            (self.loss, self.loss_correlation) = (Probability::NEVER, Probability::NEVER);
            self.capacity = None;
        }
        if classes.contains(FaultClass::Duplication) {
            self.duplicate = Probability::NEVER;
        }
        if classes.contains(FaultClass::Reordering) {
            self.reorder.probability = Probability::NEVER;
        }
        if classes.contains(FaultClass::Delays) && is_slow(self.one_way_delay) {
            self.one_way_delay = Self::default().one_way_delay;
        }
        if classes.contains(FaultClass::StaleReplay) {
            self.stale.probability = Probability::NEVER;
        }
        self
    }

    fn hazards(&self) -> usize {
        let noises = [self.loss, self.duplicate, self.reorder.probability, self.stale.probability];
        let noises = noises.map(|chance| chance != Probability::NEVER);
        count(noises.into_iter().chain([self.capacity.is_some()]))
    }
}

/// Whether packets may take longer than on the network that is the default.
fn is_slow(delay: Latency) -> bool {
    let Latency::Uniform { max: usual, .. } = Realistic::default().one_way_delay else {
        return false;
    };
    match delay {
        Latency::Constant(delay) | Latency::Uniform { max: delay, .. } => delay > usual,
        Latency::Exponential { .. } => true,
    }
}

impl Profile for DiskProfile {
    fn without(self, classes: FaultClasses) -> Self {
        if !classes.contains(FaultClass::Disks) {
            return self;
        }
        let (slow_sync, never) = (SlowSync::default(), Probability::NEVER);
        Self { slow_sync, lying: never, failing: never, unsynced: Unsynced::Lost, ..self }
    }

    fn hazards(&self) -> usize {
        let slow = self.slow_sync.probability != Probability::NEVER;
        let [lies, fails] = [self.lying, self.failing].map(|chance| chance != Probability::NEVER);
        count([slow, lies, fails, self.unsynced != Unsynced::Lost])
    }
}

impl Profile for ClockProfile {
    fn without(self, classes: FaultClasses) -> Self {
        if classes.contains(FaultClass::Clocks) { Self::default() } else { self }
    }

    fn hazards(&self) -> usize {
        count([!self.max_offset.is_zero(), self.max_drift_ppm != 0])
    }
}

fn count(flags: impl IntoIterator<Item = bool>) -> usize {
    flags.into_iter().filter(|flag| *flag).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_without_loss_loses_nothing_and_still_duplicates() {
        let lossy = Realistic {
            loss: Probability::percent(5),
            loss_correlation: Probability::percent(75),
            capacity: Some(3),
            duplicate: Probability::percent(7),
            ..Realistic::default()
        };
        let calm = lossy.without([FaultClass::Loss].into_iter().collect());
        assert_eq!(
            calm,
            Realistic {
                loss: Probability::NEVER,
                loss_correlation: Probability::NEVER,
                capacity: None,
                ..lossy
            }
        );
    }
}
