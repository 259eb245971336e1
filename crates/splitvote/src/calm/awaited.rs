//! What the core is waited for.

use std::fmt;

use splitvote_peer::{LogIndex, PeerId, PeerSet, Term};

/// What has to come in a calm. Prints as a noun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Awaited {
    /// A leader that all of the core follow.
    Leader {
        /// Whoever leads the highest term, if somebody does.
        leader: Option<PeerId>,
        /// The peers of the core that do not follow it.
        not_followed_by: PeerSet,
    },
    /// The commitment of a probe.
    Commitment {
        /// Who took the probe.
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
        /// Who leads.
        leader: PeerId,
        /// Where the probe stands.
        index: LogIndex,
        /// The peers of the core that are behind.
        of: PeerSet,
    },
    /// That a leader stays in office.
    Stability {
        /// Who led.
        leader: PeerId,
        /// Which term.
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
            Self::Leader { leader: Some(leader), not_followed_by } => {
                write!(f, "that {not_followed_by} follow {leader}")
            }
            Self::Commitment { leader, index, not_held_by, is_second } => {
                let which = if *is_second { "a second probe" } else { "a probe" };
                write!(f, "the commitment of {which} that {leader} took")?;
                if let Some(index) = index {
                    write!(f, " at index {index}")?;
                }
                if not_held_by.is_empty() { Ok(()) } else { write!(f, " and {not_held_by} lack") }
            }
            Self::Convergence { leader, index, of } => {
                write!(f, "that {of} hold and apply what {leader} does, up to index {index}")
            }
            Self::Stability { leader, term, rival: None } => {
                write!(f, "that {leader} stays leader of term {term}")
            }
            Self::Stability { leader, term, rival: Some(rival) } => {
                write!(f, "that {leader} stays leader of term {term}, against which {rival} stood")
            }
        }
    }
}
