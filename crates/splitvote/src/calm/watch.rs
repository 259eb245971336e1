//! A calm core under watch: who belongs to it, whom it follows, and what may be demanded of it.

use std::time::Duration;

use splitvote_peer::{Peer, PeerId, PeerSet, Role, SimTime, Term};

use super::pace::Pace;
use super::sight::Sight;
use super::states::States;
use super::unable::Unable;
use crate::failure::Failure;
use crate::stall::{Awaited, Bound, Stall, Stance};

/// How many of the longest timeouts a core is watched that is not able to make progress.
const PATIENCE: u32 = 5;

/// Who is watched, and what may be demanded.
pub(super) struct Watch {
    pub(super) core: PeerSet,
    pub(super) members: PeerSet,
    /// Who has to follow a leader: all members but those in haste, and of a core that is not able only the core.
    /// Whoever makes it unable may never follow anybody.
    followers: PeerSet,
    pub(super) able: Result<(), Unable>,
    pub(super) pace: Pace,
    pub(super) calm_since: SimTime,
    /// When the last of what was under way before the calm has arrived.
    pub(super) drained_at: SimTime,
    /// The highest term that there ever was.
    pub(super) highest: Term,
}

/// A leader that all members follow.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Led {
    pub(super) leader: PeerId,
    pub(super) term: Term,
}

/// Why nothing is waited for any more.
pub(super) enum Halt {
    Failed(Failure),
    /// A core that is not able has been watched for long enough.
    Stuck(Awaited, Unable),
}

/// Why a wait ended without what was awaited.
pub(super) enum Ended {
    Halted(Halt),
    /// Whoever led does so no longer, or says so. What was awaited then.
    Deposed(Awaited),
}

impl From<Failure> for Halt {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl<E: Into<Halt>> From<E> for Ended {
    fn from(halt: E) -> Self {
        Self::Halted(halt.into())
    }
}

impl Watch {
    /// Watches a core from now on.
    pub(super) fn over<P: Peer>(sight: &Sight<'_, P>, core: PeerSet) -> Self {
        let members = sight.members(core);
        let (calm_since, able) = (sight.now(), sight.is_able(core));
        let hasty = sight.hasty(core);
        // In the order of their terms: a run may have had hundreds of thousands.
        let last = sight.court().judge().ledger().elections().next_back();
        let stood_in = last.map_or(0, splitvote_check::Election::term);
        Self {
            core,
            members,
            followers: if able.is_ok() { members.difference(hasty) } else { core },
            able,
            pace: Pace::of(sight, members, hasty),
            calm_since,
            drained_at: sight.world.last_event_at().unwrap_or(calm_since),
            highest: stood_in.max(sight.highest_term(PeerSet::all(sight.world.cluster_size()))),
        }
    }

    /// Who leads the highest term of those that are led.
    pub(super) fn head<P: Peer>(&self, sight: &Sight<'_, P>) -> Option<Led> {
        let views = self.members.iter().filter_map(|peer| Some((peer, sight.view(peer)?)));
        let leaders = views.filter(|(_, view)| view.role == Role::Leader);
        leaders.map(|(leader, view)| Led { leader, term: view.term }).max_by_key(|led| led.term)
    }

    /// Those who have to follow this leader and do not.
    fn astray<P: Peer>(&self, sight: &Sight<'_, P>, head: Option<Led>) -> PeerSet {
        let follows = |peer: PeerId, Led { leader, term }: Led| {
            sight.view(peer).is_some_and(|view| view.term == term && view.leader == Some(leader))
        };
        let is_astray = |peer: &PeerId| !head.is_some_and(|head| follows(*peer, head));
        self.followers.iter().filter(is_astray).collect()
    }

    /// The leader that all follow who have to.
    pub(super) fn led<P: Peer>(&self, sight: &Sight<'_, P>) -> Option<Led> {
        self.head(sight).filter(|head| self.astray(sight, Some(*head)).is_empty())
    }

    /// What is awaited while not all follow one leader.
    pub(super) fn no_leader<P: Peer>(&self, sight: &Sight<'_, P>) -> Awaited {
        let head = self.head(sight);
        let not_followed_by = self.astray(sight, head);
        Awaited::Leader { leader: head.map(|head| head.leader), not_followed_by }
    }

    /// Whether all who have to still follow the leader. If not, and nothing from before the calm can be
    /// the cause, that is a failure.
    pub(super) fn is_in_office<P: Peer>(
        &self,
        sight: &Sight<'_, P>,
        led: Led,
    ) -> Result<(), Ended> {
        if self.led(sight) == Some(led) {
            return Ok(());
        }
        let Led { leader, term } = led;
        let elections = sight.court().judge().ledger().elections();
        let later = elections.rev().take_while(|election| election.term() > term);
        let first = later.filter_map(|election| election.candidates().first()).last();
        let awaited = Awaited::Stability { leader, term, rival: first.map(|rival| rival.peer) };
        // A sync from before the calm may hold up the answers without which, with CheckQuorum, a leader steps down,
        // and the heartbeats of a Raft that sends nothing while its disk is at work.
        let is_held_up = sight.now() <= self.drained_at + self.pace.silence();
        let is_certain = self.pace.packets.is_bounded && !is_held_up;
        if self.able.is_err() || !is_certain || term < self.highest {
            return Err(Ended::Deposed(awaited));
        }
        let since = first.map_or(sight.now(), |rival| rival.stood_at);
        let bound = self.pace.until_led();
        Err(self.give_up(sight, awaited, (since, bound), &States::default()).into())
    }

    /// How long something is waited for.
    pub(super) fn patience(&self, bound: Bound) -> Duration {
        match self.able {
            Ok(()) => bound.total(),
            Err(_) => bound.total().min(self.pace.timeout_max * PATIENCE),
        }
    }

    /// What did not come will not: the core fails, or is allowed to be stuck.
    pub(super) fn give_up<P: Peer>(
        &self,
        sight: &Sight<'_, P>,
        awaited: Awaited,
        (since, bound): (SimTime, Bound),
        states: &States,
    ) -> Halt {
        if let Err(why) = self.able {
            return Halt::Stuck(awaited, why);
        }
        let (core, calm_since, at) = (self.core, self.calm_since, sight.now());
        let stance = |peer| Stance { peer, view: sight.view(peer).copied() };
        let (course, stances) = (states.course(), core.iter().map(stance).collect());
        let stall = Stall { at, calm_since, core, awaited, since, bound, course, stances };
        Halt::Failed(Failure::Stalled(Box::new(stall)))
    }
}
