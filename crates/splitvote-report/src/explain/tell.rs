//! A link of the chain as a sentence.

use std::time::Duration;

use splitvote::peer::{Durable, LogPosition, Meaning, PeerSet};
use splitvote::sim::Fate;
use splitvote::trace::{PacketText, What};
use splitvote::{PeerId, Role, View};

use super::aspects::Aspects;
use super::ballots::voters;
use super::commits::list;
use super::history::Moment;
use super::slice::{Link, Slice};
use super::words::{changes, join, packet};

/// A message that took longer than this is late.
const LATE: Duration = Duration::from_millis(100);

impl Slice<'_> {
    /// What happened in a moment, as far as it matters, without a full stop.
    pub(super) fn tell(&self, moment: Moment, link: &Link) -> String {
        let mut sentence = match self.history.peer(moment) {
            Some(peer) => self.tell_peer(peer, moment, link.aspects),
            None => self.tell_step(moment),
        };
        for remark in link.remarks.iter().filter(|remark| !remark.is_empty()) {
            sentence.push_str("; ");
            sentence.push_str(remark);
        }
        sentence
    }

    fn tell_peer(&self, peer: PeerId, moment: Moment, aspects: Aspects) -> String {
        if self.history.is_crash(moment) {
            return match self.restart_of(moment) {
                Some(boot) if !self.links.contains_key(&boot) => {
                    let words = self.restart(peer, 2, boot);
                    let at = self.history.at(boot);
                    let words = words.replacen(&format!("{peer} restarts"), "", 1);
                    format!("{peer} crashes, and restarts at {at}{words}")
                }
                _ => format!("{peer} crashes"),
            };
        }
        if let Some(boot) = self.history.boot(moment) {
            return self.restart(peer, boot, moment);
        }
        let change = self.history.change(moment);
        if let Some((was, is)) = change {
            if is.role == Role::Leader && (was.role, was.term) != (is.role, is.term) {
                return self.tell_office(peer, moment, &is);
            }
            if is.role == Role::Candidate && (was.role, was.term) != (is.role, is.term) {
                return self.candidacy(peer, moment, &was, &is);
            }
        }
        let mut clauses =
            change.map(|(was, is)| changes(peer, &was, &is, aspects)).unwrap_or_default();
        clauses.extend(self.other_clauses(peer, moment, aspects));
        self.with_cause(peer, moment, &clauses)
    }

    /// `S2 receives S1's vote of term 3 and …`, or what else began it.
    fn with_cause(&self, peer: PeerId, moment: Moment, clauses: &[String]) -> String {
        if let Some(received) = self.history.received(moment) {
            let what = packet(received, self.logs.carried(received.number));
            let late = self.oddity(received, moment);
            return match clauses {
                [] => format!("{peer} receives {what}{late}"),
                [only] => format!("{peer} receives {what}{late} and {only}"),
                clauses => format!("{peer} receives {what}{late}: it {}", join(clauses)),
            };
        }
        if let Some(record) = self.sync(moment).and_then(durable) {
            let clauses = join(clauses);
            return if clauses.is_empty() || clauses == record {
                format!("{peer} {record} now")
            } else {
                format!("{peer} {record} now: it {clauses}")
            };
        }
        let is_proposal = self.history.change(moment).is_some_and(|(was, is)| {
            was.role == Role::Leader && is.role == Role::Leader && is.last.index > was.last.index
        });
        match clauses {
            [] => format!("{peer} acts by itself"),
            clauses if is_proposal => {
                format!("{peer} takes a client's command and {}", join(clauses))
            }
            clauses => format!("{peer} {}", join(clauses)),
        }
    }

    /// What became durable, if a completed sync is what a moment began with.
    fn sync(&self, moment: Moment) -> Option<Durable> {
        match self.history.events(moment).first().map(|event| &event.what) {
            Some(What::Durable { .. }) => self.history.durable(moment).last(),
            _ => None,
        }
    }

    /// Disk and state machine.
    fn other_clauses(&self, peer: PeerId, moment: Moment, aspects: Aspects) -> Vec<String> {
        let mut clauses = Vec::new();
        for event in self.history.events(moment) {
            match &event.what {
                What::Restored { through, .. } => {
                    clauses.push(format!("hands its state machine a snapshot through {through}"));
                }
                What::SnapshotTaken { through, .. } => {
                    clauses
                        .push(format!("gets a snapshot through {through} from its state machine"));
                }
                What::Progress { follower, progress, .. } if aspects.has(Aspects::ALL) => {
                    clauses.push(format!(
                        "accounts the log up to index {} to {follower} and will send it index {} next",
                        progress.matched, progress.next
                    ));
                }
                What::Durable { record: record @ Durable::Snapshot { .. }, .. }
                    if aspects.has(Aspects::LOG) && self.sync(moment).is_none() =>
                {
                    clauses.extend(durable(*record));
                }
                _ => {}
            }
        }
        if aspects.has(Aspects::VOTE) {
            clauses.extend(
                self.history.sent(moment).filter_map(|(sent, _)| self.ballot(peer, sent, moment)),
            );
        }
        let is_quiet = clauses.is_empty() && self.history.change(moment).is_none();
        if is_quiet && aspects.has(Aspects::ALL) {
            let sent = self.history.sent(moment).take(3);
            clauses.extend(sent.map(|(sent, _)| format!("sends `{}` to {}", sent.text, sent.to)));
        }
        clauses
    }

    /// What a reply says of a vote, as far as the voter's view does not say it: why it is refused.
    fn ballot(&self, peer: PeerId, sent: &PacketText, moment: Moment) -> Option<String> {
        let view = self.history.view_after(peer, moment)?;
        let Meaning::VoteReply { asked_in, granted, .. } = sent.meaning else { return None };
        let cast = view.voted_for.filter(|_| view.term == asked_in);
        if granted {
            let is_told = self.history.change(moment).is_some() && cast == Some(sent.to);
            return (!is_told).then(|| format!("grants {} its vote of term {asked_in}", sent.to));
        }
        let asked = self.history.received(moment).map(|packet| packet.meaning);
        let reason = match asked {
            _ if view.term > asked_in => format!("it is in term {}", view.term),
            _ if cast.is_some_and(|candidate| candidate != sent.to) => {
                format!(
                    "it has voted for {}",
                    cast.map(|peer| peer.to_string()).unwrap_or_default()
                )
            }
            Some(Meaning::VoteRequest { last_log, .. }) if view.last > last_log => {
                format!("its own log ends at {}, which is more up-to-date", view.last)
            }
            _ => return Some(format!("refuses its vote of term {asked_in}")),
        };
        Some(format!("refuses its vote of term {asked_in}, as {reason}"))
    }

    fn restart(&self, peer: PeerId, boot: u32, moment: Moment) -> String {
        let Some((_, view)) = self.history.change(moment) else {
            return format!("{peer} restarts");
        };
        let verb = if boot == 1 { "starts" } else { "restarts" };
        let mut memory = vec![format!("in term {}", view.term)];
        memory.push(match view.voted_for {
            Some(candidate) => format!("with its vote for {candidate}"),
            None => "without a vote".to_owned(),
        });
        if view.last != LogPosition::default() {
            memory.push(format!("with a log that ends at {}", view.last));
        }
        format!("{peer} {verb} {}", join(&memory))
    }

    fn tell_office(&self, peer: PeerId, moment: Moment, view: &View) -> String {
        let stood = self.history.stood(peer, view.term, moment);
        let grants = self.history.grants(peer, stood.unwrap_or(moment)..moment + 1);
        let mut others = voters(&grants, view.term);
        others.remove(peer);
        let term = view.term;
        if others.is_empty() {
            return format!("{peer} becomes leader of term {term}, with no vote but its own");
        }
        let votes = if others.len() == 1 { "vote" } else { "votes" };
        format!(
            "{peer} becomes leader of term {term}: it has the {votes} of {} beside its own",
            list(others)
        )
    }

    fn candidacy(&self, peer: PeerId, moment: Moment, was: &View, is: &View) -> String {
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
        let again = if was.role == Role::Candidate { " again" } else { "" };
        let asks = match asked.len() {
            0 => String::new(),
            1 => format!(" and asks {} for its vote", list(asked)),
            _ => format!(" and asks {} for their votes", list(asked)),
        };
        format!(
            "{peer}'s election timeout elapses{again}: it stands in term {}{log}{asks}",
            is.term
        )
    }

    fn tell_step(&self, moment: Moment) -> String {
        let words = self.history.events(moment).iter().find_map(|event| match &event.what {
            What::Step { line, text } => Some(format!("the scenario (line {line}): {text}")),
            What::Link { from, to, up } => Some(format!(
                "the link from {from} to {to} is {}",
                if *up { "restored" } else { "cut" }
            )),
            _ => None,
        });
        words.unwrap_or_else(|| "the scenario goes on".to_owned())
    }

    /// ` (sent at 0.173115 s, 412 ms before)`, if a message came late or a second time.
    fn oddity(&self, received: &PacketText, moment: Moment) -> String {
        let Some(sending) = self.history.sending(received) else { return String::new() };
        let at = self.history.at(moment);
        let sent = self.history.at(sending);
        let is_copy = self.history.events(sending).iter().any(|event| {
            matches!(&event.what, What::Sent { packet, fate: Fate::Duplicated(then) }
                if packet.number == received.number && *then == at)
        });
        let delay = at.since(sent);
        let mut words = Vec::new();
        if is_copy {
            words.push("a second copy".to_owned());
        }
        if delay > LATE {
            words.push(format!("sent at {sent}, {} ms before", delay.as_millis()));
        }
        if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) }
    }
}

fn durable(record: Durable) -> Option<String> {
    Some(match record {
        Durable::Ballot { term, voted_for: Some(candidate) } => {
            format!("has its vote for {candidate} in term {term} on its disk")
        }
        Durable::Ballot { term, voted_for: None } => format!("has term {term} on its disk"),
        Durable::Entry { index, entry } => format!("has {index}@{} on its disk", entry.term),
        Durable::Truncated { from } => {
            format!("has nothing from index {from} on on its disk any more")
        }
        Durable::Snapshot { through } => format!("has a snapshot through {through} on its disk"),
        _ => return None,
    })
}
