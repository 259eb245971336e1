//! The network's noise, written down: what became of every single packet, on a still network, and then only
//! of those whose fate matters.

use std::collections::BTreeMap;
use std::time::Duration;

use splitvote_peer::{PeerId, SimTime};
use splitvote_sim::{Fate, Verdict};

use super::candidate::Candidate;
use super::deletion::delete_parts;
use super::elections;
use super::search::Search;
use super::stillness::{self, PACKET};
use super::{acts, anywhen, pairs, silence, times};
use crate::fault::Fault;
use crate::trace::{Trace, What};

/// How much more, in deliveries, a reader may have to follow if in return nothing is left to chance.
const PRICE: u64 = 24;

/// How often a run is gone through whose noise was written down.
const REFINEMENTS: u32 = 3;

/// If the network still draws, offers to write its noise down, if the fates that matter are few; whether
/// it was.
pub(super) fn write_down(search: &mut Search<'_>) -> bool {
    if search.best().plan.setup.network == stillness::network() {
        return false;
    }
    let trace = search.trace();
    let written = written(search.best(), &trace);
    let directed = elections::directed(&written, &trace);
    let (is_alike, found) = search.aside(|search| {
        let is_alike = search.insist(directed) || search.insist(written);
        if is_alike {
            let more_seeds = search.more_seeds;
            search.set_more_seeds(more_seeds);
            refine(search);
            search.more_seeds = more_seeds;
        }
        is_alike
    });
    let pays = is_alike && found.weight.burden <= search.weight().burden + PRICE;
    if pays {
        search.adopt(found);
    }
    pays
}

/// Takes away what a run with its noise written down does not need. At first it is much larger than with
/// the noise left to chance, so that it has to become small before the two are compared.
fn refine(search: &mut Search<'_>) {
    for _ in 0..REFINEMENTS {
        let before = search.weight();
        forget(search);
        acts::delete(search);
        forget(search);
        times::shorten(search);
        silence::fall(search);
        anywhen::fall_silent(search);
        anywhen::move_acts(search);
        pairs::delete(search);
        if search.weight() == before {
            return;
        }
    }
}

/// Lets packets whose fate does not matter arrive as all others.
pub(super) fn forget(search: &mut Search<'_>) {
    delete_parts(
        search,
        |candidate| candidate.plan.setup.overrides.packets.len(),
        |candidate, range| candidate.without_fates(|place| range.contains(&place)),
    );
}

/// Offers the simplest fate for every packet that has one: that it is lost, or arrives twice.
pub(super) fn simplify(search: &mut Search<'_>) {
    let links: Vec<_> = search.best().plan.setup.overrides.packets.keys().copied().collect();
    for link in links {
        for fate in [Verdict::Drop, Verdict::Duplicate] {
            let is_smaller = search.offer_setup(|setup| {
                setup.overrides.packets.insert(link, fate);
            });
            if is_smaller {
                break;
            }
        }
    }
}

/// The candidate on a still network on which every packet fares as it did in the trace.
fn written(candidate: &Candidate, trace: &Trace) -> Candidate {
    // Slow links and changes of the network are in the fates.
    let plain =
        candidate.without_faults(|fault| matches!(fault, Fault::Network(_) | Fault::Delay(_)));
    plain.changing_setup(|setup| {
        setup.network = stillness::network();
        setup.overrides.packets = fates(trace);
    })
}

/// What became of each packet: its link, its place among the packets of this link, and its fate.
fn fates(trace: &Trace) -> BTreeMap<(PeerId, PeerId, u64), Verdict> {
    let mut counts: BTreeMap<(PeerId, PeerId), u64> = BTreeMap::new();
    let mut places: BTreeMap<u64, (PeerId, PeerId, u64)> = BTreeMap::new();
    let mut arrivals: BTreeMap<u64, SimTime> = BTreeMap::new();
    let mut fates = BTreeMap::new();
    for event in &trace.events {
        let What::Sent { packet, fate } = &event.what else { continue };
        if let Fate::Duplicated(at) = *fate {
            if let (Some(place), Some(first)) =
                (places.get(&packet.number), arrivals.get(&packet.number))
            {
                let later = at.max(*first).since(at.min(*first));
                fates.insert(*place, Verdict::Replay(later));
            }
            continue;
        }
        let count = counts.entry((packet.from, packet.to)).or_default();
        let place = (packet.from, packet.to, *count);
        *count += 1;
        places.insert(packet.number, place);
        match *fate {
            Fate::Lost | Fate::Dropped => {
                fates.insert(place, Verdict::Drop);
            }
            Fate::Arrives(at) => {
                arrivals.insert(packet.number, at);
                let late = at.since(event.at).saturating_sub(PACKET);
                if late > Duration::ZERO {
                    fates.insert(place, Verdict::Delay(late));
                }
            }
            Fate::Cut | Fate::Dead | Fate::Duplicated(_) => {}
        }
    }
    fates
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Made, from, plan};
    use super::*;

    #[test]
    fn fates_that_do_not_matter_are_forgotten() {
        let link = |place| (PeerId(0), PeerId(1), place);
        let mut cell = Made::needing(move |candidate| {
            candidate.plan.setup.overrides.packets.get(&link(17)) == Some(&Verdict::Drop)
        });
        let start = plan(Vec::new()).changing_setup(|setup| {
            setup.network = stillness::network();
            setup.overrides.packets = (0..50).map(|place| (link(place), Verdict::Drop)).collect();
        });
        let mut search = from(&mut cell, start);
        forget(&mut search);
        let packets = &search.best().plan.setup.overrides.packets;
        assert_eq!(packets.keys().copied().collect::<Vec<_>>(), [link(17)]);
    }
}
