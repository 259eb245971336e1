//! Peers that crash, and start again from their disks.

use super::Spot;
use super::declare::kind;

kind! {
    /// Crashes a peer. Its disk keeps what was synced.
    Crash: "crash" who(of) says "crash {of}"
    needs: DiskToReturn,
    class: Crashes,
    undone by: [Restart { of }],
    amiss: |world, Spot::Peer(of)| world.view(of).is_none() => Restart { of },
    happens: |world| world.crash(of),
}

kind! {
    /// Starts a peer that is down.
    Restart: "restart" who(of) says "restart {of}"
    needs: Disk,
    happens: |world| world.boot(of),
}
