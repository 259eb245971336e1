//! The judge: sees every observation, keeps the first violation, the departures from practice, the
//! ledger and the happenings.

mod answers;
mod departures;
mod logs;
mod loyalty;
mod quick;
#[cfg(test)]
mod unknown;
mod waiting;
mod written;

use splitvote_peer::{PeerId, SimTime, Unknown, View};

use crate::checkers::CheckerSet;
use crate::checkers::{self, Checker, Evidence};
use crate::contact::Contact;
use crate::detectors::{Detectors, Happening, Happenings};
use crate::ghost::{Ghost, Reader};
use crate::ledger::Ledger;
use crate::observation::{Observation, is_about_the_log};
use crate::violation::Violation;
pub use departures::Departure;
use departures::Findings;
pub use loyalty::Loyalty;
pub use written::Written;

/// Judges one run. Quiet events cost it nothing: they give no observation.
#[derive(Clone, Debug)]
pub struct Judge {
    ghost: Ghost,
    ledger: Ledger,
    detectors: Detectors,
    /// Who answers whom; none without CheckQuorum.
    contact: Option<Box<Contact>>,
    findings: Findings,
    reader: Reader,
}

impl Judge {
    /// A judge of a run that has not begun, of a cluster of so many peers (128 at most). It asks all
    /// checkers and is strict about none.
    #[must_use]
    pub fn new(cluster_size: usize) -> Self {
        let cluster_size = cluster_size.min(PeerId::MAX_PEERS);
        Self {
            ghost: Ghost::new(cluster_size),
            ledger: Ledger::new(cluster_size),
            detectors: Detectors::new(cluster_size),
            contact: None,
            findings: Findings::NONE,
            reader: Reader::default(),
        }
    }

    /// The same judge, but only these checkers are asked. A broken rule is mostly seen where it
    /// breaks, at a vote; this is for who wants to see what comes of it.
    #[must_use]
    pub fn asking_only(self, checkers: &[Checker]) -> Self {
        self.asking(checkers.iter().copied().collect())
    }

    /// The same judge, but only these checkers are asked.
    #[must_use]
    pub fn asking(mut self, checkers: CheckerSet) -> Self {
        self.findings.asked = checkers;
        self
    }

    /// The same judge, of peers whose disks tell of no ballots: what they remember has to be taken
    /// on trust, and a vote may leave before it is durable.
    #[must_use]
    pub fn trusting_memory(mut self) -> Self {
        self.ghost.tells_ballots = false;
        self
    }

    /// The same judge, of peers whose disks tell of no entries: their logs in memory count as their
    /// disks.
    #[must_use]
    pub fn trusting_disks(mut self) -> Self {
        self.ghost.tells_entries = false;
        self
    }

    /// Judges one observation. After the first violation only the ledger and the happenings go
    /// on. An observation of a peer outside of the cluster is not looked at.
    ///
    /// Always inlined, with all that asks of which kind an observation is: each caller knows that, so
    /// that nothing of it is left in the loop.
    #[inline(always)]
    pub fn observe(&mut self, at: SimTime, observation: &Observation) {
        match observation {
            Observation::Applied { peer, index, entry } => {
                self.applied_entry(at, *peer, *index, *entry);
            }
            Observation::DurableEntry { peer, index, entry } => {
                self.durable_entry(at, *peer, *index, *entry);
            }
            Observation::Changed { peer, before, after } => self.changed(at, *peer, before, after),
            Observation::Booted { peer, boot, view } if view.unknown.has(Unknown::COMMIT) => {
                let (peer, boot, view) = (*peer, *boot, shown(view));
                self.observe_in_earnest(at, &Observation::Booted { peer, boot, view });
            }
            _ => self.observe_in_earnest(at, observation),
        }
    }

