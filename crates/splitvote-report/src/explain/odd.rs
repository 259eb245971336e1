//! Clauses about what no rule of the paper has a peer do, read from the step alone: a vote for a peer that has not
//! asked, an answer that states another term than its sender's or agrees in a term that nobody asked about, an entry
//! that is not its leader's, an acknowledgement of what no disk holds yet.

use splitvote::peer::{Durable, EntryId, LogIndex, LogPosition, Meaning, Term};
use splitvote::trace::{Direction, PacketText, What};
use splitvote::{PeerId, Role, View};

use super::history::{History, Moment};
use super::slice::Slice;

/// As many digits of a command's digest tell two commands apart.
const DIGITS: usize = 4;

impl Slice<'_> {
    /// What is odd in a step, as clauses.
    pub(super) fn oddities(&self, peer: PeerId, moment: Moment) -> Vec<String> {
        let mut clauses: Vec<String> = self.kept_leader(peer, moment).into_iter().collect();
        for (reply, _) in self.history.sent(moment) {
            if reply.direction == Direction::Reply {
                clauses.extend(self.odd_answer(peer, reply, moment));
                clauses.extend(self.volatile_snapshot(peer, reply, moment));
            }
        }
        clauses.extend(self.foreign_entry(peer, moment));
        clauses.extend(self.needless_cut(peer, moment));
        clauses
    }

    /// The leader of an earlier term that a peer goes on naming in a new one, of which that leader has not told it.
    fn kept_leader(&self, peer: PeerId, moment: Moment) -> Option<String> {
        let (was, is) = self.history.change(moment)?;
        let packet = self.history.received(moment)?;
        let leader = is.leader.filter(|_| was.leader == is.leader && is.term > was.term)?;
        let is_told = packet.from == leader && packet.meaning.term() == Some(is.term);
        let name = if leader == peer { "itself".to_owned() } else { leader.to_string() };
        (!is_told).then(|| format!("goes on taking {name} for the leader"))
    }

    /// The place where a peer cut its log on the disk, if what stands there afterwards is what stood there before.
    fn needless_cut(&self, peer: PeerId, moment: Moment) -> Option<String> {
        let history = self.history;
        let Meaning::Append { .. } = history.received(moment)?.meaning else { return None };
        let from = history.cut_on_disk(moment)?;
        let before = history.content(peer, from, moment)?;
        (history.content(peer, from, moment + 1) == Some(before)).then(|| {
            format!("cuts its log on the disk at index {from}, though no other entry comes there")
        })
    }

    /// A vote that changes to a peer which has not asked for it in this term.
    pub(super) fn unasked_vote(&self, peer: PeerId, moment: Moment) -> Option<String> {
        let history = self.history;
        // Of a step that begins otherwise, such as with a sync, the request came before.
        history.received(moment)?;
        let (was, is) = history.change(moment)?;
        let candidate = is.voted_for?;
        let is_known = is.shows_vote() && is.shows_term();
        let is_same = (was.voted_for, was.term) == (is.voted_for, is.term);
        let is_own = candidate == peer && is.role != Role::Follower;
        if is_same || is_own || !is_known || self.has_asked(candidate, peer, is.term, moment) {
            return None;
        }
        let term = is.term;
        let not = if candidate == peer {
            format!("though it does not stand in term {term}")
        } else {
            format!("though {candidate} has not asked for it in term {term}")
        };
        Some(if was.voted_for == Some(candidate) && was.term < term {
            format!("keeps its vote of term {} for {candidate}, {not}", was.term)
        } else {
            format!("votes for {candidate}, {not}")
        })
    }

    /// Whether a request for a vote in this term has reached a peer, this moment included.
    fn has_asked(&self, candidate: PeerId, voter: PeerId, term: Term, moment: Moment) -> bool {
        let history = self.history;
        history.before(voter, moment + 1).filter_map(|earlier| history.received(earlier)).any(
            |packet| {
                let asks =
                    matches!(packet.meaning, Meaning::VoteRequest { term: of, .. } if of == term);
                asks && packet.from == candidate
            },
        )
    }

    /// What a reply says that is not so: the term of its sender, or the term of what it agrees to.
    fn odd_answer(&self, peer: PeerId, reply: &PacketText, moment: Moment) -> Option<String> {
        let history = self.history;
        let stated = reply.meaning.term()?;
        let question = history.question(reply, moment)?;
        let name = format!("`{}`", reply.text);
        // What waited for a disk may state the term in which the request came.
        let then = history.view_before(peer, question).filter(View::shows_term);
        let now = history.view_after(peer, moment).filter(View::shows_term);
        let lower = then.filter(|view| stated < view.term);
        if let Some(view) = lower.or(now.filter(|view| stated > view.term)) {
            let own = view.term;
            return Some(format!(
                "answers {name}, which states term {stated}, though it is in term {own}"
            ));
        }
        let agrees = match reply.meaning {
            Meaning::AppendReply { success, .. } => success,
            Meaning::InstallReply { .. } => true,
            _ => false,
        };
        let asked = history.received(question)?.meaning.term()?;
        (agrees && asked < stated)
            .then(|| format!("says yes in term {stated} to a request of term {asked}: {name}"))
    }

    /// The snapshot that a peer acknowledges, if it is written and not durable yet.
    fn volatile_snapshot(
        &self,
        peer: PeerId,
        reply: &PacketText,
        moment: Moment,
    ) -> Option<String> {
        let history = self.history;
        let Meaning::InstallReply { .. } = reply.meaning else { return None };
        let asked = history.received(history.question(reply, moment)?)?;
        let Meaning::InstallSnapshot { through, .. } = asked.meaning else { return None };
        let snapshot = Durable::Snapshot { through };
        let mut written = false;
        for earlier in history.before(peer, moment + 1) {
            if history.durable(earlier).any(|record| record == snapshot) {
                return None;
            }
            written |= history.events(earlier).iter().any(
                |event| matches!(event.what, What::Written { record, .. } if record == snapshot),
            );
            if history.boot(earlier).is_some() {
                break;
            }
        }
        written.then(|| {
            format!("answers `{}` before the snapshot through {through} is on its disk", reply.text)
        })
    }

    /// The first entry that a step took over from a leader which has another one in that place.
    fn foreign_entry(&self, peer: PeerId, moment: Moment) -> Option<String> {
        let history = self.history;
        let packet = history.received(moment)?;
        let Meaning::Append { .. } = packet.meaning else { return None };
        let (leader, sending) = (packet.from, history.sending(packet)?);
        history.log_in(moment).find_map(|(index, entry)| {
            let own = history.content(leader, index, sending + 1)?;
            let is_old = history.content(peer, index, moment) == Some(entry);
            if own == entry || is_old {
                return None;
            }
            let position = LogPosition { index, term: entry.term };
            let other = (index + 1..index.saturating_add(MOST_SKIPPED))
                .find(|later| history.content(leader, *later, sending + 1) == Some(entry));
            let from = other.map_or(String::new(), |later| {
                format!(": {leader} has that command at index {later}")
            });
            Some(format!(
                "takes {} for its {position}, where {leader} has {}{from}",
                command(entry),
                command(own)
            ))
        })
    }

    /// Where the logs of two peers first hold different commands in one term, up to an index, at the end.
    pub(super) fn other_command(
        &self,
        [one, other]: [PeerId; 2],
        up_to: LogIndex,
        before: Moment,
    ) -> Option<(LogPosition, String, String)> {
        let content = |peer, index| self.history.content(peer, index, before);
        (1..=up_to.min(MOST_COMPARED)).find_map(|index| {
            let (first, second) = (content(one, index)?, content(other, index)?);
            let position = LogPosition { index, term: first.term };
            (first != second && first.term == second.term)
                .then(|| (position, command(first), command(second)))
        })
    }
}

