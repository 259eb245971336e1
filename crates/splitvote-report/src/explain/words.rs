//! Packets and changes of a peer, as clauses of a sentence.

use std::cmp::Ordering;

use splitvote::peer::{LogIndex, LogPosition, Meaning, Term, Unknown};
use splitvote::trace::PacketText;
use splitvote::{PeerId, Role, View};

use super::aspects::Aspects;
use super::carried::Carried;

/// What arrived: `S1's request for its vote in term 3`.
pub(super) fn packet(packet: &PacketText, carried: Option<&Carried>) -> String {
    let from = packet.from;
    match packet.meaning {
        Meaning::VoteRequest { term, last_log: LogPosition { index: 0, .. } } => {
            format!("{from}'s RequestVote of term {term}")
        }
        Meaning::VoteRequest { term, last_log } => {
            format!("{from}'s RequestVote of term {term} (its log ends at {last_log})")
        }
        Meaning::VoteReply { asked_in, granted: true, .. } => {
            format!("{from}'s vote of term {asked_in}")
        }
        Meaning::VoteReply { term, asked_in, .. } if term > asked_in => {
            format!("{from}'s refusal to vote (it is in term {term})")
        }
        Meaning::VoteReply { asked_in, .. } => {
            format!("{from}'s refusal to vote in term {asked_in}")
        }
        Meaning::PreVote { asked_for, last_log: LogPosition { index: 0, .. } } => {
            format!("{from}'s PreVote for term {asked_for}")
        }
        Meaning::PreVote { asked_for, last_log } => {
            format!("{from}'s PreVote for term {asked_for} (its log ends at {last_log})")
        }
        Meaning::PreVoteReply { asked_for, granted: true, .. } => {
            format!("{from}'s word that it would vote for it in term {asked_for}")
        }
        Meaning::PreVoteReply { term, asked_for, .. } if term >= asked_for => {
            format!("{from}'s word that it is in term {term} already")
        }
        Meaning::PreVoteReply { asked_for, .. } => {
            format!("{from}'s word that it would not vote for it in term {asked_for}")
        }
        Meaning::Append { term, entries: 0, .. } => format!("{from}'s heartbeat of term {term}"),
        Meaning::Append { term, previous, entries } => {
            let what = entries_sent(previous, entries, carried);
            format!("{from}'s AppendEntries of term {term} with {what}")
        }
        Meaning::AppendReply { .. } | Meaning::InstallReply { .. } => {
            format!("{from}'s answer `{}`", packet.text)
        }
        Meaning::InstallSnapshot { term, through } => {
            format!("{from}'s InstallSnapshot of term {term} through {through}")
        }
        _ => format!("`{}` from {from}", packet.text),
    }
}

fn entries_sent(previous: LogPosition, entries: u32, carried: Option<&Carried>) -> String {
    match carried.and_then(Carried::ends) {
        Some((first, last)) if first == last => format!("{first} (behind {previous})"),
        Some((first, last)) => format!("{first} to {last} (behind {previous})"),
        None if entries == 1 => format!("the entry behind {previous}"),
        None => format!("{entries} entries behind {previous}"),
    }
}

/// What a step changed in a peer, the weightiest first: `votes for S1 in term 3`.
pub(super) fn changes(
    peer: PeerId,
    (was, is): (&View, &View),
    rewritten: Option<(LogIndex, Option<Term>)>,
    aspects: Aspects,
) -> Vec<String> {
    let mut clauses = Vec::new();
    if aspects.has(Aspects::ROLE) || is.term < was.term {
        clauses.extend(role(was, is));
    }
    if aspects.has(Aspects::VOTE) {
        clauses.extend(vote(peer, was, is));
    }
    if aspects.has(Aspects::ALL) && is.leader != was.leader && is.leader != Some(peer) {
        clauses.extend(is.leader.map(|leader| format!("takes {leader} for the leader")));
        let is_given_up = is.leader.is_none() && (was.role, was.term) == (is.role, is.term);
        let given_up = was.leader.filter(|_| is_given_up);
        clauses.extend(given_up.map(|leader| format!("no longer takes {leader} for the leader")));
    }
    if aspects.has(Aspects::LOG) {
        clauses.extend(log(was, is, rewritten));
    }
    if aspects.has(Aspects::COMMIT) {
        clauses.extend(commit(was, is));
    }
    clauses
}

