//! A link of the chain as a sentence.

use splitvote::peer::Durable;
use splitvote::sim::Disturbance;
use splitvote::trace::What;
use splitvote::{PeerId, Role};

use super::aspects::Aspects;
use super::history::Moment;
use super::slice::{Link, Slice};
use super::tell_disk::{disk_trouble, durable, trouble, weight};
use super::words::{changes, join, packet};

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
                Some(boot) if !self.links.contains_key(&boot) || self.is_folded(boot) => {
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
        if self.pauses(moment) == Some(true) {
            let end = self.pause(peer, moment + 1).and_then(|(_, end)| end);
            let until = end.map(|end| format!(" until {}", self.history.at(end)));
            return format!("{peer} is paused{}", until.unwrap_or_default());
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
        let clauses = change
            .map(|(was, is)| changes(peer, (&was, &is), self.history.rewritten(moment), aspects));
        let mut clauses = [self.taken(moment), clauses.unwrap_or_default()].concat();
        if let Some(vote) = self.unasked_vote(peer, moment) {
            // It says whom the vote is for, too.
            clauses.retain(|clause| !clause.starts_with("votes for "));
            clauses.push(vote);
        }
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
            // Never silent: what the trace says of it.
            [] => match self.history.events(moment).first() {
                Some(event) => event.what.to_string(),
                None => format!("{peer} takes a step"),
            },
            clauses if is_proposal => {
                format!("{peer} takes a client's command and {}", join(clauses))
            }
            clauses => format!("{peer} {}", join(clauses)),
        }
    }

    /// What became durable, if a completed sync is what a moment began with.
    fn sync(&self, moment: Moment) -> Option<Durable> {
        match self.history.events(moment).first().map(|event| &event.what) {
            Some(What::Durable { .. }) => self.history.durable(moment).max_by_key(weight),
            _ => None,
        }
    }

    /// Disk and state machine.
    fn other_clauses(&self, peer: PeerId, moment: Moment, aspects: Aspects) -> Vec<String> {
        let mut clauses = Vec::new();
        for (place, event) in self.history.events(moment).iter().enumerate() {
            clauses.extend(disk_trouble(&event.what).and_then(trouble));
            if aspects.has(Aspects::ALL) {
                clauses.extend(self.compaction(peer, moment, place));
            }
            match &event.what {
                What::Restored { through, .. } => {
                    clauses.push(format!("hands its state machine a snapshot through {through}"));
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
        if aspects.has(Aspects::ALL) {
            clauses.extend(self.question(moment));
            clauses.extend(self.opinions(moment));
        }
        clauses.extend(self.oddities(peer, moment));
        clauses.extend(self.answer(peer, moment, aspects));
        let is_quiet = clauses.is_empty() && self.history.change(moment).is_none();
        if is_quiet && aspects.has(Aspects::ALL) {
            let sent = self.history.sent(moment).take(3);
            clauses.extend(sent.map(|(sent, _)| format!("sends `{}` to {}", sent.text, sent.to)));
        }
        clauses
    }

    fn tell_step(&self, moment: Moment) -> String {
        let words = self.history.events(moment).iter().find_map(|event| match &event.what {
            What::Note { text } => Some(text.clone()),
            What::Step { line: 0, text } => Some(format!("a step: {text}")),
            What::Step { line, text } => Some(format!("the scenario (line {line}): {text}")),
            What::Weather { text } => Some(format!("a storm begins: {text}")),
            What::Disturbed { change } => Some(match **change {
                Disturbance::Network { .. } => "the network is another from here on".to_owned(),
                Disturbance::Disk { .. } => "the disks are others from here on".to_owned(),
                _ => change.to_string(),
            }),
            What::Link { from, to, up } => Some(format!(
                "the link from {from} to {to} is {}",
                if *up { "restored" } else { "cut" }
            )),
            _ => None,
        });
        words.unwrap_or_else(|| "the scenario goes on".to_owned())
    }
}