    /// Asks the checkers and takes the observation in.
    #[inline(always)]
    fn observe_in_earnest(&mut self, at: SimTime, observation: &Observation) {
        let (one, other) = observation.peers();
        if one.max(other).index() >= self.ghost.cluster_size() {
            return;
        }
        if self.findings.violation.is_none()
            && let Some(evidence) =
                checkers::asking::check(&self.ghost, at, observation, self.findings.asked)
        {
            self.found(at, observation, evidence);
        }
        if let Observation::LinkChanged { from, to, up } = *observation {
            self.detectors.link_changes(from, to, up);
        } else if observation.is_of_logs() {
            self.detectors.of_logs(&self.ghost, observation);
            self.ghost.record_log(observation);
        } else if let Observation::Changed { peer, before, after } = observation
            && is_about_the_log(before, after)
        {
            self.detectors.before_progress(&self.ghost);
            self.ghost.progress(at, *peer, after);
            self.detectors.progress(&self.ghost, *peer, after);
        } else {
            self.record_election(at, observation);
        }
    }

    /// Something was found in this observation.
    #[cold]
    #[inline(never)]
    fn found(&mut self, at: SimTime, observation: &Observation, evidence: Evidence) {
        let others = |asked| checkers::asking::check(&self.ghost, at, observation, asked);
        self.findings.found(&self.ghost, at, evidence, others);
    }

    /// Takes in what elections and crashes show.
    #[inline(never)]
    fn record_election(&mut self, at: SimTime, observation: &Observation) {
        self.note_patience(at, observation);
        self.detectors.before(&self.ghost, &self.ledger, observation);
        self.ghost.record(at, observation);
        self.ledger.record(&self.ghost, at, observation);
        self.detectors.after(&self.ghost, &self.ledger, observation);
    }

    /// Ends the run: elections that have ended are closed, the others stay open.
    pub fn finish(&mut self, at: SimTime) {
        self.ledger.close_ended(&self.ghost, at);
        self.detectors.finish(&self.ghost, &self.ledger);
    }

    /// What ended the run, if something did: the first broken guarantee, or a departure from practice
    /// about which the judge is strict.
    #[must_use]
    pub fn violation(&self) -> Option<&Violation> {
        self.findings.violation.as_ref()
    }

    /// Whether a rule was broken.
    #[inline]
    #[must_use]
    pub fn is_violated(&self) -> bool {
        self.findings.violation.is_some()
    }

    /// Counts what no observation tells of: how a calm ended.
    pub fn happened(&mut self, happening: Happening) {
        self.detectors.saw(happening);
    }

    /// How each election went.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// What else happened, and how often.
    #[must_use]
    pub fn happenings(&self) -> &Happenings {
        self.detectors.happenings()
    }
}

/// A view as it is judged: what is applied counts as known to be committed if the commit index is unknown.
#[inline]
fn shown(view: &View) -> View {
    View { commit: view.known_commit(), ..*view }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Script;
    use crate::{Checker, Happening};

    #[test]
    fn the_first_violation_is_kept_and_the_ledger_goes_on() {
        let mut run = Script::new(3);
        run.at(100).change(0, |view| view.term = 4);
        run.at(200).change(0, |view| view.term = 3);
        run.at(300).crash(0).elect(1, 7, &[1, 2]);
        run.at(400).change(2, |view| view.term = 1);
        let violation = run.judge.violation().expect("a term went back");
        assert_eq!(violation.checker, Checker::Monotonic);
        assert_eq!(violation.at, SimTime(200_000));
        assert_eq!(run.judge.ledger().counts().won, 1);
        assert_eq!(run.judge.happenings().get(Happening::Crash), 1);
    }

    #[test]
    fn a_peer_outside_of_the_cluster_is_not_looked_at() {
        let mut judge = Judge::new(3);
        let view = View { voted_for: Some(PeerId(250)), term: 1, ..View::NEW };
        judge.observe(SimTime(1), &Observation::Crashed { peer: PeerId(200) });
        let change = Observation::Changed { peer: PeerId(0), before: View::NEW, after: view };
        judge.observe(SimTime(2), &change);
        judge.finish(SimTime(3));
        assert!(!judge.is_violated(), "nobody described a vote request");
    }

    #[test]
    fn a_plain_election_is_no_violation() {
        let mut run = Script::new(3);
        run.at(100).elect(0, 1, &[0, 1, 2]).crash(0);
        run.at(200).elect(1, 2, &[1, 2]).restart(0);
        run.judge.finish(SimTime(300_000));
        assert_eq!(run.sentence(), None);
    }
}
