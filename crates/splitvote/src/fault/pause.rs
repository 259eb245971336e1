//! Peers that stand still while their clocks run on, as a SIGSTOP or a long garbage collection makes them.

use super::Spot;
use super::declare::kind;

kind! {
    /// Halts a peer while its clock runs on.
    Pause: "pause" who(of) says "pause {of}"
    needs: Nothing,
    class: Pauses,
    undone by: [Resume { of }],
    amiss: |world, Spot::Peer(of)| world.view(of).is_some() && world.is_paused(of) => Resume { of },
    happens: |world| world.pause(of),
}

kind! {
    /// Lets a paused peer go on.
    Resume: "resume" who(of) says "resume {of}"
    needs: Nothing,
    happens: |world| world.resume(of),
}
