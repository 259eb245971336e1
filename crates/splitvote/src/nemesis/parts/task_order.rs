//! The tasks of a peer run in an order that is drawn, for a while: what holds only if the task that was woken first
//! runs first is a race.

use std::time::Duration;

use super::{Part, Stream, Strength, between, boxed, one_of};
use crate::fault::{OrderTasks, ShuffleTasks};

pub(super) fn make(strength: Strength, _: &mut Stream) -> Part {
    let mut struck = None;
    boxed(move |scene, chance, faults| {
        if let Some(of) = struck.take() {
            faults.push(OrderTasks { of }.into());
            return strength.pause(Duration::from_secs(1), chance);
        }
        let Some(of) = one_of(scene.alive(), chance) else { return Duration::from_millis(100) };
        faults.push(ShuffleTasks { of }.into());
        struck = Some(of);
        between(chance, Duration::from_millis(200), Duration::from_millis(1_500))
    })
}
