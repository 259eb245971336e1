//! Directed links that are slower than others.

use std::time::Duration;

use super::Spot;
use super::declare::kind;

kind! {
    /// Makes a directed link slower, until another delay takes the place of this one.
    Delay: "delay" links(from, to) says "delay {from} to {to} by {by}" {
        /// How much longer each packet takes; zero makes the link as quick as the others.
        by: Span = span("by", "50ms"),
    }
    needs: Nothing,
    class: Delays,
    undone by: [Delay { from, to, by: Duration::ZERO }],
    amiss: |world, Spot::Link(from, to)| !world.extra_delay(from, to).is_zero()
        => Delay { from, to, by: Duration::ZERO },
    happens: |world| world.delay(from, to, by),
}
