//! What a test may demand of a cluster, with the names and the meaning of the lab's tester.
//!
//! The lab samples; here every event is judged besides, so that these checks are about liveness
//! and about who leads, not about safety.

use std::collections::BTreeMap;
use std::time::Duration;

use splitvote_peer::{Peer, PeerId, ProposalAnswer, Role, Term};

use super::Cluster;
use crate::failure::{Failure, Unmet};

/// How often the lab's `checkOneLeader` looks before it gives up.
const ROUNDS: u32 = 10;
/// How long the lab waits for a leader in all.
const LEADER_WITHIN: Duration = Duration::from_secs(5);
/// How many of the longest election timeouts a leader may take, if they are longer. With those of the lab that is less.
const LEADER_WITHIN_TIMEOUTS: u32 = 8;
/// How long a client waits for an answer at least; as long as the longest election timeout, if that is longer.
const ANSWER_WITHIN: Duration = Duration::from_secs(1);

impl<P: Peer> Cluster<P> {
    /// The lab's `checkOneLeader`: up to ten times it waits 450 to 549 ms, then asks all connected
    /// peers; the leader of the highest term. It looks more often if eight of the longest timeouts take longer.
    ///
    /// # Errors
    /// If there is no leader after all rounds, if one term has two among those asked, or if a
    /// safety property is violated meanwhile.
    pub fn check_one_leader(&mut self) -> Result<PeerId, Failure> {
        self.one_leader_within(None)
    }

    /// The same, within a time that is stated.
    pub(crate) fn one_leader_within(
        &mut self,
        within: Option<Duration>,
    ) -> Result<PeerId, Failure> {
        let within = within.unwrap_or_else(|| self.at_least(LEADER_WITHIN, LEADER_WITHIN_TIMEOUTS));
        let rounds = within.as_nanos().div_ceil((LEADER_WITHIN / ROUNDS).as_nanos());
        for _ in 0..rounds {
            let wait = 450 + self.world.workload().below(100);
            self.run_for(Duration::from_millis(wait))?;
            let mut leaders: BTreeMap<Term, PeerId> = BTreeMap::new();
            for peer in self.connected_leaders() {
                let term = self.view(peer).map_or(0, |view| view.term);
                if let Some(other) = leaders.insert(term, peer) {
                    let sentence = format!("term {term} has two leaders, {other} and {peer}");
                    return Err(self.unmet(false, sentence, vec![other, peer]));
                }
            }
            if let Some((_, leader)) = leaders.pop_last() {
                return Ok(leader);
            }
        }
        let sentence = format!(
            "expected one leader, but no connected peer has led in {rounds} looks over {within:?}: {}",
            self.summary()
        );
        Err(self.unmet(true, sentence, Vec::new()))
    }

    /// The lab's `checkNoLeader`: no connected peer says that it leads.
    ///
    /// # Errors
    /// If one does.
    pub fn check_no_leader(&mut self) -> Result<(), Failure> {
        let leaders: Vec<PeerId> = self.connected_leaders().collect();
        match leaders.first() {
            None => Ok(()),
            Some(leader) => {
                let sentence =
                    format!("expected no leader, but {leader} leads: {}", self.summary());
                Err(self.unmet(false, sentence, leaders))
            }
        }
    }

    /// The lab's `checkTerms`: all connected peers are in one term; that term.
    ///
    /// # Errors
    /// If they are not.
    pub fn check_terms(&mut self) -> Result<Term, Failure> {
        let views = self.peers().filter(|peer| self.world.is_connected(*peer));
        let terms: Vec<Term> = views.filter_map(|peer| Some(self.view(peer)?.term)).collect();
        match terms.as_slice() {
            [first, rest @ ..] if rest.iter().all(|term| term == first) => Ok(*first),
            _ => {
                let sentence = format!("expected one term, but found {}", self.summary());
                Err(self.unmet(true, sentence, Vec::new()))
            }
        }
    }

    /// Asks a peer as a client would; it does not lead and must name this leader.
    ///
    /// # Errors
    /// If it names another, none, or does not answer within a second, or the longest election timeout.
    pub fn check_hint(&mut self, peer: PeerId, leader: PeerId) -> Result<(), Failure> {
        // A wrong answer is a fault by itself; none at all is only too little.
        let (found, is_wrong) =
            match self.propose(peer, b"who leads?", self.at_least(ANSWER_WITHIN, 1))? {
                None => ("it did not answer".to_owned(), false),
                Some(ProposalAnswer::Accepted { .. }) => {
                    ("it takes itself for the leader".to_owned(), true)
                }
                Some(ProposalAnswer::Redirect { leader: None }) => {
                    ("it knows of none".to_owned(), false)
                }
                Some(ProposalAnswer::Redirect { leader: Some(named) }) if named == leader => {
                    return Ok(());
                }
                Some(ProposalAnswer::Redirect { leader: Some(named) }) => {
                    (format!("it named {named}"), true)
                }
            };
        let sentence = format!("{peer} was to redirect a client to {leader}, but {found}");
        Err(self.unmet(!is_wrong, sentence, vec![peer, leader]))
    }

    /// A limit of so long, or of so many of the longest election timeouts if these are longer.
    pub(crate) fn at_least(&self, limit: Duration, timeouts: u32) -> Duration {
        limit.max(self.settings.timing.election_timeout_max.saturating_mul(timeouts))
    }

    fn connected_leaders(&self) -> impl Iterator<Item = PeerId> {
        self.peers().filter(|peer| {
            let is_leader = self.view(*peer).is_some_and(|view| view.role == Role::Leader);
            is_leader && self.world.is_connected(*peer)
        })
    }

    /// Every peer's role and term in a few words.
    pub(crate) fn summary(&self) -> String {
        let peers = self.peers().map(|peer| match self.view(peer) {
            None => format!("{peer} is down"),
            Some(view) => {
                let cut_off = if self.world.is_connected(peer) { "" } else { ", disconnected" };
                format!("{peer} is {} in term {}{cut_off}", view.role, view.term)
            }
        });
        peers.collect::<Vec<_>>().join("; ")
    }

    pub(crate) fn unmet(&self, is_liveness: bool, sentence: String, peers: Vec<PeerId>) -> Failure {
        Failure::Unmet(Unmet { at: self.now(), is_liveness, sentence, peers })
    }
}
