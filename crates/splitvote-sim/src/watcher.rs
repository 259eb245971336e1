//! How checkers and recorders see every event of a run.
//!
//! For one event the order is: what the peer is given (`woke`, `received`, `call_failed`, `synced`,
//! `proposed` or `snapshot_taken`), the peer's step, `changed` (if its view differs), `handled`, `armed` (if
//! its next wake moved), then the effects of the step: `persisted`, `sync_begun`, `compacted`, `sent`, `applied`,
//! `restored`, `answered`. `durable` comes before `synced`, or before `crashed`. What reaches a peer
//! while it is paused is `held`, and given to it when it resumes.

use serde::{Deserialize, Serialize};
use splitvote_peer::{
    BreachCause, CallId, Command, EntryId, Leg, LogIndex, LogPosition, Peer, PeerId,
    ProposalAnswer, RequestId, SimTime, Snapshot, SyncId, View,
};

use crate::disturbance::Disturbance;
use crate::pulse::Pulse;

/// A packet on its way, as a watcher sees it.
#[derive(Debug)]
pub struct Packet<'a, M> {
    /// The packet's number in the run; a duplicate carries the number of its original.
    pub number: u64,
    /// The peer that sends.
    pub from: PeerId,
    /// The peer that receives.
    pub to: PeerId,
    /// Request, reply or one-way.
    pub leg: Leg,
    /// What it says.
    pub message: &'a M,
}

/// What becomes of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It will arrive then, if nothing comes between.
    Arrives(SimTime),
    /// A second copy of it will arrive then.
    Duplicated(SimTime),
    /// The network loses it.
    Lost,
    /// A rule or an override drops it.
    Dropped,
    /// The link is cut.
    Cut,
    /// The receiver is down, or is not the one any more that was meant.
    Dead,
}

/// How a disk promises that it will have made records durable when a sync is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promised {
    /// It will, or say that it failed.
    Truly,
    /// It lies: it will have made nothing durable.
    Falsely,
}

/// What waits for a paused peer until it resumes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Waiting {
    /// A packet that has arrived.
    Packet {
        /// Its number in the run.
        number: u64,
    },
    /// The news that a sync has completed.
    Sync {
        /// The sync that this is about.
        sync: SyncId,
    },
    /// The news that a call has failed.
    CallFailed {
        /// The call that this is about.
        call: CallId,
    },
    /// A client's command.
    Proposal {
        /// The request that this is about.
        request: RequestId,
    },
    /// A snapshot that the peer's state machine has made.
    Snapshot {
        /// The last entry that the snapshot stands for.
        through: LogPosition,
    },
}

