//! Peers that are isolated from all others, as the lab does it.

use super::Spot;
use super::declare::kind;

kind! {
    /// Isolates a peer from all others, as the lab does.
    Disconnect: "disconnect" who(of) says "disconnect {of}"
    needs: Nothing,
    class: Partitions,
    undone by: [Connect { of }],
    amiss: |world, Spot::Connection(of)| !world.is_connected(of) => Connect { of },
    happens: |world| world.disconnect(of),
}

kind! {
    /// Takes [`Disconnect`] back.
    Connect: "connect" who(of) says "connect {of}"
    needs: Nothing,
    happens: |world| world.connect(of),
}
