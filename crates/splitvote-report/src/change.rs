//! What changed in a peer, in a few words.

use splitvote::peer::Unknown;
use splitvote::{Role, View};

use crate::part::{Ink, Part};
use crate::topic::Topic;

/// The differences between two views of a peer, the weightiest first.
pub(crate) fn changes(before: &View, after: &View) -> Vec<Part> {
    let mut parts = Vec::new();
    parts.extend(role(before, after));
    parts.extend(vote(before, after));
    parts.extend(log(before, after));
    parts
}

/// What a restarted peer remembers: `↻ boot 2 T3 vote S1`.
pub(crate) fn boot(boot: u32, view: &View) -> Part {
    let mut text = format!("↻ boot {boot}");
    if !view.shows_term() || view.term > 0 {
        text.push_str(&format!(" {}", term_of(view)));
    }
    match view.voted_for {
        _ if view.unknown.has(Unknown::VOTE) => text.push_str(" vote ?"),
        Some(candidate) => text.push_str(&format!(" vote {candidate}")),
        None => {}
    }
    if view.unknown.has(Unknown::COMMIT) {
        text.push_str(" commit ?");
    }
    let part = Part::change(Topic::Faults, Ink::Plain, text);
    // That all start at the beginning of a run goes without saying.
    if boot == 1 && *view == View::NEW { part.quiet() } else { part }
}

/// What a restart found on its disk of a log: `found log 3–9@1`; for who asks about disks.
pub(crate) fn found(boot: u32, view: &View) -> Option<Part> {
    let View { first, last, .. } = view;
    let text = match last.index {
        0 => "found no log".to_owned(),
        _ if last.index < *first => format!("found a snapshot through {last}"),
        _ => format!("found log {first}–{last}"),
    };
    (boot > 1).then(|| Part::change(Topic::Disk, Ink::Dim, text).quiet())
}

/// `T4`, or `T?` if the peer does not show it.
fn term_of(view: &View) -> String {
    if view.shows_term() { format!("T{}", view.term) } else { "T?".to_owned() }
}

fn role(before: &View, after: &View) -> Option<Part> {
    let term = term_of(after);
    let is_new_term = after.shows_term() && after.term != before.term;
    let is_new_role = after.role != before.role;
    let is_new_leader = after.leader != before.leader && after.leader.is_some();
    let mut text = match after.role {
        Role::Candidate if is_new_role || is_new_term => format!("▲ candidate {term}"),
        Role::Leader if is_new_role || is_new_term => format!("★ LEADER {term}"),
        Role::Follower if is_new_role => format!("▼ follower {term}"),
        // A vote cast in the new term tells it already.
        Role::Follower if is_new_term && (after.voted_for.is_none() || is_new_leader) => {
            format!("now {term}")
        }
        Role::Follower if is_new_leader => String::new(),
        _ => return backwards(before, after),
    };
    if let (Role::Follower, true, Some(leader)) = (after.role, is_new_leader, after.leader) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&format!("follows {leader}"));
    }
    if after.shows_term() && after.term < before.term {
        text.push_str(&format!(" (was T{})", before.term));
    }
    Some(Part::change(Topic::Roles, Ink::Of(after.role), text))
}

/// A term that decreases is never told by anything else.
fn backwards(before: &View, after: &View) -> Option<Part> {
    (after.term < before.term && after.shows_term()).then(|| {
        let text = format!("now T{} (was T{})", after.term, before.term);
        Part::change(Topic::Roles, Ink::Failure, text)
    })
}

fn vote(before: &View, after: &View) -> Option<Part> {
    let is_same_term = before.term == after.term;
    if !after.shows_vote() || is_same_term && before.voted_for == after.voted_for {
        return None;
    }
    let term = after.term;
    let withdrawn = before.voted_for.filter(|_| is_same_term);
    let (text, ink) = match (after.voted_for, withdrawn) {
        (Some(now), Some(was)) => (format!("vote→{now} T{term} (was {was})"), Ink::Failure),
        (None, Some(was)) => (format!("vote T{term} withdrawn (was {was})"), Ink::Failure),
        // A candidate votes for itself: no news.
        (Some(_), None) if after.role == Role::Candidate => return None,
        (Some(now), None) => (format!("vote→{now} T{term}"), Ink::Plain),
        (None, None) => return None,
    };
    Some(Part::change(Topic::Votes, ink, text))
}

