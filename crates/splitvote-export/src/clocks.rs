//! Vector clocks: what an event knew of, by host. Computed from a trace, whose peers know nothing of them.
//!
//! A host is a peer, or the world (faults, steps, what becomes of a packet on its way, the verdict), which has the
//! last place. An event counts its own host on, and knows what its cause knew: an arrival what was known when the
//! packet left, what is done to a peer what the world knew, the end of a packet what its sender knew, and the verdict
//! what the accused knew.

use std::collections::BTreeMap;
use std::rc::Rc;

use splitvote::Trace;
use splitvote::peer::PeerId;
use splitvote::trace::What;

use crate::place_of;

/// For each host how many of its events are known.
pub(crate) type Clock = Rc<[u64]>;

/// The clocks of all hosts at some event.
pub(crate) struct Clocks {
    hosts: Vec<Clock>,
    /// What was known when a packet left, and how often that is still asked for.
    left: BTreeMap<u64, (u32, Option<Clock>)>,
}

impl Clocks {
    /// Before the first event of a trace.
    pub(crate) fn of(trace: &Trace) -> Self {
        let mut left: BTreeMap<u64, (u32, Option<Clock>)> = BTreeMap::new();
        for event in &trace.events {
            if let What::Received { packet } | What::Perished { packet, .. } = &event.what {
                left.entry(packet.number).or_default().0 += 1;
            }
        }
        let hosts = hosts(trace);
        Self { hosts: vec![vec![0; hosts].into(); hosts], left }
    }

    /// The host at which an event happens, and its clock there.
    pub(crate) fn next(&mut self, what: &What) -> (usize, Clock) {
        let host =
            place_of(what).map_or(self.world(), |peer| usize::from(peer.0)).min(self.world());
        let mut clock = self.hosts.get(host).map(|clock| clock.to_vec()).unwrap_or_default();
        for cause in self.causes(what) {
            for (known, other) in clock.iter_mut().zip(cause.iter()) {
                *known = (*known).max(*other);
            }
        }
        if let Some(own) = clock.get_mut(host) {
            *own += 1;
        }
        let clock: Clock = clock.into();
        if let Some(kept) = self.hosts.get_mut(host) {
            *kept = Rc::clone(&clock);
        }
        if let What::Sent { packet, .. } = what
            && let Some((_, known)) = self.left.get_mut(&packet.number)
        {
            // A copy leaves with its original.
            known.get_or_insert_with(|| Rc::clone(&clock));
        }
        (host, clock)
    }

    /// The place of the world among the hosts.
    fn world(&self) -> usize {
        self.hosts.len().saturating_sub(1)
    }

    fn causes(&mut self, what: &What) -> Vec<Clock> {
        let known = |host: usize| self.hosts.get(host).map(Rc::clone);
        match what {
            What::Received { packet } | What::Perished { packet, .. } => {
                self.departure(packet.number).into_iter().collect()
            }
            What::Booted { .. }
            | What::Crashed { .. }
            | What::Proposed { .. }
            | What::Disturbed { .. } => known(self.world()).into_iter().collect(),
            What::Failed { peers, .. } => {
                peers.iter().filter_map(|PeerId(peer)| known(usize::from(*peer))).collect()
            }
            _ => Vec::new(),
        }
    }

    /// What was known when a packet left, which is forgotten with the last of its arrivals.
    fn departure(&mut self, number: u64) -> Option<Clock> {
        let (asked, known) = self.left.get_mut(&number)?;
        *asked = asked.saturating_sub(1);
        if *asked > 0 {
            return known.clone();
        }
        self.left.remove(&number)?.1
    }
}

/// How many hosts there are: the peers that a trace names, and the world.
pub(crate) fn hosts(trace: &Trace) -> usize {
    let named = trace.events.iter().filter_map(|event| place_of(&event.what));
    let most = named.map(|peer| usize::from(peer.0) + 1).max().unwrap_or_default();
    trace.head.peers.max(most) + 1
}