/// So far behind an index its command is looked for.
const MOST_SKIPPED: LogIndex = 64;
/// Logs are compared command by command up to here.
const MOST_COMPARED: LogIndex = 1_000;

/// `command 5f3a…`: what two entries of one index and term differ in.
fn command(entry: EntryId) -> String {
    let digest = format!("{:016x}", entry.digest);
    format!("command {}…", digest.get(..DIGITS).unwrap_or(&digest))
}

impl History<'_> {
    /// The entries that a log came to hold in a moment.
    fn log_in(&self, moment: Moment) -> impl Iterator<Item = (LogIndex, EntryId)> {
        let told = self.events(moment).iter().find_map(|event| match &event.what {
            What::Log { from, entries, .. } => Some((*from, entries)),
            _ => None,
        });
        told.into_iter().flat_map(|(from, entries)| (from..).zip(entries.iter().copied()))
    }

    /// From which index on a peer wrote to its disk in a moment that its log is no more.
    pub(super) fn cut_on_disk(&self, moment: Moment) -> Option<LogIndex> {
        self.events(moment).iter().find_map(|event| match event.what {
            What::Written { record: Durable::Truncated { from }, .. } => Some(from),
            _ => None,
        })
    }

    /// The entry that a peer's log held at an index before a moment, as far as the trace tells.
    fn content(&self, peer: PeerId, index: LogIndex, before: Moment) -> Option<EntryId> {
        self.before(peer, before).find_map(|moment| {
            self.events(moment).iter().find_map(|event| match &event.what {
                What::Log { from, entries, .. } if *from <= index => {
                    let place = usize::try_from(index - from).ok()?;
                    Some(entries.get(place).copied())
                }
                _ => None,
            })
        })?
    }
}
