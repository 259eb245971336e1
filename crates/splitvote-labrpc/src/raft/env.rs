//! What the tasks of a peer can use of its world.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use splitvote_peer::{CallId, Meaning, PeerId, ProposalAnswer, RequestId, Settings};

use super::calls::Calls;
use super::persister::Disk;
use super::{ApplyCh, ApplyMsg, ClientEnd, LabRaft, Persister, Service};
use crate::tasks::{Executor, is_running};

pub(super) type Request<R> = <<R as LabRaft>::Service as Service>::Request;
pub(super) type Reply<R> = <<R as LabRaft>::Service as Service>::Reply;

/// What tasks have done and the world has yet to hear of, in order.
pub(super) enum Action<R: LabRaft> {
    Call { to: PeerId, request: Request<R>, bytes: u32, place: usize },
    Reply { call: CallId, reply: Reply<R>, meaning: Meaning },
    Apply(ApplyMsg),
    Answer { request: RequestId, answer: ProposalAnswer },
}

/// What the tasks of one life of a peer share with the peer.
pub(super) struct Shared<R: LabRaft> {
    pub(super) me: PeerId,
    pub(super) cluster_size: usize,
    pub(super) settings: Settings,
    pub(super) options: R::Options,
    /// Whose tasks these are. They hold what is here in turn, until a crash drops them.
    pub(super) executor: Rc<Executor>,
    pub(super) calls: RefCell<Calls<Reply<R>>>,
    pub(super) actions: RefCell<Vec<Action<R>>>,
    pub(super) disk: RefCell<Disk<R::State>>,
    /// An election timeout that was drawn and not used yet.
    pub(super) timeout: Cell<Option<Duration>>,
    /// The peer has crashed: what its tasks do while they are dropped does not happen.
    pub(super) has_ended: Cell<bool>,
}

impl<R: LabRaft> Shared<R> {
    pub(super) fn act(&self, action: Action<R>) {
        if self.is_alive() {
            self.actions.borrow_mut().push(action);
        }
    }

    /// Whether this life of the peer goes on. What its tasks do while a crash drops them does not happen.
    ///
    /// # Panics
    /// If a later life uses what this one had.
    #[inline]
    pub(super) fn is_alive(&self) -> bool {
        let has_ended = self.has_ended.get();
        if has_ended {
            refuse_if_used();
        }
        !has_ended
    }
}

/// A peer of a life that has ended acts: in the drops of its own crash that is nothing, in a task it is a mistake.
#[cold]
#[expect(clippy::panic, reason = "a mistake in the code of a Raft, which no value can report")]
fn refuse_if_used() {
    if is_running() {
        panic!(
            "a call, a save or a message was made with what a peer had before it crashed: nothing may outlive a crash but \
             what the persister has; look for a `static` or a `thread_local!`"
        );
    }
}

/// What the tasks of a peer can use. Cheap to clone.
pub struct Env<R: LabRaft> {
    pub(super) shared: Rc<Shared<R>>,
}

impl<R: LabRaft> Clone for Env<R> {
    fn clone(&self) -> Self {
        Self { shared: Rc::clone(&self.shared) }
    }
}

impl<R: LabRaft> Env<R> {
    /// This peer: the labs' `me`.
    #[must_use]
    pub fn me(&self) -> PeerId {
        self.shared.me
    }

    /// How many peers the cluster has.
    #[must_use]
    pub fn cluster_size(&self) -> usize {
        self.shared.cluster_size
    }

    /// More than half of the cluster.
    #[must_use]
    pub fn majority(&self) -> usize {
        self.shared.cluster_size / 2 + 1
    }

    /// The ends of the links to all peers, this one included: the labs' `peers`.
    #[must_use]
    pub fn ends(&self) -> Vec<ClientEnd<R>> {
        PeerId::all(self.cluster_size()).map(|peer| self.end(peer)).collect()
    }

    /// The ends of the links to the others.
    #[must_use]
    pub fn others(&self) -> Vec<ClientEnd<R>> {
        self.ends().into_iter().filter(|end| end.peer != self.me()).collect()
    }

    /// The end of the link to a peer.
    #[must_use]
    pub fn end(&self, peer: PeerId) -> ClientEnd<R> {
        ClientEnd { peer, shared: Rc::clone(&self.shared) }
    }

    /// What the scenario asks of every Raft.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.shared.settings
    }

    /// What the author of the Raft has set.
    #[must_use]
    pub fn options(&self) -> &R::Options {
        &self.shared.options
    }

    /// A fresh election timeout, as the scenario states them. A plan or a case may write single ones down.
    #[must_use]
    pub fn election_timeout(&self) -> Duration {
        self.shared.timeout.take().unwrap_or_else(|| {
            let timing = &self.shared.settings.timing;
            let (min, max) = (timing.election_timeout_min, timing.election_timeout_max);
            let span = u64::try_from(max.saturating_sub(min).as_nanos()).unwrap_or(u64::MAX);
            min + Duration::from_nanos(crate::random(span.saturating_add(1)))
        })
    }

    /// How often a leader sends heartbeats.
    #[must_use]
    pub fn heartbeat_interval(&self) -> Duration {
        self.shared.settings.timing.heartbeat_interval
    }

    /// What survives a crash.
    #[must_use]
    pub fn persister(&self) -> Persister<R> {
        Persister { shared: Rc::clone(&self.shared) }
    }

    /// Where committed entries and snapshots go: the labs' `applyCh`.
    #[must_use]
    pub fn apply_ch(&self) -> ApplyCh<R> {
        ApplyCh { shared: Rc::clone(&self.shared) }
    }
}
