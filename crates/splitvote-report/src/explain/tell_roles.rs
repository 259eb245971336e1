//! Sentences about roles: a candidacy, an election won, a vote refused, a restart.

use splitvote::peer::{LogPosition, Meaning, PeerSet, Term};
use splitvote::trace::{PacketText, What};
use splitvote::{PeerId, Role, View};

use super::ballots::voters;
use super::commits::list;
use super::history::Moment;
use super::slice::Slice;
use super::words::packet;

impl Slice<'_> {
    pub(super) fn restart(&self, peer: PeerId, boot: u32, moment: Moment) -> String {
        let Some((_, view)) = self.history.change(moment) else {
            return format!("{peer} restarts");
        };
        let verb = if boot == 1 { "starts" } else { "restarts" };
        let mut words = format!("{peer} {verb}");
        words.push_str(&match (view.shows_term(), view.shows_vote(), view.voted_for) {
            (false, ..) => ", its term and vote unknown".to_owned(),
            (_, false, _) => format!(" in term {}, its vote unknown", view.term),
            (.., Some(candidate)) => {
                format!(" in term {}, with its vote for {candidate}", view.term)
            }
            (.., None) => format!(" in term {}, without a vote", view.term),
        });
        let before = self.history.last_crash(peer, moment);
        let before = before.and_then(|crash| self.history.view_before(peer, crash));
        match (before.map(|before| before.last), view.last) {
            (Some(before), last) if before != last => {
                let end =
                    if last.index == 0 { "empty".to_owned() } else { format!("ending at {last}") };
                words.push_str(&format!(", its log {end} (before the crash: {before})"));
            }
            (_, LogPosition { index: 0, .. }) => {}
            (_, last) => words.push_str(&format!(", its log ending at {last}")),
        }
        for event in self.history.events(moment) {
            if let What::Compacted { keep, .. } = event.what {
                words.push_str(&format!("; it keeps only the last {keep} records of its disk"));
            }
        }
        if view.commit >= view.first && view.commit > 0 {
            words
                .push_str(&format!("; it takes its log for committed up to index {}", view.commit));
        }
        match before {
            _ if !view.shows_term() => {}
            Some(before) if before.term > view.term => {
                words.push_str(&format!("; it has forgotten term {}", before.term));
            }
            Some(before)
                if before.voted_for != view.voted_for
                    && before.term == view.term
                    && before.shows_vote()
                    && view.shows_vote() =>
            {
                let vote =
                    before.voted_for.map_or("that it had not voted".to_owned(), |candidate| {
                        format!("its vote for {candidate}")
                    });
                words.push_str(&format!("; it has forgotten {vote}"));
            }
            _ => {}
        }
        words
    }

    pub(super) fn tell_office(&self, peer: PeerId, moment: Moment, view: &View) -> String {
        let stood = self.history.stood(peer, view.term, moment);
        let grants = self.history.grants(peer, stood.unwrap_or(moment)..moment + 1);
        let mut others = voters(&grants, view.term);
        others.remove(peer);
        let term = view.term;
        let has_own = view.voted_for == Some(peer) || !view.shows_vote();
        if others.is_empty() && !has_own {
            let vote =
                view.voted_for.map_or("for nobody".to_owned(), |other| format!("for {other}"));
            return format!(
                "{peer} becomes leader of term {term}, without a vote: its own is {vote}"
            );
        }
        if others.is_empty() {
            return format!("{peer} becomes leader of term {term}, with no vote but its own");
        }
        let votes = if others.len() == 1 { "vote" } else { "votes" };
        format!(
            "{peer} becomes leader of term {term}: it has the {votes} of {} beside its own{}",
            list(others),
            if has_own { "" } else { ", which it has not recorded" }
        )
    }

    pub(super) fn candidacy(&self, peer: PeerId, moment: Moment, was: &View, is: &View) -> String {
        let asked: PeerSet = self
            .history
            .sent(moment)
            .filter(|(sent, _)| matches!(sent.meaning, Meaning::VoteRequest { .. }))
            .map(|(sent, _)| sent.to)
            .collect();
        let log = match is.last {
            LogPosition { index: 0, .. } => String::new(),
            last => format!(" (its log ends at {last})"),
        };
        let asks = match asked.len() {
            0 => String::new(),
            1 => format!(" and asks {} for its vote", list(asked)),
            _ => format!(" and asks {} for their votes", list(asked)),
        };
        let stands = format!("it stands in term {}{log}", is.term);
        // With PreVote it stands when a majority would vote for it, at once or with an answer.
        if let Some(answer) = self.history.received(moment)
            && matches!(answer.meaning, Meaning::PreVoteReply { .. })
        {
            return format!("{peer} receives {}: {stands}{asks}", packet(answer, None));
        }
        let again = if was.role == Role::Candidate { " again" } else { "" };
        let fixed = self.fixed_timeout(peer, moment);
        let fixed = fixed.map_or(String::new(), |is| format!(" of {is:?}, which the run fixes,"));
        format!("{peer}'s election timeout{fixed} elapses{again}: {stands}{asks}")
    }

    /// What a reply says of a vote, as far as the voter's view does not say it: why it is refused.
    pub(super) fn ballot(&self, peer: PeerId, sent: &PacketText, moment: Moment) -> Option<String> {
        let view = self.history.view_after(peer, moment)?;
        let Meaning::VoteReply { asked_in, granted, .. } = sent.meaning else { return None };
        let cast = view.voted_for.filter(|_| view.term == asked_in);
        if granted {
            let is_told = self.history.change(moment).is_some() && cast == Some(sent.to);
            let asked = self.history.question(sent, moment).unwrap_or(moment);
            let then = self.history.view_before(peer, asked).filter(View::shows_term);
            let late = then.filter(|then| then.term > asked_in);
            let late = late.map(|then| format!(", though it is in term {}", then.term));
            let late = late.unwrap_or_default();
            return (!is_told)
                .then(|| format!("grants {} its vote of term {asked_in}{late}", sent.to));
        }
        let question = self.history.question(sent, moment).or(Some(moment));
        let asked = question.and_then(|asked| self.history.received(asked));
        let reason = match asked.map(|packet| packet.meaning) {
            _ if view.term > asked_in => format!("it is in term {}", view.term),
            _ if view.term < asked_in => {
                return Some(self.disregards(peer, view, asked_in, moment));
            }
            _ if cast.is_some_and(|candidate| candidate != sent.to) => {
                format!(
                    "it has voted for {}",
                    cast.map(|peer| peer.to_string()).unwrap_or_default()
                )
            }
            _ if cast == Some(sent.to) => {
                return Some(format!(
                    "refuses its vote of term {asked_in}, though it has voted for {}",
                    sent.to
                ));
            }
            Some(Meaning::VoteRequest { last_log, .. }) if view.last > last_log => {
                format!("its own log ends at {}, which is more up-to-date", view.last)
            }
            _ => return Some(format!("refuses its vote of term {asked_in}")),
        };
        Some(format!("refuses its vote of term {asked_in}, as {reason}"))
    }

    /// A request for a vote in a later term that left no trace in its receiver.
    fn disregards(&self, peer: PeerId, view: View, asked_in: Term, moment: Moment) -> String {
        let Some(leader) = view.leader.filter(|leader| *leader != peer) else {
            return format!("refuses its vote of term {asked_in} without entering that term");
        };
        let heard = self.last_heard(peer, leader, moment);
        match heard.map(|heard| self.history.at(heard)) {
            Some(heard) => format!("disregards it, as it has heard its leader {leader} at {heard}"),
            None => format!("disregards it, as it takes {leader} for the leader"),
        }
    }
}
