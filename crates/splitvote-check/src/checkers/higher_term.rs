//! A higher term is adopted, whatever carries it.
//!
//! # Paper
//! Section 5.1: "if one server's current term is smaller than the other's, then it updates its
//! current term to the larger value". Figure 2, all servers: in a request or a response alike.
//!
//! # Checks
//! Whenever a message with a higher term is delivered: the receiver's term is at least that one
//! after the step.
//!
//! # Does not check
//! The role afterwards: other rules see to it. A RequestVote that a Raft may rightly disregard (section
//! 6: one that arrives within the minimum election timeout of hearing from a leader): with
//! CheckQuorum the harness reports none to a peer that knows a leader as heard. The term that a
//! PreVote names: nobody is in it.
//!
//! # Standing
//! Practice: to disregard a message is always safe, as it might have been lost. What a peer does in
//! its old term meanwhile is judged as that of a peer which heard nothing. Accused are correct Rafts
//! that disregard a RequestVote while they believe in a leader, and those that adopt a term once it
//! is durable.
//!
//! # Mutants that trip it
//! E12, N6.

use super::prelude::*;

pub(super) const RULE: Rule =
    Rule::new("higher-term", "5.1", "A peer that hears a higher term adopts it.");

/// The evidence: a higher term that was not adopted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HigherTermIgnored {
    /// Who heard it.
    pub peer: PeerId,
    /// The peer that sent it.
    pub from: PeerId,
    /// The term of the message.
    pub heard: Term,
    /// The receiver's term after the step.
    pub kept: Term,
}

pub(super) fn check(_: &Ghost, _: SimTime, seen: &Observation) -> Option<HigherTermIgnored> {
    let &Observation::HigherTermHeard { peer, from, heard, after } = seen else {
        return None;
    };
    let kept = after.term;
    (kept < heard && after.shows_term()).then_some(HigherTermIgnored { peer, from, heard, kept })
}

impl Proof for HigherTermIgnored {
    fn finding(&self) -> Finding {
        let Self { peer, from, heard, kept } = *self;
        let stays = format!("it stays in term {kept}, though this tells of term {heard}");
        Finding::new("higher-term-ignored", [peer, from])
            .leads([Lead::OwnPast(peer), Lead::Remark(stays)])
            .of_practice()
            .without_comma()
    }

    fn sentence(&self) -> String {
        let Self { peer, from, heard, kept } = self;
        format!("{peer} heard term {heard} from {from} and stayed in term {kept}")
    }
}

#[cfg(test)]
mod tests {
    use splitvote_peer::View;

    use super::*;
    use crate::script::Script;

    fn hears(heard: Term, kept: Term) -> Option<(&'static str, String)> {
        let after = View { term: kept, ..View::NEW };
        let (peer, from) = (PeerId(0), PeerId(2));
        let mut run = Script::new(3);
        run.see(Observation::HigherTermHeard { peer, from, heard, after });
        run.verdict()
    }

    #[test]
    fn a_term_that_is_not_adopted_fires() {
        let sentence = "S0 heard term 5 from S2 and stayed in term 4".to_owned();
        assert_eq!(hears(5, 4), Some(("higher-term", sentence)));
    }

    #[test]
    fn adopting_the_term_is_legal() {
        assert_eq!(hears(5, 5), None);
    }
}
