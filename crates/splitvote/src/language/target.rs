//! Whom a step is about: by name, or by what a peer is when the step runs.

use std::collections::BTreeSet;
use std::fmt;

use splitvote_peer::{PeerId, PeerSet};

use super::error::{Result, nearest};
use super::inline::quoted;
use super::reader::Value;

/// Whom a step is about. It resolves when the step runs; one that resolves to nobody lets the
/// step be skipped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
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
    /// All peers of the cluster.
    #[default]
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

/// Whom a step may mention.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    /// How many peers there are.
    pub(crate) peers: usize,
    /// The names that earlier steps have saved.
    pub(crate) saved: Vec<String>,
}

impl Known {
    /// So many peers, and nothing saved.
    pub(crate) fn of(peers: usize) -> Self {
        Self { peers, saved: Vec::new() }
    }

    /// Reads a target.
    pub(crate) fn target(&self, value: &Value<'_>) -> Result<Target> {
        self.parse_text(value.str()?, value, MAX_NESTING)
    }

    /// Reads a peer by its name; another target is a problem.
    pub(crate) fn peer(&self, value: &Value<'_>, problem: &str) -> Result<PeerId> {
        match self.target(value)? {
            Target::Peer(peer) => Ok(peer),
            _ => Err(value.error(problem, "name a peer such as \"S0\"")),
        }
    }

    /// Reads a target, or several.
    pub(crate) fn targets(&self, value: &Value<'_>) -> Result<Vec<Target>> {
        let targets = value.one_or_many()?;
        if targets.is_empty() {
            return Err(value.error("the list of targets is empty", "name at least one target"));
        }
        targets.iter().map(|target| self.target(target)).collect()
    }

    fn parse_text(&self, text: &str, value: &Value<'_>, nesting_left: usize) -> Result<Target> {
        let Self { peers, saved } = self;
        let peers = *peers;
        let text = text.trim();
        if let Some(inner) = text.strip_prefix("next(").and_then(|rest| rest.strip_suffix(')')) {
            let Some(nesting_left) = nesting_left.checked_sub(1) else {
                let remedy = format!("at most {MAX_NESTING} levels");
                return Err(value.error("`next(…)` nests too deeply", remedy));
            };
            let inner = self.parse_text(inner, value, nesting_left)?;
            return Ok(Target::Next(Box::new(inner)));
        }
        if let Some(name) = text.strip_prefix('$') {
            if saved.iter().any(|saved| saved == name) {
                return Ok(Target::Saved(name.to_owned()));
            }
            let remedy = if saved.is_empty() {
                format!("write `save = \"{name}\"` in an earlier step")
            } else {
                format!("saved so far: {}", some_of(saved))
            };
            let problem = format!("`${name}` can never resolve: no earlier step saves `{name}`");
            return Err(value.error(problem, remedy));
        }
        let number = text
            .strip_prefix('S')
            .filter(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
        if let Some(number) = number {
            return match number.parse::<u8>() {
                Ok(number) if usize::from(number) < peers => Ok(Target::Peer(PeerId(number))),
                _ => {
                    let (problem, remedy) = no_peer(text, peers);
                    Err(value.error(problem, remedy))
                }
            };
        }
        if let Some((_, target)) = WORDS.iter().find(|(word, _)| *word == text) {
            let needed = match target {
                Target::Follower | Target::Followers | Target::ConnectedFollower => 2,
                Target::Minority | Target::MinorityWithLeader => 3,
                _ => 1,
            };
            if peers < needed {
                let problem = format!("`{text}` can never resolve in a cluster of {peers}");
                return Err(value.error(problem, format!("it takes at least {needed} peers")));
            }
            return Ok(target.clone());
        }
        if let Some(peer) = meant(text, peers) {
            let remedy = format!("did you mean `{peer}`?");
            return Err(value.error(format!("unknown symbol `{text}`"), remedy));
        }
        let remedy = nearest(text, WORDS.iter().map(|(word, _)| *word));
        let remedy = format!("{remedy} (or a peer such as S0, `$saved`, `next(…)`)");
        Err(value.error(format!("unknown symbol `{text}`"), remedy))
    }
}

/// The peer whose name this is in small letters.
fn meant(text: &str, peers: usize) -> Option<PeerId> {
    PeerId::all(peers).find(|peer| peer.to_string().eq_ignore_ascii_case(text))
}

/// What is wrong with a name that no peer has, and what would be right.
pub(crate) fn no_peer(text: &str, peers: usize) -> (String, String) {
    let remedy = match meant(text, peers) {
        Some(peer) => format!("did you mean `{peer}`?"),
        None if peers == 1 => "the only peer is S0".to_owned(),
        None => format!("the peers are S0 to S{}", peers - 1),
    };
    (format!("there is no peer `{text}`"), remedy)
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

/// A target as the value of a key.
pub(crate) fn name(target: &Target) -> String {
    quoted(&target.to_string())
}

/// A target by itself, or an array of them.
pub(crate) fn names(targets: &[Target]) -> String {
    match targets {
        [target] => name(target),
        targets => array(targets),
    }
}

/// An array of targets.
pub(crate) fn array(targets: &[Target]) -> String {
    let names: Vec<String> = targets.iter().map(name).collect();
    format!("[{}]", names.join(", "))
}

/// An array of peers.
pub(crate) fn peers(peers: PeerSet) -> String {
    array(&peers.iter().map(Target::Peer).collect::<Vec<_>>())
}

/// A directed link.
pub(crate) fn pair(from: &Target, to: &Target) -> String {
    format!("[{}, {}]", name(from), name(to))
}

/// Targets in a sentence.
pub(crate) fn list(targets: &[Target]) -> String {
    targets.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
/// Each name once, and not more of them than can be read.
fn some_of(saved: &[String]) -> String {
    const MOST: usize = 20;
    let names: BTreeSet<&str> = saved.iter().map(String::as_str).collect();
    let shown: Vec<&str> = names.iter().copied().take(MOST).collect();
    let left = names.len().saturating_sub(MOST);
    let more = if left == 0 { String::new() } else { format!(" and {left} more") };
    shown.join(", ") + &more
}
