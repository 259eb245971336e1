//! Whole classes of faults off: all of them, then one after the other.

use super::candidate::Candidate;
use super::search::Search;
use crate::act::Timed;
use crate::fault::{FaultClass, FaultClasses, Profile as _};

/// Offers the best without all faults, and without each class.
pub(super) fn switch_off(search: &mut Search<'_>) {
    let all: FaultClasses = FaultClass::ALL.iter().copied().collect();
    if search.offer(&without(search.best(), all)) {
        return;
    }
    for class in FaultClass::ALL {
        let one = [*class].into_iter().collect();
        let candidate = without(search.best(), one);
        search.offer(&candidate);
    }
}

/// The same without these classes of faults, acts and draws alike.
fn without(candidate: &Candidate, classes: FaultClasses) -> Candidate {
    let acts = candidate.changing_acts(|timed| {
        let act = timed.act.clone().without(classes)?;
        Some(Timed { at: timed.at, act })
    });
    acts.changing_setup(|setup| {
        setup.network = setup.network.without(classes);
        setup.disk = setup.disk.without(classes);
        setup.clocks = setup.clocks.without(classes);
    })
}

#[cfg(test)]
mod tests {
    use splitvote_peer::PeerId;

    use super::super::testing::{Made, crash, from, made_up, plan, timed};
    use super::*;
    use crate::fault::Pause;
    use splitvote_sim::{NetworkProfile, Probability, Realistic};

    #[test]
    fn classes_that_do_not_matter_are_switched_off() {
        let mut cell = Made::needing(|candidate| candidate.plan.acts.contains(&crash(5)));
        let pause = timed(3, Pause { of: PeerId(1) });
        let mut search = made_up(&mut cell, vec![crash(2), pause, crash(5)]);
        switch_off(&mut search);
        assert_eq!(search.best().plan.acts, [crash(2), crash(5)], "crashes stay, all of them");
    }

    #[test]
    fn a_network_that_loses_packets_for_nothing_loses_none() {
        let mut cell = Made::needing(|_| true);
        let lossy = Realistic { loss: Probability::percent(3), ..Realistic::default() };
        let start = plan(Vec::new())
            .changing_setup(|setup| setup.network = NetworkProfile::Realistic(lossy));
        let mut search = from(&mut cell, start);
        switch_off(&mut search);
        assert_eq!(
            search.best().plan.setup.network,
            NetworkProfile::Realistic(Realistic::default())
        );
    }
}
