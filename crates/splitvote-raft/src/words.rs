//! What a message says in a few words, as a replay prints it.

use std::fmt;

use crate::message::{AppendResult, Message};

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::RequestVote { term, last_log } => write!(f, "RequestVote T{term} log {last_log}"),
            Self::RequestVoteReply { term, asked_in, granted } => {
                write!(f, "vote {} T{asked_in}", if granted { "granted" } else { "refused" })?;
                if term == asked_in { Ok(()) } else { write!(f, ", now T{term}") }
            }
            Self::PreVote { asked_for, last_log } => {
                write!(f, "PreVote T{asked_for} log {last_log}")
            }
            Self::PreVoteReply { term, asked_for, granted } => {
                write!(f, "pre-vote {} T{asked_for}", if granted { "granted" } else { "refused" })?;
                if term < asked_for { Ok(()) } else { write!(f, ", now T{term}") }
            }
            Self::AppendEntries { term, ref entries, .. } if entries.is_empty() => {
                write!(f, "heartbeat T{term}")
            }
            Self::AppendEntries { term, previous, commit, ref entries } => {
                let count = entries.len();
                write!(f, "AppendEntries T{term} {previous} +{count} commit {commit}")
            }
            Self::AppendEntriesReply { term, result } => match result {
                AppendResult::Success { through } => write!(f, "append ok T{term} to {through}"),
                AppendResult::Conflict { previous, hint } => {
                    write!(f, "append refused T{term} at {previous}, try {hint}")
                }
                AppendResult::Stale => write!(f, "append refused T{term}"),
            },
            Self::InstallSnapshot { term, ref chunk } => {
                let (through, start) = (chunk.through(), chunk.offset());
                write!(f, "InstallSnapshot T{term} through {through} from byte {start}")?;
                if chunk.is_last() { f.write_str(", last part") } else { Ok(()) }
            }
            Self::InstallSnapshotReply { term, through, received, installed } => match through {
                0 => write!(f, "snapshot refused T{term}"),
                _ if installed => write!(f, "snapshot installed T{term} through {through}"),
                _ => write!(f, "snapshot T{term} through {through}, has {received} bytes"),
            },
        }
    }
}
