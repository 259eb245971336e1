//! Disks without space for another record.

use super::declare::kind;
use super::{Restart, Spot};

kind! {
    /// Leaves the disk of a peer no space for another record.
    FillDisk: "fill-disk" who(of) says "fill the disk of {of}"
    needs: Nothing,
    class: Disks,
    // The peer may have stopped.
    undone by: [FreeDisk { of }, Restart { of }],
    // A peer whose disk is full is about to stop, in the core of a calm or elsewhere.
    amiss: |world, Spot::Ahead(of)| world.is_disk_full(of) => FreeDisk { of },
    happens: |world| world.fill_disk(of),
}

kind! {
    /// Makes space on a disk that [`FillDisk`] has filled.
    FreeDisk: "free-disk" who(of) says "make space on the disk of {of}"
    needs: Nothing,
    happens: |world| world.free_disk(of),
}
