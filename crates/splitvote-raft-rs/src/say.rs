//! The messages of raft-rs, in the paper's terms.

use std::fmt;

use raft::eraftpb::{Message as Inner, MessageType};
use splitvote::PeerId;
use splitvote::peer::{LogPosition, Meaning, Message, Payload};
use splitvote_adapter::Carried;

use crate::store::id_of;

/// A message of raft-rs, and what it does not carry itself.
#[derive(Clone, Debug)]
pub(crate) struct Say {
    inner: Inner,
    /// The state of a snapshot, which raft-rs need not copy about.
    state: Option<Payload>,
}

impl Say {
    pub(crate) fn new(inner: Inner, state: Option<Payload>) -> Self {
        Self { inner, state }
    }

    pub(crate) fn to(&self) -> PeerId {
        id_of(self.inner.to)
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.inner
    }

    pub(crate) fn state(&self) -> Option<&Payload> {
        self.state.as_ref()
    }

    /// Its size on the wire, with the commands and the state whole.
    pub(crate) fn bytes(&self) -> u32 {
        let commands = self.inner.entries.iter();
        let commands = commands.map(|entry| 16 + Carried::from_bytes(&entry.data).size());
        let state = self.state.as_ref().map_or(0, Payload::len);
        u32::try_from(24 + state + commands.sum::<usize>()).unwrap_or(u32::MAX)
    }
}

impl Message for Say {
    const KINDS: &'static [&'static str] = &[
        "request-vote",
        "vote-reply",
        "append-entries",
        "append-reply",
        "install-snapshot",
        "pre-vote",
        "pre-vote-reply",
        "other",
    ];

    fn kind(&self) -> usize {
        match self.inner.get_msg_type() {
            MessageType::MsgRequestVote => 0,
            MessageType::MsgRequestVoteResponse => 1,
            MessageType::MsgAppend | MessageType::MsgHeartbeat => 2,
            MessageType::MsgAppendResponse | MessageType::MsgHeartbeatResponse => 3,
            MessageType::MsgSnapshot => 4,
            MessageType::MsgRequestPreVote => 5,
            MessageType::MsgRequestPreVoteResponse => 6,
            _ => 7,
        }
    }

    fn meaning(&self) -> Meaning {
        let Inner { term, index, log_term, reject, ref entries, .. } = self.inner;
        let position = LogPosition { index, term: log_term };
        let granted = !reject;
        match self.inner.get_msg_type() {
            MessageType::MsgRequestVote => Meaning::VoteRequest { term, last_log: position },
            MessageType::MsgRequestVoteResponse => {
                Meaning::VoteReply { term, asked_in: term, granted }
            }
            MessageType::MsgAppend => {
                Meaning::Append { term, previous: position, entries: entries.len() as u32 }
            }
            // It says nothing of the log.
            MessageType::MsgHeartbeat => {
                Meaning::Append { term, previous: LogPosition::default(), entries: 0 }
            }
            // With the index 0 it tells a leader of an earlier term that there is a later one.
            MessageType::MsgAppendResponse => {
                Meaning::AppendReply { term, success: granted && index > 0 }
            }
            MessageType::MsgHeartbeatResponse => Meaning::AppendReply { term, success: true },
            MessageType::MsgSnapshot => {
                let metadata = self.inner.get_snapshot().get_metadata();
                let through = LogPosition { index: metadata.index, term: metadata.term };
                Meaning::InstallSnapshot { term, through }
            }
            MessageType::MsgRequestPreVote => {
                Meaning::PreVote { asked_for: term, last_log: position }
            }
            // A yes states the term that was asked for and no other, and a no that of the voter.
            MessageType::MsgRequestPreVoteResponse => {
                let asked_for = if granted { term } else { term + 1 };
                Meaning::PreVoteReply { term: asked_for.saturating_sub(1), asked_for, granted }
            }
            _ => Meaning::Other,
        }
    }
}

impl fmt::Display for Say {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { term, index, log_term, commit, reject, .. } = self.inner;
        let kind = self.inner.get_msg_type();
        write!(f, "{kind:?}(T{term}")?;
        match kind {
            MessageType::MsgAppend => {
                write!(f, ", {index}@{log_term}+{}, c{commit}", self.inner.entries.len())?;
            }
            MessageType::MsgHeartbeat => write!(f, ", c{commit}")?,
            MessageType::MsgRequestVote | MessageType::MsgRequestPreVote => {
                write!(f, ", {index}@{log_term}")?;
            }
            MessageType::MsgAppendResponse => write!(f, ", {index}")?,
            MessageType::MsgSnapshot => {
                let metadata = self.inner.get_snapshot().get_metadata();
                write!(f, ", {}@{}", metadata.index, metadata.term)?;
            }
            _ => {}
        }
        f.write_str(if reject { ", no)" } else { ")" })
    }
}
