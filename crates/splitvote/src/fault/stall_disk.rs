//! Disks that hang: no sync completes, and no error is told.

use super::Spot;
use super::declare::kind;

kind! {
    /// Lets no sync of a peer's disk complete until [`ReleaseDisk`]. The peer runs on, through a restart, too.
    StallDisk: "stall-disk" who(of) says "stall the disk of {of}"
    needs: Nothing,
    class: Disks,
    undone by: [ReleaseDisk { of }],
    amiss: |world, Spot::Peer(of)| world.is_disk_stalled(of) => ReleaseDisk { of },
    happens: |world| world.stall_disk(of),
}

kind! {
    /// Ends what [`StallDisk`] began: the syncs that hung complete at once, in their order.
    ReleaseDisk: "release-disk" who(of) says "release the disk of {of}"
    needs: Nothing,
    happens: |world| world.release_disk(of),
}
