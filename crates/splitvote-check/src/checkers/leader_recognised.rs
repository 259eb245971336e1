//! A candidate yields to the leader of its term; a leader never hears another one.
//!
//! # Paper
//! Section 5.2: "If the leader's term (included in its RPC) is at least as large as the
//! candidate's current term, then the candidate recognizes the leader as legitimate and returns
//! to follower state."
//!
//! # Checks
//! Whenever an AppendEntries of the receiver's own term reaches a candidate: it is follower
//! afterwards. Whenever one reaches a leader: that is certain proof of two leaders of that term,
//! even if the views hid it.
//!
//! # Does not check
//! AppendEntries of a lower term, which a candidate rightly rejects, or of a higher one, which is
//! higher-term's. Whether a follower follows.
//!
//! # Standing
//! Guarantee for a leader that hears another one of its term: that is election safety, seen by
//! messages. Practice for a candidate: to disregard a message is always safe, as it might have been
//! lost. A correct Raft that stays candidate until it has written its new state, or that follows only
//! who sends what fits its log, is accused.
//!
//! # Mutants that trip it
//! E21; and for a leader E1, E3, E5, E6, E7, N1, N2, N4, which break election-safety.

use super::prelude::*;

pub(super) const RULE: Rule = Rule::new(
    "leader-recognised",
    "5.2",
    "A candidate that hears the leader of its term becomes a follower; a leader never hears \
     another leader of its term.",
);

/// The evidence: a leader that was heard and not recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeaderNotRecognised {
    /// The receiver leads the same term.
    ByLeader {
        /// Who heard it.
        peer: PeerId,
        /// The peer that sent it.
        from: PeerId,
        /// The term of both.
        term: Term,
    },
    /// The receiver stood in the term and did not yield.
    ByCandidate {
        /// Who heard it.
        peer: PeerId,
        /// The peer that sent it.
        from: PeerId,
        /// The term of both.
        term: Term,
        /// What the receiver is afterwards.
        role: Role,
    },
}

pub(super) fn check(_: &Ghost, _: SimTime, seen: &Observation) -> Option<LeaderNotRecognised> {
    let &Observation::LeaderHeard { peer, from, term, before, after } = seen else {
        return None;
    };
    if before.term != term || from == peer {
        return None;
    }
    match before.role {
        Role::Follower => None,
        Role::Leader => Some(LeaderNotRecognised::ByLeader { peer, from, term }),
        Role::Candidate => {
            let has_yielded = after.term > term || after.role == Role::Follower;
            let role = after.role;
            (!has_yielded).then_some(LeaderNotRecognised::ByCandidate { peer, from, term, role })
        }
    }
}

impl Proof for LeaderNotRecognised {
    fn finding(&self) -> Finding {
        match *self {
            Self::ByLeader { peer, from, term } => Finding::new("by-leader", [peer, from])
                .leads([from, peer].map(|leader| Lead::Election(leader, term)))
                .without_comma(),
            Self::ByCandidate { peer, from, term, .. } => {
                Finding::new("by-candidate", [peer, from])
                    .leads([Lead::Election(from, term), Lead::Candidacy(peer, term)])
                    .of_practice()
            }
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::ByLeader { peer, from, term } => {
                format!("{peer} leads term {term} and hears a heartbeat of term {term} from {from}")
            }
            Self::ByCandidate { peer, from, term, role } => format!(
                "{peer} stood in term {term}, heard {from} as the leader of term {term}, and is \
                 {role} afterwards"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use splitvote_peer::View;

    use super::*;
    use crate::script::Script;

    fn hears(term: Term, before: Role, after: Role) -> Option<(&'static str, String)> {
        let view = |role| View { role, term, voted_for: Some(PeerId(1)), ..View::NEW };
        let mut run = Script::asking(crate::Checker::LeaderRecognised, 3);
        run.see(Observation::LeaderHeard {
            peer: PeerId(1),
            from: PeerId(2),
            term: 4,
            before: view(before),
            after: view(after),
        });
        run.verdict()
    }

    #[test]
    fn a_leader_that_hears_a_leader_fires() {
        let sentence = "S1 leads term 4 and hears a heartbeat of term 4 from S2";
        let expected = Some(("leader-recognised", sentence.to_owned()));
        assert_eq!(hears(4, Role::Leader, Role::Follower), expected);
    }

    #[test]
    fn a_candidate_that_does_not_yield_fires() {
        let sentence = "S1 stood in term 4, heard S2 as the leader of term 4, and is candidate \
                        afterwards";
        let expected = Some(("leader-recognised", sentence.to_owned()));
        assert_eq!(hears(4, Role::Candidate, Role::Candidate), expected);
    }

    #[test]
    fn a_candidate_that_yields_or_stands_in_another_term_is_legal() {
        assert_eq!(hears(4, Role::Candidate, Role::Follower), None);
        assert_eq!(hears(5, Role::Candidate, Role::Candidate), None);
    }
}
