//! What else happened: not a fault, but worth knowing, and what a test may have to see.
//!
//! An occurrence is counted when its condition becomes true, not for every event while it holds.
//! Links that change together count together: their state is looked at when something else
//! happens, so that a partition made of many cut links is one.

mod happening;
mod links;
mod replication;

use splitvote_peer::{DiskTrouble, PeerId, PeerSet, Role, Term, View};

use crate::ghost::Ghost;
use crate::ledger::{Ending, Ledger, Turn};
use crate::observation::Observation;
pub use happening::{Happening, Happenings};
use links::Links;
use replication::Replication;

/// Watches a run and counts.
#[derive(Clone, Debug)]
pub(crate) struct Detectors {
    happenings: Happenings,
    links: Links,
    /// Whether a link changed since the leaders' connections were last looked at.
    links_touched: bool,
    /// The live leaders that are cut off from every majority.
    isolated: PeerSet,
    /// Whether two live peers lead different terms.
    two_leaders: bool,
    replication: Replication,
}

impl Detectors {
    pub(crate) fn new(cluster_size: usize) -> Self {
        Self {
            happenings: Happenings::default(),
            links: Links::new(cluster_size),
            links_touched: false,
            isolated: PeerSet::EMPTY,
            two_leaders: false,
            replication: Replication::default(),
        }
    }

    pub(crate) fn happenings(&self) -> &Happenings {
        &self.happenings
    }

    pub(crate) fn saw(&mut self, happening: Happening) {
        self.happenings.count(happening);
    }

    /// A directed link was cut or restored.
    pub(crate) fn link_changes(&mut self, from: PeerId, to: PeerId, is_up: bool) {
        self.links.set(from, to, is_up);
        self.links_touched = true;
    }

    /// Looks at an observation while the ghost and the ledger do not yet know it.
    pub(crate) fn before(&mut self, ghost: &Ghost, ledger: &Ledger, seen: &Observation) {
        if self.links_touched {
            self.look_at_leaders(ghost);
        }
        match *seen {
            Observation::Booted { peer, boot, .. } if boot > 1 => {
                self.saw(Happening::Restart);
                self.restart(ghost, peer);
            }
            Observation::Crashed { peer } => {
                self.saw(Happening::Crash);
                if ghost.leaders.contains(peer) {
                    self.saw(Happening::LeaderCrash);
                    self.lose_office(ghost, peer);
                }
            }
            Observation::Changed { peer, before, after } => {
                self.change(ledger, peer, &before, &after);
                if before.role == Role::Leader && after.role != Role::Leader {
                    self.lose_office(ghost, peer);
                }
            }
            Observation::VoteRequestReceived { candidate, voter, term } => {
                self.request(ghost, candidate, voter, term);
            }
            Observation::VoteGrantSent { voter, candidate, term } => {
                self.grant(ghost, voter, candidate, term);
            }
            Observation::VoteGrantReceived { candidate, term, .. } => {
                let is_standing = |view: &View| view.role == Role::Candidate && view.term == term;
                if ghost.peer(candidate).is_some_and(|peer| !is_standing(&peer.view)) {
                    self.saw(Happening::LateGrant);
                }
            }
            Observation::PreVoteAnswered { granted: false, .. } => {
                self.saw(Happening::PreVoteRefused);
            }
            Observation::PreVoteHandled { asked_for, before, .. } if asked_for <= before.term => {
                self.saw(Happening::OldPreVote);
            }
            Observation::VoteRequestDisregarded { .. } => {
                self.saw(Happening::VoteRequestDisregarded);
            }
            Observation::StaleReply { .. } => self.saw(Happening::StaleReply),
            Observation::Redirected { leader, .. } => self.saw(match leader {
                Some(_) => Happening::Redirect,
                None => Happening::UnknownLeader,
            }),
            Observation::DiskTrouble { trouble, .. } => self.trouble(trouble),
            _ => {}
        }
    }

    /// Looks at what an observation made of the ghost and the ledger.
    pub(crate) fn after(&mut self, ghost: &Ghost, ledger: &Ledger, seen: &Observation) {
        self.take_turns(ledger);
        if let Observation::Changed { peer, after, .. } = seen {
            self.progress(ghost, *peer, after);
        }
        let leaders_may_differ = match seen {
            Observation::Changed { before, after, .. } => {
                (before.role == Role::Leader || after.role == Role::Leader)
                    && (before.role != after.role || before.term != after.term)
            }
            Observation::Booted { .. } | Observation::Crashed { .. } => true,
            _ => false,
        };
        if leaders_may_differ {
            self.look_at_leaders(ghost);
        }
    }

    /// Looks a last time, at the end of the run.
    pub(crate) fn finish(&mut self, ghost: &Ghost, ledger: &Ledger) {
        self.take_turns(ledger);
        self.look_at_leaders(ghost);
    }

