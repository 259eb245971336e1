//! The steps of clients: agreements, proposals, churn; and what steps may cost.

use std::time::Duration;

use splitvote_check::{Allowance, Budget};
use splitvote_peer::{LogIndex, Peer, PeerId, PeerSet, ProposalAnswer, RequestId, SimTime};

use super::Player;
use super::act::About;
use crate::act::{Act, Seek};
use crate::cluster::seconds;
use crate::failure::Failure;
use crate::scenario::{Agree, CountRange, Propose, Step};

/// How long a step waits for the answers to its proposals at least; as long as the longest election timeout, if that is
/// longer.
const ANSWER_WITHIN: Duration = Duration::from_secs(1);
/// How long a step waits for its proposals to be applied at least, as the lab's `wait` does.
const APPLIED_WITHIN: Duration = Duration::from_secs(30);
/// How many of the longest election timeouts it waits, if they are longer. With those of the lab that is less.
const APPLIED_WITHIN_TIMEOUTS: u32 = 45;
/// How often a step proposes again when the term has changed, and how long it waits in between: as in
/// the lab's TestConcurrentStarts.
const TRIES: usize = 5;
const BETWEEN_TRIES: Duration = Duration::from_secs(3);
/// How often a step looks whether something has been applied.
const LOOK: Duration = Duration::from_millis(10);

/// A proposal and whoever got it.
#[derive(Clone, Copy)]
struct Proposed {
    to: PeerId,
    request: RequestId,
    digest: u64,
}

/// Which command it is, and where it stands if the Raft has written entries of its own before it.
fn at_index(number: u64, index: LogIndex) -> String {
    if number == index { index.to_string() } else { format!("{number} (index {index} of the log)") }
}

impl<'a, P: Peer> Player<'a, P> {
    pub(super) fn agree(&mut self, agree: &Agree) -> Result<(), Failure> {
        let Agree { on, retry, bytes, within, .. } = *agree;
        let seek = Seek { on, retry, bytes, within };
        for place in 0..self.draw_count(agree.count) {
            self.cluster.is_within_limits()?;
            let command = self.cluster.fresh_command(bytes);
            if agree.is_in_background {
                self.cluster.agree_in_background(command, seek);
                continue;
            }
            let expected = agree.index.map(|first| first.saturating_add(place));
            if let Some(number) = expected {
                self.is_unapplied(number)?;
            }
            let index = self.cluster.agree_on(command, seek)?;
            let number = self.cluster.commands_up_to(index);
            if let Some(expected) = expected
                && number != expected
            {
                let found = at_index(number, index);
                let sentence = format!("a command was to get index {expected}, but got {found}");
                return Err(self.cluster.unmet(false, sentence, Vec::new()));
            }
        }
        Ok(())
    }

    fn draw_count(&mut self, CountRange { min, max }: CountRange) -> u64 {
        if min == max { min } else { self.cluster.world_mut().workload().between(min, max) }
    }

    /// The lab's `nCommitted` of a command, demanded to be zero.
    pub(super) fn is_unapplied(&self, number: u64) -> Result<(), Failure> {
        let applied = self.cluster.command_applied_by(number);
        if applied == 0 {
            return Ok(());
        }
        let sentence = format!("{applied} peers have applied index {number}, but nobody should");
        Err(self.cluster.unmet(false, sentence, Vec::new()))
    }

    pub(super) fn is_applied(
        &mut self,
        number: u64,
        on: usize,
        within: Option<Duration>,
    ) -> Result<(), Failure> {
        let within = self.patience(within);
        let until = self.cluster.now() + within;
        while self.cluster.command_applied_by(number) < on {
            let left = until.since(self.cluster.now());
            if left.is_zero() {
                let applied = self.cluster.command_applied_by(number);
                let sentence = format!(
                    "index {number} was to be applied on {on} peers within {within:?}, but is on \
                     {applied}"
                );
                return Err(self.cluster.unmet(true, sentence, Vec::new()));
            }
            self.cluster.run_for(LOOK.min(left))?;
        }
        Ok(())
    }

    /// Proposes, and then does what the step asks for. About whom: the last connected peer that
    /// has not refused, as the lab's Figure 8 tests look for their leader. Its disk may still be at
    /// work on the command.
    ///
    /// At a written instant no other event comes between this step and the next of that instant, so that
    /// a plan does what its run did.
    pub(super) fn propose(
        &mut self,
        propose: &Propose,
        is_planned: bool,
    ) -> Result<About, Failure> {
        let Some(targets) = self.someone(&propose.to) else { return Ok(None) };
        let Some(on) = propose.applied_on else {
            let proposed = self.propose_all(propose, targets)?;
            if !is_planned || propose.index.is_some() {
                self.settle(propose, &proposed)?;
            }
            return Ok(Some(self.taken_by(&proposed)));
        };
        self.cluster.court_mut().keep_all_answers(true);
        let outcome = self.propose_until_applied(propose, targets, on);
        self.cluster.court_mut().keep_all_answers(false);
        outcome.map(Some)
    }

    /// Proposes up to five times, as the lab does, until all is applied.
    fn propose_until_applied(
        &mut self,
        propose: &Propose,
        targets: PeerSet,
        on: usize,
    ) -> Result<PeerSet, Failure> {
        for _ in 0..TRIES {
            // Another one may lead by now.
            let targets = self.someone(&propose.to).unwrap_or(targets);
            let proposed = self.propose_all(propose, targets)?;
            self.settle(propose, &proposed)?;
            if self.are_applied(&proposed, on, propose.within)? {
                return Ok(self.taken_by(&proposed));
            }
            self.cluster.run_for(BETWEEN_TRIES)?;
        }
        let sentence =
            format!("commands were proposed {TRIES} times, and the term changed each time");
        Err(self.cluster.unmet(true, sentence, targets.iter().collect()))
    }

