//! A pre-vote is a question and an opinion: it changes nothing, and comes before a candidacy.
//!
//! # Paper
//! Dissertation, section 9.6: a candidate "only increments its term if it first learns from a
//! majority of the cluster that they would be willing to grant the candidate their votes", which
//! they are "if the candidate's log is sufficiently up-to-date, and the voters have not received
//! heartbeats from a valid leader for at least a baseline election timeout".
//!
//! # Checks
//! Whenever a PreVote leaves: its sender does not lead, and is in the term before the one that it
//! names. Whenever one was handled: term, vote and role of its receiver are as before. Whenever a
//! yes leaves: at some time that the question was heard, the voter did not lead and had no more
//! up-to-date log. Whenever a peer stands in a term for which it has asked in this life: a majority,
//! itself included, had said yes.
//!
//! 1. Suppose S2 is cut off from S0, which leads, and S1 says yes to S2 though it hears S0.
//! 2. S2 stands, and with its higher term takes S0 out of office, which was of use.
//! 3. S2 cannot reach S0, and S0 does to it the same. Nobody leads for long.
//!
//! # Does not check
//! Whether a voter that is not a leader had heard from one lately: heartbeats are quiet. Whether a
//! peer that never asks should have.
//!
//! # Standing
//! Practice: nobody is elected by pre-votes, and every election that follows is judged by itself. A
//! correct Raft without any pre-vote stands whenever it likes; one whose questions wait in a queue
//! asks for a term that it has reached meanwhile.
//!
//! # Mutants that trip it
//! N16, N17, N18, N19.

use super::prelude::*;

pub(super) const RULE: Rule = Rule::new(
    "pre-vote",
    "dissertation 9.6",
    "A peer that is asked whether it would vote stays as it is, and who asks stands only once \
     a majority says yes.",
);

/// The evidence: a pre-vote that was more, or less, than it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnduePreVote {
    /// The asker is not a follower or candidate of the term before the one that it names.
    OutOfTurn {
        /// The peer that asked for the vote.
        asker: PeerId,
        /// The term that it named.
        asked_for: Term,
        /// What it is.
        role: Role,
        /// The term that it is in.
        own_term: Term,
    },
    /// A question changed the one who was asked.
    Disturbing {
        /// Who was asked.
        voter: PeerId,
        /// The peer that asked.
        asker: PeerId,
        /// What the voter was, and in which term.
        before: (Role, Term),
        /// What it was afterwards.
        after: (Role, Term),
    },
    /// A yes to somebody whose log is behind.
    LogBehind {
        /// Who said yes.
        voter: PeerId,
        /// Where its log ended.
        voter_log: LogPosition,
        /// The peer that it goes to.
        asker: PeerId,
        /// Where that one's log ends, as it stated it.
        stated: LogPosition,
        /// The term that it named.
        asked_for: Term,
    },
    /// A yes of a leader.
    ByLeader {
        /// Who said yes.
        leader: PeerId,
        /// The term that it leads.
        term: Term,
        /// The peer that it goes to.
        asker: PeerId,
    },
    /// A candidacy without a majority that would vote for it.
    Unwelcome {
        /// The peer that stands for election.
        candidate: PeerId,
        /// In which term.
        term: Term,
        /// Who had said yes, itself included.
        willing: PeerSet,
        /// How many it takes.
        needed: usize,
    },
}

