//! The Raft under test.

use std::fmt;
use std::sync::Arc;

use splitvote_peer::{Peer, Timing};
use splitvote_raft::{Paper, Raft};

type Configure<P> = dyn Fn(&Timing) -> <P as Peer>::Config + Send + Sync;

/// A Raft under test: its name, and how a peer of it is configured for a scenario's timing.
pub struct Subject<P: Peer> {
    name: String,
    configure: Arc<Configure<P>>,
}

impl<P: Peer> Subject<P> {
    /// A Raft under test. `configure` turns the timing that a scenario states into the
    /// configuration of a peer.
    pub fn new(
        name: impl Into<String>,
        configure: impl Fn(&Timing) -> P::Config + Send + Sync + 'static,
    ) -> Self {
        Self { name: name.into(), configure: Arc::new(configure) }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What a peer is configured with under this timing.
    #[must_use]
    pub fn config(&self, timing: &Timing) -> P::Config {
        (self.configure)(timing)
    }
}

impl<P: Peer> Clone for Subject<P> {
    fn clone(&self) -> Self {
        Self { name: self.name.clone(), configure: Arc::clone(&self.configure) }
    }
}

impl<P: Peer> fmt::Debug for Subject<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Subject({})", self.name)
    }
}

/// The reference Raft, as the paper is written.
#[must_use]
pub fn reference() -> Subject<Raft<Paper>> {
    Subject::new("reference", |timing| splitvote_raft::Config {
        timing: timing.clone(),
        rules: Paper,
    })
}
