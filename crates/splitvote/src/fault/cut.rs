//! Directed links that carry nothing.

use super::Spot;
use super::declare::kind;

kind! {
    /// Cuts a directed link.
    Cut: "cut" links(from, to) says "cut {from} to {to}"
    needs: Nothing,
    class: Partitions,
    undone by: [Restore { from, to }],
    amiss: |world, Spot::Link(from, to)| !world.is_up(from, to) => Restore { from, to },
    happens: |world| world.cut(from, to),
}

kind! {
    /// Restores a directed link.
    Restore: "restore" links(from, to) says "restore {from} to {to}"
    needs: Nothing,
    happens: |world| world.restore(from, to),
}
