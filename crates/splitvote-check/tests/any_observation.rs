//! Whatever is observed, in whatever order, the judge does not panic, and its two ways of
//! counting elections agree.

use splitvote_check::{Checker, CheckerSet, Happening, Judge, Observation};
use splitvote_peer::{
    EntryId, History, LogIndex, LogPosition, PeerId, Progress, Role, SimTime, Unknown, View,
};

/// A small generator of numbers: an xorshift.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }

    /// Mostly a peer of the cluster of four, sometimes a stranger.
    fn peer(&mut self) -> PeerId {
        PeerId(if self.below(50) == 0 { 251 } else { self.below(4) as u8 })
    }

    fn maybe_peer(&mut self) -> Option<PeerId> {
        (self.below(3) > 0).then(|| self.peer())
    }

    fn term(&mut self) -> u64 {
        if self.below(100) == 0 { u64::MAX } else { self.below(12) }
    }

    fn unknown(&mut self) -> Unknown {
        match self.below(8) {
            0 => Unknown::VOTE,
            1 => Unknown::TERM,
            2 => Unknown::COMMIT,
            _ => Unknown::NOTHING,
        }
    }

    fn view(&mut self) -> View {
        View {
            role: [Role::Follower, Role::Candidate, Role::Leader][self.below(3) as usize],
            term: self.term(),
            voted_for: self.maybe_peer(),
            leader: self.maybe_peer(),
            first: self.index(),
            last: self.position(),
            commit: self.index(),
            applied: self.index(),
            unknown: self.unknown(),
        }
    }

    /// Mostly a small index, sometimes one near the end of the numbers.
    fn index(&mut self) -> LogIndex {
        match self.below(60) {
            0 => LogIndex::MAX,
            1 => LogIndex::MAX - 1,
            2 => 1 << 60,
            3 => 1 << 30,
            _ => self.below(6),
        }
    }

    fn position(&mut self) -> LogPosition {
        LogPosition { index: self.index(), term: self.term() % 4 }
    }

    fn entry(&mut self) -> EntryId {
        EntryId { term: self.term(), digest: self.below(3) }
    }

    /// What concerns logs, disks and state machines.
    fn log_observation(&mut self) -> Observation {
        let (peer, leader, follower, term) = (self.peer(), self.peer(), self.peer(), self.term());
        let (index, through) = (self.index(), self.position());
        match self.below(9) {
            0 | 1 => Observation::DurableEntry { peer, index, entry: self.entry() },
            2 => Observation::DurableTruncation { peer, from: index },
            3 => Observation::DurableSnapshot { peer, through },
            4 => Observation::Applied { peer, index, entry: self.entry() },
            5 => {
                let content = (self.below(4) > 0).then(|| (index, History(self.below(3))));
                Observation::Restored { peer, through, content }
            }
            6 => {
                let progress = Progress { matched: index, next: self.index() };
                Observation::Progress { leader, follower, progress }
            }
            7 => {
                let entries = if self.below(9) == 0 { u32::MAX } else { 2 };
                let previous = through;
                Observation::AppendReceived { leader, follower, term, previous, entries }
            }
            _ if self.below(2) == 0 => Observation::AppendRefused { leader, follower, term },
            _ => Observation::InstallReceived { leader, follower, term, through },
        }
    }

    /// A log that may hold what its view says, or anything else.
    fn show_log(&mut self, judge: &mut Judge, at: SimTime) {
        let (peer, before, after) = (self.peer(), self.view(), self.view());
        let log: Vec<EntryId> = (0..6).map(|_| self.entry()).collect();
        let (is_boot, is_endless) = (self.below(4) == 0, self.below(300) == 0);
        let read = |index: LogIndex| match usize::try_from(index) {
            Ok(place) if place < log.len() => Some(log[place]),
            _ if is_endless && index < 1 << 40 => Some(log[0]),
            _ => None,
        };
        if is_boot {
            judge.whole_log(at, peer, &after, read);
        } else {
            judge.log_changed(at, peer, &before, &after, read);
        }
    }

    fn observation(&mut self) -> Observation {
        let (peer, from, term) = (self.peer(), self.peer(), self.term());
        let (before, after) = (self.view(), self.view());
        match self.below(18) {
            0 => Observation::Booted { peer, boot: self.below(4) as u32, view: after },
            1 => Observation::Crashed { peer },
            2..=4 => Observation::Changed { peer, before, after },
            5 => {
                let (candidate, voter, last_log) = (from, peer, before.last);
                let sender = after;
                Observation::VoteRequestSent { candidate, voter, term, last_log, sender }
            }
            6 => Observation::VoteRequestReceived { candidate: from, voter: peer, term },
            7 => Observation::VoteGrantSent { voter: peer, candidate: from, term },
            8 => Observation::VoteGrantReceived { voter: peer, candidate: from, term },
            9 => Observation::Durable { peer, term, voted_for: self.maybe_peer() },
            10 => Observation::LeaderHeard { peer, from, term, before, after },
            11 => Observation::HigherTermHeard { peer, from, heard: term, after },
            12 => {
                let (asker, voter, last_log) = (from, peer, before.last);
                let sender = after;
                Observation::PreVoteSent { asker, voter, asked_for: term, last_log, sender }
            }
            13 => {
                let (asker, voter, last_log) = (from, peer, self.view().last);
                let asked_for = term;
                Observation::PreVoteHandled { asker, voter, asked_for, last_log, before, after }
            }
            14 => {
                let granted = self.below(2) == 0;
                let (asker, voter, asked_for) = (from, peer, term);
                Observation::PreVoteAnswered { asker, voter, asked_for, granted }
            }
            15 => Observation::PreVoteLearned { asker: from, voter: peer, asked_for: term },
            16 => Observation::VoteRequestDisregarded { candidate: from, voter: peer, term },
            _ => Observation::LinkChanged { from, to: peer, up: self.below(2) == 0 },
        }
    }
}

