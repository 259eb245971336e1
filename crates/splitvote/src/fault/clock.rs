//! Clocks that jump, or run fast or slow.

use super::declare::{effect, kind, translated};
use super::keys::who;
use super::kind::Stated;
use super::{Result, Spot, Symbolic, Terms, Written};
use crate::language::drift::DriftRange;
use crate::language::form::Form;
use crate::language::target::{Known, list};

kind! {
    /// Lets a peer's clock jump forward. Nothing sets it back.
    StepClock: "clock-step" who(of) says "step the clock of {of} by {by}" {
        /// How far it moves.
        by: Span = span("by", "500ms"),
    }
    needs: Nothing,
    class: Clocks,
    happens: |world| world.step_clock(of, by),
}

/// Lets a peer's clock run fast, or slow, from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DriftClock<T: Terms = Written> {
    /// The peers whose clock it is.
    pub of: T::Who,
    /// By how many parts per million it is faster than virtual time; negative is slower.
    pub ppm: T::Drift,
}

impl Stated for DriftClock<Symbolic> {
    const VERB: &'static str = "clock-drift";

    fn blank() -> Self {
        Self { of: Vec::new(), ppm: DriftRange::default() }
    }

    fn keys(&mut self, form: &mut Form<'_, '_>, known: &Known) -> Result {
        who(form, known, Self::VERB, &mut self.of)?;
        form.need("by", "by = \"1%\"")?;
        form.entry(true, "by", &mut self.ppm, DriftRange::read, |ppm| ppm.written())
    }

    fn say(&self) -> String {
        format!("clock of {} drifts by {}", list(&self.of), self.ppm)
    }
}

translated! { DriftClock by who(of) { ppm: drift, } }

effect! {
    DriftClock { of, ppm }
    needs: Nothing,
    class: Clocks,
    undone by: |healthy| [Self { of, ppm: healthy.drift(of) }],
    amiss: |world, Spot::Peer(of), healthy| world.clock_drift(of) != healthy.drift(of)
        => Self { of, ppm: healthy.drift(of) },
    happens: |world| world.set_clock_drift(of, ppm),
}
