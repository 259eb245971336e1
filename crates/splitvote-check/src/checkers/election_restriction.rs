//! Votes go to candidates that asked, and whose log is at least as up-to-date.
//!
//! # Paper
//! Section 5.4.1: "the voter denies its vote if its own log is more up-to-date than that of the
//! candidate", compared by last term, then by length. Section 5.2: requests are for the current
//! term of a candidate.
//!
//! # Checks
//! Whenever a view shows a new vote for another peer, or a grant leaves that no view announced:
//! the candidate asked for votes in that very term, with a log not behind the voter's. Whenever a
//! request leaves: its sender stands in that term (or leads it by now) and does not overstate its
//! log.
//!
//! 1. Suppose S0 has 9 entries, the last of term 2, and S1 has 1 entry, of term 3.
//! 2. A voter that compares lengths alone gives its vote to S0.
//! 3. S0 leads and overwrites the entry of term 3, though a majority may have held it.
//!
//! # Does not check
//! The log at the time when a deferred grant leaves: the voter may rightly have grown since it
//! decided. Runs in which no peer ever described a request. Requests that understate the log.
//!
//! # Standing
//! Guarantee where the candidate was told of the vote: it can count it, and leave out what was
//! committed. Practice where only a view shows the vote: the grant, if it ever leaves, is judged
//! again by the logs with which the voter looked at the request. Practice for requests that leave: a
//! message that left a queue late is, from outside, a slow network, so that a correct Raft asks for
//! votes in a term which it has left. A log that is overstated may win, and leader-completeness sees
//! what that leader lacks. A correct Raft that truncates its log between its decision and its grant
//! might be accused, if it had never had a shorter log when it was asked.
//!
//! # Mutants that trip it
//! E8, E10, E10B, E11, and E13 (a vote carried into a higher term goes to one that never asked
//! there).

use super::prelude::*;

pub(super) const RULE: Rule = Rule::new(
    "election-restriction",
    "5.4.1",
    "A vote goes only to a candidate of that term whose log is at least as up-to-date.",
);

/// The evidence: a vote or a request that should not be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UndueVote {
    /// The candidate never asked in that term.
    NeverAsked {
        /// The peer that voted.
        voter: PeerId,
        /// The candidate that got the vote.
        candidate: PeerId,
        /// In which term.
        term: Term,
        /// Whether the candidate was told of the vote.
        is_told: bool,
    },
    /// The candidate's log, as it stated it, is behind the voter's.
    LogBehind {
        /// The peer that voted.
        voter: PeerId,
        /// Where its log ends.
        voter_log: LogPosition,
        /// The candidate that got the vote.
        candidate: PeerId,
        /// Where that one's log ends at best, as it stated it.
        stated: LogPosition,
        /// In which term.
        term: Term,
        /// Whether the candidate was told of the vote.
        is_told: bool,
    },
    /// A request of a peer that does not stand.
    NotStanding {
        /// The peer that asked for the vote.
        sender: PeerId,
        /// For which term.
        term: Term,
        /// What it is instead.
        role: Role,
        /// The term that it is in.
        own_term: Term,
    },
    /// A request that claims a better log than the sender has.
    Overstated {
        /// The peer that asked for the vote.
        sender: PeerId,
        /// For which term.
        term: Term,
        /// What it stated.
        stated: LogPosition,
        /// Where its log ends.
        actual: LogPosition,
    },
}

pub(super) fn check(ghost: &Ghost, _: SimTime, seen: &Observation) -> Option<UndueVote> {
    match seen {
        Observation::Changed { peer, before, after } => {
            let candidate = newly_cast(before, after)?;
            undue_vote(ghost, (*peer, candidate, after.term), Some(after.last), false)
        }
        Observation::VoteGrantSent { voter, candidate, term } => {
            if ghost.term(*term).is_some_and(|asked| asked.may_grant(*voter, *candidate)) {
                return None;
            }
            let view = ghost.peer(*voter).map(|peer| peer.view);
            let log =
                view.filter(|view| view.term == *term && view.shows_term()).map(|view| view.last);
            undue_vote(ghost, (*voter, *candidate, *term), log, true)
        }
        Observation::VoteRequestSent { candidate, term, last_log, sender, .. } => {
            undue_request(*candidate, *term, *last_log, sender)
        }
        _ => None,
    }
}

fn undue_vote(
    ghost: &Ghost,
    (voter, candidate, term): (PeerId, PeerId, Term),
    voter_log: Option<LogPosition>,
    is_told: bool,
) -> Option<UndueVote> {
    if voter == candidate || !ghost.describes_requests {
        return None;
    }
    let Some(stated) = ghost.term(term).and_then(|asked| asked.stated_log(candidate)) else {
        return Some(UndueVote::NeverAsked { voter, candidate, term, is_told });
    };
    let voter_log = voter_log.filter(|log| *log > stated)?;
    Some(UndueVote::LogBehind { voter, voter_log, candidate, stated, term, is_told })
}

fn undue_request(
    sender: PeerId,
    term: Term,
    stated: LogPosition,
    view: &View,
) -> Option<UndueVote> {
    let View { role, term: own_term, last: actual, .. } = *view;
    if !view.shows_term() {
        return None;
    }
    if own_term != term || role == Role::Follower {
        return Some(UndueVote::NotStanding { sender, term, role, own_term });
    }
    (stated > actual).then_some(UndueVote::Overstated { sender, term, stated, actual })
}

