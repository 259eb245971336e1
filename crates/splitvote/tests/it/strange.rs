//! Peers that are not in order. They are one type, since the harness is compiled anew for each type of peer.

use std::sync::atomic::{AtomicU64, Ordering};

use splitvote::peer::{
    Context, EntryId, Features, Input, LocalTime, LogIndex, LogPosition, Peer, View,
};
use splitvote::raft::{Config, DiskRecord, Message, Paper, Raft};
use splitvote::{PeerId, Subject};

/// Counts over all runs of the process: what no peer may look at.
pub(crate) static AMBIENT: AtomicU64 = AtomicU64::new(0);

/// What is odd about a peer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Oddity {
    /// It sends to its neighbour at once whatever it hears.
    Restless,
    /// It panics in its first step.
    Panics,
    /// S1 panics at the first message that it hears, the others are restless.
    Touchy,
    /// It sends to a peer that does not exist.
    Stray,
    /// Its view speaks of an entry that its log does not hold before its first step.
    Secretive,
    /// Its term goes back in its first step.
    Forgetful,
}

#[derive(Clone)]
pub(crate) enum Strange {
    Odd {
        oddity: Oddity,
        started: bool,
    },
    /// The reference Raft, but its timer is late by how many such peers booted in this process before it.
    Late(Box<Raft<Paper>>, u64),
}

/// Which of them a peer is.
#[derive(Clone)]
pub(crate) enum Way {
    Odd(Oddity),
    Late(Config<Paper>),
}

/// A Raft of which this is odd.
pub(crate) fn odd(oddity: Oddity) -> Subject<Strange> {
    Subject::new("odd", move |_| Way::Odd(oddity))
}

/// A Raft that looks at ambient state; `at_boot` is called before a peer boots.
pub(crate) fn late(name: &str, at_boot: impl Fn() + Send + Sync + 'static) -> Subject<Strange> {
    Subject::new(name, move |settings| {
        at_boot();
        Way::Late(Config { settings: settings.clone(), rules: Paper })
    })
}

impl Peer for Strange {
    type Message = Message;
    type Record = DiskRecord;
    type Config = Way;
    const FEATURES: Features = Features::ALL;

    fn boot(id: PeerId, way: &Way, cx: &mut Context<'_, Self>) -> Self {
        match way {
            Way::Odd(oddity) => Self::Odd { oddity: *oddity, started: false },
            Way::Late(config) => {
                let late = AMBIENT.fetch_add(1, Ordering::Relaxed);
                Self::Late(Box::new(Raft::boot(id, config, &mut cx.for_inner())), late)
            }
        }
    }

    fn step(&mut self, input: Input<'_, Message>, cx: &mut Context<'_, Self>) {
        let (oddity, started) = match self {
            Self::Odd { oddity, started } => (*oddity, started),
            Self::Late(raft, _) => return raft.step(input, &mut cx.for_inner()),
        };
        assert!(oddity != Oddity::Panics, "this peer is out of order");
        let is_message = matches!(input, Input::Message { .. });
        let is_touched = oddity == Oddity::Touchy && cx.me() == PeerId(1) && is_message;
        assert!(!is_touched, "do not touch");
        *started = true;
        let next = PeerId((cx.me().0 + 1) % 3);
        let to = if oddity == Oddity::Stray { PeerId(200) } else { next };
        cx.send(to, Message::heartbeat(0, LogPosition::default(), 0), 1);
    }

    fn next_wake(&self) -> Option<LocalTime> {
        match self {
            Self::Odd { started, .. } => (!started).then_some(LocalTime(1_000)),
            Self::Late(raft, late) => raft.next_wake().map(|wake| LocalTime(wake.0 + late)),
        }
    }

    fn view(&self) -> View {
        let last = LogPosition { index: 1, term: 1 };
        match self {
            Self::Late(raft, _) => raft.view(),
            Self::Odd { oddity: Oddity::Secretive, .. } => View { term: 1, last, ..View::NEW },
            Self::Odd { oddity: Oddity::Forgetful, started } => {
                View { term: 2 - u64::from(*started), ..View::NEW }
            }
            Self::Odd { .. } => View::NEW,
        }
    }

    fn entry(&self, index: LogIndex) -> Option<EntryId> {
        match self {
            Self::Late(raft, _) => raft.entry(index),
            Self::Odd { oddity, started } => {
                let has_secret = *oddity == Oddity::Secretive && *started;
                has_secret.then_some(EntryId { term: 1, digest: 7 })
            }
        }
    }
}
