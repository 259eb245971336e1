//! A packet as a trace shows it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use splitvote_peer::{CallId, Meaning, PeerId};

/// Whether a packet is a request, a reply or neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// A call of the labs' network.
    Request,
    /// The answer to a call.
    Reply,
    /// A message that expects no answer.
    OneWay,
}

/// A packet as a trace shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PacketText {
    /// Its number in the run, by which its sending and its arrival are linked.
    pub number: u64,
    /// The peer that sends.
    pub from: PeerId,
    /// The peer that receives.
    pub to: PeerId,
    /// Request, reply or neither.
    pub direction: Direction,
    /// The call that it makes or answers, if it is part of one.
    pub call: Option<CallId>,
    /// The kind of message, as the Raft names it.
    pub kind: Cow<'static, str>,
    /// Whether it asks for a vote or answers such a request.
    pub is_vote: bool,
    /// What it says in the paper's terms.
    pub meaning: Meaning,
    /// What it says, as the Raft prints it.
    pub text: String,
}
