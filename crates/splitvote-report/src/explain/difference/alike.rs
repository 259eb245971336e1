//! Which events two runs have in common.

use splitvote::trace::{PacketText, TraceEvent, What};

use crate::explain::history::{History, Moment};

/// Events in a row that both runs have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alike {
    /// The number of the first of them in A, and that in B.
    pub from: [usize; 2],
    /// How many they are.
    pub count: usize,
}

/// For each event of a run whether the other one has it, too.
pub(super) fn shared(blocks: &[Alike], run: usize, events: usize) -> Vec<bool> {
    let mut shared = vec![false; events];
    for block in blocks {
        let from = block.from.get(run).copied().unwrap_or_default();
        shared.iter_mut().skip(from).take(block.count).for_each(|it| *it = true);
    }
    shared
}

/// The events that both runs begin with, so many, and those behind them that happen at the same instant, moment by
/// moment.
pub(super) fn between(histories: &[History<'_>; 2], common: usize) -> Vec<Alike> {
    let mut blocks = vec![Alike { from: [0, 0], count: common }];
    let [first, second] = histories;
    // A moment in the midst of which they part is not the same, but for single events.
    let parting = histories.each_ref().map(|history| history.range(history.moment_of(common)));
    if parting.iter().all(|range| range.start < common) {
        let mut others: Vec<usize> = (common..parting[1].end).collect();
        for event in common..parting[0].end {
            let is_it = |other: &usize| match (first.all().get(event), second.all().get(*other)) {
                (Some(one), Some(other)) => is_alike(one, other),
                _ => false,
            };
            if let Some(place) = others.iter().position(is_it) {
                add(&mut blocks, Alike { from: [event, others.remove(place)], count: 1 });
            }
        }
    }
    let mut next = histories.each_ref().map(|history| {
        let moment = history.moment_of(common);
        moment + usize::from(history.range(moment).start < common)
    });
    while next[0] < first.len() && next[1] < second.len() {
        let at = [first.at(next[0]), second.at(next[1])];
        let then = at[0].min(at[1]);
        let of = |run: usize| {
            let history = &histories[run];
            let end = (next[run]..history.len()).find(|moment| history.at(*moment) > then);
            next[run]..end.unwrap_or(history.len())
        };
        let groups = [of(0), of(1)];
        let mut others: Vec<Moment> = groups[1].clone().collect();
        for moment in groups[0].clone() {
            let is_it = |other: &Moment| are_alike(first.events(moment), second.events(*other));
            if let Some(place) = others.iter().position(is_it) {
                let (mine, other) = (first.range(moment), second.range(others.remove(place)));
                add(&mut blocks, Alike { from: [mine.start, other.start], count: mine.len() });
            }
        }
        next = [groups[0].end, groups[1].end];
    }
    blocks
}

/// Adds a block, or makes the last one longer.
fn add(blocks: &mut Vec<Alike>, block: Alike) {
    match blocks.last_mut() {
        Some(last) if [0, 1].iter().all(|run| last.from[*run] + last.count == block.from[*run]) => {
            last.count += block.count;
        }
        _ => blocks.push(block),
    }
}

/// Whether two moments say the same.
pub(super) fn are_alike(one: &[TraceEvent], other: &[TraceEvent]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_alike(one, other))
}

/// Whether two events say the same. Packets and requests have other numbers if one more went before them.
pub(super) fn is_alike(one: &TraceEvent, other: &TraceEvent) -> bool {
    if one.at != other.at {
        return false;
    }
    match (&one.what, &other.what) {
        (What::Sent { packet, fate }, What::Sent { packet: second, fate: is })
        | (What::Perished { packet, fate }, What::Perished { packet: second, fate: is }) => {
            fate == is && is_same_message(packet, second)
        }
        (What::Received { packet }, What::Received { packet: second }) => {
            is_same_message(packet, second)
        }
        (
            What::Proposed { peer, command, .. },
            What::Proposed { peer: second, command: is, .. },
        ) => (peer, command) == (second, is),
        (What::Answered { peer, answer, .. }, What::Answered { peer: second, answer: is, .. }) => {
            (peer, answer) == (second, is)
        }
        (one, other) => one == other,
    }
}

/// Whether two packets say the same between the same peers.
pub(super) fn is_same_message(one: &PacketText, other: &PacketText) -> bool {
    let of = |packet: &PacketText| (packet.from, packet.to, packet.direction, packet.meaning);
    of(one) == of(other) && one.kind == other.kind && one.text == other.text
}
