//! Election timeouts that are fixed from now on, or drawn again.

use splitvote_peer::Peer;
use splitvote_sim::{Watcher, World};

use super::kind::{Effect, Stated, Translated};
use super::{
    Fault, Healthy, Reading, Result, Spot, Symbolic, Terms, Translate, Translation, Written,
};
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

impl<T: Terms> Translated<T> for ElectionTimeout<T> {
    type In<U: Terms> = ElectionTimeout<U>;

    fn translate<U: Terms, C: Translate<T, U>>(
        &self,
        by: &mut C,
    ) -> Translation<ElectionTimeout<U>, C::Error> {
        let is = self.is.as_ref().map(|is| by.span(is)).transpose()?;
        let all = by.who(&self.of)?.into_iter();
        Ok(all.map(|of| ElectionTimeout { of, is: is.clone() }).collect())
    }
}

impl Effect for ElectionTimeout {
    fn undone_by(&self, _: &Healthy) -> Vec<Fault> {
        let drawn = Self { of: self.of, is: None };
        if drawn == *self { Vec::new() } else { vec![drawn.into()] }
    }

    fn amiss<P: Peer, W: Watcher<P>>(
        world: &World<P, W>,
        spot: Spot,
        _: &Healthy,
    ) -> Option<Fault> {
        let Spot::Peer(of) = spot else { return None };
        world.fixed_election_timeout(of).is_some().then(|| Self { of, is: None }.into())
    }

    fn happen<P: Peer, W: Watcher<P>>(&self, world: &mut World<P, W>) {
        world.fix_election_timeout(self.of, self.is);
    }
}
