//! Who asks for votes, and in which term.

use splitvote_peer::{Role, Term};

use crate::mutant::mutants;

mutants! {

mutant {
    E8 RequestBuiltTooLate "request-built-too-late" Safety
    bug: "A repeated RequestVote states the term of the moment, even if the sender no longer stands."
    violates: "only a candidate asks, and in the term it stood in"
    source: "the habit of building RPC arguments after the lock is released"
    fn solicits(&self, role: Role, _stood_in: Term, current: Term) -> Option<Term> {
        (role != Role::Leader).then_some(current)
    }
}

mutant {
    N3 TermNotIncremented "term-not-incremented" Safety
    bug: "A server that stands for election does not raise its term."
    violates: "one vote per term"
    source: "founding notes, question 7"
    fn next_term(&self, current: Term) -> Term {
        current
    }
}

}
