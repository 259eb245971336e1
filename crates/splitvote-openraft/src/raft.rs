//! openraft as a peer of the harness: its handlers are calls, its network makes them, and its metrics are what it
//! shows.

use std::future::{Future, pending};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use openraft::alias::{SnapshotOf, VoteOf};
use openraft::errors::{NetworkError, RPCError, ReplicationClosed, StreamingError, Timeout};
use openraft::impls::{EmptyNode, ProgressResponder};
use openraft::network::{RPCOption, RPCTypes, RaftNetworkFactory, RaftNetworkV2};
use openraft::raft::{
    AppendEntriesRequest, AppendEntriesResponse, SnapshotResponse, VoteRequest, VoteResponse,
};
use openraft::rt::WatchReceiver;
use openraft::{Config, ServerState, SnapshotPolicy};
use splitvote_labrpc::peer::{
    Command, EntryId, Feature, Features, LogIndex, PeerId, Role, Settings, Snapshot, Term, View,
};
use splitvote_labrpc::sync::{Either, race, watch};
use splitvote_labrpc::{CallOf, ClientEnd, Env, LabRaft, random, spawn, timeout};

use crate::calls::{Append, Appended, Ask, Calls, Install, Installed, PreAsk, PreVote, Vote};
use crate::store::{Fault, Kept, Store};
use crate::types::{Proposal, Types};

type Openraft = openraft::Raft<Types, Store>;

/// openraft, and what it stands on.
#[derive(Clone)]
pub(crate) struct Raft {
    store: Store,
    /// None until it has read its disk.
    raft: Rc<watch::Receiver<Option<Openraft>>>,
}

/// What a scenario asks for, in openraft's terms. It counts in milliseconds.
fn config(settings: &Settings, fault: Fault) -> Config {
    let millis =
        |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX).max(1);
    let timing = &settings.timing;
    let heartbeat_interval = millis(timing.heartbeat_interval);
    let election_timeout_min = millis(timing.election_timeout_min).max(heartbeat_interval + 1);
    Config {
        heartbeat_interval,
        election_timeout_min,
        // It draws below this.
        election_timeout_max: millis(timing.election_timeout_max).max(election_timeout_min) + 1,
        enable_pre_vote: Some(settings.pre_vote),
        max_payload_entries: settings.entries_per_append.max(1) as u64,
        // The harness says when, and the log is discarded up to there.
        snapshot_policy: SnapshotPolicy::Never,
        max_in_snapshot_log_to_keep: 0,
        enable_leader_restore: Some(fault == Fault::LeaderRestore),
        ..Config::default()
    }
}

impl LabRaft for Raft {
    type Service = Calls;
    type State = Kept;
    type Options = Fault;
    const FEATURES: Features = Features::of(&[
        Feature::Log,
        Feature::Disk,
        Feature::Snapshots,
        Feature::NoOp,
        Feature::PreVote,
        Feature::Refusals,
        Feature::Tasks,
    ]);

    fn make(env: Env<Self>) -> Self {
        let store = Store::open(env.clone());
        let (started, raft) = watch::channel(None);
        let (log, machine) = (store.clone(), store.clone());
        spawn(async move {
            let (me, config) =
                (u64::from(env.me().0), Arc::new(config(env.settings(), *env.options())));
            let raft = Openraft::new(me, config, Links(env), log, machine).await;
            started.send(Some(must(raft)));
            // Held for as long as the peer lives.
            pending::<()>().await;
        });
        Self { store, raft: Rc::new(raft) }
    }

    async fn start(&self, command: Command) -> Option<(LogIndex, Term)> {
        let raft = self.ready().await;
        let ticket = random(u64::MAX);
        let in_log = self.store.expect(ticket);
        let (responder, done) = ProgressResponder::complete_only();
        must(raft.client_write_ff(Proposal { command, ticket }, Some(responder)).await);
        match race(in_log, done).await {
            Either::First(Ok(place)) => Some((place.index, place.term)),
            // It does not lead.
            Either::First(Err(_)) | Either::Second(_) => {
                self.store.forget(ticket);
                None
            }
        }
    }

    async fn snapshot(&self, snapshot: Snapshot) {
        let raft = self.ready().await;
        if self.store.made(snapshot) {
            must(raft.trigger().snapshot().await);
        }
    }

    fn view(&self) -> View {
        let (first, last) = self.store.bounds();
        let applied = self.store.applied();
        let vote = self.store.vote();
        let (term, node, is_leaders) = vote.map_or((0, None, false), |vote| {
            (vote.leader_id.term, Some(peer(vote.leader_id.voted_for)), vote.committed)
        });
        let voted_for = self.store.voted_for();
        let view = View { term, voted_for, first, last, applied, commit: applied, ..View::NEW };
        let Some(raft) = self.raft.borrow().clone() else { return view };
        let metrics = raft.metrics();
        let metrics = metrics.borrow_watched();
        // While openraft waits for its disk, its metrics are those of before: the vote that is on its way there says
        // more.
        let is_current = vote.is_none_or(|vote| vote.leader_id == metrics.vote.leader_id);
        let role = match metrics.state {
            ServerState::Leader if is_current => Role::Leader,
            ServerState::Candidate if is_current => Role::Candidate,
            _ if !is_current && node == Some(self.store.me()) => Role::Candidate,
            _ => Role::Follower,
        };
        let leader =
            if is_current { metrics.current_leader.map(peer) } else { node.filter(|_| is_leaders) };
        let commit = metrics.local_committed.map_or(0, |committed| committed.index + 1);
        View { role, leader, commit: commit.max(applied), ..view }
    }

