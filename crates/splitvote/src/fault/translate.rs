//! Translations that need nothing but the fault: other names for peers, other durations, and a plan's terms as
//! a scenario's.

use std::convert::Infallible;
use std::time::Duration;

use splitvote_peer::{PeerId, PeerSet};
use splitvote_sim::DiskProfile;

use super::terms::{Ends, Symbolic, Translate, Written};
use crate::language::drift::DriftRange;
use crate::language::target::Target;
use crate::language::units::{CountRange, DurationRange};

/// A peer has no other name.
pub(super) struct Nameless;

/// Gives peers other names.
pub(super) struct Rename<F>(pub(super) F);

impl<F: Fn(PeerId) -> Option<PeerId>> Rename<F> {
    fn one(&self, peer: PeerId) -> Result<PeerId, Nameless> {
        (self.0)(peer).ok_or(Nameless)
    }
}

impl<F: Fn(PeerId) -> Option<PeerId>> Translate<Written, Written> for Rename<F> {
    type Error = Nameless;

    fn who(&mut self, who: &PeerId) -> Result<Vec<PeerId>, Nameless> {
        Ok(vec![self.one(*who)?])
    }

    fn links(&mut self, from: &PeerId, to: &PeerId) -> Result<Vec<Ends<Written>>, Nameless> {
        Ok(vec![(self.one(*from)?, self.one(*to)?)])
    }

    fn groups(&mut self, groups: &[PeerSet]) -> Result<Vec<PeerSet>, Nameless> {
        let renamed = groups.iter().map(|group| group.iter().filter_map(&self.0).collect());
        Ok(renamed.filter(|group: &PeerSet| !group.is_empty()).collect())
    }

    fn disk(&mut self, disk: &DiskProfile) -> Result<DiskProfile, Nameless> {
        Ok(disk.renamed(&self.0))
    }

    fn count(&mut self, count: &u64) -> Result<u64, Nameless> {
        Ok(*count)
    }

    fn span(&mut self, span: &Duration) -> Result<Duration, Nameless> {
        Ok(*span)
    }

    fn drift(&mut self, drift: &i32) -> Result<i32, Nameless> {
        Ok(*drift)
    }
}

/// Notes the durations of a fault, and replaces them if another is given.
#[derive(Default)]
pub(super) struct Spans {
    pub(super) found: Option<Duration>,
    pub(super) replacement: Option<Duration>,
}

impl Translate<Written, Written> for Spans {
    type Error = Infallible;

    fn who(&mut self, who: &PeerId) -> Result<Vec<PeerId>, Infallible> {
        Ok(vec![*who])
    }

    fn links(&mut self, from: &PeerId, to: &PeerId) -> Result<Vec<Ends<Written>>, Infallible> {
        Ok(vec![(*from, *to)])
    }

    fn groups(&mut self, groups: &[PeerSet]) -> Result<Vec<PeerSet>, Infallible> {
        Ok(groups.to_vec())
    }

    fn count(&mut self, count: &u64) -> Result<u64, Infallible> {
        Ok(*count)
    }

    fn span(&mut self, span: &Duration) -> Result<Duration, Infallible> {
        self.found = Some(*span);
        Ok(self.replacement.unwrap_or(*span))
    }

    fn drift(&mut self, drift: &i32) -> Result<i32, Infallible> {
        Ok(*drift)
    }
}

/// States a fault of a plan as a step of a scenario does.
pub(super) struct Open;

impl Translate<Written, Symbolic> for Open {
    type Error = Infallible;

    fn who(&mut self, who: &PeerId) -> Result<Vec<Vec<Target>>, Infallible> {
        Ok(vec![vec![Target::Peer(*who)]])
    }

    fn links(&mut self, from: &PeerId, to: &PeerId) -> Result<Vec<Ends<Symbolic>>, Infallible> {
        Ok(vec![(Target::Peer(*from), Target::Peer(*to))])
    }

    fn groups(&mut self, groups: &[PeerSet]) -> Result<Vec<Vec<Target>>, Infallible> {
        Ok(groups.iter().map(|group| group.iter().map(Target::Peer).collect()).collect())
    }

    fn count(&mut self, count: &u64) -> Result<CountRange, Infallible> {
        Ok(CountRange::exactly(*count))
    }

    fn span(&mut self, span: &Duration) -> Result<DurationRange, Infallible> {
        Ok(DurationRange::exactly(*span))
    }

    fn drift(&mut self, drift: &i32) -> Result<DriftRange, Infallible> {
        Ok(DriftRange::exactly(*drift))
    }
}

/// Whether a fault names peers that a smaller cluster may not have, or groups of a certain size.
#[derive(Default)]
pub(super) struct Names {
    pub(super) any: bool,
    /// Whether peers suffer it one by one.
    pub(super) one_by_one: bool,
}

impl Names {
    fn look(&mut self, target: &Target) {
        self.any |= !matches!(target, Target::Leader | Target::All | Target::Any);
    }
}

impl Translate<Symbolic, Symbolic> for Names {
    type Error = Infallible;

    fn who(&mut self, who: &Vec<Target>) -> Result<Vec<Vec<Target>>, Infallible> {
        self.one_by_one = true;
        who.iter().for_each(|target| self.look(target));
        Ok(Vec::new())
    }

    fn links(&mut self, from: &Target, to: &Target) -> Result<Vec<Ends<Symbolic>>, Infallible> {
        [from, to].into_iter().for_each(|target| self.look(target));
        Ok(Vec::new())
    }

    fn groups(&mut self, _: &[Vec<Target>]) -> Result<Vec<Vec<Target>>, Infallible> {
        self.any = true;
        Ok(Vec::new())
    }

    fn count(&mut self, count: &CountRange) -> Result<CountRange, Infallible> {
        Ok(*count)
    }

    fn span(&mut self, span: &DurationRange) -> Result<DurationRange, Infallible> {
        Ok(*span)
    }

    fn drift(&mut self, drift: &DriftRange) -> Result<DriftRange, Infallible> {
        Ok(*drift)
    }
}