    fn propose_all(
        &mut self,
        propose: &Propose,
        targets: PeerSet,
    ) -> Result<Vec<Proposed>, Failure> {
        let count = self.draw_count(propose.count);
        let mut proposed = Vec::new();
        for _ in 0..count {
            let command = self.cluster.fresh_command(propose.bytes);
            for to in targets.iter() {
                let digest = command.digest();
                self.cluster.is_within_limits()?;
                let request = self.cluster.propose_only(to, &command);
                proposed.extend(request.map(|request| Proposed { to, request, digest }));
            }
        }
        Ok(proposed)
    }

    /// Lets all that takes no time happen, and looks at the first promise.
    fn settle(&mut self, propose: &Propose, proposed: &[Proposed]) -> Result<(), Failure> {
        self.cluster.run_for(Duration::ZERO)?;
        let first = proposed.first().copied();
        propose.index.map_or(Ok(()), |expected| self.is_at(first, expected, propose.within))
    }

    /// The last connected peer that has not refused; nobody if all have.
    fn taken_by(&self, proposed: &[Proposed]) -> PeerSet {
        let is_refused = |one: &Proposed| {
            let answer = self.cluster.court().answer_to(one.request);
            matches!(answer, Some(ProposalAnswer::Redirect { .. }))
        };
        let taken = proposed
            .iter()
            .rev()
            .find(|one| !is_refused(one) && self.cluster.world().is_connected(one.to));
        taken.map_or(PeerSet::EMPTY, |one| PeerSet::from_iter([one.to]))
    }

    /// The index that a peer promised, waited for if its disk takes time.
    fn is_at(
        &mut self,
        proposed: Option<Proposed>,
        expected: CountRange,
        within: Option<Duration>,
    ) -> Result<(), Failure> {
        let Some(Proposed { to, request, .. }) = proposed else { return Ok(()) };
        let within = within.unwrap_or_else(|| self.cluster.at_least(ANSWER_WITHIN, 1));
        self.cluster.run_until(within, |cluster| cluster.court().answer_to(request).is_some())?;
        let found = match self.cluster.court().answer_to(request) {
            Some(ProposalAnswer::Accepted { index, .. }) => {
                let number = self.cluster.command_number_at(to, *index);
                if expected.contains(number) {
                    return Ok(());
                }
                format!("promised index {}", at_index(number, *index))
            }
            Some(ProposalAnswer::Redirect { .. }) => "does not lead".to_owned(),
            None => format!("did not answer within {}", seconds(within)),
        };
        let sentence = format!("{to} was to promise index {expected}, but {found}");
        Err(self.cluster.unmet(false, sentence, vec![to]))
    }

    /// Waits until all that was proposed has been applied on so many peers. False if the term
    /// changed meanwhile, as the lab's `wait`: what was accepted may then be replaced.
    fn are_applied(
        &mut self,
        proposed: &[Proposed],
        on: usize,
        within: Option<Duration>,
    ) -> Result<bool, Failure> {
        let term = self.highest_term();
        let usual = self.cluster.at_least(APPLIED_WITHIN, APPLIED_WITHIN_TIMEOUTS);
        let within = within.unwrap_or(usual);
        let until = self.cluster.now() + within;
        let mut missing: Vec<Proposed> = proposed.to_vec();
        let mut refused = Vec::new();
        loop {
            missing.retain(|one| match self.cluster.court().answer_to(one.request) {
                Some(ProposalAnswer::Accepted { index, .. }) => {
                    let judge = self.cluster.court().judge();
                    let is_it = judge.is_committed(*index, one.digest);
                    !(is_it && self.cluster.applied_by(*index) >= on)
                }
                Some(ProposalAnswer::Redirect { .. }) => {
                    refused.push(one.to);
                    false
                }
                None => true,
            });
            if refused.len() == proposed.len() {
                let sentence =
                    "all peers that clients proposed commands to refused them".to_owned();
                return Err(self.cluster.unmet(true, sentence, refused));
            }
            if missing.is_empty() {
                return Ok(true);
            }
            if self.highest_term() > term {
                return Ok(false);
            }
            if self.cluster.now() >= until {
                let sentence = format!(
                    "{} of {} commands were not applied on {on} peers within {}",
                    missing.len(),
                    proposed.len(),
                    seconds(within)
                );
                return Err(self.cluster.unmet(true, sentence, Vec::new()));
            }
            self.cluster.run_for(LOOK)?;
        }
    }

    fn highest_term(&self) -> u64 {
        let terms = self.cluster.peers().filter_map(|peer| Some(self.cluster.view(peer)?.term));
        terms.max().unwrap_or(0)
    }

    pub(super) fn with_clients(&mut self, count: u64, steps: &'a [Step]) -> Result<(), Failure> {
        self.cluster.begin_churn(count);
        self.take_all(steps)?;
        self.cluster.dismiss_churn()
    }

    pub(super) fn within_budget(
        &mut self,
        budget: Budget,
        steps: &'a [Step],
    ) -> Result<(), Failure> {
        let since: SimTime = self.cluster.now();
        let bookmark = self.cluster.bookmark();
        let before = self.cluster.meter_reading();
        if budget.what == Allowance::RaftState {
            self.cluster.world_mut().reset_raft_state_peaks();
        }
        self.take_all(steps)?;
        let outcome = self.cluster.holds_budget(budget, since, &before);
        if outcome.is_err() {
            // A plan has no steps within steps: it says from when on the budget counts.
            self.cluster.write_down_at(bookmark, Act::Allow(budget));
        }
        outcome
    }
}
