//! Clocks that jump, or run fast or slow.

use splitvote_peer::Peer;
use splitvote_sim::{Probability, Watcher, World};

use super::kind::{Effect, Stated, Translated, on_peers};
use super::{
    Fault, FaultClass, Healthy, Reading, Result, Spot, Symbolic, Terms, Translate, Translation,
    Written,
};
use crate::language::inline::{Inline, quoted};
use crate::language::parse_profiles::drift;
use crate::language::target::{list, names};
use crate::language::units_text::percent;

on_peers! {
    /// Lets a peer's clock jump forward. Nothing sets it back.
    StepClock: "clock-step" says "step the clock of {} by {}",
    /// How far.
    by: Span as "by" by span("by = \"500ms\"")
}

impl Effect for StepClock {
    fn class(&self) -> Option<FaultClass> {
        Some(FaultClass::Clocks)
    }

    fn happen<P: Peer, W: Watcher<P>>(&self, world: &mut World<P, W>) {
        world.step_clock(self.of, self.by);
    }
}

/// Lets a peer's clock run fast, or slow, from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DriftClock<T: Terms = Written> {
    /// Whose.
    pub of: T::Who,
    /// By how many parts per million it is faster than virtual time; negative is slower.
    pub ppm: i32,
}

impl Stated for DriftClock<Symbolic> {
    const VERB: &'static str = "clock-drift";

    fn read(reading: &Reading<'_>) -> Result<Self> {
        let ppm = drift(&reading.table.need("by", "by = \"1%\"")?)?;
        Ok(Self { of: reading.who()?, ppm })
    }

    fn write(&self, table: &mut Inline) {
        let sign = if self.ppm < 0 { "-" } else { "" };
        let share = percent(Probability::per_million(self.ppm.unsigned_abs()));
        table.put(Self::VERB, names(&self.of));
        table.put("by", quoted(&format!("{sign}{share}")));
    }

    fn say(&self) -> String {
        format!("clock of {} drifts by {} ppm", list(&self.of), self.ppm)
    }
}

impl<T: Terms> Translated<T> for DriftClock<T> {
    type In<U: Terms> = DriftClock<U>;

    fn translate<U: Terms, C: Translate<T, U>>(
        &self,
        by: &mut C,
    ) -> Translation<DriftClock<U>, C::Error> {
        let all = by.who(&self.of)?.into_iter();
        Ok(all.map(|of| DriftClock { of, ppm: self.ppm }).collect())
    }
}

impl Effect for DriftClock {
    fn class(&self) -> Option<FaultClass> {
        Some(FaultClass::Clocks)
    }

    fn undone_by(&self, healthy: &Healthy) -> Vec<Fault> {
        let undone = Self { of: self.of, ppm: healthy.drift(self.of) };
        if undone == *self { Vec::new() } else { vec![undone.into()] }
    }

    fn amiss<P: Peer, W: Watcher<P>>(
        world: &World<P, W>,
        spot: Spot,
        healthy: &Healthy,
    ) -> Option<Fault> {
        let Spot::Peer(of) = spot else { return None };
        let ppm = healthy.drift(of);
        (world.clock_drift(of) != ppm).then(|| Self { of, ppm }.into())
    }

    fn happen<P: Peer, W: Watcher<P>>(&self, world: &mut World<P, W>) {
        world.set_clock_drift(self.of, self.ppm);
    }
}
