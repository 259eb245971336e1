//! Whatever is observed, in whatever order, the judge does not panic, and its two ways of
//! counting elections agree.

use splitvote_check::{Happening, Judge, Observation};
use splitvote_peer::{LogPosition, PeerId, Role, SimTime, View};

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

    fn view(&mut self) -> View {
        View {
            role: [Role::Follower, Role::Candidate, Role::Leader][self.below(3) as usize],
            term: self.term(),
            voted_for: self.maybe_peer(),
            leader: self.maybe_peer(),
            last: LogPosition { index: self.below(3), term: self.below(3) },
            ..View::NEW
        }
    }

    fn observation(&mut self) -> Observation {
        let (peer, from, term) = (self.peer(), self.peer(), self.term());
        let (before, after) = (self.view(), self.view());
        match self.below(13) {
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
            _ => Observation::LinkChanged { from, to: peer, up: self.below(2) == 0 },
        }
    }
}

#[test]
fn no_observation_makes_the_judge_panic() {
    for seed in 1..2_000 {
        let mut numbers = Numbers(seed);
        let mut judge = Judge::new(4);
        for step in 0..100 {
            judge.observe(SimTime(step), &numbers.observation());
        }
        judge.finish(SimTime(100));
        let (counts, seen) = (judge.ledger().counts(), judge.happenings());
        assert_eq!(counts.won, seen.get(Happening::WonElection), "seed {seed}");
        assert_eq!(counts.split, seen.get(Happening::SplitVote), "seed {seed}");
        assert_eq!(counts.lost, seen.get(Happening::LostElection), "seed {seed}");
        assert_eq!(counts.starved, seen.get(Happening::StarvedElection), "seed {seed}");
        let lines = judge.ledger().elections().map(ToString::to_string);
        let violation = judge.violation().map(ToString::to_string);
        assert!(lines.chain(violation).all(|line| !line.contains('\n')), "seed {seed}");
    }
}
