//! Partitions into groups, and the end of all cuts.

use splitvote_peer::{PeerId, PeerSet};

use super::declare::effect;
use super::kind::{Stated, Translated, Unaimed};
use super::{Result, Symbolic, Terms, Translate, Translation, Written};
use crate::language::form::Form;
use crate::language::inline::quoted;
use crate::language::reader::Value;
use crate::language::target::{Known, Target, array, list};

/// Splits the cluster into groups; a peer in several is a bridge, one in none is alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition<T: Terms = Written> {
    /// The groups of the partition.
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

    fn blank() -> Self {
        Self { groups: Vec::new() }
    }

    fn keys(&mut self, form: &mut Form<'_, '_>, known: &Known) -> Result {
        let read = |stated: &Value<'_>| {
            let stated_groups = stated.array()?;
            listed(stated, &stated_groups)?;
            stated_groups.iter().map(|group| known.targets(group)).collect()
        };
        let text = |groups: &Vec<Vec<Target>>| {
            let groups: Vec<String> = groups.iter().map(|group| array(group)).collect();
            format!("[{}]", groups.join(", "))
        };
        form.entry(true, Self::VERB, &mut self.groups, read, text)?;
        let (is_right, problem) = (!self.groups.is_empty(), "a partition has at least one group");
        form.check(is_right, Self::VERB, problem, "write [[\"leader\"], [\"rest\"]]")
    }

    fn say(&self) -> String {
        let groups: Vec<String> =
            self.groups.iter().map(|group| format!("[{}]", list(group))).collect();
        format!("partition {}", groups.join(" "))
    }
}

/// Refuses a name that stands where a group should: `["S0", "S1"]` is meant as one group by whoever writes it, and would
/// part everybody from everybody.
fn listed(stated: &Value<'_>, groups: &[Value<'_>]) -> Result {
    let names: Vec<String> =
        groups.iter().filter_map(|group| group.str().ok()).map(quoted).collect();
    match groups.iter().find(|group| group.is_str()) {
        None => Ok(()),
        Some(_) if names.len() == groups.len() => {
            let remedy = format!("write [[{}]]", names.join(", "));
            Err(stated.error("a partition is a list of groups", remedy))
        }
        Some(bare) => {
            let remedy = format!("write [{}]", quoted(bare.str()?));
            Err(bare.error("a partition is a list of groups, and a group is a list", remedy))
        }
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

    fn blank() -> Self {
        Self
    }

    fn keys(&mut self, form: &mut Form<'_, '_>, _: &Known) -> Result {
        form.is_true(Self::VERB)
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
