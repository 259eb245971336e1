//! Leads to snapshots, and to what a state machine had applied.

use std::collections::BTreeMap;

use splitvote::PeerId;
use splitvote::peer::{Durable, Meaning};
use splitvote::trace::What;

use super::super::aspects::Aspects;
use super::super::history::Moment;
use super::super::slice::Slice;

/// How many snapshots are told of which a peer has heard parts.
const MOST_PARTS: usize = 3;

pub(super) fn all(slice: &mut Slice<'_>, peer: PeerId, last: Moment) {
    let is_own = slice.history.received(last).is_none();
    let taken = slice.history.last_snapshot(peer, last);
    slice.include_any(taken.filter(|_| is_own), Aspects::NONE, 1);
    installed(slice, peer, last);
    on_disk(slice, peer, last);
    if slice.history.boot(last).is_some() {
        not_on_disk(slice, peer, last);
    }
    applied(slice, peer, last);
}

/// Includes the InstallSnapshots that a peer heard since its state machine last took a snapshot: if they are of more
/// than one snapshot or leader, the last of each.
fn installed(slice: &mut Slice<'_>, peer: PeerId, last: Moment) {
    let history = slice.history;
    let restored = history.before(peer, last).find(|moment| {
        let mut events = history.events(*moment).iter();
        events.any(|event| matches!(event.what, What::Restored { .. }))
    });
    let (mut told, mut latest) = (Vec::new(), Vec::new());
    let mut texts: BTreeMap<(PeerId, &str), Moment> = BTreeMap::new();
    let mut firsts = BTreeMap::new();
    let mut again = None;
    for moment in history.before(peer, last + 1).take_while(|moment| Some(*moment) > restored) {
        let Some(packet) = history.received(moment) else { continue };
        let Meaning::InstallSnapshot { term, through } = packet.meaning else { continue };
        // The latest comes first, so that this is the earlier one of two.
        if let Some(later) = texts.insert((packet.from, &packet.text), moment) {
            again = Some((moment, later));
        }
        firsts.insert((packet.from, term, through.index), &packet.text);
        if !told.contains(&(packet.from, term, through)) && told.len() < MOST_PARTS {
            told.push((packet.from, term, through));
            slice.include(moment, Aspects::ALL, 1);
            latest.push((moment, packet));
            if moment != last {
                slice.remark(moment, format!("the message reads `{}`", packet.text));
            }
        }
    }
    for (moment, packet) in latest {
        let Meaning::InstallSnapshot { term, through } = packet.meaning else { continue };
        if let Some(first) = firsts.get(&(packet.from, term, through.index))
            && **first != packet.text
        {
            slice.remark(moment, format!("the first part of it that came reads `{first}`"));
        }
    }
    if let Some((first, second)) = again {
        slice.include(second, Aspects::ALL, 1);
        let at = history.at(first);
        slice.remark(second, format!("this part came before, at {at}"));
    }
    if told.len() > 1 {
        slice.remark(
            last,
            format!("{peer} has heard parts of {} snapshots since its last one", told.len()),
        );
    }
}

/// Includes the last moments in which a peer had its disk forget its older records.
pub(super) fn rewritten(slice: &mut Slice<'_>, peer: PeerId, last: Moment) {
    let is_it = |moment: &Moment| {
        let mut events = slice.history.events(*moment).iter();
        events.any(|event| matches!(event.what, What::Compacted { .. }))
    };
    slice.include_any(slice.history.before(peer, last).find(is_it), Aspects::ALL, 1);
}

/// Includes the last snapshot that reached a peer's disk as a whole.
pub(super) fn on_disk(slice: &mut Slice<'_>, peer: PeerId, last: Moment) {
    let on_disk = slice.history.before(peer, last).find(|moment| {
        slice.history.durable(*moment).any(|record| matches!(record, Durable::Snapshot { .. }))
    });
    slice.include_any(on_disk, Aspects::LOG, 1);
    on_disk.into_iter().for_each(|moment| installed(slice, peer, moment));
}

/// Says of the last crash which snapshot it found half-written.
fn not_on_disk(slice: &mut Slice<'_>, peer: PeerId, last: Moment) {
    let restored = slice.history.events(last).iter().find_map(|event| match event.what {
        What::Restored { through, .. } => Some(through),
        _ => None,
    });
    let crash = slice.history.last_crash(peer, last);
    let (Some(through), Some(crash)) = (restored, crash) else { return };
    let is_whole = slice.history.before(peer, crash).any(|moment| {
        slice.history.durable(moment).any(|record| record == Durable::Snapshot { through })
    });
    if !is_whole {
        slice.remark(
            crash,
            format!("the snapshot through {through} has not reached its disk as a whole"),
        );
    }
}

/// Includes what a peer last took for committed or applied, before this moment, and its restart
/// since, if there was one.
pub(super) fn applied(slice: &mut Slice<'_>, peer: PeerId, last: Moment) {
    let change = slice
        .history
        .last_change(peer, last, |was, is| (was.commit, was.applied) != (is.commit, is.applied));
    slice.include_any(change, Aspects::COMMIT | Aspects::LOG, 1);
    // What it had applied before a restart counts no more.
    let boot = slice
        .history
        .before(peer, last)
        .take_while(|moment| change.is_none_or(|change| *moment > change))
        .find(|moment| slice.history.boot(*moment).is_some_and(|boot| boot > 1));
    slice.include_any(boot, Aspects::ALL, 2);
}
