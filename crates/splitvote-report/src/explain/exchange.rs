//! What a leader and a peer that lags behind last heard of each other, and what should have come and did not.

use splitvote::peer::{DiskTrouble, Meaning};
use splitvote::sim::Fate;
use splitvote::{PeerId, View};

use super::aspects::Aspects;
use super::history::Moment;
use super::nobody_leads::never_comes;
use super::slice::Slice;
use super::tell_disk::disk_trouble;

/// Includes the last request of a leader that reached a peer, and the last answer that came back.
pub(super) fn exchange(slice: &mut Slice<'_>, leader: PeerId, peer: PeerId, end: Moment) {
    let asked = slice.last_heard(peer, leader, end);
    let answered = slice.last_heard(leader, peer, end);
    if let Some(asked) = asked {
        slice.include(asked, Aspects::ALL, 1);
        if let Some(view) = slice.history.view_before(peer, end) {
            let View { first, last, commit, applied, .. } = view;
            let is_end = end >= slice.history.len();
            let when = if is_end { "at the end" } else { "when this leader lost its office" };
            let log = match last.index {
                0 => "is empty".to_owned(),
                _ => format!("goes from index {first} to {last}"),
            };
            let words =
                format!("{when} its log {log}, committed up to {commit}, applied up to {applied}");
            slice.remark(asked, words);
        }
        if answered.is_none() {
            slice.remark(asked, format!("{leader} never hears from it"));
        }
    }
    if let Some(answered) = answered {
        slice.include(answered, Aspects::ALL, 1);
        again_and_again(slice, leader, peer, answered);
        let behind = slice.history.view_before(peer, end);
        let ahead = slice.history.view_before(leader, end);
        let is_of_log = slice.history.received(answered).is_some_and(|packet| {
            matches!(packet.meaning, Meaning::AppendReply { .. } | Meaning::InstallReply { .. })
        });
        if is_of_log
            && slice.history.sent(answered).next().is_none()
            && behind.zip(ahead).is_some_and(|(behind, ahead)| behind.last != ahead.last)
        {
            slice.remark(answered, format!("{leader} sends nothing because of it"));
        }
    }
    last_part(slice, leader, peer, end);
    never_came(slice, leader, peer, end);
    stays_cut(slice, leader, peer, end);
    [leader, peer].iter().for_each(|peer| hangs_still(slice, *peer, end));
}

/// Includes the moment since which a peer's disk has been hanging, if it does: who waits for it does nothing, and
/// nothing shows that.
fn hangs_still(slice: &mut Slice<'_>, peer: PeerId, end: Moment) {
    let history = slice.history;
    let last = history.before(peer, end).find_map(|moment| {
        let mut events = history.events(moment).iter().rev();
        events.find_map(|event| match disk_trouble(&event.what)? {
            DiskTrouble::Stalled => Some((moment, true)),
            DiskTrouble::Released => Some((moment, false)),
            _ => None,
        })
    });
    if let Some((moment, true)) = last {
        slice.include(moment, Aspects::ALL, 1);
        slice.remark(moment, "nothing that it writes since then is durable");
    }
}

/// Includes the last part of a snapshot that a peer heard, and its last answer to one, and says if nothing came of it.
fn last_part(slice: &mut Slice<'_>, leader: PeerId, peer: PeerId, end: Moment) {
    let history = slice.history;
    let answers = |moment: &Moment| {
        history.received(*moment).is_some_and(|packet| {
            packet.from == peer && matches!(packet.meaning, Meaning::InstallReply { .. })
        })
    };
    let is_part = |moment: &Moment| {
        history.received(*moment).is_some_and(|packet| {
            packet.from == leader && matches!(packet.meaning, Meaning::InstallSnapshot { .. })
        })
    };
    slice.include_any(history.before(peer, end).find(is_part), Aspects::ALL, 1);
    let Some(answered) = history.before(leader, end).find(answers) else { return };
    slice.include(answered, Aspects::ALL, 2);
    if history.sent(answered).next().is_none() {
        slice.remark(answered, format!("{leader} sends nothing because of it"));
    }
}

/// Says what a leader sent a peer in its term that mattered and did not come, and what it has not sent.
fn never_came(slice: &mut Slice<'_>, leader: PeerId, peer: PeerId, end: Moment) {
    let history = slice.history;
    let Some(view) = history.view_before(leader, end) else { return };
    let office = history.took_office(leader, view.term, end).unwrap_or(0);
    let sent = |is_it: &dyn Fn(&Meaning) -> bool| {
        history.before(leader, end).take_while(|moment| *moment >= office).find_map(|moment| {
            let mut all = history.sent(moment);
            all.find(|(sent, _)| sent.to == peer && is_it(&sent.meaning))
                .map(|found| (moment, found))
        })
    };
    let last = slice.last_heard(peer, leader, end).or_else(|| slice.last_heard(leader, peer, end));
    let Some(last) = last else { return };
    if let Some((moment, (packet, fate))) =
        sent(&|meaning| matches!(meaning, Meaning::InstallSnapshot { .. }))
        && history.arrivals(packet).iter().all(|arrival| history.received(*arrival).is_none())
        && (!matches!(fate, Fate::Arrives(_)) || !history.arrivals(packet).is_empty())
    {
        let at = history.at(moment);
        let is_lost_late = !history.arrivals(packet).is_empty();
        let why = if is_lost_late { "down, or cut off on the way" } else { never_comes(fate) };
        let words = format!(
            "the InstallSnapshot that {leader} sent it at {at} did not arrive ({why}), and it was sent no other"
        );
        slice.remark(last, words);
    }
    let Some(behind) = history.view_before(peer, end).map(|view| view.last.index) else { return };
    let entries = sent(&|meaning| {
        matches!(meaning, Meaning::Append { entries, .. } if *entries > 0)
            || matches!(meaning, Meaning::InstallSnapshot { .. })
    });
    if behind < view.last.index {
        let first = view.first;
        let words = match entries {
            None => format!("{leader} has sent it nothing but heartbeats in term {}", view.term),
            Some((moment, _)) => {
                format!("{leader} last sent it a part of its log at {}", history.at(moment))
            }
        };
        slice.remark(
            last,
            format!("{words}; {leader}'s own log goes from index {first} to {}", view.last),
        );
        if behind.saturating_add(1) < first
            && sent(&|meaning| matches!(meaning, Meaning::InstallSnapshot { .. })).is_none()
        {
            let words =
                format!("{leader} has discarded what {peer} lacks, and sends it no snapshot");
            slice.remark(last, words);
        }
    }
}

/// Includes where a link was cut, if it still is.
pub(super) fn stays_cut(slice: &mut Slice<'_>, from: PeerId, to: PeerId, end: Moment) {
    if let (false, Some(cut)) = slice.history.link(from, to, end) {
        slice.include(cut, Aspects::ALL, 1);
        slice.remark(cut, format!("the link from {from} to {to} stays cut"));
    }
}

/// Says how often the last answer of a peer had come before, word by word.
fn again_and_again(slice: &mut Slice<'_>, leader: PeerId, peer: PeerId, last: Moment) {
    let history = slice.history;
    let Some(text) = history.received(last).map(|packet| &packet.text) else { return };
    let mut first = last;
    let mut count: u32 = 0;
    for moment in history.before(leader, last) {
        match history.received(moment).filter(|packet| packet.from == peer) {
            Some(packet) if packet.text == *text => (first, count) = (moment, count + 1),
            Some(_) => break,
            None => {}
        }
    }
    if count > 1 {
        let since = history.at(first);
        slice.remark(last, format!("it came {count} times before, since {since}"));
    }
}
