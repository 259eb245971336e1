//! Links that carry only so many packets at once: if one more leaves, one of them all is lost, drawn.
//!
//! As the links of TigerBeetle's simulator. A packet counts from when it leaves until it arrives; its
//! copies do not count. Nothing is kept as long as links carry any number.

use std::collections::{BTreeMap, BTreeSet};

use splitvote_peer::{PeerId, SimTime};

use crate::chance::scale_word;

/// A packet on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UnderWay {
    /// Its number in the run.
    pub(crate) number: u64,
    /// When it arrives.
    pub(crate) at: SimTime,
}

/// Who is on its way, and who has had to go.
#[derive(Clone, Debug, Default)]
pub(crate) struct Crowd {
    links: BTreeMap<(PeerId, PeerId), Vec<UnderWay>>,
    evicted: BTreeSet<u64>,
}

impl Crowd {
    /// A packet leaves over a link that carries so many. Whether it is itself the one that is lost.
    #[cold]
    pub(crate) fn has_no_room(
        &mut self,
        link: (PeerId, PeerId),
        capacity: u8,
        packet: UnderWay,
        now: SimTime,
        word: u32,
    ) -> bool {
        let under_way = self.links.entry(link).or_default();
        under_way.retain(|other| other.at >= now);
        under_way.push(packet);
        if under_way.len() <= usize::from(capacity) {
            return false;
        }
        let place = scale_word(word, under_way.len() as u64) as usize;
        let victim = under_way.swap_remove(place).number;
        let is_itself = victim == packet.number;
        if !is_itself {
            self.evicted.insert(victim);
        }
        is_itself
    }

    /// Whether a packet that arrives has had to go. Asked once of each.
    #[inline(always)]
    pub(crate) fn has_evicted(&mut self, number: u64) -> bool {
        !self.evicted.is_empty() && self.evicted.remove(&number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: (PeerId, PeerId) = (PeerId(0), PeerId(1));

    fn packet(number: u64) -> UnderWay {
        UnderWay { number, at: SimTime(100 + number) }
    }

    #[test]
    fn a_full_link_loses_one_of_all_and_no_more() {
        let mut crowd = Crowd::default();
        let words = [0, u32::MAX, 0x8000_0000];
        assert!(!crowd.has_no_room(LINK, 2, packet(0), SimTime(0), words[0]));
        assert!(!crowd.has_no_room(LINK, 2, packet(1), SimTime(0), words[0]));
        assert!(!crowd.has_no_room(LINK, 2, packet(2), SimTime(0), words[0]), "0 has to go");
        assert!(crowd.has_no_room(LINK, 2, packet(3), SimTime(0), words[1]), "3 itself");
        assert!(!crowd.has_no_room(LINK, 2, packet(4), SimTime(0), words[2]), "1 or 2");
        let evicted: Vec<bool> = (0..5).map(|number| crowd.has_evicted(number)).collect();
        assert_eq!(evicted.iter().filter(|is| **is).count(), 2, "{evicted:?}");
        assert!(evicted[0] && !evicted[3] && !evicted[4]);
        assert!(!crowd.has_evicted(0), "it is asked once");
    }

    #[test]
    fn who_has_arrived_and_who_is_on_another_link_takes_no_room() {
        let mut crowd = Crowd::default();
        for number in 0..10 {
            let now = SimTime(200 * number);
            let packet = UnderWay { number, at: now };
            assert!(!crowd.has_no_room(
                LINK,
                1,
                UnderWay { at: SimTime(now.0 + 1), ..packet },
                now,
                0
            ));
            assert!(!crowd.has_no_room((PeerId(1), PeerId(0)), 1, packet, now, 0));
        }
        assert!((0..10).all(|number| !crowd.has_evicted(number)));
    }
}
