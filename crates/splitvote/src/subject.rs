//! The Raft under test.

use std::fmt;
use std::sync::Arc;

use splitvote_peer::{Peer, Settings};
use splitvote_raft::{Paper, Raft};

type Configure<P> = dyn Fn(&Settings) -> <P as Peer>::Config + Send + Sync;

/// A Raft under test: its name, and how a peer of it is configured for a scenario.
pub struct Subject<P: Peer> {
    name: String,
    configure: Arc<Configure<P>>,
}

impl<P: Peer> Subject<P> {
    /// A Raft under test. `configure` turns what a scenario asks for into the
    /// configuration of a peer.
    pub fn new(
        name: impl Into<String>,
        configure: impl Fn(&Settings) -> P::Config + Send + Sync + 'static,
    ) -> Self {
        Self { name: name.into(), configure: Arc::new(configure) }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What a peer is configured with under these settings.
    #[must_use]
    pub fn config(&self, settings: &Settings) -> P::Config {
        (self.configure)(settings)
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
    Subject::new("reference", |settings| splitvote_raft::Config {
        settings: settings.clone(),
        rules: Paper,
    })
}
