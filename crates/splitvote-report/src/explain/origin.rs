//! Where an entry came from, and what of a peer's earlier lives lies between its links.

use splitvote::PeerId;
use splitvote::peer::LogPosition;

use super::aspects::Aspects;
use super::history::Moment;
use super::slice::Slice;

impl Slice<'_> {
    /// Includes the crash before a restart.
    pub(super) fn crash(&mut self, boot: Moment, depth: u32) {
        let Some(peer) = self.history.peer(boot) else { return };
        let crash = self.history.last_crash(peer, boot);
        self.include_any(crash, Aspects::ALL, depth);
    }

    /// Includes how an entry came into a peer's log: back to the leader that appended it.
    pub(super) fn holds(&mut self, peer: PeerId, entry: LogPosition, before: Moment, depth: u32) {
        let Some(moment) = self.logs.held(peer, entry, before) else { return };
        if !self.asked.insert((peer, entry)) {
            return;
        }
        self.include(moment, Aspects::LOG, depth);
        match self.history.received(moment) {
            Some(packet) => {
                let sending = self.history.sending(packet).unwrap_or(moment);
                self.holds(packet.from, entry, sending + 1, depth + 1);
            }
            None => {
                self.elected(peer, entry.term, moment + 1, depth + 1);
                self.knows_no_newer(peer, moment);
            }
        }
    }

    /// Includes for each peer, between two of its links, its last crash and restart, and its last pause.
    pub(super) fn include_restarts(&mut self) {
        for peer in self.history.everyone.iter() {
            let own: Vec<Moment> = self
                .links
                .keys()
                .copied()
                .filter(|moment| self.history.peer(*moment) == Some(peer))
                .collect();
            for pair in own.windows(2) {
                let [one, next] = pair else { continue };
                if self.history.is_crash(*one) || self.history.boot(*one).is_some() {
                    continue;
                }
                let boot = self
                    .history
                    .before(peer, *next)
                    .take_while(|moment| moment > one)
                    .find(|moment| self.history.boot(*moment).is_some());
                let depth = self.links.get(next).map_or(1, |link| link.depth + 1);
                if let Some(boot) = boot {
                    self.crash(boot, depth);
                }
                let pause = self.history.before(peer, *next).take_while(|moment| moment > one);
                self.include_any(
                    pause.into_iter().find(|moment| self.pauses(*moment) == Some(true)),
                    Aspects::ALL,
                    depth,
                );
            }
        }
    }

    /// The restart that follows a crash.
    pub(super) fn restart_of(&self, crash: Moment) -> Option<Moment> {
        let peer = self.history.peer(crash)?;
        let next = self.history.since(peer, crash + 1).find(|moment| {
            self.history.is_crash(*moment) || self.history.boot(*moment).is_some()
        })?;
        self.history.boot(next).map(|_| next)
    }
}
