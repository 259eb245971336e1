//! What every checker is written with.

pub(super) use std::time::Duration;

pub(super) use serde::{Deserialize, Serialize};
pub(super) use splitvote_peer::{
    EntryId, History, LogIndex, LogPosition, PeerId, PeerSet, Role, SimTime, Term, View,
};

pub(super) use crate::ghost::{Ghost, LogChange, LogGhost, Occasion, PeerGhost};
pub(super) use crate::observation::{Observation, entered, newly_cast};
pub(super) use crate::proof::{Finding, Lead, Proof, Rule};
