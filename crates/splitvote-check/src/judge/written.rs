//! What one record makes durable: it does so as a whole, so that nothing is judged in between.
//!
//! A record may tell that the log has no entries from an index on, and then which entries or which snapshot stand in
//! their place. Taken one by one, a committed entry would be off the disk for a moment in which no crash can come. So
//! a cut is put off to the end of its record, and reaches no further than to what the record does not fill again.

use splitvote_peer::{Durable, LogIndex, PeerId, SimTime};

use super::Judge;
use crate::observation::Observation;

/// What of a record has been told so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Written {
    /// From where on the log is cut, unless what follows in the record stands there.
    cut: Option<LogIndex>,
}

impl Judge {
    /// A record becomes durable on the peer's disk: one of the things that it tells. After the last one,
    /// [`Self::written`] ends the record.
    #[inline]
    pub fn durable(&mut self, at: SimTime, peer: PeerId, written: &mut Written, told: Durable) {
        // Each arm calls by itself: the judge then need not look up again what it is shown.
        match told {
            Durable::Entry { index, entry } => {
                if written.cut.is_some() {
                    self.fill(at, peer, written, index);
                }
                self.observe(at, &Observation::DurableEntry { peer, index, entry });
            }
            Durable::Ballot { term, voted_for } => {
                self.observe(at, &Observation::Durable { peer, term, voted_for });
            }
            Durable::Truncated { from } => {
                written.cut = Some(written.cut.map_or(from, |cut| cut.min(from)));
            }
            Durable::Snapshot { through } => {
                let behind = through.index.saturating_add(1);
                written.cut = written.cut.map(|cut| cut.max(behind));
                self.observe(at, &Observation::DurableSnapshot { peer, through });
            }
            Durable::Other => {}
        }
    }

    /// The record ends.
    #[inline]
    pub fn written(&mut self, at: SimTime, peer: PeerId, written: Written) {
        if let Some(from) = written.cut {
            self.observe(at, &Observation::DurableTruncation { peer, from });
        }
    }

    /// An entry follows a cut in its record: it fills the first index that is cut, or leaves a gap there.
    #[cold]
    fn fill(&mut self, at: SimTime, peer: PeerId, written: &mut Written, index: LogIndex) {
        if let Some(from) = written.cut {
            if index == from {
                written.cut = Some(from.saturating_add(1));
            } else if index > from {
                written.cut = None;
                self.observe(at, &Observation::DurableTruncation { peer, from });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use splitvote_peer::LogPosition;

    use super::*;
    use crate::script::{Script, entry};

    /// S0 leads term 1 and has committed three entries, which S1 has too, and S2 has not.
    fn run() -> Script {
        let mut run = Script::new(3);
        run.elect(0, 1, &[0, 1]).follow(1, Some(0), 1).append(0, &[1, 1, 1]).replicate(0, &[1]);
        run.commit(0, 3);
        run
    }

    fn told(told: &[Durable]) -> Option<String> {
        let (mut run, at, peer) = (run(), SimTime(7), PeerId(1));
        let mut written = Written::default();
        for durable in told {
            run.judge.durable(at, peer, &mut written, *durable);
        }
        run.judge.written(at, peer, written);
        run.verdict().map(|(_, sentence)| sentence)
    }

    const fn snapshot(index: LogIndex) -> Durable {
        Durable::Snapshot { through: LogPosition { index, term: 1 } }
    }

    fn stands(index: LogIndex) -> Durable {
        Durable::Entry { index, entry: entry(index, 1) }
    }

    const CUT: Durable = Durable::Truncated { from: 1 };

    #[test]
    fn a_cut_that_its_record_fills_again_takes_nothing_away() {
        assert_eq!(told(&[CUT, snapshot(3)]), None, "a snapshot stands for all that was cut");
        assert_eq!(told(&[CUT, stands(1), stands(2), stands(3)]), None, "the log is written anew");
        assert_eq!(told(&[CUT, snapshot(2), stands(3)]), None);
        assert_eq!(told(&[snapshot(2), Durable::Truncated { from: 3 }, stands(3)]), None);
    }

    #[test]
    fn what_a_record_cuts_and_does_not_fill_is_gone() {
        let lost = |entry| {
            let words = "which is committed, and now only the disks of {S0} have it, 2 are needed";
            Some(format!("S1 lost {entry}, {words}"))
        };
        assert_eq!(told(&[CUT]), lost("3@1"));
        assert_eq!(told(&[CUT, snapshot(2)]), lost("3@1"));
        assert_eq!(told(&[CUT, stands(1), stands(2)]), lost("3@1"));
        assert_eq!(told(&[CUT, stands(2), stands(3)]), lost("3@1"), "behind a gap");
        assert_eq!(told(&[snapshot(3), CUT]), None, "a snapshot is not cut off");
    }
}
