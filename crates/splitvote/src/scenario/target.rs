//! Whom a step is about: by name, or by what a peer is when the step runs.

use std::fmt;

use splitvote_peer::PeerId;

use super::error::{ScenarioError, nearest};
use super::reader::Value;

/// Whom a step is about. It resolves when the step runs; one that resolves to nobody lets the
/// step be skipped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A peer by its name.
    Peer(PeerId),
    /// The running leader of the highest term.
    Leader,
    /// One running peer that is no leader, drawn.
    Follower,
    /// All running peers that are no leaders.
    Followers,
    /// One running peer, drawn.
    Random,
    /// One peer, running or not, drawn.
    Any,
    /// One running peer that is connected and no leader, drawn.
    ConnectedFollower,
    /// All peers.
    All,
    /// All peers that are down.
    Down,
    /// All peers that are disconnected.
    Disconnected,
    /// The largest minority, drawn.
    Minority,
    /// The largest minority that contains the leader, the rest of it drawn.
    MinorityWithLeader,
    /// All peers that no other target of the same step names.
    Rest,
    /// What an earlier step has saved.
    Saved(String),
    /// The peer after this one, in the order of their numbers, around the ring.
    Next(Box<Target>),
}

/// The words for targets and what they mean.
const WORDS: [(&str, Target); 12] = [
    ("leader", Target::Leader),
    ("follower", Target::Follower),
    ("followers", Target::Followers),
    ("random", Target::Random),
    ("any", Target::Any),
    ("connected-follower", Target::ConnectedFollower),
    ("all", Target::All),
    ("down", Target::Down),
    ("disconnected", Target::Disconnected),
    ("minority", Target::Minority),
    ("minority-with-leader", Target::MinorityWithLeader),
    ("rest", Target::Rest),
];

/// How deep `next(…)` may nest: once around the largest cluster.
const MAX_NESTING: usize = PeerId::MAX_PEERS;

impl Target {
    /// Reads a target; `peers` bounds the names, `saved` are the names saved by earlier steps.
    pub(crate) fn parse(
        value: &Value<'_>,
        peers: usize,
        saved: &[String],
    ) -> Result<Self, ScenarioError> {
        Self::parse_text(value.str()?, value, peers, saved, MAX_NESTING)
    }

    fn parse_text(
        text: &str,
        value: &Value<'_>,
        peers: usize,
        saved: &[String],
        nesting_left: usize,
    ) -> Result<Self, ScenarioError> {
        let text = text.trim();
        if let Some(inner) = text.strip_prefix("next(").and_then(|rest| rest.strip_suffix(')')) {
            let Some(nesting_left) = nesting_left.checked_sub(1) else {
                let remedy = format!("at most {MAX_NESTING} levels");
                return Err(value.error("`next(…)` nests too deeply", remedy));
            };
            let inner = Self::parse_text(inner, value, peers, saved, nesting_left)?;
            return Ok(Self::Next(Box::new(inner)));
        }
        if let Some(name) = text.strip_prefix('$') {
            if saved.iter().any(|saved| saved == name) {
                return Ok(Self::Saved(name.to_owned()));
            }
            let remedy = if saved.is_empty() {
                "no earlier step has `save`".to_owned()
            } else {
                format!("saved so far: {}", saved.join(", "))
            };
            let problem = format!("`${name}` can never resolve: no earlier step saves `{name}`");
            return Err(value.error(problem, remedy));
        }
        let number = text
            .strip_prefix('S')
            .filter(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
        if let Some(number) = number {
            return match number.parse::<u8>() {
                Ok(number) if usize::from(number) < peers => Ok(Self::Peer(PeerId(number))),
                _ => {
                    let remedy = format!("the peers are S0 to S{}", peers - 1);
                    Err(value.error(format!("`{text}` can never resolve: no such peer"), remedy))
                }
            };
        }
        if let Some((_, target)) = WORDS.iter().find(|(word, _)| *word == text) {
            let needed = match target {
                Self::Follower | Self::Followers | Self::ConnectedFollower => 2,
                Self::Minority | Self::MinorityWithLeader => 3,
                _ => 1,
            };
            if peers < needed {
                let problem = format!("`{text}` can never resolve in a cluster of {peers}");
                return Err(value.error(problem, format!("it takes at least {needed} peers")));
            }
            return Ok(target.clone());
        }
        let remedy = nearest(text, WORDS.iter().map(|(word, _)| *word));
        let remedy = format!("{remedy} (or a peer such as S0, `$saved`, `next(…)`)");
        Err(value.error(format!("unknown symbol `{text}`"), remedy))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Peer(peer) => write!(f, "{peer}"),
            Self::Saved(name) => write!(f, "${name}"),
            Self::Next(target) => write!(f, "next({target})"),
            word => {
                let name = WORDS.iter().find(|(_, target)| target == word).map(|(name, _)| *name);
                f.write_str(name.unwrap_or_default())
            }
        }
    }
}
