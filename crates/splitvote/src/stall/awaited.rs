//! What a core waits for.

use std::fmt;

use serde::{Deserialize, Serialize};
use splitvote_peer::{LogIndex, PeerId, PeerSet, Term};

/// What has to come in a calm. Prints as what is said after "waited for".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Awaited {
    /// A leader that all of the core follow, and everybody outside that takes part in its elections.
    Leader {
        /// Whoever leads the highest term, if somebody does.
        leader: Option<PeerId>,
        /// The peers that do not follow it; none if leaders came and did not stay.
        not_followed_by: PeerSet,
    },
    /// The commitment of a probe.
    Commitment {
        /// Who was handed the probe.
        leader: PeerId,
        /// Where it stands, if the leader has said so.
        index: Option<LogIndex>,
        /// The peers of the core whose logs do not reach it.
        not_held_by: PeerSet,
        /// Whether the core was in order before.
        is_second: bool,
    },
    /// The same log and the same applied state.
    Convergence {
        /// The peer that leads.
        leader: PeerId,
        /// Where the probe stands.
        index: LogIndex,
        /// The peers of the core that are behind.
        of: PeerSet,
    },
    /// That a leader stays in office.
    Stability {
        /// The peer that led.
        leader: PeerId,
        /// The term that this is about.
        term: Term,
        /// Who stood against it, if that is known.
        rival: Option<PeerId>,
    },
}

impl Awaited {
    /// In which way the core failed, as a short stable name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Leader { .. } => "no-leader",
            Self::Commitment { is_second: false, .. } => "not-committed",
            Self::Commitment { is_second: true, .. } => "slow-commitment",
            Self::Convergence { .. } => "not-converged",
            Self::Stability { .. } => "unstable",
        }
    }

    /// The peers that it is about.
    #[must_use]
    pub fn peers(&self) -> PeerSet {
        match *self {
            Self::Leader { leader, not_followed_by } => {
                not_followed_by.union(leader.into_iter().collect())
            }
            Self::Commitment { leader, not_held_by: others, .. }
            | Self::Convergence { leader, of: others, .. } => {
                others.union(PeerSet::from_iter([leader]))
            }
            Self::Stability { leader, rival, .. } => rival.into_iter().chain([leader]).collect(),
        }
    }
}

impl fmt::Display for Awaited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Leader { leader: None, .. } => f.write_str("a leader"),
            Self::Leader { not_followed_by, .. } if not_followed_by.is_empty() => {
                f.write_str("a leader that stays in office")
            }
            Self::Leader { leader: Some(leader), not_followed_by } => {
                write!(f, "{} to follow {leader}", all_or(*not_followed_by))
            }
            Self::Commitment { leader, index, not_held_by, is_second } => {
                let which = if *is_second { "a second probe" } else { "a probe" };
                match index {
                    Some(index) => {
                        write!(f, "the commitment of {which} that {leader} took at index {index}")?;
                    }
                    None => write!(f, "the commitment of {which} that {leader} was handed")?,
                }
                match not_held_by.len() {
                    0 => Ok(()),
                    1 => write!(f, " and that {not_held_by} lacks"),
                    _ => write!(f, " and that {not_held_by} lack"),
                }
            }
            Self::Convergence { leader, index, of } => {
                let of = all_or(*of);
                write!(f, "{of} to hold and apply what {leader} does up to index {index}")
            }
            Self::Stability { leader, term, rival: None } => {
                write!(f, "{leader} to stay leader of term {term}")
            }
            Self::Stability { leader, term, rival: Some(rival) } => {
                write!(f, "{leader} to stay leader of term {term}, against which {rival} stood")
            }
        }
    }
}

/// Whoever hinders; if that is nobody in particular, all are in question.
fn all_or(peers: PeerSet) -> String {
    if peers.is_empty() { "all".to_owned() } else { peers.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: [PeerId; 3] = [PeerId(0), PeerId(1), PeerId(2)];

    #[test]
    fn whatever_is_awaited_reads_well_behind_waited_for() {
        let set = |peers: &[PeerId]| peers.iter().copied().collect::<PeerSet>();
        let follow = |peers| Awaited::Leader { leader: Some(S[1]), not_followed_by: set(peers) };
        let commit = |index, peers, is_second| Awaited::Commitment {
            leader: S[0],
            index,
            not_held_by: set(peers),
            is_second,
        };
        let converge = Awaited::Convergence { leader: S[0], index: 3, of: set(&S[1..]) };
        let stay = |rival| Awaited::Stability { leader: S[0], term: 4, rival };
        let sentences = [
            (Awaited::Leader { leader: None, not_followed_by: set(&S) }, "a leader"),
            (follow(&S[..1]), "{S0} to follow S1"),
            (follow(&[]), "a leader that stays in office"),
            (commit(None, &[], false), "the commitment of a probe that S0 was handed"),
            (
                commit(Some(3), &S[1..2], false),
                "the commitment of a probe that S0 took at index 3 and that {S1} lacks",
            ),
            (
                commit(Some(3), &S[1..], true),
                "the commitment of a second probe that S0 took at index 3 and that {S1, S2} lack",
            ),
            (converge, "{S1, S2} to hold and apply what S0 does up to index 3"),
            (stay(None), "S0 to stay leader of term 4"),
            (stay(Some(S[2])), "S0 to stay leader of term 4, against which S2 stood"),
        ];
        for (awaited, sentence) in sentences {
            assert_eq!(awaited.to_string(), sentence);
        }
    }
}