#[test]
fn no_observation_makes_the_judge_panic() {
    for seed in 1..2_000 {
        let mut numbers = Numbers(seed);
        // A judge that has found a violation asks no checker any more: so each is asked alone.
        let alone = &Checker::ALL[seed as usize % Checker::ALL.len()..][..1];
        let mut judge = Judge::new(4).asking_only(alone);
        if seed % 2 == 0 {
            judge = judge.strict_about(CheckerSet::ALL);
        }
        if seed % 3 == 0 {
            judge = judge.trusting_disks();
        }
        for step in 0..100 {
            let at = SimTime(step);
            match numbers.below(3) {
                0 => judge.observe(at, &numbers.observation()),
                1 => judge.observe(at, &numbers.log_observation()),
                _ => numbers.show_log(&mut judge, at),
            }
            let _ = (judge.committed_as(numbers.index()), judge.committed_at(numbers.index()));
            let _ = (judge.is_committed(numbers.index(), 1), judge.applied(numbers.peer()));
        }
        judge.finish(SimTime(100));
        let (counts, seen) = (judge.ledger().counts(), judge.happenings());
        assert_eq!(counts.won, seen.get(Happening::WonElection), "seed {seed}");
        assert_eq!(counts.split, seen.get(Happening::SplitVote), "seed {seed}");
        assert_eq!(counts.lost, seen.get(Happening::LostElection), "seed {seed}");
        assert_eq!(counts.starved, seen.get(Happening::StarvedElection), "seed {seed}");
        let lines = judge.ledger().elections().map(ToString::to_string);
        let violation = judge.violation().map(ToString::to_string);
        let departures = judge.departures().iter().map(|departure| departure.first.to_string());
        assert!(
            lines.chain(violation).chain(departures).all(|line| !line.contains('\n')),
            "seed {seed}"
        );
    }
}
