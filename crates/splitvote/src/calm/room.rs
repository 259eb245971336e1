//! Whether timeouts, network and disks leave room for a leader: to be elected, and to stay in office.
//!
//! **To be elected.** A member that has heard nothing stands when its timeout elapses, at most the longest
//! one later by the slowest clock. Call that a round. The log of one member at least is as up-to-date as any,
//! so that nobody refuses it. It wins the round for certain
//! - if it stands first, and its requests reach all others before they stand, too. With n members whose
//!   timeouts are uniform over the spread w between the shortest and the longest, and requests that take d
//!   at most, that has the probability `(1 - d/w)^n / n`;
//! - and if nobody stands again before the winner is known. From a request to its answer, which waits for a
//!   sync, and on to the winner's first heartbeat it takes `t`. Where that is longer than the shortest timeout,
//!   each of the n next timeouts is long enough with the probability `(longest - t)/w`.
//!
//! The product of both is called p. So the probability of no winner in k rounds is `(1 - p)^k`, at most
//! `e^(-pk)`: with `k = 21/p` it is less than one in a thousand million. With PreVote fewer stand; who does
//! has asked first.
//!
//! A member outside of the core whose timeout is fixed, and far shorter, keeps standing. With PreVote and CheckQuorum
//! together whoever hears a leader turns it away, so that it is left out of the account, and need not follow.
//!
//! **To stay in office.** Followers must hear heartbeats more often than the shortest timeout, and with
//! CheckQuorum the leader must hear answers as often:
//! 1. Suppose heartbeats come every 50 ms, packets take 90 ms one way, and timeouts are 150 ms at least.
//! 2. Whoever is elected hears the first answer after 180 ms. With CheckQuorum it steps down before.
//! 3. So does every other, however well all keep to the rules.

use std::time::Duration;

use splitvote_peer::time::nanos;

use super::pace::{MILLION, Pace};
use super::unable::Unable;
use crate::stall::{Bound, Round};

/// The k of the head is this divided by p, in millionths.
const CERTAINTY: u64 = 21 * MILLION;
/// Rounds in which lower terms learn of the highest.
const ROUNDS_TO_LEARN: u64 = 2;
/// Elections that a member wins less often than this are hopeless, in millionths.
const LEAST_CHANCE: u64 = 500;

impl Pace {
    /// Whether leaders can be elected and stay in office at all.
    pub(super) fn leaves_room(&self) -> Result<(), Unable> {
        if self.members > 1 {
            let (silence, timeout) = (self.silence(), self.shortest_timeout);
            if silence >= timeout && silence < self.timeout_min {
                return Err(Unable::Hasty { silence, timeout });
            }
            if silence >= timeout {
                return Err(Unable::HeartbeatsTooSlow { silence, timeout });
            }
            let (silence, timeout) = (self.without_answer(), self.timeout_min);
            if self.settings.check_quorum && silence >= timeout {
                return Err(Unable::AnswersTooSlow { silence, timeout });
            }
        }
        if self.chance_to_stand_first() < LEAST_CHANCE {
            let (spread, one_way) = (self.spread(), self.packets.one_way);
            return Err(Unable::TimeoutsTooClose { spread, one_way });
        }
        if self.chance_to_win() < LEAST_CHANCE {
            let (takes, timeout) = (self.until_known(), self.timeout_max);
            return Err(Unable::VotesTooSlow { takes, timeout });
        }
        Ok(())
    }

    /// By when there is a leader that all have heard of.
    pub(super) fn until_led(&self) -> Bound {
        let rounds = CERTAINTY / self.chance_to_win().max(1) + ROUNDS_TO_LEARN;
        // With PreVote a member asks before it stands.
        let messages = if self.settings.pre_vote { 4 } else { 2 };
        let each = self.longest_timeout + self.packets.one_way * messages + self.sync;
        Bound { times: rounds, each, what: Round::Election, more: self.silence() }
    }

    /// How long a leader in office may be without an answer of a follower.
    fn without_answer(&self) -> Duration {
        let first = self.packets.one_way * 2;
        let next = self.heartbeat * self.packets.attempts + self.packets.jitter * 2;
        first.max(next) + self.sync
    }

    /// How long it takes from a vote until the voter hears that it has decided.
    fn until_known(&self) -> Duration {
        if self.members < 2 {
            return self.sync;
        }
        self.packets.one_way * 2 + self.packets.jitter + self.sync
    }

    /// The p of the head, in millionths.
    fn chance_to_win(&self) -> u64 {
        let (first, known) = (self.chance_to_stand_first(), self.chance_to_be_known());
        (u128::from(first) * u128::from(known) / u128::from(MILLION)) as u64
    }

    fn chance_to_stand_first(&self) -> u64 {
        if self.members < 2 {
            return MILLION;
        }
        let left = self.spread().saturating_sub(self.packets.one_way);
        self.of_all(share(left, self.spread())) / self.members as u64
    }

    fn chance_to_be_known(&self) -> u64 {
        let takes = self.until_known();
        if takes <= self.timeout_min {
            return MILLION;
        }
        self.of_all(share(self.timeout_max.saturating_sub(takes), self.spread()))
    }

    fn spread(&self) -> Duration {
        self.timeout_max.saturating_sub(self.timeout_min)
    }

    /// How likely it is for all members what is as likely as that for one.
    fn of_all(&self, one: u64) -> u64 {
        (0..self.members).fold(MILLION, |all, _| all * one / MILLION)
    }
}

/// Which part of the whole that is, in millionths; none of nothing.
fn share(part: Duration, whole: Duration) -> u64 {
    let part = u128::from(nanos(part)) * u128::from(MILLION);
    part.checked_div(u128::from(nanos(whole))).map_or(0, |share| share as u64)
}
