//! What a test may cost: RPCs, bytes on the wire, bytes on a disk.

use splitvote_check::{Allowance, Budget, Reading, Share};
use splitvote_peer::{Message, Peer, SimTime, Term};

use super::Cluster;
use crate::failure::Failure;

/// A budget that holds from an instant on to the end of the run.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    budget: Budget,
    since: SimTime,
    before: Reading,
}

impl<P: Peer> Cluster<P> {
    /// How many elections have begun so far.
    #[must_use]
    pub fn elections_begun(&self) -> u64 {
        self.ledger().begun()
    }

    /// The terms in which somebody stood first at this time or later.
    fn terms_begun_since(&self, since: SimTime) -> Vec<Term> {
        let elections = self.ledger().elections();
        let later = elections.filter(|election| {
            election.candidates().iter().all(|candidate| candidate.stood_at >= since)
        });
        later.map(splitvote_check::Election::term).collect()
    }

    /// Counts what packets cost from now on, by kind and by cause.
    pub fn meter(&mut self) {
        self.court_mut().meter(<P::Message as Message>::KINDS);
    }

    /// What packets have cost since [`Self::meter`], nothing before; and how many elections there
    /// were.
    #[must_use]
    pub fn meter_reading(&self) -> Reading {
        let metered = self.court().metered().map(|meter| meter.reading().clone());
        let mut reading = metered.unwrap_or_default();
        reading.elections = self.elections_begun();
        reading
    }

    /// What packets have cost since [`Self::meter`], by kind and by cause: requests, and bytes.
    #[must_use]
    pub fn costs(&self) -> (Vec<Share>, Vec<Share>) {
        let (reading, kinds) = (self.meter_reading(), <P::Message as Message>::KINDS);
        (reading.shares(Allowance::Rpcs, kinds), reading.shares(Allowance::Bytes, kinds))
    }

    /// So much may be spent from now on. The size of the raft state is the largest from now on.
    pub(super) fn allow(&mut self, budget: Budget) {
        self.meter();
        if budget.what == Allowance::RaftState {
            self.world.reset_raft_state_peaks();
        }
        let (since, before) = (self.now(), self.meter_reading());
        self.allowances.push(Standing { budget, since, before });
    }

    /// Holds what was spent against every budget that stands.
    ///
    /// # Errors
    /// If one is overrun; with what it was spent on.
    pub(crate) fn holds_allowances(&self) -> Result<(), Failure> {
        for Standing { budget, since, before } in &self.allowances {
            // Asked after every event: the evidence is only put together if there is some.
            if self.spent(budget.what, before) > budget.at_most {
                self.holds_budget(*budget, *since, before)?;
            }
        }
        Ok(())
    }

    /// How much was spent since a reading.
    fn spent(&self, what: Allowance, before: &Reading) -> u64 {
        let meter = |count: fn(&Reading) -> u64| {
            let now = self.court().metered().map_or(0, |meter| count(meter.reading()));
            now.saturating_sub(count(before))
        };
        match what {
            Allowance::Rpcs => meter(Reading::rpcs),
            Allowance::Bytes => meter(Reading::bytes),
            Allowance::RaftState => {
                let peaks = self.peers().map(|peer| self.world.raft_state_peak(peer).bytes);
                peaks.max().unwrap_or(0)
            }
            Allowance::Elections => self.elections_begun().saturating_sub(before.elections),
        }
    }

    /// Holds what has been spent since a reading of the meter against a budget. The size of the
    /// raft state is the largest since the peaks were last reset.
    ///
    /// # Errors
    /// If it is overrun; with what it was spent on.
    pub fn holds_budget(
        &self,
        budget: Budget,
        since: SimTime,
        before: &Reading,
    ) -> Result<(), Failure> {
        let mut spent = self.meter_reading().since(before);
        match budget.what {
            Allowance::RaftState => {
                for id in self.peers() {
                    let peak = self.world.raft_state_peak(id);
                    spent.raft_state(id, peak.bytes, peak.records);
                }
            }
            Allowance::Elections => spent.terms = self.terms_begun_since(since),
            Allowance::Rpcs | Allowance::Bytes => {}
        }
        let kinds = <P::Message as Message>::KINDS;
        match budget.overrun(&spent, self.now().since(since), kinds) {
            None => Ok(()),
            Some(overrun) => Err(Failure::Overrun { at: self.now(), overrun: Box::new(overrun) }),
        }
    }
}
