//! What the judge remembers for the checkers. No crash, partition or restart erases it.
//!
//! A checker reads the ghost as it was *before* the observation that it judges;
//! [`Ghost::record`] takes the observation in afterwards.

mod canvass;
mod committed;
mod cuts;
mod log;
mod logs;
mod quick;
mod reading;
mod sightings;
mod term;

use splitvote_peer::{
    Configuration, DiskTrouble, LogIndex, PeerId, PeerSet, Role, SimTime, Term, View,
};

use crate::by_term::ByTerm;
use crate::disk_fault::DiskFault;
use crate::observation::{Observation, entered, newly_cast};
use crate::patience::Patience;
use crate::proof::Finding;
use crate::standing::Standing;
use canvass::{Canvassing, Question};
pub(crate) use committed::Committed;
use cuts::PendingCuts;
pub(crate) use log::LogGhost;
pub(crate) use reading::{LogChange, Occasion, Reader};
use sightings::Sightings;
pub(crate) use term::TermGhost;

/// What is known of one peer.
#[derive(Clone, Debug)]
pub(crate) struct PeerGhost {
    /// Whether it runs.
    pub(crate) is_alive: bool,
    /// What it looked like last; a dead peer keeps the view that it died with.
    pub(crate) view: View,
    /// The newest ballot known to be on its disk: term and vote.
    pub(crate) disk: Option<(Term, Option<PeerId>)>,
    /// Its log in memory; a dead peer keeps the log that it died with.
    pub(crate) log: LogGhost,
    /// The log that is known to be on its disk.
    pub(crate) disk_log: LogGhost,
    /// What memory has removed and the disk may not have.
    pub(crate) pending_cuts: PendingCuts,
    /// Up to here its log in memory is known to be as committed. It may be so further on.
    agreed: LogIndex,
    /// Up to where its state machine has applied the log in this life; 0 while it is down.
    pub(crate) applied: LogIndex,
    /// Up to where the newest snapshot reaches that is on its disk.
    pub(crate) stored_snapshot: LogIndex,
    /// Up to where the newest snapshot reaches that it was sent in this life.
    pub(crate) sent_snapshot: LogIndex,
    /// It boots without a record that its disk has lost, and nothing tells it: what it has forgotten is
    /// not its fault. What comes of that is judged all the same.
    pub(crate) is_excused: bool,
    /// When a sync of this life was last reported as complete and made nothing durable.
    lied_to: Option<SimTime>,
    /// What was last wrong with its disk; what it was not told stays.
    disk_fault: Option<DiskFault>,
    /// Whether its disk has failed it in this life, is full, or has been stalled: it may leave its duties to
    /// others.
    is_hampered: bool,
}

impl PeerGhost {
    const UNBORN: Self = Self {
        is_alive: false,
        view: View::NEW,
        disk: None,
        log: LogGhost::EMPTY,
        disk_log: LogGhost::EMPTY,
        pending_cuts: PendingCuts::NONE,
        agreed: 0,
        applied: 0,
        stored_snapshot: 0,
        sent_snapshot: 0,
        is_excused: false,
        lied_to: None,
        disk_fault: None,
        is_hampered: false,
    };

    /// Up to where its state machine has come in this life, or a snapshot would bring it.
    pub(crate) fn within_reach(&self) -> LogIndex {
        self.stored_snapshot.max(self.sent_snapshot).max(self.applied)
    }

    /// Whether what it wrote then is durable as far as it can know: a sync in this life has lied since.
    pub(crate) fn is_deceived_since(&self, written: SimTime) -> bool {
        self.lied_to.is_some_and(|lied| lied >= written)
    }

    /// Whether its disk gives it a reason to leave its duties to others.
    pub(crate) fn is_hampered(&self) -> bool {
        self.is_hampered
    }

    /// Whether its disk has ever lied or lost a record without telling it.
    pub(crate) fn is_betrayed(&self) -> bool {
        self.disk_fault.is_some_and(|fault| fault.is_untold())
    }

    fn trouble(&mut self, fault: DiskFault) {
        match fault.trouble {
            DiskTrouble::SyncLied => self.lied_to = Some(fault.at),
            DiskTrouble::Missing => self.is_excused = true,
            _ => {}
        }
        if fault.is_untold() || !self.is_betrayed() {
            self.disk_fault = Some(fault);
        }
    }
}

