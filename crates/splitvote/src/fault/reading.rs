//! A step of a scenario that states a fault, while it is read.

use super::Result;
use crate::language::reader::{Table, Value};
use crate::language::target::{Known, Target};
use crate::language::units::{CountRange, DurationRange};

/// A step with the verb of a fault.
#[derive(Clone, Copy)]
pub(crate) struct Reading<'a> {
    /// What stands behind the verb.
    pub(crate) value: &'a Value<'a>,
    /// The whole step.
    pub(crate) table: &'a Table<'a>,
    /// The peers and saved names that it may mention.
    pub(crate) known: &'a Known,
}

impl Reading<'_> {
    /// The peers behind the verb.
    pub(super) fn who(&self) -> Result<Vec<Target>> {
        self.known.targets(self.value)
    }

    /// The directed link behind the verb.
    pub(super) fn links(&self) -> Result<(Target, Target)> {
        match self.value.array()?.as_slice() {
            [from, to] => {
                let (from, to) = (self.known.target(from)?, self.known.target(to)?);
                if from == to && matches!(from, Target::Peer(_) | Target::Leader) {
                    let problem = format!("no link leads from {from} to itself");
                    return Err(self.value.error(problem, "name two peers"));
                }
                Ok((from, to))
            }
            _ => Err(self.value.error("a link has two ends", "write [\"sender\", \"receiver\"]")),
        }
    }

    /// A whole number or a range of them, up to a million; 0 if the step has no such key.
    pub(super) fn count(&self, key: &'static str) -> Result<CountRange> {
        let value = self.table.get(key);
        value.map_or(Ok(CountRange::exactly(0)), |value| value.count_range(0..1_000_001))
    }

    /// A duration, or a range of them, that the step must have, such as the example.
    pub(super) fn span(&self, key: &'static str, example: &str) -> Result<DurationRange> {
        self.table.need(key, &format!("{key} = \"{example}\""))?.range()
    }
}

/// Whom a step is about, as it is written.
pub(super) mod written {
    pub(in crate::fault) use crate::language::target::{names as who, pair as links};
}

/// Whom a step is about, in a sentence.
pub(super) mod said {
    use crate::language::target::Target;

    pub(in crate::fault) use crate::language::target::list as who;

    pub(in crate::fault) fn links<'a>(
        from: &'a Target,
        to: &'a Target,
    ) -> (&'a Target, &'a Target) {
        (from, to)
    }
}
