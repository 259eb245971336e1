//! What packets were sent for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use splitvote_check::Reading;
use splitvote_check::traffic::{Cause, Count};

/// RPCs and bytes by the cause for which they were sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Packets(BTreeMap<Cause, (u64, u64)>);

impl Packets {
    /// What a meter shows.
    pub(crate) fn of(reading: &Reading) -> Self {
        let spent = |cause: &Cause| {
            let Count { rpcs, bytes } = reading.by_cause(*cause);
            (rpcs > 0 || bytes > 0).then_some((*cause, (rpcs, bytes)))
        };
        Self(Cause::ALL.iter().filter_map(spent).collect())
    }

    /// Adds those of other runs.
    pub fn merge(&mut self, other: &Self) {
        for (cause, (rpcs, bytes)) in &other.0 {
            let sum = self.0.entry(*cause).or_default();
            sum.0 += rpcs;
            sum.1 += bytes;
        }
    }

    /// The causes for which anything was sent.
    pub fn iter(&self) -> impl Iterator<Item = (Cause, Count)> + '_ {
        self.0.iter().map(|(cause, (rpcs, bytes))| (*cause, Count { rpcs: *rpcs, bytes: *bytes }))
    }
}
