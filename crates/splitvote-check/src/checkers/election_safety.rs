//! At most one leader a term, ever.
//!
//! # Paper
//! Section 5.2 and Figure 3, Election Safety: "at most one leader can be elected in a given term".
//!
//! # Checks
//! Whenever a peer takes office in a term: that no other peer was ever seen to lead that term,
//! whether it still lives, leads or can be reached.
//!
//! # Does not check
//! Two leaders of different terms at once: that is legal and counted as `two-leaders`. A peer that
//! leads the same term twice, before and after a crash. A peer that thinks itself a leader without
//! showing it in its view.
//!
//! # Standing
//! Guarantee: it is one of the five properties of Figure 3. It might accuse a correct Raft that shows
//! itself as leader before it has won, or that shows the role of one term with the number of another.
//!
//! # Mutants that trip it
//! E1, E3, E5, E6, E7, N1, N2, N4. Most of them break one-vote or real-majority first.

use std::fmt;

use super::prelude::*;

pub(super) const RULE: Rule = Rule::new(
    "election-safety",
    "5.2, Figure 3",
    "At most one leader can be elected in a given term.",
);

/// One of two leaders of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leadership {
    /// The peer that leads.
    pub leader: PeerId,
    /// When it took office.
    pub since: SimTime,
    /// Who voted for it, itself included.
    pub voters: PeerSet,
    /// Whether it runs at the moment of the violation.
    pub is_alive: bool,
}

/// The evidence: two leaders of one term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwoLeaders {
    /// The term of both.
    pub term: Term,
    /// Who took office first.
    pub first: Leadership,
    /// Who took office as well.
    pub second: Leadership,
    /// How many votes a leader needs.
    pub needed: usize,
}

impl TwoLeaders {
    /// The peers that voted for both.
    #[must_use]
    pub fn double_voters(&self) -> PeerSet {
        self.first.voters.intersection(self.second.voters)
    }
}

pub(super) fn check(ghost: &Ghost, at: SimTime, seen: &Observation) -> Option<TwoLeaders> {
    let (peer, before, after) = seen.step()?;
    if !entered(Role::Leader, before, after) {
        return None;
    }
    let first = ghost.term(after.term)?.other_reign(peer)?;
    let mut voters = ghost.voters(after.term, peer);
    if after.voted_for == Some(peer) || !after.shows_vote() {
        voters.insert(peer);
    }
    Some(TwoLeaders {
        term: after.term,
        first: Leadership {
            leader: first.leader,
            since: first.since,
            voters: ghost.voters(after.term, first.leader),
            is_alive: ghost.is_alive(first.leader),
        },
        second: Leadership { leader: peer, since: at, voters, is_alive: true },
        needed: ghost.majority(),
    })
}

impl fmt::Display for Leadership {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fate = if self.is_alive { "" } else { " (crashed since)" };
        write!(f, "{}{fate} since {} with the votes of {}", self.leader, self.since, self.voters)
    }
}

impl Proof for TwoLeaders {
    fn finding(&self) -> Finding {
        let (first, second) = (self.first, self.second);
        let elected = [first, second].map(|of| Lead::Election(of.leader, self.term));
        let mut finding = Finding::new("two-leaders", [second.leader, first.leader]).leads(elected);
        finding.leads.extend(self.double_voters().iter().map(|voter| Lead::BothVotes {
            voter,
            term: self.term,
            candidates: [first.leader, second.leader],
        }));
        finding.with_own_times()
    }

    fn sentence(&self) -> String {
        let Self { term, first, second, needed } = self;
        let both = self.double_voters();
        let mut names = both.iter();
        let why = match (names.next(), both.len()) {
            (Some(voter), 1) => format!("{voter} voted for both"),
            (Some(_), _) => format!("{both} voted for both"),
            (None, _) => {
                let poorer = if second.voters.len() < *needed { second } else { first };
                format!("the votes of {} are too few, {needed} are needed", poorer.voters)
            }
        };
        format!("term {term} has two leaders: {first}, and {second}; {why}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Script;

    fn leadership(leader: u8, since: u64, voters: &[u8]) -> Leadership {
        Leadership {
            leader: PeerId(leader),
            since: SimTime(since),
            voters: voters.iter().map(|voter| PeerId(*voter)).collect(),
            is_alive: true,
        }
    }

    #[test]
    fn a_second_leader_is_named_with_those_who_voted_for_both() {
        let mut evidence = TwoLeaders {
            term: 4,
            first: leadership(1, 1_203_441_000, &[1, 2, 3]),
            second: leadership(4, 1_250_100_000, &[3, 4, 0]),
            needed: 3,
        };
        assert_eq!(
            evidence.to_string(),
            "term 4 has two leaders: S1 since 1.203441 s with the votes of {S1, S2, S3}, and S4 \
             since 1.250100 s with the votes of {S0, S3, S4}; S3 voted for both",
        );
        evidence.first.is_alive = false;
        evidence.second = leadership(4, 1_250_100_000, &[0, 4]);
        assert_eq!(
            evidence.to_string(),
            "term 4 has two leaders: S1 (crashed since) since 1.203441 s with the votes of \
             {S1, S2, S3}, and S4 since 1.250100 s with the votes of {S0, S4}; the votes of \
             {S0, S4} are too few, 3 are needed",
        );
    }

    #[test]
    fn a_leader_beside_a_crashed_leader_of_the_same_term_fires() {
        let mut run = Script::new(3);
        run.at(1_000).elect(0, 4, &[0, 1]).crash(0);
        run.at(2_000).stand(2, 4).take_office(2);
        assert_eq!(
            run.verdict(),
            Some((
                "election-safety",
                "term 4 has two leaders: S0 (crashed since) since 0.001000 s with the votes of \
                 {S0, S1}, and S2 since 0.002000 s with the votes of {S2}; the votes of {S2} \
                 are too few, 2 are needed"
                    .to_owned()
            )),
        );
    }

    #[test]
    fn a_leader_of_a_newer_term_beside_an_old_one_is_legal() {
        let mut run = Script::new(3);
        run.at(1_000).elect(0, 4, &[0, 1]).at(2_000).elect(2, 5, &[1, 2]);
        assert_eq!(run.verdict(), None);
    }
}
