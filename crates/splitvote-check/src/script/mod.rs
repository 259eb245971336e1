//! Made-up runs for the unit tests: each line plays one thing that peers do, as the harness would
//! report it.

use splitvote_peer::{DiskTrouble, EntryId, PeerId, Role, SimTime, Term, Unknown, View};

use crate::checkers::CheckerSet;
use crate::judge::Judge;
use crate::observation::Observation;

mod logs;

pub(crate) use logs::entry;

/// A judge that every departure from practice ends the run for.
fn strict(cluster_size: usize) -> Judge {
    Judge::new(cluster_size).strict_about(CheckerSet::ALL)
}

/// A run that is being made up. All peers are booted at the start.
pub(crate) struct Script {
    pub(crate) judge: Judge,
    now: SimTime,
    pub(crate) views: Vec<View>,
    boots: Vec<u32>,
    /// What each peer's log holds, from `view.first` on.
    logs: Vec<Vec<EntryId>>,
}

impl Script {
    pub(crate) fn new(cluster_size: usize) -> Self {
        Self::before(strict(cluster_size), cluster_size)
    }

    /// A run that departures from practice do not end.
    pub(crate) fn lenient(cluster_size: usize) -> Self {
        Self::before(Judge::new(cluster_size), cluster_size)
    }

    /// A run of peers whose disks tell of no ballots.
    pub(crate) fn without_disks(cluster_size: usize) -> Self {
        let judge = strict(cluster_size).trusting_memory().trusting_disks();
        Self::before(judge, cluster_size)
    }

    /// A run in which only one checker is asked.
    pub(crate) fn asking(checker: crate::Checker, cluster_size: usize) -> Self {
        Self::before(strict(cluster_size).asking_only(&[checker]), cluster_size)
    }

    fn before(judge: Judge, cluster_size: usize) -> Self {
        let mut script = Self {
            judge,
            now: SimTime::ZERO,
            views: vec![View::NEW; cluster_size],
            boots: vec![1; cluster_size],
            logs: vec![Vec::new(); cluster_size],
        };
        for peer in PeerId::all(cluster_size) {
            script.see(Observation::Booted { peer, boot: 1, view: View::NEW });
        }
        script
    }

    /// Moves on to so many microseconds since the start.
    pub(crate) fn at(&mut self, micros: u64) -> &mut Self {
        self.now = SimTime(micros * 1_000);
        self
    }

    pub(crate) fn see(&mut self, observation: Observation) -> &mut Self {
        self.judge.observe(self.now, &observation);
        self
    }

    pub(crate) fn change(&mut self, peer: u8, change: impl FnOnce(&mut View)) -> &mut Self {
        let before = self.views[usize::from(peer)];
        let mut after = before;
        change(&mut after);
        self.views[usize::from(peer)] = after;
        if before == after {
            return self;
        }
        self.see(Observation::Changed { peer: PeerId(peer), before, after })
    }

    pub(crate) fn durable(&mut self, peer: u8, term: Term, voted_for: Option<u8>) -> &mut Self {
        let voted_for = voted_for.map(PeerId);
        self.see(Observation::Durable { peer: PeerId(peer), term, voted_for })
    }

    /// Something goes wrong with the peer's disk.
    pub(crate) fn trouble(&mut self, peer: u8, trouble: DiskTrouble) -> &mut Self {
        self.see(Observation::DiskTrouble { peer: PeerId(peer), trouble })
    }

    /// The peer stands in the term with its own vote in memory only.
    pub(crate) fn stand_in_memory(&mut self, peer: u8, term: Term) -> &mut Self {
        self.change(peer, |view| {
            view.role = Role::Candidate;
            view.term = term;
            view.voted_for = Some(PeerId(peer));
            view.leader = None;
        })
    }

    /// The peer stands in the term; its own vote is durable.
    pub(crate) fn stand(&mut self, peer: u8, term: Term) -> &mut Self {
        self.stand_in_memory(peer, term).durable(peer, term, Some(peer))
    }

    /// The candidate asks the voter.
    pub(crate) fn ask(&mut self, candidate: u8, voter: u8) -> &mut Self {
        let sender = self.views[usize::from(candidate)];
        self.see(Observation::VoteRequestSent {
            candidate: PeerId(candidate),
            voter: PeerId(voter),
            term: sender.term,
            last_log: sender.last,
            sender,
        })
    }

    pub(crate) fn hear(&mut self, candidate: u8, voter: u8, term: Term) -> &mut Self {
        let (candidate, voter) = (PeerId(candidate), PeerId(voter));
        self.see(Observation::VoteRequestReceived { candidate, voter, term })
    }

    /// What a peer looks like.
    pub(crate) fn view(&self, peer: u8) -> View {
        self.views[usize::from(peer)]
    }

    /// The peer asks the voter whether it would get its vote in the next term.
    pub(crate) fn pre_ask(&mut self, asker: u8, voter: u8) -> &mut Self {
        let sender = self.view(asker);
        let (asked_for, last_log) = (sender.term + 1, sender.last);
        let (asker, voter) = (PeerId(asker), PeerId(voter));
        self.see(Observation::PreVoteSent { asker, voter, asked_for, last_log, sender })
    }

