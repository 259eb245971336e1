//! The ballot on the disk: mutants that promise what a crash can take back.

use splitvote_raft::Ballot;

use crate::mutant::mutants;

mutants! {

mutant {
    E3 BallotNeverWritten "ballot-never-written" Safety
    bug: "Term and vote are kept in memory only, and a restart forgets them."
    violates: "one vote per term"
    source: "ongardie/raft.tla#5"
    fn persists_ballot(&self) -> bool {
        false
    }
}

mutant {
    E3B BallotNotAwaited "ballot-not-awaited" Safety
    bug: "Term and vote are written, but the reply does not wait until they are durable."
    violates: "one vote per term"
    source: "robustmq#2039; ahnlich#387"
    fn waits_for_sync(&self) -> bool {
        false
    }
}

mutant {
    E3C HeardTermNotWritten "heard-term-not-written" Safety
    bug: "A term learned from a leader or from a reply is kept in memory only until the next vote."
    violates: "leader completeness"
    source: "MIT 6.5840 lab 3C: persist() forgotten where a term is adopted"
    fn persists_heard_term(&self) -> bool {
        false
    }
}

mutant {
    E4 BallotWrittenInTwoSteps "ballot-written-in-two-steps" Safety
    bug: "The term is written first and the vote after it, and the reply waits for the first only."
    violates: "one vote per term"
    source: "hashicorp/raft#661"
    fn ballot_written_first(&self, before: Ballot, after: Ballot) -> Ballot {
        Ballot { term: after.term, voted_for: before.voted_for }
    }
}

}
