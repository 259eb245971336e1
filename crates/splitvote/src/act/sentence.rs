//! An act in a few words.

use std::fmt;

use super::Act;

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Crash(peer) => write!(f, "crash {peer}"),
            Self::Restart(peer) => write!(f, "restart {peer}"),
            Self::CrashAtWrite { peer, after } => write!(f, "crash {peer} at write {after}"),
            Self::CrashAtSend { peer, after } => write!(f, "crash {peer} at message {after}"),
            Self::Disarm(peer) => write!(f, "disarm {peer}"),
            Self::Pause(peer) => write!(f, "pause {peer}"),
            Self::Resume(peer) => write!(f, "resume {peer}"),
            Self::Disconnect(peer) => write!(f, "disconnect {peer}"),
            Self::Connect(peer) => write!(f, "connect {peer}"),
            Self::Cut { from, to } => write!(f, "cut {from} to {to}"),
            Self::Restore { from, to } => write!(f, "restore {from} to {to}"),
            Self::Partition(groups) => {
                f.write_str("partition")?;
                groups.iter().try_for_each(|group| write!(f, " {group}"))
            }
            Self::Heal => f.write_str("heal"),
            Self::Clog { from, to, lasts } => write!(f, "clog {from} to {to} for {lasts:?}"),
            Self::Unclog { from, to } => write!(f, "unclog {from} to {to}"),
            Self::Delay { from, to, by } => write!(f, "delay {from} to {to} by {by:?}"),
            Self::Network(_) => f.write_str("change the network"),
            Self::Disk(_) => f.write_str("change the disks"),
            Self::StepClock { peer, by } => write!(f, "step the clock of {peer} by {by:?}"),
            Self::DriftClock { peer, ppm } => write!(f, "clock of {peer} drifts by {ppm} ppm"),
            Self::ElectionTimeout { peer, is: Some(is) } => {
                write!(f, "election timeout of {peer} is {is:?}")
            }
            Self::ElectionTimeout { peer, is: None } => {
                write!(f, "election timeout of {peer} is drawn")
            }
            Self::Propose { to, .. } => write!(f, "propose to {to}"),
            Self::Agree(seek) => write!(f, "agree with {} peers in the background", seek.on),
            Self::Allow(budget) => write!(f, "from here on {budget}"),
        }
    }
}
