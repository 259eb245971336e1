//! Only a peer that led the term speaks as its leader.
//!
//! # Paper
//! Section 5.2: only the winner "sends heartbeat messages to all of the other servers to establish
//! its authority". Figure 2, AppendEntries: "Invoked by leader", with the "leader's term".
//!
//! # Checks
//! Whenever an AppendEntries with entries or an InstallSnapshot is delivered, and whenever a
//! heartbeat of its own term reaches a candidate or a leader: the sender was seen to lead the term
//! that the message states.
//!
//! 1. Suppose S0, deposed in term 3, still sends what it planned, but reads its term too late: 4.
//! 2. S1 leads nothing in term 4 yet, or leads it, and its followers take S0's entries for its own.
//! 3. Nobody voted twice, no two lead, and yet entries of two leaders share a term.
//!
//! # Does not check
//! Whether the sender still leads: what it sent in office may arrive, or leave, later. Heartbeats
//! to followers: they are quiet, and leader-hint sees who is believed.
//!
//! # Standing
//! Guarantee: a peer that speaks for a term without having led it takes office without an election,
//! and shows it to nobody but its followers, so that neither election-safety nor real-majority sees
//! it. It might accuse a correct Raft that shows itself as leader later than its first AppendEntries
//! arrives.
//!
//! # Mutants that trip it
//! R14.

use super::prelude::*;

pub(super) const RULE: Rule = Rule::new(
    "leader-speaks",
    "5.2, Figure 2",
    "AppendEntries and InstallSnapshots of a term are sent only by a peer that led it.",
);

/// The evidence: a message of a leader from a peer that never led that term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FalseLeader {
    /// Who sent it.
    pub sender: PeerId,
    /// Who received it.
    pub receiver: PeerId,
    /// The term that the sender claims to lead.
    pub term: Term,
}

#[inline]
pub(super) fn check(ghost: &Ghost, _: SimTime, seen: &Observation) -> Option<FalseLeader> {
    let (sender, receiver, term) = match *seen {
        Observation::AppendReceived { leader, follower, term, .. }
        | Observation::InstallReceived { leader, follower, term, .. } => (leader, follower, term),
        Observation::LeaderHeard { peer, from, term, .. } => (from, peer, term),
        _ => return None,
    };
    let view = &ghost.peer(sender)?.view;
    let leads = view.role == Role::Leader && view.term == term;
    let has_led = leads || ghost.has_led(sender, term);
    (!has_led).then_some(FalseLeader { sender, receiver, term })
}

impl Proof for FalseLeader {
    fn finding(&self) -> Finding {
        let Self { sender: peer, receiver, term } = *self;
        Finding::new("false-leader", [peer, receiver])
            .leads([Lead::OwnPast(peer), Lead::TermEntered(peer, term)])
    }

    fn sentence(&self) -> String {
        let Self { sender, receiver, term } = self;
        format!("{sender} speaks to {receiver} as the leader of term {term}, which it never led")
    }
}

#[cfg(test)]
mod tests {
    use splitvote_peer::{LogPosition, View};

    use super::*;
    use crate::script::Script;

    const THROUGH: LogPosition = LogPosition { index: 3, term: 1 };

    fn append(leader: u8, term: Term) -> Observation {
        let (leader, follower) = (PeerId(leader), PeerId(2));
        Observation::AppendReceived { leader, follower, term, previous: THROUGH, entries: 1 }
    }

    /// S0 led term 3, S1 leads term 4.
    fn deposed() -> Script {
        let mut run = Script::new(3);
        run.elect(0, 3, &[0, 2]).elect(1, 4, &[1, 2]).follow(0, None, 4);
        run
    }

    fn fires(run: &Script) {
        let sentence = "S0 speaks to S2 as the leader of term 4, which it never led";
        assert_eq!(run.verdict(), Some(("leader-speaks", sentence.to_owned())));
    }

    #[test]
    fn entries_of_a_term_that_their_sender_never_led_fire() {
        let mut run = deposed();
        run.see(append(0, 4));
        fires(&run);
    }

    #[test]
    fn a_snapshot_of_a_term_that_its_sender_never_led_fires() {
        let mut run = deposed();
        let (leader, follower) = (PeerId(0), PeerId(2));
        run.see(Observation::InstallReceived { leader, follower, term: 4, through: THROUGH });
        fires(&run);
    }

    #[test]
    fn a_heartbeat_of_a_term_that_its_sender_never_led_fires_at_a_candidate() {
        let mut run = deposed();
        let before = View { role: Role::Candidate, term: 4, ..View::NEW };
        let (peer, from, after) = (PeerId(2), PeerId(0), View { role: Role::Follower, ..before });
        run.see(Observation::LeaderHeard { peer, from, term: 4, before, after });
        fires(&run);
    }

    #[test]
    fn what_was_sent_in_office_may_arrive_later_even_from_the_dead() {
        let mut run = deposed();
        run.see(append(1, 4)).see(append(0, 3)).crash(0).see(append(0, 3));
        assert_eq!(run.verdict(), None);
    }
}