fn role(was: &View, is: &View) -> Option<String> {
    let term = is.term;
    let is_new = (was.role, was.term) != (is.role, is.term);
    match is.role {
        Role::Leader if is_new => Some(format!("becomes leader of term {term}")),
        Role::Candidate if is_new => Some(format!("stands for election in term {term}")),
        _ if term < was.term => Some(format!("goes back from term {} to term {term}", was.term)),
        Role::Follower if is.role != was.role && term == was.term => {
            Some(format!("steps down to follower of term {term}"))
        }
        Role::Follower if is.role != was.role => Some(format!(
            "steps down from {} of term {} to follower of term {term}",
            was.role, was.term
        )),
        // A vote that is cast names the term.
        Role::Follower if term != was.term && is.voted_for.is_none() => {
            Some(format!("enters term {term}"))
        }
        _ => None,
    }
}

fn vote(peer: PeerId, was: &View, is: &View) -> Option<String> {
    let term = is.term;
    let earlier = was.voted_for.filter(|_| was.term == term);
    match (earlier, is.voted_for) {
        (earlier, now) if earlier == now => None,
        (None, Some(own)) if own == peer && is.role != Role::Follower => None,
        (None, Some(candidate)) => Some(format!("votes for {candidate} in term {term}")),
        (Some(candidate), None) => Some(format!("forgets its vote of term {term} for {candidate}")),
        (Some(first), Some(second)) => {
            Some(format!("changes its vote of term {term} from {first} to {second}"))
        }
        (None, None) => None,
    }
}

fn log(was: &View, is: &View, rewritten: Option<(LogIndex, Option<Term>)>) -> Option<String> {
    let discarded = (is.first > was.first && is.last == was.last)
        .then(|| format!("discards its log up to index {}", is.first - 1));
    if is.last == was.last {
        return discarded;
    }
    let end = is.last;
    if let Some((from, Some(term))) = rewritten
        && from <= was.last.index
        && end.index > from
        && from >= was.first
    {
        let gone = if from == was.last.index {
            was.last.to_string()
        } else {
            format!("what its log had from index {from} to {}", was.last)
        };
        return Some(format!("replaces {gone} by {from}@{term} to {end}"));
    }
    Some(match (is.last.index > was.last.index, is.last.term == was.last.term) {
        (true, _) if is.last.index == was.last.index + 1 => format!("appends {end}"),
        (true, _) => format!("extends its log from index {} to {end}", was.last.index),
        (false, _) if end.index == 0 => {
            format!("removes its whole log, which ended at {}", was.last)
        }
        (false, _) if end.index < was.last.index => {
            format!("cuts its log, which ended at {}, to end at {end}", was.last)
        }
        (false, _) => format!("replaces {} by {end}", was.last),
    })
}

fn commit(was: &View, is: &View) -> Vec<String> {
    let step = |from: LogIndex, to: LogIndex, up: &str, down: &str| match to.cmp(&from) {
        Ordering::Greater => Some(format!("{up} {to}")),
        Ordering::Less => Some(format!("{down} from {from} to {to}")),
        Ordering::Equal => None,
    };
    let up = match is.role {
        Role::Leader => "commits index",
        _ => "learns that the log is committed up to",
    };
    let commit = step(was.commit, is.commit, up, "takes its commit index back");
    let commit = commit.filter(|_| !is.unknown.has(Unknown::COMMIT));
    // That what is committed is applied goes without saying.
    let is_news = is.applied != is.commit || commit.is_none();
    let down = "goes back in what it applied";
    let applied = step(was.applied, is.applied, "applies the log up to", down);
    commit.into_iter().chain(applied.filter(|_| is_news)).collect()
}

/// `a, b and c`
pub(super) fn join(clauses: &[String]) -> String {
    match clauses.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}
