//! One trial: a healthy cluster with a leader loses links, and is watched.
//!
//! 1. A leader is elected while all links are up, and commits an entry that everyone holds.
//! 2. The links are cut down to the graph, the leader standing in a given place.
//! 3. For [`SETTLING`] longest election timeouts whatever will happen may happen.
//! 4. For [`WATCHING`] more, each leader is handed a command at the start of each, and what comes of
//!    it is written down.
//!
//! Steady is a run in which none of those timeouts passes without a commitment, and nobody is elected
//! meanwhile. If not, terms that rise make it a livelock: somebody stands again and again. If they do not, it
//! is stuck.

use std::time::Duration;

use splitvote::peer::{Command, SimTime, Term};
use splitvote::raft::{Paper, Raft};
use splitvote::{Cluster, Failure, PeerId, Role, Seed, Settings, Unmet, reference};

use super::graph::Digraph;

/// How many of the longest election timeouts a cluster has to settle. A steady leader needs a few:
/// one until an old leader is given up, and one for each election, of which few are split.
pub const SETTLING: u32 = 20;
/// For how many of the longest election timeouts it is watched.
pub const WATCHING: u32 = 10;

type Reference = Cluster<Raft<Paper>>;

/// Which of the options is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// PreVote is on (dissertation, 9.6).
    pub pre_vote: bool,
    /// CheckQuorum is on (dissertation, 6.2).
    pub check_quorum: bool,
}

impl Options {
    /// All of them: neither, PreVote, CheckQuorum, both.
    pub const ALL: [Self; 4] = [
        Self { pre_vote: false, check_quorum: false },
        Self { pre_vote: true, check_quorum: false },
        Self { pre_vote: false, check_quorum: true },
        Self { pre_vote: true, check_quorum: true },
    ];

    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match (self.pre_vote, self.check_quorum) {
            (false, false) => "neither",
            (true, false) => "PreVote",
            (false, true) => "CheckQuorum",
            (true, true) => "both",
        }
    }
}

/// What a trial shows, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// One leader stays and commits.
    Steady,
    /// Terms rise, and no leader stays or commits all the time.
    Livelock,
    /// Terms do not rise, and not everything is committed.
    Stuck,
}

/// Runs one trial, the leader standing in a place of the graph.
///
/// # Errors
/// If a safety property is violated, or no leader is elected while all links are up.
pub fn run_trial(
    graph: Digraph,
    place: usize,
    options: Options,
    seed: Seed,
) -> Result<Outcome, Failure> {
    let Options { pre_vote, check_quorum } = options;
    let settings = Settings { pre_vote, check_quorum, ..Settings::default() };
    let timeout = settings.timing.election_timeout_max;
    let mut cluster = Cluster::builder(&reference())
        .peers(graph.peers())
        .seed(seed)
        .settings(settings)
        .build()?;
    let leader = lead(&mut cluster, timeout)?;
    cut(&mut cluster, graph, leader, place)?;
    cluster.run_for(timeout * SETTLING)?;
    let outcome = watch(&mut cluster, timeout)?;
    cluster.finish()?;
    Ok(outcome)
}

/// Lets a leader be elected that everyone follows, and that commits an entry everywhere.
fn lead(cluster: &mut Reference, timeout: Duration) -> Result<PeerId, Failure> {
    let all_follow = |cluster: &Reference| {
        let leader = cluster.leader();
        let mut views = cluster.peers().map(|peer| cluster.view(peer));
        leader.is_some() && views.all(|view| view.is_some_and(|view| view.leader == leader))
    };
    let is_led = cluster.run_until(timeout * SETTLING, all_follow)?;
    let Some(leader) = cluster.leader().filter(|_| is_led) else {
        let sentence = "nobody leads though all links are up".to_owned();
        let (at, peers) = (cluster.now(), Vec::new());
        return Err(Failure::Unmet(Unmet { at, is_liveness: true, sentence, peers }));
    };
    hand_in(cluster);
    cluster.run_for(timeout)?;
    Ok(leader)
}

/// Cuts the links that the graph has not. The others take the other places in their order.
fn cut(
    cluster: &mut Reference,
    graph: Digraph,
    leader: PeerId,
    place: usize,
) -> Result<(), Failure> {
    let mut others = (0..graph.peers()).filter(|free| *free != place);
    let places: Vec<(PeerId, usize)> = cluster
        .peers()
        .map(|peer| (peer, if peer == leader { place } else { others.next().unwrap_or(place) }))
        .collect();
    for (from, start) in &places {
        for (to, end) in places.iter().filter(|(to, _)| to != from) {
            if !graph.has(*start, *end) {
                cluster.cut(*from, *to)?;
            }
        }
    }
    Ok(())
}

fn watch(cluster: &mut Reference, timeout: Duration) -> Result<Outcome, Failure> {
    let (term, elected) = (highest_term(cluster), cluster.elections().won);
    let mut always_commits = true;
    for _ in 0..WATCHING {
        let before = highest_commit(cluster);
        hand_in(cluster);
        cluster.run_for(timeout)?;
        always_commits &= highest_commit(cluster) > before;
    }
    Ok(if always_commits && cluster.elections().won == elected {
        Outcome::Steady
    } else if highest_term(cluster) > term {
        Outcome::Livelock
    } else {
        Outcome::Stuck
    })
}

/// Hands a command to everyone who leads.
fn hand_in(cluster: &mut Reference) {
    let SimTime(now) = cluster.now();
    let leads = |peer: &PeerId| cluster.view(*peer).is_some_and(|view| view.role == Role::Leader);
    let leaders: Vec<PeerId> = cluster.peers().filter(leads).collect();
    for leader in leaders {
        cluster.world_mut().propose(leader, Command::new(&now.to_le_bytes()));
    }
}

fn highest_term(cluster: &Reference) -> Term {
    cluster.peers().filter_map(|peer| Some(cluster.view(peer)?.term)).max().unwrap_or(0)
}

fn highest_commit(cluster: &Reference) -> u64 {
    cluster.peers().filter_map(|peer| Some(cluster.view(peer)?.known_commit())).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcomes(graph: Digraph, place: usize) -> [Outcome; 4] {
        Options::ALL.map(|options| run_trial(graph, place, options, Seed(1)).unwrap())
    }

    #[test]
    fn a_healthy_cluster_is_steady() {
        let full = Digraph::two_way(3, [(0, 1), (1, 2), (2, 0)]);
        assert_eq!(outcomes(full, 0), [Outcome::Steady; 4]);
    }

    /// Everyone hears the leader, which hears nobody: only CheckQuorum ends that.
    #[test]
    fn a_deaf_leader_is_stuck_without_check_quorum() {
        let deaf = Digraph::new(3, [(0, 1), (0, 2), (1, 2), (2, 1)]);
        let [neither, pre_vote, ..] = outcomes(deaf, 0);
        assert_eq!([neither, pre_vote], [Outcome::Stuck; 2]);
        let both = Options { pre_vote: true, check_quorum: true };
        assert_eq!(run_trial(deaf, 0, both, Seed(1)).unwrap(), Outcome::Steady);
    }

    /// A peer that hears nobody, though all hear it, deposes everyone without either option.
    #[test]
    fn a_deaf_follower_disturbs_without_options() {
        let deaf = Digraph::new(3, [(0, 1), (0, 2), (1, 2), (2, 1)]);
        let expected = [Outcome::Livelock, Outcome::Steady, Outcome::Steady, Outcome::Steady];
        assert_eq!(outcomes(deaf, 1), expected);
    }
}
