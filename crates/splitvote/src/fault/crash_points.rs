//! Crashes at a chosen point: between two disk operations of a peer, or before one of its messages.

use splitvote_peer::{Peer, PeerId};
use splitvote_sim::{Watcher, World};

use super::kind::{Effect, on_peers};
use super::{Crash, Fault, FaultClass, Healthy, Restart, Spot};

/// How many operations or messages a peer may complete before it crashes.
const AFTER: std::ops::Range<u64> = 0..1_000_001;

on_peers! {
    /// Arms a crash that happens when the peer has completed `after` more disk operations, before the next.
    CrashAtWrite: "crash-at-write" says "crash {} at write {}",
    /// How many disk operations the peer still completes.
    after: Count as "after" by count(AFTER, 0)
}

on_peers! {
    /// Arms a crash that happens when the peer has sent `after` more messages, instead of the next.
    CrashAtSend: "crash-at-send" says "crash {} at message {}",
    /// How many messages the peer still sends.
    after: Count as "after" by count(AFTER, 0)
}

on_peers! {
    /// Takes back what [`CrashAtWrite`] and [`CrashAtSend`] have armed.
    Disarm: "disarm" says "disarm {}"
}

impl Effect for CrashAtWrite {
    fn class(&self) -> Option<FaultClass> {
        Some(FaultClass::CrashPoints)
    }

    fn undone_by(&self, _: &Healthy) -> Vec<Fault> {
        undone(self.of)
    }

    fn simpler(&self) -> Vec<Fault> {
        sooner(self.of, self.after, |after| Self { after, ..self.clone() }.into())
    }

    fn happen<P: Peer, W: Watcher<P>>(&self, world: &mut World<P, W>) {
        world.crash_at_write(self.of, self.after);
    }
}

impl Effect for CrashAtSend {
    fn class(&self) -> Option<FaultClass> {
        Some(FaultClass::CrashPoints)
    }

    fn undone_by(&self, _: &Healthy) -> Vec<Fault> {
        undone(self.of)
    }

    fn simpler(&self) -> Vec<Fault> {
        sooner(self.of, self.after, |after| Self { after, ..self.clone() }.into())
    }

    fn happen<P: Peer, W: Watcher<P>>(&self, world: &mut World<P, W>) {
        world.crash_at_send(self.of, self.after);
    }
}

/// The peer may have crashed already, or be about to.
fn undone(of: PeerId) -> Vec<Fault> {
    vec![Disarm { of }.into(), Restart { of }.into()]
}

/// A crash now, or after fewer operations.
fn sooner(of: PeerId, after: u64, armed: impl Fn(u64) -> Fault) -> Vec<Fault> {
    let fewer = [0, 1, after / 2].into_iter().filter(|fewer| *fewer < after);
    std::iter::once(Crash { of }.into()).chain(fewer.map(armed)).collect()
}

impl Effect for Disarm {
    fn amiss<P: Peer, W: Watcher<P>>(
        world: &World<P, W>,
        spot: Spot,
        _: &Healthy,
    ) -> Option<Fault> {
        let Spot::Ahead(of) = spot else { return None };
        world.is_armed(of).then(|| Disarm { of }.into())
    }

    fn happen<P: Peer, W: Watcher<P>>(&self, world: &mut World<P, W>) {
        world.disarm(self.of);
    }
}