    fn trouble(&mut self, trouble: DiskTrouble) {
        self.saw(match trouble {
            DiskTrouble::SyncFailed(_) => Happening::SyncFailed,
            DiskTrouble::SyncLied => Happening::SyncLied,
            DiskTrouble::Rotten(_) => Happening::RecordDamaged,
            DiskTrouble::Missing => Happening::RecordMissing,
            DiskTrouble::Stopped => Happening::Stopped,
            DiskTrouble::Stalled => Happening::DiskStalled,
            DiskTrouble::WillFail { .. }
            | DiskTrouble::Full
            | DiskTrouble::Freed
            | DiskTrouble::Released
            | DiskTrouble::Mended => return,
        });
    }

    fn change(&mut self, ledger: &Ledger, peer: PeerId, before: &View, after: &View) {
        match (before.role, after.role) {
            (Role::Candidate, Role::Follower) if before.term == after.term => {
                self.saw(Happening::CandidateYields);
            }
            (Role::Leader, Role::Follower) if before.term == after.term => {
                self.saw(Happening::QuorumLost);
            }
            (Role::Leader, _) if after.term > before.term => {
                self.saw(Happening::DethronedLeader);
                let starter =
                    ledger.election(after.term).and_then(|held| held.candidates().first());
                let by_another = starter.is_some_and(|starter| starter.peer != peer);
                if by_another && self.links.has_two_way_majority(peer) {
                    self.saw(Happening::DisruptivePeer);
                }
            }
            _ => {}
        }
    }

    fn request(&mut self, ghost: &Ghost, candidate: PeerId, voter: PeerId, term: Term) {
        let Some(peer) = ghost.peer(voter).filter(|peer| peer.is_alive) else {
            return;
        };
        let view = &peer.view;
        if term < view.term {
            self.saw(Happening::StaleVoteRequest);
            return;
        }
        let voted_for_another = view.voted_for.is_some_and(|other| other != candidate);
        if term == view.term && voted_for_another {
            self.saw(Happening::VoteWithheld);
        }
        let stated = ghost.term(term).and_then(|asked| asked.stated_log(candidate));
        let Some(stated) = stated.filter(|log| *log < view.last) else { return };
        self.saw(Happening::OutdatedCandidate);
        if stated.index > view.last.index {
            self.saw(Happening::OldLongLog);
        }
    }

    fn grant(&mut self, ghost: &Ghost, voter: PeerId, candidate: PeerId, term: Term) {
        let ballot = ghost.term(term).and_then(|cast| cast.find(voter, candidate));
        if ballot.is_some_and(|ballot| ballot.is_granted) {
            return;
        }
        let mut voters = ghost.voters(term, candidate);
        voters.insert(voter);
        if voters.len() * 2 == ghost.cluster_size() {
            self.saw(Happening::HalfOfTheVotes);
        }
    }

    fn look_at_leaders(&mut self, ghost: &Ghost) {
        self.links_touched = false;
        let was_isolated = self.isolated;
        self.isolated =
            ghost.leaders.iter().filter(|peer| !self.links.has_two_way_majority(*peer)).collect();
        for _ in self.isolated.difference(was_isolated).iter() {
            self.saw(Happening::LeaderIsolated);
        }
        let term = |peer| ghost.peer(peer).map(|peer| peer.view.term);
        let mut leaders = ghost.leaders.iter();
        let first = leaders.next().and_then(term);
        let differ = leaders.any(|leader| term(leader) != first);
        if differ && !self.two_leaders {
            self.saw(Happening::TwoLeaders);
        }
        self.two_leaders = differ;
    }

    fn take_turns(&mut self, ledger: &Ledger) {
        for turn in ledger.turns() {
            match *turn {
                Turn::Contested => self.saw(Happening::RivalCandidates),
                Turn::Closed(term, ending) => {
                    self.saw(name(ending));
                    if follows_a_split(ledger, term, ending) {
                        self.saw(Happening::WonAfterSplit);
                    }
                }
                Turn::Reopened(term, ending) => {
                    self.happenings.retract(name(ending));
                    if follows_a_split(ledger, term, ending) {
                        self.happenings.retract(Happening::WonAfterSplit);
                    }
                }
            }
        }
    }
}

fn name(ending: Ending) -> Happening {
    match ending {
        Ending::Won(_) => Happening::WonElection,
        Ending::Split => Happening::SplitVote,
        Ending::Lost(_) => Happening::LostElection,
        Ending::Starved => Happening::StarvedElection,
    }
}

/// Whether the end of a term completes a pair of a split term and a won one. The won
/// term may close first: the last peer leaves the split term when it hears the new leader.
fn follows_a_split(ledger: &Ledger, term: Term, ending: Ending) -> bool {
    let ending_of = |term| ledger.election(term)?.ending();
    match ending {
        Ending::Won(_) => ending_of(term.wrapping_sub(1)) == Some(Ending::Split),
        Ending::Split => matches!(ending_of(term.wrapping_add(1)), Some(Ending::Won(_))),
        Ending::Lost(_) | Ending::Starved => false,
    }
}

#[cfg(test)]
mod tests;