pub(super) fn check(ghost: &Ghost, _: SimTime, seen: &Observation) -> Option<UnduePreVote> {
    match *seen {
        Observation::PreVoteSent { asker, asked_for, sender, .. } => {
            let View { role, term: own_term, .. } = sender;
            let is_in_turn = role != Role::Leader && asked_for.checked_sub(1) == Some(own_term);
            let found = UnduePreVote::OutOfTurn { asker, asked_for, role, own_term };
            (!is_in_turn && sender.shows_term()).then_some(found)
        }
        Observation::PreVoteHandled { asker, voter, before, after, .. } => {
            let stays = |view: &View| (view.role, view.term, view.voted_for);
            let is_shown = before.unknown == after.unknown;
            let is_disturbed = is_shown && stays(&before) != stays(&after);
            let [before, after] = [before, after].map(|view| (view.role, view.term));
            is_disturbed.then_some(UnduePreVote::Disturbing { voter, asker, before, after })
        }
        Observation::PreVoteAnswered { asker, voter, asked_for, granted: true } => {
            undue_yes(ghost, asker, voter, asked_for)
        }
        Observation::Changed { peer: candidate, before, after }
            if entered(Role::Candidate, &before, &after) =>
        {
            let (term, needed) = (after.term, ghost.majority());
            let willing = ghost.canvass.willing(candidate, term)?;
            let is_welcome = ghost.configuration.has_quorum(willing);
            let found = UnduePreVote::Unwelcome { candidate, term, willing, needed };
            (!is_welcome).then_some(found)
        }
        _ => None,
    }
}

fn undue_yes(ghost: &Ghost, asker: PeerId, voter: PeerId, asked_for: Term) -> Option<UnduePreVote> {
    let question = ghost.canvass.question(asked_for, asker, voter)?;
    if question.may_be_granted {
        return None;
    }
    let View { role, term, last: voter_log, .. } = question.voter;
    if role == Role::Leader {
        return Some(UnduePreVote::ByLeader { leader: voter, term, asker });
    }
    let stated = question.stated;
    Some(UnduePreVote::LogBehind { voter, voter_log, asker, stated, asked_for })
}

impl Proof for UnduePreVote {
    fn finding(&self) -> Finding {
        let finding = match *self {
            Self::OutOfTurn { asker, role, own_term, .. } => Finding::new("out-of-turn", [asker])
                .leads([Lead::came_to_be(asker, role, own_term)]),
            Self::Disturbing { voter, asker, before: (role, term), .. } => {
                Finding::new("disturbing", [voter, asker])
                    .leads([Lead::came_to_be(voter, role, term)])
            }
            Self::LogBehind { voter, voter_log, asker, .. } => {
                Finding::new("log-behind", [voter, asker]).leads([
                    Lead::Entry(voter, voter_log),
                    Lead::EntryMissing(asker, voter_log),
                    Lead::better_log(voter_log),
                ])
            }
            Self::ByLeader { leader, term, asker } => {
                Finding::new("by-leader", [leader, asker]).leads([Lead::Election(leader, term)])
            }
            Self::Unwelcome { candidate, term, .. } => {
                Finding::new("unwelcome", [candidate]).leads([Lead::PreVotes(candidate, term)])
            }
        };
        finding.of_practice()
    }

