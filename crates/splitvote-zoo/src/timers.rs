//! Election timers: what resets them, how long they run, and what happens when they elapse. These
//! mutants do nothing forbidden; they keep the cluster without a leader.

use std::time::Duration;

use splitvote_peer::Role;

use crate::mutant::mutants;

mutants! {

mutant {
    E16 TimerResetByAnyRequest "timer-reset-by-any-request" Liveness
    bug: "Every RequestVote resets the election timer, granted or not."
    violates: "a leader is elected in time"
    source: "Students' Guide to Raft, on livelocks"
    fn request_resets_timer(&self, _granted: bool) -> bool {
        true
    }
}

mutant {
    E17 TimerNotResetByVote "timer-not-reset-by-vote" Liveness
    bug: "Granting a vote does not reset the voter's election timer."
    violates: "a leader is elected in time"
    source: "butaneprotocol/oracles#18"
    fn request_resets_timer(&self, _granted: bool) -> bool {
        false
    }
}

mutant {
    E18 TimerNotResetByRefusedHeartbeat "timer-not-reset-by-refused-heartbeat" Liveness
    bug: "A heartbeat of the current leader that fails the log check does not reset the timer."
    violates: "a leader in office is left in office"
    source: "redpanda-data/redpanda#31547"
    fn append_resets_timer(&self, log_matches: bool) -> bool {
        log_matches
    }
}

mutant {
    E19 TimeoutDrawnOnce "timeout-drawn-once" Liveness
    bug: "The election timeout is drawn once a boot, not once an election: splits repeat."
    violates: "a split vote is resolved"
    source: "fluree/db#1845, databendlabs/openraft#1838; EastGuard#120; goraft#13"
    fn timeout(&self, first_drawn: Duration, _fresh: Duration) -> Duration {
        first_drawn
    }
}

mutant {
    E20 CandidateStandsOnce "candidate-stands-once" Liveness
    bug: "A candidate whose election was split never starts another."
    violates: "a split vote is resolved"
    source: "extended Raft paper, section 5.2"
    fn stands_at_timeout(&self, role: Role) -> bool {
        role == Role::Follower
    }
}

mutant {
    N32 DeposedLeaderWithoutTimer "deposed-leader-without-timer" Liveness
    bug: "A leader that becomes a follower arms no election timer: it never stands again unless it hears a leader."
    violates: "a leader is elected in time"
    source: "common bug: a leader's timer is stopped and nobody starts it"
    fn arms_timer_after_office(&self) -> bool {
        false
    }
}

mutant {
    N33 TimerNotResetBySnapshot "timer-not-reset-by-snapshot" Liveness
    bug: "An InstallSnapshot does not reset the election timer: a long transfer ends in an election."
    violates: "a leader in office is left in office"
    source: "common bug: only AppendEntries counts as a heartbeat"
    fn install_resets_timer(&self) -> bool {
        false
    }
}

}
