//! Where the story of a failure begins.

use std::collections::BTreeMap;

use splitvote::peer::Term;
use splitvote::trace::What;
use splitvote::{Role, SimTime, Trace, View};

/// Where to begin to read: when the first candidate stood in the oldest term that a peer of the
/// evidence is in. The start of the run if it held, or if nobody is accused.
#[must_use]
pub fn default_from(trace: &Trace) -> SimTime {
    let mut first_stood: BTreeMap<Term, SimTime> = BTreeMap::new();
    let mut terms = BTreeMap::new();
    for event in &trace.events {
        match &event.what {
            What::Booted { peer, view, .. } => {
                terms.insert(*peer, view.term);
            }
            What::Changed { peer, after, .. } => {
                terms.insert(*peer, after.term);
                if matches!(after, View { role: Role::Candidate, .. }) {
                    first_stood.entry(after.term).or_insert(event.at);
                }
            }
            What::Failed { peers, .. } => {
                let oldest = peers.iter().filter_map(|peer| terms.get(peer)).min();
                return oldest
                    .and_then(|term| first_stood.get(term))
                    .copied()
                    .unwrap_or(SimTime::ZERO);
            }
            _ => {}
        }
    }
    SimTime::ZERO
}