/// All that is remembered of a run.
#[derive(Clone, Debug)]
pub(crate) struct Ghost {
    /// Whose voices make a quorum.
    pub(crate) configuration: Configuration,
    peers: Vec<PeerGhost>,
    terms: ByTerm<TermGhost>,
    /// Who became leader last, and of which term.
    last_crowned: Option<(Term, PeerId)>,
    /// The live peers that lead.
    pub(crate) leaders: PeerSet,
    /// Whether any peer ever described a RequestVote.
    pub(crate) describes_requests: bool,
    /// Whether any peer ever described a granted vote.
    pub(crate) describes_grants: bool,
    /// Whether votes are held against the disks.
    pub(crate) tells_ballots: bool,
    /// Whether commitment is held against the disks.
    pub(crate) tells_entries: bool,
    /// Who asked whom before standing.
    pub(crate) canvass: Canvassing,
    /// Since when each peer has had no cause to stand.
    pub(crate) patience: Patience,
    /// What was ever committed.
    pub(crate) committed: Committed,
    /// The entries that were ever seen.
    sightings: Sightings,
}

impl Ghost {
    pub(crate) fn new(cluster_size: usize) -> Self {
        Self {
            configuration: Configuration::simple(cluster_size),
            peers: vec![PeerGhost::UNBORN; cluster_size],
            terms: ByTerm::default(),
            last_crowned: None,
            leaders: PeerSet::EMPTY,
            describes_requests: false,
            describes_grants: false,
            tells_ballots: true,
            tells_entries: true,
            canvass: Canvassing::default(),
            patience: Patience::new(cluster_size),
            committed: Committed::default(),
            sightings: Sightings::default(),
        }
    }

    pub(crate) fn cluster_size(&self) -> usize {
        self.peers.len()
    }

    /// The least number of peers that decide.
    pub(crate) fn majority(&self) -> usize {
        self.configuration.quorum_size()
    }

    pub(crate) fn peer(&self, peer: PeerId) -> Option<&PeerGhost> {
        self.peers.get(peer.index())
    }

    pub(crate) fn is_alive(&self, peer: PeerId) -> bool {
        self.peer(peer).is_some_and(|ghost| ghost.is_alive)
    }

    pub(crate) fn term(&self, term: Term) -> Option<&TermGhost> {
        self.terms.get(term)
    }

    /// Whether the peer ever led the term, as far as was seen.
    pub(crate) fn has_led(&self, peer: PeerId, term: Term) -> bool {
        // Nearly every question is about whoever was elected last.
        self.last_crowned == Some((term, peer))
            || self.term(term).is_some_and(|ghost| ghost.has_led(peer))
    }

    /// Everyone who ever voted for the candidate in the term.
    pub(crate) fn voters(&self, term: Term, candidate: PeerId) -> PeerSet {
        self.term(term).map_or(PeerSet::EMPTY, |ghost| ghost.voters(candidate))
    }

    /// The lowest term of a live peer; `None` when no peer lives.
    pub(crate) fn lowest_live_term(&self) -> Option<Term> {
        self.peers.iter().filter(|peer| peer.is_alive).map(|peer| peer.view.term).min()
    }

    /// What was wrong with a disk that may have led to this: with that of one of its peers, or, if it breaks
    /// a guarantee, with any disk that did not tell.
    #[cold]
    pub(crate) fn disk_fault(&self, found: &Finding) -> Option<DiskFault> {
        let theirs = || found.peers.iter().filter_map(|peer| self.peer(*peer)?.disk_fault);
        let is_grave = found.standing == Standing::Guarantee;
        let everyone = self.peers.iter().filter(|_| is_grave).filter_map(|peer| peer.disk_fault);
        theirs().chain(everyone).find(DiskFault::is_untold).or_else(|| theirs().next())
    }

