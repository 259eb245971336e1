//! Clocks that jump, or run fast or slow.

use splitvote_sim::{ClockProfile, Probability};

use super::declare::{effect, kind, translated};
use super::keys::who;
use super::kind::Stated;
use super::{Result, Spot, Symbolic, Terms, Written};
use crate::language::form::Form;
use crate::language::inline::quoted;
use crate::language::reader::Value;
use crate::language::target::{Known, list};
use crate::language::units::parse_probability;
use crate::language::units_text::percent;

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
    pub ppm: i32,
}

impl Stated for DriftClock<Symbolic> {
    const VERB: &'static str = "clock-drift";

    fn blank() -> Self {
        Self { of: Vec::new(), ppm: 0 }
    }

    fn keys(&mut self, form: &mut Form<'_, '_>, known: &Known) -> Result {
        let text = |ppm: &i32| {
            let sign = if *ppm < 0 { "-" } else { "" };
            let share = percent(Probability::per_million(ppm.unsigned_abs()));
            quoted(&format!("{sign}{share}"))
        };
        who(form, known, Self::VERB, &mut self.of)?;
        form.need("by", "by = \"1%\"")?;
        form.entry(true, "by", &mut self.ppm, read_drift, text)
    }

    fn say(&self) -> String {
        format!("clock of {} drifts by {} ppm", list(&self.of), self.ppm)
    }
}

/// How much faster than virtual time a clock runs, in parts per million: `"1%"`, or `"-1%"` if slower.
fn read_drift(value: &Value<'_>) -> Result<i32> {
    let text = value.str()?;
    let remedy = "write a percentage such as \"1%\" or \"-0.5%\", at most 50% either way";
    let (sign, size) = text.trim().strip_prefix('-').map_or((1, text), |size| (-1, size));
    match parse_probability(size) {
        Ok(share) if share.parts() <= ClockProfile::MAX_DRIFT_PPM => {
            Ok(sign * share.parts().cast_signed())
        }
        Ok(_) => Err(value.error(format!("no clock drifts by {text}"), remedy)),
        Err(problem) => Err(value.error(problem, remedy)),
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
