//! A crash between any two messages of a step.

use crate::common::*;
use splitvote_peer::PeerId;

/// What a save (a note, a record, a sync, a compaction, a note) leaves behind if A crashes at the
/// message of this number: the notes that arrived, what its disk holds, and whether A runs.
fn save(after: u64) -> (Vec<u64>, usize, bool) {
    let mut world = realistic(2, |_| {});
    world.crash_at_send(A, after);
    world.order(A, Order::Save { to: B, record: 2 });
    world.run(100 * MS);
    let is_up = world.peer(A).is_some();
    (world.puppet(B).notes(), world.disk(A).len(), is_up)
}

#[test]
fn it_crashes_instead_of_sending_and_the_rest_of_the_step_never_happens() {
    assert_eq!(save(0), (vec![], 0, false));
    // The record was written and never synced.
    assert_eq!(save(1), (vec![2], 0, false));
    assert_eq!(save(2), (vec![2, 2], 1, true), "later than the step");
}

#[test]
fn what_the_step_did_before_stays_done() {
    let mut world = realistic(2, |_| {});
    world.crash_at_send(A, 1);
    world.order(A, Order::Persist(1));
    world.order(A, Order::Sync);
    world.run(MS);
    world.order(A, Order::Save { to: B, record: 2 });
    assert!(world.peer(A).is_none());
    assert_eq!(world.disk(A).map(|mark| mark.0).collect::<Vec<_>>(), [1]);
}

#[test]
fn calls_replies_and_messages_of_several_steps_are_counted_and_nobody_elses() {
    let mut world = realistic(2, |_| {});
    world.crash_at_send(A, 3);
    world.note(A, B, 1);
    world.call(A, B, 2);
    (0..5).for_each(|tag| world.note(B, A, tag));
    world.call(B, A, 3);
    world.run(50 * MS);
    assert_eq!(world.puppet(B).replies(), [3]);
    assert!(world.peer(A).is_some());
    world.note(A, B, 4);
    assert!(world.peer(A).is_none());
    world.run(50 * MS);
    assert_eq!(world.puppet(B).notes(), [1]);
}

#[test]
fn a_crash_or_a_boot_takes_it_back_and_nobody_else_is_armed() {
    let mut world = realistic(2, |_| {});
    world.crash_at_send(A, 0);
    world.crash(A);
    world.crash_at_send(A, 0);
    world.boot(A);
    world.note(A, B, 1);
    assert!(world.peer(A).is_some());
    world.crash_at_send(PeerId(99), 0);
}

#[test]
fn to_arm_it_counts_in_the_digest() {
    let digest = |after: Option<u64>| {
        let mut world = realistic(2, |_| {});
        if let Some(after) = after {
            world.crash_at_send(A, after);
        }
        world.digest()
    };
    let digests = [digest(None), digest(Some(0)), digest(Some(1))];
    assert!(digests[0] != digests[1] && digests[1] != digests[2] && digests[0] != digests[2]);
}
