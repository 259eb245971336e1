//! What the threads of a sweep share with whoever waits for them. They own it, since one that hangs
//! outlives the sweep.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use splitvote_peer::Peer;
use splitvote_sim::Seed;

use super::SweepOptions;
use super::sum::Sum;
use crate::desk::UnderWay;
use crate::hang::{Hang, Trouble};
use crate::scenario::Scenario;
use crate::seeds::Seeds;
use crate::subject::Subject;
use crate::watchdog::Then;

pub(super) struct Shared<P: Peer> {
    pub(super) scenario: Scenario,
    pub(super) subject: Subject<P>,
    pub(super) seeds: Seeds,
    pub(super) stops_at_first: bool,
    pub(super) compares_runs: bool,
    has_failed: AtomicBool,
    is_interrupted: AtomicBool,
    finished: AtomicU64,
    /// How many of `finished` whoever waits was told of.
    told: AtomicU64,
    /// What each block has come to so far, by its number.
    drafts: Mutex<BTreeMap<u64, Arc<Mutex<Sum>>>>,
    /// The seeds that hang.
    hung: Mutex<BTreeMap<u64, Hang>>,
}

impl<P: Peer> Shared<P> {
    pub(super) fn new(
        scenario: &Scenario,
        subject: &Subject<P>,
        options: &SweepOptions<'_>,
    ) -> Self {
        Self {
            scenario: scenario.clone(),
            subject: subject.clone(),
            seeds: options.seeds.clone(),
            stops_at_first: options.stops_at_first,
            compares_runs: options.compares_runs,
            has_failed: AtomicBool::new(false),
            is_interrupted: AtomicBool::new(false),
            finished: AtomicU64::new(0),
            told: AtomicU64::new(0),
            drafts: Mutex::new(BTreeMap::new()),
            hung: Mutex::new(BTreeMap::new()),
        }
    }

    /// A block is begun, or begun anew: what comes of an earlier try counts no more.
    pub(super) fn begin(&self, block: u64) -> Arc<Mutex<Sum>> {
        let draft = Arc::<Mutex<Sum>>::default();
        let mut drafts = self.drafts.lock().unwrap_or_else(PoisonError::into_inner);
        drafts.insert(block, Arc::clone(&draft));
        draft
    }

    /// What all blocks have come to, in their order. Some may not be finished.
    pub(super) fn sums(&self) -> Vec<Sum> {
        let drafts = self.drafts.lock().unwrap_or_else(PoisonError::into_inner);
        let sum =
            |draft: &Arc<Mutex<Sum>>| draft.lock().unwrap_or_else(PoisonError::into_inner).clone();
        drafts.values().map(sum).collect()
    }

    /// A seed was run to its end.
    pub(super) fn note_end(&self, has_failed: bool) {
        self.finished.fetch_add(1, Ordering::Relaxed);
        if has_failed {
            self.has_failed.store(true, Ordering::Relaxed);
        }
    }

    pub(super) fn is_interrupted(&self) -> bool {
        self.is_interrupted.load(Ordering::Relaxed)
    }

    /// Whether no more seeds are to be begun. Passes on what is between the threads and whoever waits.
    pub(super) fn is_over(&self, options: &SweepOptions<'_>) -> bool {
        let is_interrupted = options.interrupt.is_some_and(|flag| flag.load(Ordering::Relaxed));
        self.is_interrupted.store(is_interrupted, Ordering::Relaxed);
        if let Some(progress) = options.finished {
            let finished = self.finished.load(Ordering::Relaxed);
            let told = self.told.swap(finished, Ordering::Relaxed);
            progress.fetch_add(finished.saturating_sub(told), Ordering::Relaxed);
        }
        is_interrupted || self.stops_at_first && self.has_failed.load(Ordering::Relaxed)
    }

    /// A seed hangs. Its block is run again without it. This is said at once: the process may not live to
    /// say it in its report.
    pub(super) fn note_hang(&self, run: &UnderWay, hang: &Hang) -> Then {
        // Where nobody can be told, the report says it.
        _ = writeln!(std::io::stderr(), "{run}: {hang}");
        if let Ok(mut hung) = self.hung.lock() {
            hung.insert(run.seed.0, hang.clone());
        }
        self.has_failed.store(true, Ordering::Relaxed);
        match hang.trouble {
            Trouble::Silence { .. } | Trouble::Death { .. } => Then::Again,
            Trouble::Memory { .. } => Then::Drop,
        }
    }

    /// How a seed is known to hang, if it does.
    pub(super) fn hang_of(&self, seed: Seed) -> Option<Hang> {
        self.hung.lock().ok()?.get(&seed.0).cloned()
    }

    /// All seeds that hang.
    pub(super) fn hung(&self) -> BTreeMap<u64, Hang> {
        self.hung.lock().map(|hung| hung.clone()).unwrap_or_default()
    }
}
