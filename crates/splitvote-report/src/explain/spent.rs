//! What too much was spent on. No single event shows that either, so this counts: which leader sent whom how many
//! AppendEntries, and how often the same entries; which elections began; what a disk keeps, and for whom.

use std::collections::BTreeMap;

use splitvote::check::{Allowance, Overrun};
use splitvote::peer::{LogIndex, Meaning, PeerSet, Term};
use splitvote::trace::What;
use splitvote::{PeerId, Role, SimTime};

use super::aspects::Aspects;
use super::commits::list;
use super::history::Moment;
use super::slice::Slice;
use super::stalled;

/// How many links, and how many elections, are told.
const MOST: usize = 12;

/// Tells what was spent since the budget began to count.
pub(super) fn follow(slice: &mut Slice<'_>, overrun: &Overrun, at: SimTime) {
    let since = SimTime(at.0.saturating_sub(overrun.within.as_nanos() as u64));
    let first = (0..slice.history.len()).find(|moment| slice.history.at(*moment) >= since);
    let first = first.unwrap_or(slice.history.len());
    match overrun.budget.what {
        Allowance::Rpcs | Allowance::Bytes => {
            // An election is told by itself if nothing cost more.
            let dearest = overrun.shares.first().map(|share| share.causes.as_slice());
            if dearest.unwrap_or_default().iter().any(|(cause, _)| cause.name() == "election") {
                elections(slice, first, None);
            }
            appends(slice, first);
        }
        Allowance::Elections => elections(slice, first, Some(&overrun.terms)),
        Allowance::RaftState => match overrun.peer {
            Some(peer) => kept(slice, peer),
            None => stalled::follow(slice),
        },
    }
}

/// What one peer has sent another in a term.
#[derive(Clone, Debug, Default)]
struct Sent {
    heartbeats: u64,
    appends: u64,
    /// How often each index was sent.
    entries: BTreeMap<LogIndex, u64>,
    /// Where the first one began, and how far the receiver's log reached then.
    first: Option<(LogIndex, LogIndex)>,
    /// When it sent entries last; a heartbeat, if it never did.
    last: Moment,
}

impl Sent {
    fn entries_in_all(&self) -> u64 {
        self.entries.values().sum()
    }

    fn words(&self) -> String {
        let heartbeats = match self.heartbeats {
            0 => String::new(),
            1 => "1 heartbeat".to_owned(),
            many => format!("{many} heartbeats"),
        };
        if self.appends == 0 {
            return heartbeats;
        }
        let and = if self.heartbeats == 0 { "" } else { " and " };
        let (all, different) = (self.entries_in_all(), self.entries.len() as u64);
        let (appends, noun) = (self.appends, if all == 1 { "entry" } else { "entries" });
        let mut words = format!("{heartbeats}{and}{appends} AppendEntries with {all} {noun}");
        let most = self.entries.iter().max_by_key(|(index, times)| (**times, u64::MAX - **index));
        match most {
            Some((index, times)) if all > different => words.push_str(&format!(
                ", of which {different} differ: index {index} went out {times} times"
            )),
            _ if all > 1 => words.push_str(", each of them once"),
            _ => {}
        }
        if let Some((from, held)) = self.first.filter(|(from, held)| from <= held) {
            words.push_str(&format!(
                "; the first began with index {from}, when the log there reached to index {held}"
            ));
        }
        words
    }
}

/// Tells what leaders have sent, those first that sent most.
fn appends(slice: &mut Slice<'_>, first: Moment) {
    let mut links: BTreeMap<(PeerId, Term, PeerId), Sent> = BTreeMap::new();
    for moment in first..slice.history.len() {
        for (packet, _) in slice.history.sent(moment) {
            let Meaning::Append { term, previous, entries } = packet.meaning else { continue };
            let sent = links.entry((packet.from, term, packet.to)).or_default();
            if entries > 0 || sent.appends == 0 {
                sent.last = moment;
            }
            if entries == 0 {
                sent.heartbeats += 1;
                continue;
            }
            sent.appends += 1;
            for index in (previous.index + 1..).take(entries as usize) {
                *sent.entries.entry(index).or_default() += 1;
            }
            if sent.first.is_none() {
                let held = slice.history.view_before(packet.to, moment);
                sent.first = Some((previous.index + 1, held.map_or(0, |view| view.last.index)));
            }
        }
    }
    let mut by_cost: Vec<_> = links.into_iter().collect();
    by_cost.sort_by_key(|(_, sent)| std::cmp::Reverse(sent.entries_in_all() + sent.heartbeats));
    by_cost.truncate(MOST);
    // Whoever got the same is named together.
    let mut told: BTreeMap<(Moment, String), PeerSet> = BTreeMap::new();
    for ((leader, term, to), sent) in by_cost {
        slice.won(leader, term, slice.history.len(), 2);
        slice.include(sent.last, Aspects::ROLE | Aspects::LOG, 0);
        told.entry((sent.last, sent.words())).or_default().insert(to);
    }
    for ((moment, words), receivers) in told {
        let each = if receivers.len() > 1 { " each" } else { "" };
        slice.remark(moment, format!("it has sent {}{each} {words}", list(receivers)));
    }
}

/// Tells who stood, and why; in these terms, if they are named.
fn elections(slice: &mut Slice<'_>, first: Moment, terms: Option<&[Term]>) {
    let history = slice.history;
    let stood = (first..history.len()).rev().filter_map(|moment| history.candidacy(moment));
    let meant = stood.filter(|(.., term)| terms.is_none_or(|terms| terms.contains(term)));
    for (moment, candidate, _) in meant.take(MOST) {
        slice.include(moment, Aspects::ROLE, 0);
        slice.why_it_stood(moment, candidate);
    }
}

/// Tells what the log on a disk holds, and what its owner knows of those that may need it.
fn kept(slice: &mut Slice<'_>, peer: PeerId) {
    let (history, end) = (slice.history, slice.history.len());
    let Some(last) = history.before(peer, end).next() else { return };
    slice.include(last, Aspects::ALL, 0);
    if let Some(view) = history.view_before(peer, end) {
        slice.remark(
            last,
            format!(
                "its log goes from index {} to {}, applied up to {}",
                view.first, view.last, view.applied
            ),
        );
    }
    slice.include_any(history.last_snapshot(peer, end), Aspects::ALL, 0);
    for other in history.everyone.iter().filter(|other| *other != peer) {
        if let Some(matched) = known(slice, peer, other) {
            slice.remark(last, format!("it knows the log of {other} up to index {matched}"));
        }
        if history.view_before(other, end).is_none() {
            slice.include_any(history.last_crash(other, end), Aspects::ALL, 1);
        }
        if let (false, Some(cut)) = history.link(peer, other, end) {
            slice.include(cut, Aspects::ALL, 1);
        }
    }
}

/// What a leader takes another's log for; `None` if it does not lead, or has not heard of it.
fn known(slice: &Slice<'_>, leader: PeerId, follower: PeerId) -> Option<LogIndex> {
    let history = slice.history;
    let is_leader = history.view_before(leader, history.len())?.role == Role::Leader;
    let accounts = history.before(leader, history.len()).flat_map(|moment| {
        history.events(moment).iter().filter_map(|event| match event.what {
            What::Progress { follower: of, progress, .. } if of == follower => {
                Some(progress.matched)
            }
            _ => None,
        })
    });
    is_leader.then(|| accounts.into_iter().next().unwrap_or(0))
}
