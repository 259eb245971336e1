//! Partitions into groups, and the end of all cuts.

use splitvote_peer::{PeerId, PeerSet};

use super::declare::effect;
use super::kind::{Stated, Translated, Unaimed};
use super::{Reading, Result, Symbolic, Terms, Translate, Translation, Written};
use crate::language::inline::Inline;
use crate::language::target::{Target, array, list};

/// Splits the cluster into groups; a peer in several is a bridge, one in none is alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition<T: Terms = Written> {
    /// The groups.
    pub groups: Vec<T::Group>,
}

impl Partition {
    /// The same as a plan can hold it. A group of nobody says nothing. If all are such, everybody is alone; so
    /// they are, too, if one peer is a group by itself and the others are in none.
    pub(crate) fn in_a_plan(&self) -> Self {
        let mut groups = self.groups.clone();
        groups.retain(|group| !group.is_empty());
        if groups.is_empty() {
            groups.push(PeerSet::from_iter([PeerId(0)]));
        }
        Self { groups }
    }
}

impl Stated for Partition<Symbolic> {
    const VERB: &'static str = "partition";

    fn read(reading: &Reading<'_>) -> Result<Self> {
        let groups = reading.value.array()?;
        if groups.is_empty() {
            let remedy = "write [[\"leader\"], [\"rest\"]]";
            return Err(reading.value.error("a partition has at least one group", remedy));
        }
        let groups: Result<Vec<Vec<Target>>> =
            groups.iter().map(|group| reading.known.targets(group)).collect();
        Ok(Self { groups: groups? })
    }

    fn write(&self, table: &mut Inline) {
        let groups: Vec<String> = self.groups.iter().map(|group| array(group)).collect();
        table.put(Self::VERB, format!("[{}]", groups.join(", ")));
    }

    fn say(&self) -> String {
        let groups: Vec<String> =
            self.groups.iter().map(|group| format!("[{}]", list(group))).collect();
        format!("partition {}", groups.join(" "))
    }
}

impl<T: Terms> Translated<T> for Partition<T> {
    type In<U: Terms> = Partition<U>;

    fn translate<U: Terms, C: Translate<T, U>>(
        &self,
        by: &mut C,
    ) -> Translation<Partition<U>, C::Error> {
        Ok(vec![Partition { groups: by.groups(&self.groups)? }])
    }
}

effect! {
    Partition { groups }
    needs: Nothing,
    class: Partitions,
    undone by: [Heal],
    happens: |world| world.partition(&groups),
}

/// Restores every link and connects every peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heal;

impl Stated for Heal {
    const VERB: &'static str = "heal";

    fn read(reading: &Reading<'_>) -> Result<Self> {
        reading.value.is_true(Self::VERB).map(|()| Self)
    }

    fn write(&self, table: &mut Inline) {
        table.put(Self::VERB, true);
    }

    fn say(&self) -> String {
        Self::VERB.to_owned()
    }
}

impl Unaimed for Heal {}

effect! {
    Heal {}
    needs: Nothing,
    happens: |world| world.heal(),
}