    fn entry(&self, index: LogIndex) -> Option<EntryId> {
        self.store.entry(index)
    }
}

fn peer(node: u64) -> PeerId {
    PeerId(u8::try_from(node).unwrap_or(u8::MAX))
}

/// openraft stops only if its storage fails, which this one never does, or if it finds its state broken: a verdict.
#[expect(clippy::panic, reason = "the verdict of a Raft on itself, which ends its run")]
fn must<T, E: std::fmt::Display>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| panic!("openraft has stopped: {error}"))
}

impl Raft {
    /// openraft, once it has read its disk.
    async fn ready(&self) -> Openraft {
        let mut started = (*self.raft).clone();
        loop {
            if let Some(raft) = started.borrow().clone() {
                return raft;
            }
            if started.changed().await.is_err() {
                // The peer has crashed: nothing of it goes on.
                pending::<()>().await;
            }
        }
    }

    pub(crate) async fn request_vote(&self, args: Ask) -> Vote {
        Vote(must(self.ready().await.vote(args.0).await))
    }

    pub(crate) async fn pre_vote(&self, args: PreAsk) -> PreVote {
        PreVote(must(self.ready().await.pre_vote(args.0).await))
    }

    pub(crate) async fn append_entries(&self, args: Append) -> Appended {
        Appended(must(self.ready().await.append_entries(args.0).await))
    }

    pub(crate) async fn install_snapshot(&self, args: Install) -> Installed {
        let raft = self.ready().await;
        Installed(must(raft.install_full_snapshot(args.vote, args.snapshot).await).vote)
    }
}

/// Makes the links to other peers.
struct Links(Env<Raft>);

impl RaftNetworkFactory<Types> for Links {
    type Network = Link;

    async fn new_client(&mut self, target: u64, _node: &EmptyNode) -> Link {
        Link { me: u64::from(self.0.me().0), end: self.0.end(peer(target)) }
    }
}

/// The link to one peer.
struct Link {
    me: u64,
    end: ClientEnd<Raft>,
}

impl Link {
    async fn call<A: CallOf<Calls>>(
        &self,
        args: A,
        action: RPCTypes,
        option: &RPCOption,
    ) -> Result<A::Reply, RPCError<Types>> {
        let (timeout_after, target) = (option.hard_ttl(), u64::from(self.end.peer().0));
        match timeout(timeout_after, self.end.call(args)).await {
            Ok(Ok(reply)) => Ok(reply),
            Ok(Err(error)) => Err(NetworkError::from_string(error).into()),
            Err(_) => Err(Timeout { action, id: self.me, target, timeout: timeout_after }.into()),
        }
    }
}

impl RaftNetworkV2<Types> for Link {
    type SnapshotData = Snapshot;

    async fn append_entries(
        &mut self,
        rpc: AppendEntriesRequest<Types>,
        option: RPCOption,
    ) -> Result<AppendEntriesResponse<Types>, RPCError<Types>> {
        Ok(self.call(Append(rpc), RPCTypes::AppendEntries, &option).await?.0)
    }

    async fn vote(
        &mut self,
        rpc: VoteRequest<Types>,
        option: RPCOption,
    ) -> Result<VoteResponse<Types>, RPCError<Types>> {
        Ok(self.call(Ask(rpc), RPCTypes::Vote, &option).await?.0)
    }

    async fn pre_vote(
        &mut self,
        rpc: VoteRequest<Types>,
        option: RPCOption,
    ) -> Result<VoteResponse<Types>, RPCError<Types>> {
        Ok(self.call(PreAsk(rpc), RPCTypes::Vote, &option).await?.0)
    }

    async fn full_snapshot(
        &mut self,
        vote: VoteOf<Types>,
        snapshot: SnapshotOf<Types, Snapshot>,
        cancel: impl Future<Output = ReplicationClosed> + 'static,
        option: RPCOption,
    ) -> Result<SnapshotResponse<Types>, StreamingError<Types>> {
        let install = Install { vote, snapshot };
        match race(cancel, self.call(install, RPCTypes::InstallSnapshot, &option)).await {
            Either::First(closed) => Err(closed.into()),
            Either::Second(Ok(reply)) => Ok(SnapshotResponse::new(reply.0)),
            Either::Second(Err(error)) => Err(error.into()),
        }
    }
}