/// Sees every event of a run, and may stop it. Every method does nothing unless overridden.
pub trait Watcher<P: Peer> {
    /// Whether the run has to stop here.
    #[inline]
    fn stops(&self) -> bool {
        false
    }
    /// How the peer that the watcher was just shown breaks the contract, if the watcher has found out that
    /// it does. Asked after `booted` and `changed`.
    #[inline]
    fn breach(&mut self) -> Option<BreachCause> {
        None
    }
    /// Where the world writes whom it calls. Asked once, before the first boot.
    #[inline]
    fn pulse(&self) -> Pulse {
        Pulse::default()
    }
    /// A peer started or restarted.
    #[inline]
    fn booted(&mut self, _at: SimTime, _id: PeerId, _boot: u32, _peer: &P, _view: &View) {}
    /// A peer crashed.
    #[inline]
    fn crashed(&mut self, _at: SimTime, _peer: PeerId) {}
    /// A packet was counted, with the bytes that its sender states. It is about to leave.
    #[inline]
    fn counted(&mut self, _packet: &Packet<'_, P::Message>, _bytes: u32) {}
    /// A packet left its sender. `sender` is the sender's view after the step that sent it.
    #[inline]
    fn sent(
        &mut self,
        _at: SimTime,
        _packet: &Packet<'_, P::Message>,
        _fate: Fate,
        _sender: &View,
    ) {
    }
    /// A packet that had left did not arrive after all.
    #[inline]
    fn perished(&mut self, _at: SimTime, _packet: &Packet<'_, P::Message>, _fate: Fate) {}
    /// A packet is about to be handed to its receiver, whose view is `before`.
    #[inline]
    fn received(&mut self, _at: SimTime, _packet: &Packet<'_, P::Message>, _before: &View) {}
    /// A step changed a peer's view.
    #[inline]
    fn changed(&mut self, _at: SimTime, _id: PeerId, _peer: &P, _before: &View, _after: &View) {}
    /// The peer has handled the packet that `received` announced.
    #[inline]
    fn handled(&mut self, _at: SimTime, _id: PeerId, _peer: &P, _after: &View) {}
    /// A peer is about to take a step because the time has come for which it asked.
    #[inline]
    fn woke(&mut self, _at: SimTime, _peer: PeerId) {}
    /// A peer that is up wants to be woken at another instant than before; at [`SimTime::NEVER`] not at
    /// all. A crash and a pause also end what was armed, and are told by themselves.
    #[inline]
    fn armed(&mut self, _at: SimTime, _peer: PeerId, _due: SimTime) {}
    /// A client's command is about to be handed to a peer.
    #[inline]
    fn proposed(&mut self, _at: SimTime, _peer: PeerId, _request: RequestId, _command: &Command) {}
    /// A peer is about to be told that a call of its own has failed.
    #[inline]
    fn call_failed(&mut self, _at: SimTime, _call: CallId, _to: PeerId) {}
    /// Something reached a peer that is paused, and waits for it.
    #[inline]
    fn held(&mut self, _at: SimTime, _peer: PeerId, _what: Waiting) {}
    /// A peer wrote a record to its disk. It is not durable yet.
    #[inline]
    fn persisted(&mut self, _at: SimTime, _peer: PeerId, _record: &P::Record) {}
    /// A peer asked for all that it wrote to be made durable; the disk will be done at `due`.
    #[inline]
    fn sync_begun(
        &mut self,
        _at: SimTime,
        _peer: PeerId,
        _sync: SyncId,
        _due: SimTime,
        _promised: Promised,
    ) {
    }
    /// A peer is about to be told that a sync has completed.
    #[inline]
    fn synced(&mut self, _at: SimTime, _peer: PeerId, _sync: SyncId) {}
    /// A peer asked its disk to forget all records but the last `keep`.
    #[inline]
    fn compacted(&mut self, _at: SimTime, _peer: PeerId, _keep: usize) {}
    /// A record became durable: an honest sync covers it, or a crash left it on the disk.
    #[inline]
    fn durable(&mut self, _at: SimTime, _peer: PeerId, _record: &P::Record) {}
    /// A peer handed an entry to its state machine.
    #[inline]
    fn applied(&mut self, _at: SimTime, _peer: PeerId, _index: LogIndex, _entry: EntryId) {}
    /// A peer replaced the state of its state machine by a snapshot's.
    #[inline]
    fn restored(&mut self, _at: SimTime, _peer: PeerId, _snapshot: &Snapshot) {}
    /// A peer's state machine has made a snapshot of itself, and is about to hand it to the peer.
    #[inline]
    fn snapshot_taken(&mut self, _at: SimTime, _peer: PeerId, _snapshot: &Snapshot) {}
    /// A client got its answer.
    #[inline]
    fn answered(
        &mut self,
        _at: SimTime,
        _peer: PeerId,
        _request: RequestId,
        _answer: &ProposalAnswer,
    ) {
    }
    /// Something was done to the world that is neither a crash nor a cut.
    #[inline]
    fn disturbed(&mut self, _at: SimTime, _what: &Disturbance) {}
    /// A directed link was cut or restored.
    #[inline]
    fn link_changed(&mut self, _at: SimTime, _from: PeerId, _to: PeerId, _up: bool) {}
}

/// The watcher that sees nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unwatched;

impl<P: Peer> Watcher<P> for Unwatched {}
