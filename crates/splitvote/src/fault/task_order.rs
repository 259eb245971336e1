//! The order in which a peer's own tasks run: races between them are races with the seed then.

use super::Spot;
use super::declare::kind;

kind! {
    /// Has the next of a peer's ready tasks drawn from the seed, and not the one that was woken first, until
    /// [`OrderTasks`], also through a restart. A correct Raft survives any order.
    ShuffleTasks: "shuffle-tasks" who(of) says "shuffle the tasks of {of}"
    needs: Tasks,
    class: Tasks,
    undone by: [OrderTasks { of }],
    amiss: |world, Spot::Peer(of)| world.shuffles_tasks(of) => OrderTasks { of },
    happens: |world| world.shuffle_tasks(of, true),
}

kind! {
    /// Ends what [`ShuffleTasks`] began: first woken, first run.
    OrderTasks: "order-tasks" who(of) says "run the tasks of {of} in order"
    needs: Nothing,
    happens: |world| world.shuffle_tasks(of, false),
}
