//! Peers crash and start again: by chance or aimed, ten times likelier while a sync is under way.
//!
//! How long a peer is down is part of the draw of a seed: quick restarts of 0 to 20 ms find what slow ones
//! never do (a vote that was not on the disk), long ones let the others move on until a snapshot is
//! needed. (FoundationDB; openraft's fuzzer, which crashes ten times likelier during a write.)

use std::time::Duration;

use splitvote_peer::{PeerId, SimTime};

use super::{Aim, Part, Stream, Strength, between, boxed};
use crate::fault::{Crash, Restart};

/// A strike that hits nobody at work on its disk is carried out one time in so many.
const AT_REST: u64 = 10;
/// How often the weakest looks for somebody to crash: at rest, one crash in 2.5 s.
const LOOK: Duration = Duration::from_millis(250);

pub(super) fn make(strength: Strength, chance: &mut Stream) -> Part {
    // The longest that a peer is down, drawn once: very short, or up to twice an election timeout, or long.
    let longest_down = Duration::from_millis([20, 20, 600, 2_000][chance.below(4) as usize]);
    let spares_majority = chance.below(2) == 0;
    let mut down: Vec<(SimTime, PeerId)> = Vec::new();
    boxed(move |scene, chance, faults| {
        // Whoever has been down for long enough starts.
        let due = down.extract_if(.., |(at, _)| *at <= scene.now);
        faults.extend(due.map(|(_, of)| Restart { of }.into()));
        let target = Aim::draw(chance).resolve(scene, chance);
        let is_meant = chance.below(AT_REST) == 0;
        let lasts = between(chance, Duration::ZERO, longest_down);
        if let Some(of) = target
            && (is_meant || scene.syncing.contains(of))
            && (!spares_majority || scene.alive().len() > scene.majority())
        {
            faults.push(Crash { of }.into());
            down.push((scene.now + lasts, of));
        }
        let pause = strength.pause(LOOK, chance);
        down.iter().map(|(at, _)| at.since(scene.now)).fold(pause, Duration::min)
    })
}

#[cfg(test)]
mod tests {
    use splitvote_peer::PeerSet;
    use splitvote_sim::{Seed, Stream, StreamId};

    use super::super::{Scene, Strength};
    use super::*;
    use crate::fault::Fault;

    #[test]
    fn a_peer_crashes_ten_times_likelier_while_it_syncs() {
        let crashes = |syncing: PeerSet| {
            let scene = Scene { syncing, ..Scene::under(5, 2) };
            let mut chance = Stream::new(Seed(7), StreamId::Part { part: 1, round: 0 });
            let mut faults = Vec::new();
            for _ in 0..5_000 {
                make(Strength(1), &mut chance)(&scene, &mut chance, &mut faults);
            }
            faults.iter().filter(|fault| matches!(fault, Fault::Crash(_))).count()
        };
        let (at_rest, at_work) = (crashes(PeerSet::EMPTY), crashes(PeerSet::all(5)));
        assert_eq!(at_work, 5_000);
        assert!((450..550).contains(&at_rest), "{at_rest} of 5000");
    }
}
