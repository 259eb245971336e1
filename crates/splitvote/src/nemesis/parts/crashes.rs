//! Peers crash and start again: by chance or aimed, ten times likelier while a sync is under way.
//!
//! How long a peer is down is part of the draw of a seed: quick restarts of 0 to 20 ms find what slow ones
//! never do (a vote that was not on the disk), long ones let the others move on until a snapshot is
//! needed. (FoundationDB; openraft's fuzzer, which crashes ten times likelier during a write.)

use std::time::Duration;

use splitvote_peer::{PeerId, SimTime};
use splitvote_sim::Stream;

use super::{Aim, Part, PartKind, Scene, Strength, between, boxed};
use crate::fault::{Crash, Fault, FaultClass, Restart};

pub(crate) const KIND: PartKind = PartKind {
    name: "crashes",
    class: FaultClass::Crashes,
    stream: 1,
    make: |strength, chance| boxed(Crashes::new(strength, chance)),
};

/// A strike that hits nobody at work on its disk is carried out one time in so many.
const AT_REST: u64 = 10;
/// How often the weakest looks for somebody to crash: at rest, one crash in 2.5 s.
const LOOK: Duration = Duration::from_millis(250);

struct Crashes {
    strength: Strength,
    /// The longest that a peer is down, drawn once: very short, or up to twice an election timeout, or
    /// long.
    longest_down: Duration,
    down: Vec<(SimTime, PeerId)>,
    /// Whether all peers may be down at once.
    spares_majority: bool,
}

impl Crashes {
    fn new(strength: Strength, chance: &mut Stream) -> Self {
        let millis = [20, 20, 600, 2_000][chance.below(4) as usize];
        let spares_majority = chance.below(2) == 0;
        Self {
            strength,
            longest_down: Duration::from_millis(millis),
            down: Vec::new(),
            spares_majority,
        }
    }

    /// Starts whoever has been down for long enough.
    fn restart_due(&mut self, now: SimTime, faults: &mut Vec<Fault>) {
        let is_due = |entry: &(SimTime, PeerId)| entry.0 <= now;
        faults.extend(
            self.down
                .iter()
                .filter(|entry| is_due(entry))
                .map(|(_, peer)| Restart { of: *peer }.into()),
        );
        self.down.retain(|entry| !is_due(entry));
    }
}

impl Part for Crashes {
    fn strike(&mut self, scene: &Scene, chance: &mut Stream, faults: &mut Vec<Fault>) -> Duration {
        self.restart_due(scene.now, faults);
        let target = Aim::draw(chance).resolve(scene, chance);
        let is_meant = chance.below(AT_REST) == 0;
        let down = between(chance, Duration::ZERO, self.longest_down);
        let up = scene.alive().len();
        if let Some(peer) = target
            && (is_meant || scene.syncing.contains(peer))
            && (!self.spares_majority || up > scene.majority())
        {
            faults.push(Crash { of: peer }.into());
            self.down.push((scene.now + down, peer));
        }
        let pause = self.strength.pause(LOOK, chance);
        let restart = self.down.iter().map(|(at, _)| at.since(scene.now)).min();
        restart.map_or(pause, |restart| restart.min(pause))
    }
}

#[cfg(test)]
mod tests {
    use splitvote_peer::PeerSet;
    use splitvote_sim::{Seed, StreamId};

    use super::*;

    #[test]
    fn a_peer_crashes_ten_times_likelier_while_it_syncs() {
        let crashes = |syncing: PeerSet| {
            let scene = Scene { syncing, ..Scene::under(5, 2) };
            let mut chance = Stream::new(Seed(7), StreamId::Part { part: 1, round: 0 });
            let mut faults = Vec::new();
            for _ in 0..5_000 {
                Crashes::new(Strength(1), &mut chance).strike(&scene, &mut chance, &mut faults);
            }
            faults.iter().filter(|fault| matches!(fault, Fault::Crash(_))).count()
        };
        let (at_rest, at_work) = (crashes(PeerSet::EMPTY), crashes(PeerSet::all(5)));
        assert_eq!(at_work, 5_000);
        assert!((450..550).contains(&at_rest), "{at_rest} of 5000");
    }
}
