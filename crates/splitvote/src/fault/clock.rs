//! Clocks that jump, or run fast or slow.

use splitvote_sim::Probability;

use super::declare::{effect, kind, translated};
use super::kind::Stated;
use super::{Reading, Result, Spot, Symbolic, Terms, Written};
use crate::language::inline::{Inline, quoted};
use crate::language::target::{list, names};
use crate::language::units_text::percent;

kind! {
    /// Lets a peer's clock jump forward. Nothing sets it back.
    StepClock: "clock-step" who(of) says "step the clock of {of} by {by}" {
        /// How far.
        by: Span = span("by", "500ms"),
    }
    needs: Nothing,
    class: Clocks,
    happens: |world| world.step_clock(of, by),
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
        let ppm = reading.table.need("by", "by = \"1%\"")?.drift()?;
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

translated! { DriftClock by who(of) { ppm: same, } }

effect! {
    DriftClock { of, ppm }
    needs: Nothing,
    class: Clocks,
    undone by: |healthy| [Self { of, ppm: healthy.drift(of) }],
    amiss: |world, Spot::Peer(of), healthy| world.clock_drift(of) != healthy.drift(of)
        => Self { of, ppm: healthy.drift(of) },
    happens: |world| world.set_clock_drift(of, ppm),
}
