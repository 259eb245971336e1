//! What a recorder keeps of a run: every event, in order, for people to look at.
//!
//! Nothing is recorded in a sweep. Because a run is deterministic, a failing one is simply run again
//! with the recorder on.

use splitvote_check::{Election, Share};
use splitvote_peer::{
    CallId, Durable, LogPosition, Meaning, PeerId, Progress, ProposalAnswer, SimTime, View,
};
use splitvote_sim::{Disturbance, Fate};

/// Everything that happened in a run.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// The events, in order.
    pub events: Vec<TraceEvent>,
    /// How each election went, in the order of terms.
    pub elections: Vec<Election>,
    /// What was sent, by kind of message and by cause: requests.
    pub rpcs: Vec<Share>,
    /// The same in bytes, replies included.
    pub bytes: Vec<Share>,
}

impl Trace {
    /// What is recorded of a run at the most: its first two million events, and how it failed.
    pub const MAX_EVENTS: usize = 2_000_000;
}

/// One event of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceEvent {
    /// When.
    pub at: SimTime,
    /// What.
    pub what: What,
}

/// Whether a packet is a request, a reply or neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// A call.
    Request,
    /// The answer to a call.
    Reply,
    /// A message that expects no answer.
    OneWay,
}

/// A packet as a trace shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PacketText {
    /// Its number in the run, by which its sending and its arrival are linked.
    pub number: u64,
    /// The sender.
    pub from: PeerId,
    /// The receiver.
    pub to: PeerId,
    /// Request, reply or neither.
    pub direction: Direction,
    /// The call that it makes or answers, if it is part of one.
    pub call: Option<CallId>,
    /// The kind of message.
    pub kind: &'static str,
    /// Whether it asks for a vote or answers such a request.
    pub is_vote: bool,
    /// What it says in the paper's terms.
    pub meaning: Meaning,
    /// What it says.
    pub text: String,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A peer started.
    Booted {
        /// The peer.
        peer: PeerId,
        /// Which life it is, counted from 1.
        boot: u32,
        /// What it looks like.
        view: View,
    },
    /// A peer crashed.
    Crashed {
        /// The peer.
        peer: PeerId,
    },
    /// A step changed a peer's view.
    Changed {
        /// The peer.
        peer: PeerId,
        /// What it looked like.
        before: View,
        /// What it looks like.
        after: View,
    },
    /// A packet left.
    Sent {
        /// The packet.
        packet: PacketText,
        /// What becomes of it.
        fate: Fate,
    },
    /// A packet reached its receiver.
    Received {
        /// The packet.
        packet: PacketText,
    },
    /// A packet that had left did not arrive after all.
    Perished {
        /// The packet.
        packet: PacketText,
        /// Why.
        fate: Fate,
    },
    /// A record became durable.
    Durable {
        /// Whose.
        peer: PeerId,
        /// What it says.
        record: Durable,
    },
    /// A leader's account of a follower changed.
    Progress {
        /// The leader.
        leader: PeerId,
        /// The follower.
        follower: PeerId,
        /// What the leader knows of it now.
        progress: Progress,
    },
    /// A peer's state machine took a snapshot's state.
    Restored {
        /// Whose.
        peer: PeerId,
        /// The last entry that the snapshot stands for.
        through: LogPosition,
    },
    /// A peer's state machine made a snapshot of itself, which the peer is told of.
    SnapshotTaken {
        /// Whose.
        peer: PeerId,
        /// The last entry that the snapshot stands for.
        through: LogPosition,
    },
    /// A client got its answer.
    Answered {
        /// From whom.
        peer: PeerId,
        /// The answer.
        answer: ProposalAnswer,
    },
    /// A directed link was cut or restored.
    Link {
        /// The sender's end.
        from: PeerId,
        /// The receiver's end.
        to: PeerId,
        /// Whether packets pass now.
        up: bool,
    },
    /// A peer was paused or resumed, a link clogged, or a clock, the network or the disks changed.
    Disturbed(Disturbance),
    /// Something worth knowing that is nobody's: how a calm ended.
    Note {
        /// What, as a clause.
        text: String,
    },
    /// The scenario took a step.
    Step {
        /// Its line in the file.
        line: usize,
        /// What it does.
        text: String,
    },
    /// A storm begins.
    Weather {
        /// Which parts of the nemesis are on, and how strong.
        text: String,
    },
    /// The run failed here.
    Failed {
        /// The verdict's sentence.
        sentence: String,
        /// The peers that the verdict is about.
        peers: Vec<PeerId>,
    },
}
