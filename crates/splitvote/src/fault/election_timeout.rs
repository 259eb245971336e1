//! Election timeouts that are fixed from now on, or drawn again.

use super::declare::{effect, translated};
use super::kind::Stated;
use super::{Reading, Result, Spot, Symbolic, Terms, Written};
use crate::language::inline::{Inline, quoted};
use crate::language::target::{Target, list, names};
use crate::language::units::DurationRange;

/// The word for timeouts that nothing fixes.
const DRAWN: &str = "drawn";

/// Fixes the election timeouts that a peer draws from now on, or lets it draw again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElectionTimeout<T: Terms = Written> {
    /// Whose.
    pub of: T::Who,
    /// The timeout; `None` lets the peer draw.
    pub is: Option<T::Span>,
}

impl Stated for ElectionTimeout<Symbolic> {
    const VERB: &'static str = "election-timeout";

    fn read(reading: &Reading<'_>) -> Result<Self> {
        let value = reading.value;
        let is = if value.str()? == DRAWN { None } else { Some(value.election_timeouts()?) };
        let of = match reading.table.get("of") {
            Some(of) => reading.known.targets(&of)?,
            None => vec![Target::All],
        };
        Ok(Self { of, is })
    }

    fn write(&self, table: &mut Inline) {
        table.put(Self::VERB, self.is.map_or_else(|| quoted(DRAWN), DurationRange::written));
        table.put("of", names(&self.of));
    }

    fn say(&self) -> String {
        let is = self.is.map_or_else(|| DRAWN.to_owned(), |is| is.to_string());
        format!("election timeout of {} is {is}", list(&self.of))
    }
}

translated! { ElectionTimeout by who(of) { is: optional_span, } }

effect! {
    ElectionTimeout { of, is }
    needs: Nothing,
    undone by: [Self { of, is: None }],
    amiss: |world, Spot::Peer(of)| world.fixed_election_timeout(of).is_some()
        => Self { of, is: None },
    happens: |world| world.fix_election_timeout(of, is),
}