    /// Takes an observation in.
    pub(crate) fn record(&mut self, at: SimTime, observation: &Observation) {
        match *observation {
            Observation::Booted { peer, view, .. } => self.boot(at, peer, view),
            Observation::Crashed { peer } => {
                self.leaders.remove(peer);
                if let Some(ghost) = self.peers.get_mut(peer.index()) {
                    ghost.is_alive = false;
                    ghost.applied = 0;
                    ghost.sent_snapshot = 0;
                }
            }
            Observation::Changed { peer, before, after } => {
                self.look_at(at, peer, &before, after);
            }
            Observation::VoteRequestSent { candidate, term, last_log, .. } => {
                self.describes_requests = true;
                self.terms.of(term, TermGhost::default).ask(candidate, last_log);
            }
            Observation::VoteRequestReceived { candidate, voter, term } => {
                self.consider(voter, candidate, term);
                self.hear(voter, candidate, term);
            }
            Observation::VoteGrantSent { voter, candidate, term } => {
                self.describes_grants = true;
                self.terms.of(term, TermGhost::default).ballot(voter, candidate, at).is_granted =
                    true;
            }
            Observation::Durable { peer, term, voted_for } => {
                self.write(at, peer, term, voted_for);
            }
            Observation::DiskTrouble { peer, trouble } => {
                let Some(ghost) = self.peers.get_mut(peer.index()) else { return };
                ghost.is_hampered |= matches!(
                    trouble,
                    DiskTrouble::Full | DiskTrouble::Stalled | DiskTrouble::SyncFailed(_)
                );
                if trouble == DiskTrouble::Mended {
                    let is_gone =
                        |fault: &DiskFault| matches!(fault.trouble, DiskTrouble::Rotten(_));
                    ghost.disk_fault = ghost.disk_fault.filter(|fault| !is_gone(fault));
                } else if let Some(fault) = DiskFault::of(peer, at, trouble) {
                    ghost.trouble(fault);
                }
            }
            Observation::PreVoteSent { asker, asked_for, .. } => self.canvass.ask(asker, asked_for),
            Observation::PreVoteHandled { asker, voter, asked_for, last_log, before, .. } => {
                let may_be_granted = before.role != Role::Leader && last_log >= before.last;
                let question = Question { stated: last_log, voter: before, may_be_granted };
                self.canvass.hear(asked_for, asker, voter, question);
            }
            Observation::PreVoteLearned { asker, voter, asked_for } => {
                self.canvass.learn(asker, voter, asked_for);
            }
            _ => {}
        }
    }

    /// Takes in a change of a view that concerns no election.
    #[inline]
    pub(crate) fn progress(&mut self, at: SimTime, peer: PeerId, after: &View) {
        if let Some(ghost) = self.peers.get_mut(peer.index()) {
            ghost.view = *after;
        }
        self.commit(at, peer, after);
    }

    /// What a follower remembers at its boot survived on its disk, whether it was synced or not.
    fn boot(&mut self, at: SimTime, peer: PeerId, view: View) {
        if let Some(ghost) = self.peers.get_mut(peer.index()) {
            ghost.is_alive = true;
            (ghost.is_excused, ghost.lied_to, ghost.is_hampered) = (false, None, false);
            ghost.applied = 0;
        }
        self.canvass.boot(peer);
        self.look_at(at, peer, &View::NEW, view);
        if view.role == Role::Follower && view.term > 0 && view.shows_vote() {
            self.write(at, peer, view.term, view.voted_for);
        }
    }

    fn look_at(&mut self, at: SimTime, peer: PeerId, before: &View, after: View) {
        if let Some(ghost) = self.peers.get_mut(peer.index()) {
            ghost.view = after;
        }
        if after.role == Role::Leader {
            self.leaders.insert(peer);
        } else {
            self.leaders.remove(peer);
        }
        if let Some(candidate) = newly_cast(before, &after) {
            self.terms.of(after.term, TermGhost::default).ballot(peer, candidate, at);
            self.consider(peer, candidate, after.term);
        }
        if entered(Role::Leader, before, &after) {
            self.terms.of(after.term, TermGhost::default).crown(peer, at);
            self.last_crowned = Some((after.term, peer));
        }
        self.commit(at, peer, &after);
    }

    /// The voter looks at a request with the log that it has.
    fn consider(&mut self, voter: PeerId, candidate: PeerId, term: Term) {
        if let Some(ghost) = self.peers.get(voter.index())
            && let Some(asked) = self.terms.get_mut(term)
        {
            asked.consider(voter, candidate, ghost.view.last);
        }
    }

    /// The voter is handed a request, and has not looked at it.
    fn hear(&mut self, voter: PeerId, candidate: PeerId, term: Term) {
        let view = self.peers.get(voter.index()).map(|ghost| ghost.view);
        if view.is_some_and(|view| view.term <= term || !view.shows_term())
            && let Some(asked) = self.terms.get_mut(term)
        {
            asked.hear_in_time(voter, candidate);
        }
    }

    fn write(&mut self, at: SimTime, peer: PeerId, term: Term, voted_for: Option<PeerId>) {
        if let Some(ghost) = self.peers.get_mut(peer.index()) {
            ghost.disk = Some((term, voted_for));
        }
        if let Some(candidate) = voted_for {
            self.terms.of(term, TermGhost::default).ballot(peer, candidate, at).is_durable = true;
        }
    }
}