    /// The voter is asked, and stays as it is.
    pub(crate) fn pre_hear(&mut self, asker: u8, voter: u8, asked_for: Term) -> &mut Self {
        let (last_log, before) = (self.view(asker).last, self.view(voter));
        let (asker, voter, after) = (PeerId(asker), PeerId(voter), before);
        self.see(Observation::PreVoteHandled { asker, voter, asked_for, last_log, before, after })
    }

    /// The voter answers.
    pub(crate) fn pre_answer(
        &mut self,
        voter: u8,
        asker: u8,
        asked_for: Term,
        granted: bool,
    ) -> &mut Self {
        let (asker, voter) = (PeerId(asker), PeerId(voter));
        self.see(Observation::PreVoteAnswered { asker, voter, asked_for, granted })
    }

    /// The asker is told yes.
    pub(crate) fn pre_learn(&mut self, asker: u8, voter: u8, asked_for: Term) -> &mut Self {
        let (asker, voter) = (PeerId(asker), PeerId(voter));
        self.see(Observation::PreVoteLearned { asker, voter, asked_for })
    }

    /// The voter notes its vote, in memory only.
    pub(crate) fn vote_in_memory(&mut self, voter: u8, candidate: u8, term: Term) -> &mut Self {
        self.change(voter, |view| {
            if view.term < term {
                view.role = Role::Follower;
                view.leader = None;
            }
            view.term = term;
            view.voted_for = Some(PeerId(candidate));
        })
    }

    /// The granting reply leaves.
    pub(crate) fn tell(&mut self, voter: u8, candidate: u8, term: Term) -> &mut Self {
        let (voter, candidate) = (PeerId(voter), PeerId(candidate));
        self.see(Observation::VoteGrantSent { voter, candidate, term })
    }

    /// The voter votes, makes it durable and tells the candidate.
    pub(crate) fn grant(&mut self, voter: u8, candidate: u8, term: Term) -> &mut Self {
        self.vote_in_memory(voter, candidate, term);
        self.durable(voter, term, Some(candidate)).tell(voter, candidate, term)
    }

    pub(crate) fn take_office(&mut self, peer: u8) -> &mut Self {
        self.change(peer, |view| {
            view.role = Role::Leader;
            view.leader = Some(PeerId(peer));
        })
    }

    /// A whole election by the book: the candidate is one of the voters.
    pub(crate) fn elect(&mut self, candidate: u8, term: Term, voters: &[u8]) -> &mut Self {
        self.stand(candidate, term);
        for voter in voters.iter().copied().filter(|voter| *voter != candidate) {
            self.ask(candidate, voter).grant(voter, candidate, term);
        }
        self.take_office(candidate)
    }

    /// The peer follows whoever leads the term.
    pub(crate) fn follow(&mut self, peer: u8, leader: Option<u8>, term: Term) -> &mut Self {
        self.change(peer, |view| {
            if view.term != term {
                view.voted_for = None;
            }
            view.role = Role::Follower;
            view.term = term;
            view.leader = leader.map(PeerId);
        })
    }

    pub(crate) fn crash(&mut self, peer: u8) -> &mut Self {
        self.see(Observation::Crashed { peer: PeerId(peer) })
    }

    /// The peer restarts with the term and the vote that it had.
    pub(crate) fn restart(&mut self, peer: u8) -> &mut Self {
        let View { term, voted_for, .. } = self.views[usize::from(peer)];
        self.restart_with(peer, term, voted_for.map(|candidate| candidate.0))
    }

    pub(crate) fn restart_with(&mut self, peer: u8, term: Term, vote: Option<u8>) -> &mut Self {
        let place = usize::from(peer);
        let last = self.views[place].last;
        let view = View { term, voted_for: vote.map(PeerId), last, ..View::NEW };
        self.views[place] = view;
        self.boots[place] += 1;
        let boot = self.boots[place];
        self.see(Observation::Booted { peer: PeerId(peer), boot, view })
    }

    /// The peer restarts in term 0 with an empty log, and does not show this.
    pub(crate) fn restart_unknown(&mut self, peer: u8, unknown: Unknown) -> &mut Self {
        let view = View { unknown, ..View::NEW };
        self.views[usize::from(peer)] = view;
        self.see(Observation::Booted { peer: PeerId(peer), boot: 2, view })
    }

    pub(crate) fn link(&mut self, from: u8, to: u8, up: bool) -> &mut Self {
        self.see(Observation::LinkChanged { from: PeerId(from), to: PeerId(to), up })
    }

    pub(crate) fn finish(&mut self) -> &mut Self {
        self.judge.finish(self.now);
        self
    }

    /// The name of the checker that fired first, and its evidence.
    pub(crate) fn verdict(&self) -> Option<(&'static str, String)> {
        self.judge.violation().map(|found| (found.checker.name(), found.evidence.to_string()))
    }

    /// What the first violation says.
    pub(crate) fn sentence(&self) -> Option<String> {
        self.judge.violation().map(ToString::to_string)
    }
}
