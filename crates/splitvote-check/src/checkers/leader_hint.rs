//! Only a peer that led the term is named as its leader.
//!
//! # Paper
//! Figure 2: AppendEntries carries `leaderId`, "so follower can redirect clients". Section 5.2:
//! the winner "sends heartbeat messages to all of the other servers to establish its authority".
//! So a leader is known only from an AppendEntries of the current term.
//!
//! # Checks
//! Whenever a view names a leader anew or keeps its name into another term, and whenever a client
//! is redirected: the one that is named was seen to lead the peer's current term. A peer that does not
//! lead does not name itself.
//!
//! # Does not check
//! Whether the peer really heard from that leader. Whether the leader still leads: a hint may be
//! stale within its term. That a hint is given at all.
//!
//! # Standing
//! Practice: a hint sends a client to somebody who will refuse it, and nobody's log depends on it.
//! Accused is a correct Raft that names whom it voted for until it knows better, or that keeps the
//! hint of an older term; and one that leaves office within its term, as CheckQuorum asks, and still
//! names itself: it sends its clients back to itself.
//!
//! # Mutants that trip it
//! E15 (names an old leader), N5 (whoever it voted for), N6 (the leader of a higher term).

use super::prelude::*;

pub(super) const RULE: Rule = Rule::new(
    "leader-hint",
    "5.2, Figure 2",
    "A peer names as leader only a peer that led its current term.",
);

/// The evidence: a peer that is named as the leader of a term that it never led.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FalseHint {
    /// Who names it.
    pub peer: PeerId,
    /// Who is named.
    pub named: PeerId,
    /// Of which term.
    pub term: Term,
    /// Whether a client was told.
    pub to_client: bool,
    /// Whether it led that term, but does so no longer, and is the peer itself.
    #[serde(default)]
    pub no_longer: bool,
}

pub(super) fn check(ghost: &Ghost, _: SimTime, seen: &Observation) -> Option<FalseHint> {
    if let &Observation::Redirected { peer, leader: Some(named) } = seen {
        let view = &ghost.peer(peer)?.view;
        let term = view.term;
        let no_longer = named == peer && ghost.has_led(named, term);
        let is_false = (no_longer || !ghost.has_led(named, term)) && view.shows_term();
        return is_false.then_some(FalseHint { peer, named, term, to_client: true, no_longer });
    }
    let (peer, before, after) = seen.step()?;
    let named = after.leader.filter(|_| after.shows_term())?;
    let term = after.term;
    let is_news = before.leader != after.leader || before.term != term;
    let is_itself = named == peer && after.role == Role::Leader;
    let no_longer = named == peer && !is_itself && ghost.has_led(named, term);
    let is_news = is_news || no_longer && before.role == Role::Leader;
    if !is_news || is_itself || ghost.has_led(named, term) && !no_longer {
        return None;
    }
    Some(FalseHint { peer, named, term, to_client: false, no_longer })
}

impl Proof for FalseHint {
    fn finding(&self) -> Finding {
        let Self { peer, named, term, .. } = *self;
        Finding::new("false-hint", [peer, named])
            .leads([Lead::OwnPast(named), Lead::TermEntered(peer, term)])
            .of_practice()
    }

    fn sentence(&self) -> String {
        let Self { peer, named, term, to_client, no_longer } = self;
        let verb = if *to_client { "sent a client to" } else { "takes" };
        let whom = if *to_client { "as the leader" } else { "for the leader" };
        if *no_longer {
            return format!("{peer} {verb} itself {whom} of term {term}, which it no longer leads");
        }
        format!("{peer} {verb} {named} {whom} of term {term}, which {named} never led")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Script;

    #[test]
    fn a_hint_taken_from_the_vote_fires() {
        let mut run = Script::new(3);
        run.stand(0, 4).ask(0, 1).grant(1, 0, 4).follow(1, Some(0), 4);
        let sentence = "S1 takes S0 for the leader of term 4, which S0 never led".to_owned();
        assert_eq!(run.verdict(), Some(("leader-hint", sentence)));
    }

    #[test]
    fn a_hint_kept_into_a_higher_term_fires() {
        let mut run = Script::new(3);
        run.elect(0, 4, &[0, 1]).follow(1, Some(0), 4).change(1, |view| {
            (view.term, view.voted_for) = (5, None);
        });
        assert_eq!(run.verdict().map(|(name, _)| name), Some("leader-hint"));
    }

    #[test]
    fn a_client_sent_to_a_peer_that_never_led_fires() {
        let mut run = Script::new(3);
        run.elect(0, 4, &[0, 1]);
        run.see(Observation::Redirected { peer: PeerId(1), leader: Some(PeerId(2)) });
        let sentence = "S1 sent a client to S2 as the leader of term 4, which S2 never led";
        assert_eq!(run.verdict(), Some(("leader-hint", sentence.to_owned())));
    }

    #[test]
    fn a_leader_that_leaves_office_and_names_itself_fires() {
        let mut run = Script::new(3);
        run.elect(0, 4, &[0, 1]).change(0, |view| view.role = Role::Follower);
        let sentence = "S0 takes itself for the leader of term 4, which it no longer leads";
        assert_eq!(run.verdict(), Some(("leader-hint", sentence.to_owned())));
        let mut run = Script::new(3);
        run.elect(0, 4, &[0, 1])
            .change(0, |view| (view.role, view.leader) = (Role::Follower, None));
        run.see(Observation::Redirected { peer: PeerId(0), leader: Some(PeerId(0)) });
        assert!(run.verdict().is_some_and(|(_, sentence)| sentence.contains("a client to itself")));
    }

    #[test]
    fn a_hint_at_a_leader_that_has_crashed_is_legal() {
        let mut run = Script::new(3);
        run.elect(0, 4, &[0, 1]).follow(1, Some(0), 4).crash(0).follow(2, Some(0), 4);
        run.see(Observation::Redirected { peer: PeerId(1), leader: Some(PeerId(0)) });
        run.see(Observation::Redirected { peer: PeerId(1), leader: None });
        assert_eq!(run.verdict(), None);
    }
}
