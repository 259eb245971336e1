//! The Raft under test.

use std::fmt;
use std::sync::Arc;

use splitvote_check::Checker;
use splitvote_peer::{Feature, Features, Peer, Settings, Term};
use splitvote_raft::{Ballot, DiskRecord, Paper, Raft, disk_with_log};

use crate::checking::Checking;

type Configure<P> = dyn Fn(&Settings) -> <P as Peer>::Config + Send + Sync;

type WriteDisk<P> = dyn Fn(&[Term], Term) -> Vec<<P as Peer>::Record> + Send + Sync;

/// A Raft under test: its name, and how a peer of it is configured for a scenario.
///
/// ```
/// use splitvote::check::Checker;
/// use splitvote::raft::{Config, Paper, Raft};
/// use splitvote::{Seed, Subject, Verdict, run, Scenario};
///
/// let mine: Subject<Raft<Paper>> =
///     Subject::new("mine", |settings| Config { settings: settings.clone(), rules: Paper })
///         .departs(Checker::LeaderHint, "clients of mine ask all peers");
/// let text = "name = \"calm\"\npeers = 3\nsteps = [{ run = \"1s\" }]";
/// let scenario = Scenario::parse("calm.toml", text)?;
/// assert_eq!(run(&scenario, &mine, Seed(7)).verdict, Verdict::Held);
/// # Ok::<(), splitvote::ScenarioError>(())
/// ```
pub struct Subject<P: Peer> {
    name: String,
    features: Features,
    configure: Arc<Configure<P>>,
    disk: Option<Arc<WriteDisk<P>>>,
    checking: Checking,
}

impl<P: Peer> Subject<P> {
    /// A Raft under test. `configure` turns what a scenario asks for into the
    /// configuration of a peer.
    pub fn new(
        name: impl Into<String>,
        configure: impl Fn(&Settings) -> P::Config + Send + Sync + 'static,
    ) -> Self {
        let (name, features) = (name.into(), P::FEATURES);
        Self {
            name,
            features,
            configure: Arc::new(configure),
            disk: None,
            checking: Checking::default(),
        }
    }

    /// The same Raft without this feature: what needs it is skipped, and it is not judged by it.
    #[must_use]
    pub fn without_feature(self, feature: Feature) -> Self {
        Self { features: self.features.without(feature), ..self }
    }

    /// What it has: [`Peer::FEATURES`] without those taken away.
    #[must_use]
    pub fn features(&self) -> Features {
        self.features
    }

    /// The same Raft; `disk` writes a disk for it. It is given the term of each entry of a log, from
    /// the first on, and the current term; entries of the same index and term are to be the same.
    #[must_use]
    pub fn with_disks(
        self,
        disk: impl Fn(&[Term], Term) -> Vec<P::Record> + Send + Sync + 'static,
    ) -> Self {
        Self { disk: Some(Arc::new(disk)), ..self }
    }

    /// The same Raft; what is said of checkers here is added to what was said before.
    #[must_use]
    pub fn checked(self, checking: &Checking) -> Self {
        Self { checking: self.checking.and(checking), ..self }
    }

    /// The same Raft, judged strictly: the first departure from practice ends a run and is its
    /// failure, unless it is known ([`Checking::strict`]).
    #[must_use]
    pub fn strict(self) -> Self {
        self.checked(&Checking::default().strict())
    }

    /// The same Raft, judged strictly by these checkers and by no other.
    #[must_use]
    pub fn strict_about(self, checkers: &[Checker]) -> Self {
        self.checked(&Checking::default().strict_about(checkers))
    }

    /// The same Raft; a departure from practice is counted and ends no run.
    #[must_use]
    pub fn lenient(self) -> Self {
        self.checked(&Checking::default().lenient())
    }

    /// The same Raft, judged by these checkers alone.
    #[must_use]
    pub fn asking_only(self, checkers: &[Checker]) -> Self {
        self.checked(&Checking::default().only(checkers))
    }

    /// The same Raft, judged by all checkers but these.
    #[must_use]
    pub fn without_checkers(self, checkers: &[Checker]) -> Self {
        self.checked(&Checking::default().without_checkers(checkers))
    }

    /// The same Raft, which is known to depart from the practice of this checker, for this reason. Its
    /// departures are listed as known and are no news, not even in a strict run.
    #[must_use]
    pub fn departs(self, checker: Checker, reason: impl Into<String>) -> Self {
        self.checked(&Checking::default().departs(checker, reason))
    }

    /// Which checkers judge it, how strictly, and which of its departures are known.
    #[must_use]
    pub fn checking(&self) -> &Checking {
        &self.checking
    }

    /// Whether it can start with a log.
    #[must_use]
    pub fn has_disks(&self) -> bool {
        self.disk.is_some()
    }

    /// The disks of peers that start with these logs, all in the highest term that any log has.
    pub(crate) fn disks(&self, logs: &[Vec<Term>]) -> Vec<Vec<P::Record>> {
        let current = logs.iter().flatten().copied().max().unwrap_or(0);
        let Some(disk) = &self.disk else { return Vec::new() };
        logs.iter().map(|log| disk(log, current)).collect()
    }

    /// The name that it is known by.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What a peer is configured with under these settings. Options that it does not have are off.
    #[must_use]
    pub fn config(&self, settings: &Settings) -> P::Config {
        (self.configure)(&settings.fitted_to(self.features))
    }
}

impl<P: Peer> Clone for Subject<P> {
    fn clone(&self) -> Self {
        Self {
            name: self.name.clone(),
            features: self.features,
            configure: Arc::clone(&self.configure),
            disk: self.disk.clone(),
            checking: self.checking.clone(),
        }
    }
}

impl<P: Peer> fmt::Debug for Subject<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Subject({})", self.name)
    }
}

/// The reference Raft, as the paper is written, and judged strictly.
#[must_use]
pub fn reference() -> Subject<Raft<Paper>> {
    Subject::new("reference", |settings| splitvote_raft::Config {
        settings: settings.clone(),
        rules: Paper,
    })
    .with_disks(written_log)
    .strict()
}

/// The disk of a reference Raft whose log has an entry of each term, and which is in `current`.
#[must_use]
pub fn written_log(log: &[Term], current: Term) -> Vec<DiskRecord> {
    let mut disk = disk_with_log(log);
    disk.push(Ballot { term: current, voted_for: None }.into());
    disk
}