fn log(before: &View, after: &View) -> Option<Part> {
    let mut words = Vec::new();
    if after.last != before.last {
        let is_cut = after.last.index <= before.last.index;
        let was = if is_cut { format!(" (was {})", before.last) } else { String::new() };
        words.push(format!("log {}{was}", after.last));
    }
    if after.first != before.first {
        words.push(format!("from {}", after.first));
    }
    let [is_hidden, was_hidden] = [after, before].map(|view| view.unknown.has(Unknown::COMMIT));
    if is_hidden && !was_hidden {
        words.push("commit ?".to_owned());
    } else if !is_hidden && after.commit != before.commit {
        words.push(format!("commit {}", after.commit));
    }
    if after.applied != before.applied && (is_hidden || after.applied != after.commit) {
        words.push(format!("applied {}", after.applied));
    }
    let text = words.join(" ");
    (!text.is_empty()).then(|| Part::change(Topic::Clients, Ink::Plain, text))
}

#[cfg(test)]
mod tests {
    use splitvote::PeerId;

    use super::*;

    #[test]
    fn what_is_unknown_is_a_question_mark() {
        let unknown = Unknown::TERM.and(Unknown::VOTE).and(Unknown::COMMIT);
        assert_eq!(
            boot(2, &View { unknown, ..View::NEW }).spans[0].1,
            "↻ boot 2 T? vote ? commit ?"
        );
        let hidden = View { term: 4, unknown: Unknown::VOTE, ..View::NEW };
        assert_eq!(boot(2, &hidden).spans[0].1, "↻ boot 2 T4 vote ?");
        let before = View { term: 4, voted_for: Some(PeerId(1)), ..View::NEW };
        assert!(vote(&before, &hidden).is_none(), "it is not withdrawn");
    }

    fn told(before: View, after: View) -> String {
        let parts = changes(&before, &after);
        let words = parts.iter().flat_map(|part| &part.spans).map(|(_, text)| text.as_str());
        words.collect::<Vec<_>>().join(" · ")
    }

    const STANDING: View =
        View { role: Role::Candidate, term: 4, voted_for: Some(PeerId(0)), ..View::NEW };

    #[test]
    fn each_change_is_told_in_a_few_words() {
        let leading = View { role: Role::Leader, leader: Some(PeerId(0)), ..STANDING };
        let voter = View { term: 4, voted_for: Some(PeerId(1)), ..View::NEW };
        let following = View { leader: Some(PeerId(1)), ..voter };
        let behind = View { term: 5, ..View::NEW };
        assert_eq!(told(View::NEW, STANDING), "▲ candidate T4");
        assert_eq!(told(STANDING, leading), "★ LEADER T4");
        assert_eq!(told(leading, behind), "▼ follower T5");
        assert_eq!(told(View::NEW, voter), "vote→S1 T4");
        assert_eq!(told(voter, following), "follows S1");
        assert_eq!(told(voter, behind), "now T5");
    }

    #[test]
    fn what_must_never_be_stands_out() {
        let voter = View { term: 4, voted_for: Some(PeerId(1)), ..View::NEW };
        assert_eq!(told(voter, View { voted_for: None, ..voter }), "vote T4 withdrawn (was S1)");
        let twice = View { voted_for: Some(PeerId(2)), ..voter };
        assert_eq!(told(voter, twice), "vote→S2 T4 (was S1)");
        let back = View { term: 3, voted_for: None, ..voter };
        assert_eq!(told(voter, back), "now T3 (was T4)");
    }

    #[test]
    fn what_a_peer_begins_to_hide_has_not_become_0() {
        let known = View { role: Role::Candidate, term: 4, commit: 2, applied: 2, ..View::NEW };
        let unknown = Unknown::TERM.and(Unknown::COMMIT);
        let hidden = View { applied: 2, unknown, ..View::NEW };
        assert_eq!(told(known, hidden), "▼ follower T? · commit ?");
        assert_eq!(told(hidden, View { applied: 3, ..hidden }), "applied 3");
        assert_eq!(
            told(hidden, View { term: 5, commit: 3, applied: 3, ..View::NEW }),
            "now T5 · commit 3"
        );
    }

    #[test]
    fn the_growth_of_the_log_is_told() {
        let last = splitvote::peer::LogPosition { index: 3, term: 2 };
        let grown = View { last, commit: 2, applied: 2, ..View::NEW };
        assert_eq!(told(View::NEW, grown), "log 3@2 commit 2");
        let cut = View { last: splitvote::peer::LogPosition { index: 2, term: 5 }, ..grown };
        assert_eq!(told(grown, cut), "log 2@5 (was 3@2)");
    }
}
