//! Directed links over which nothing arrives for a while, and then all at once.

use super::Spot;
use super::declare::kind;

kind! {
    /// Lets nothing arrive over a directed link for a while.
    Clog: "clog" links(from, to) says "clog {from} to {to} for {lasts}" {
        /// For how long.
        lasts: Span = span("for", "500ms"),
    }
    needs: Nothing,
    class: Clogs,
    undone by: [Unclog { from, to }],
    amiss: |world, Spot::Link(from, to)| world.is_clogged(from, to) => Unclog { from, to },
    happens: |world| world.clog(from, to, lasts),
}

kind! {
    /// Lifts a clog before its time.
    Unclog: "unclog" links(from, to) says "unclog {from} to {to}"
    needs: Nothing,
    happens: |world| world.unclog(from, to),
}