    fn sentence(&self) -> String {
        match self {
            Self::OutOfTurn { asker, asked_for, role, own_term } => format!(
                "{asker} asks who would vote for it in term {asked_for}, and is {role} in term \
                 {own_term}"
            ),
            Self::Disturbing { voter, asker, before: (was, from), after: (is, to) } => format!(
                "{voter} was asked whether it would vote for {asker}, and went from {was} of term \
                 {from} to {is} of term {to}"
            ),
            Self::LogBehind { voter, voter_log, asker, stated, asked_for } => format!(
                "{voter} would vote for {asker} in term {asked_for}, whose log ends at {stated}, \
                 behind its own {voter_log}"
            ),
            Self::ByLeader { leader, term, asker } => {
                format!("{leader} leads term {term} and would vote for {asker}")
            }
            Self::Unwelcome { candidate, term, willing, needed } => format!(
                "{candidate} stands in term {term} though only {willing} would vote for it, and \
                 {needed} are needed"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Script;

    fn fires(run: &Script, sentence: &str) {
        assert_eq!(run.verdict(), Some(("pre-vote", sentence.to_owned())));
    }

    /// S2 asks for the term after its own, and everyone who is asked says so much.
    fn asked(says_yes: bool) -> Script {
        let mut run = Script::new(3);
        run.follow(2, None, 3).pre_ask(2, 1).pre_hear(2, 1, 4).pre_answer(1, 2, 4, says_yes);
        run
    }

    #[test]
    fn a_majority_that_would_vote_is_enough() {
        let mut run = asked(true);
        run.pre_learn(2, 1, 4).stand(2, 4);
        assert_eq!(run.verdict(), None);
    }

    #[test]
    fn a_yes_that_has_not_arrived_does_not_count() {
        let mut run = asked(true);
        run.stand(2, 4);
        let sentence = "S2 stands in term 4 though only {S2} would vote for it, and 2 are needed";
        fires(&run, sentence);
    }

    #[test]
    fn a_yes_to_an_earlier_question_does_not_count() {
        let mut run = asked(true);
        run.follow(2, None, 4).pre_ask(2, 0).pre_learn(2, 1, 4).stand(2, 5);
        let sentence = "S2 stands in term 5 though only {S2} would vote for it, and 2 are needed";
        fires(&run, sentence);
    }

    #[test]
    fn who_did_not_ask_in_this_life_is_not_judged() {
        let mut run = asked(false);
        run.crash(2).restart(2).stand(2, 4);
        assert_eq!(run.verdict(), None);
        let mut run = asked(false);
        run.follow(2, None, 4).stand(2, 5);
        assert_eq!(run.verdict(), None);
    }

    #[test]
    fn asking_with_a_raised_term_fires() {
        let mut run = Script::new(3);
        run.follow(2, None, 3);
        let sender = run.view(2);
        let (asker, voter, last_log) = (PeerId(2), PeerId(1), sender.last);
        run.see(Observation::PreVoteSent { asker, voter, asked_for: 3, last_log, sender });
        fires(&run, "S2 asks who would vote for it in term 3, and is follower in term 3");
    }

    #[test]
    fn a_leader_has_nothing_to_ask() {
        let mut run = Script::new(3);
        run.elect(0, 3, &[0, 1]).pre_ask(0, 1);
        fires(&run, "S0 asks who would vote for it in term 4, and is leader in term 3");
    }

    #[test]
    fn a_question_that_raises_a_term_fires() {
        let mut run = Script::new(3);
        run.follow(1, None, 3);
        let before = run.view(1);
        let after = View { term: 4, ..before };
        let (asker, voter, last_log) = (PeerId(2), PeerId(1), before.last);
        run.see(Observation::PreVoteHandled {
            asker,
            voter,
            asked_for: 4,
            last_log,
            before,
            after,
        });
        let sentence = "S1 was asked whether it would vote for S2, and went from follower of term 3 \
                        to follower of term 4";
        fires(&run, sentence);
    }

    #[test]
    fn a_yes_to_a_log_that_is_behind_fires() {
        let mut run = Script::new(3);
        run.change(1, |view| view.last = LogPosition { index: 2, term: 3 });
        run.follow(2, None, 3).pre_ask(2, 1).pre_hear(2, 1, 4).pre_answer(1, 2, 4, true);
        let sentence = "S1 would vote for S2 in term 4, whose log ends at 0@0, behind its own 2@3";
        fires(&run, sentence);
    }

    #[test]
    fn a_log_that_grew_before_the_yes_left_is_legal() {
        let mut run = Script::new(3);
        run.follow(2, None, 3).pre_ask(2, 1).pre_hear(2, 1, 4);
        run.change(1, |view| view.last = LogPosition { index: 2, term: 3 });
        run.pre_hear(2, 1, 5).pre_hear(2, 1, 4).pre_answer(1, 2, 4, true);
        assert_eq!(run.verdict(), None);
    }

    #[test]
    fn a_yes_of_a_leader_fires_and_a_no_does_not() {
        let ask = |says_yes| {
            let mut run = Script::new(3);
            run.elect(0, 3, &[0, 1]).follow(2, None, 3);
            run.pre_ask(2, 0).pre_hear(2, 0, 4).pre_answer(0, 2, 4, says_yes);
            run
        };
        fires(&ask(true), "S0 leads term 3 and would vote for S2");
        assert_eq!(ask(false).verdict(), None);
    }
}
