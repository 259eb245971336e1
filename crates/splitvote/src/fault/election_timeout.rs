//! Election timeouts that are fixed from now on, or drawn again.

use super::declare::{effect, translated};
use super::keys::who;
use super::kind::Stated;
use super::{Result, Spot, Symbolic, Terms, Written};
use crate::language::form::Form;
use crate::language::inline::quoted;
use crate::language::reader::Value;
use crate::language::target::{Known, Target, list};
use crate::language::units::DurationRange;

/// The word for timeouts that nothing fixes.
const DRAWN: &str = "drawn";

/// Fixes the election timeouts that a peer draws from now on, or lets it draw again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElectionTimeout<T: Terms = Written> {
    /// The peers whose timeout it is.
    pub of: T::Who,
    /// The timeout; `None` lets the peer draw.
    pub is: Option<T::Span>,
}

impl Stated for ElectionTimeout<Symbolic> {
    const VERB: &'static str = "election-timeout";

    fn blank() -> Self {
        Self { of: vec![Target::All], is: None }
    }

    fn keys(&mut self, form: &mut Form<'_, '_>, known: &Known) -> Result {
        let read = |stated: &Value<'_>| match stated.str()? {
            DRAWN => Ok(None),
            _ => stated.election_timeouts().map(Some),
        };
        let text = |is: &Option<_>| is.map_or_else(|| quoted(DRAWN), DurationRange::written);
        form.entry(true, Self::VERB, &mut self.is, read, text)?;
        who(form, known, "of", &mut self.of)
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
    class: Clocks,
    undone by: [Self { of, is: None }],
    amiss: |world, Spot::Peer(of)| world.fixed_election_timeout(of).is_some()
        => Self { of, is: None },
    happens: |world| world.fix_election_timeout(of, is),
}