impl Proof for UndueVote {
    fn finding(&self) -> Finding {
        match *self {
            Self::NeverAsked { voter, candidate, term, is_told } => {
                let never = format!("{candidate} never asked for a vote in term {term}");
                Finding::new("never-asked", [voter, candidate])
                    .leads([Lead::EarlierVote(voter, candidate, term), Lead::Remark(never)])
                    .of_practice_unless(is_told)
            }
            Self::LogBehind { voter, voter_log, candidate, term, is_told, .. } => {
                Finding::new("log-behind", [voter, candidate])
                    .leads([
                        Lead::Candidacy(candidate, term),
                        Lead::Vote(voter, candidate, term),
                        Lead::Entry(voter, voter_log),
                        Lead::EntryMissing(candidate, voter_log),
                        Lead::better_log(voter_log),
                    ])
                    .of_practice_unless(is_told)
            }
            Self::NotStanding { sender, .. } => Finding::new("not-standing", [sender])
                .leads([Lead::OwnPast(sender)])
                .of_practice()
                .without_comma(),
            Self::Overstated { sender, .. } => {
                Finding::new("overstated", [sender]).leads([Lead::OwnPast(sender)]).of_practice()
            }
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::NeverAsked { voter, candidate, term, .. } => {
                format!("{voter} voted for {candidate} in term {term}, which never asked for it")
            }
            Self::LogBehind { voter, voter_log, candidate, stated, term, .. } => format!(
                "{voter} voted for {candidate} in term {term}, whose log ends at {stated}, behind \
                 its own {voter_log}"
            ),
            Self::NotStanding { sender, term, role, own_term } => format!(
                "{sender} asks for votes in term {term} without standing in it: it is {role} in \
                 term {own_term}"
            ),
            Self::Overstated { sender, term, stated, actual } => format!(
                "{sender} asks for votes in term {term} with a log that ends at {stated}, but its \
                 log ends at {actual}"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use splitvote_peer::{LogPosition, PeerId};

    use super::*;
    use crate::script::Script;

    const LONG_BUT_OLD: LogPosition = LogPosition { index: 9, term: 2 };
    const SHORT_BUT_NEW: LogPosition = LogPosition { index: 1, term: 3 };

    fn fires(run: &Script, sentence: &str) {
        assert_eq!(run.verdict(), Some(("election-restriction", sentence.to_owned())));
    }

    #[test]
    fn a_vote_for_a_longer_but_older_log_fires() {
        let mut run = Script::new(3);
        run.change(0, |view| view.last = LONG_BUT_OLD).change(1, |view| view.last = SHORT_BUT_NEW);
        run.stand(0, 4).ask(0, 1).vote_in_memory(1, 0, 4);
        fires(&run, "S1 voted for S0 in term 4, whose log ends at 9@2, behind its own 1@3");
    }

    #[test]
    fn a_vote_for_a_peer_that_asked_in_another_term_only_fires() {
        let mut run = Script::new(3);
        run.stand(0, 4).ask(0, 1).vote_in_memory(1, 0, 5);
        fires(&run, "S1 voted for S0 in term 5, which never asked for it");
    }

    #[test]
    fn a_vote_carried_into_a_higher_term_fires() {
        let mut run = Script::new(3);
        run.stand(0, 4).ask(0, 1).grant(1, 0, 4).change(1, |view| view.term = 6);
        fires(&run, "S1 voted for S0 in term 6, which never asked for it");
    }

    #[test]
    fn a_grant_that_no_view_announced_is_judged_as_a_vote() {
        let mut run = Script::without_disks(3);
        run.change(1, |view| (view.term, view.last) = (4, SHORT_BUT_NEW));
        run.stand(0, 4).ask(0, 1).tell(1, 0, 4);
        fires(&run, "S1 voted for S0 in term 4, whose log ends at 0@0, behind its own 1@3");
    }

    #[test]
    fn a_request_without_standing_fires() {
        let mut run = Script::new(3);
        run.stand(0, 4).follow(0, None, 5).ask(0, 1);
        let sentence = "S0 asks for votes in term 5 without standing in it: it is follower in \
                        term 5";
        fires(&run, sentence);
    }

    #[test]
    fn an_overstated_log_fires() {
        let mut run = Script::new(3);
        run.stand(0, 4);
        let sender = run.views[0];
        let (candidate, voter) = (PeerId(0), PeerId(1));
        let last_log = LONG_BUT_OLD;
        run.see(Observation::VoteRequestSent { candidate, voter, term: 4, last_log, sender });
        let sentence = "S0 asks for votes in term 4 with a log that ends at 9@2, but its log ends \
                        at 0@0";
        fires(&run, sentence);
    }

    #[test]
    fn a_late_repeat_of_a_leader_and_a_grant_deferred_past_new_entries_are_legal() {
        let mut run = Script::new(3);
        run.stand(0, 4).ask(0, 1).ask(0, 2).vote_in_memory(2, 0, 4).grant(1, 0, 4).take_office(0);
        run.ask(0, 2).change(2, |view| view.last = LogPosition { index: 1, term: 4 });
        run.durable(2, 4, Some(0)).tell(2, 0, 4);
        assert_eq!(run.verdict(), None);
    }

    #[test]
    fn a_raft_that_describes_no_request_is_not_held_to_them() {
        let mut run = Script::new(3);
        run.change(1, |view| view.last = SHORT_BUT_NEW).stand(0, 4).grant(1, 0, 4);
        assert_eq!(run.verdict(), None);
    }
}
