//! The ping, through the world: the same work as [`crate::floor_ping`], with peers behind the
//! contract, keyed chance, counters and a digest.

use std::fmt;
use std::time::Duration;

use splitvote_peer::{
    Context, Durable, EntryId, Features, Input, LocalTime, LogIndex, Meaning, Message, Peer,
    PeerId, Record, SimTime, View,
};
use splitvote_sim::{Limits, Seed, Unwatched, World, WorldConfig};

use crate::Trouble;
use crate::floor_ping::{INTERVAL, NODES};

/// Calls all others every 50 ms.
#[derive(Clone, Debug)]
pub(crate) struct Ping {
    next_tick: LocalTime,
    awaited: u64,
    pub(crate) completed: u64,
    sum: u64,
}

/// A number, there and back.
#[derive(Clone, Debug)]
pub(crate) enum PingMessage {
    There(u64),
    Back(u64),
}

impl fmt::Display for PingMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::There(body) => write!(f, "ping {body}"),
            Self::Back(body) => write!(f, "pong {body}"),
        }
    }
}

impl Message for PingMessage {
    const KINDS: &'static [&'static str] = &["ping", "pong"];

    #[inline]
    fn kind(&self) -> usize {
        match self {
            Self::There(_) => 0,
            Self::Back(_) => 1,
        }
    }

    fn meaning(&self) -> Meaning {
        Meaning::Other
    }
}

/// A ping writes nothing to its disk.
#[derive(Clone, Debug)]
pub(crate) enum Nothing {}

impl Record for Nothing {
    const TELLS_BALLOTS: bool = false;

    fn meaning(&self) -> Durable {
        match *self {}
    }
}

impl Peer for Ping {
    type Message = PingMessage;
    type Record = Nothing;
    type Config = ();
    const FEATURES: Features = Features::NONE;

    fn boot(_id: PeerId, _config: &(), cx: &mut Context<'_, Self>) -> Self {
        Self { next_tick: cx.now(), awaited: 0, completed: 0, sum: 0 }
    }

    #[inline]
    fn step(&mut self, input: Input<'_, PingMessage>, cx: &mut Context<'_, Self>) {
        match input {
            Input::Wake => {
                for to in cx.others() {
                    self.awaited += 1;
                    cx.call(to, PingMessage::There(self.next_tick.0), 8);
                }
                self.next_tick = self.next_tick + Duration::from_nanos(INTERVAL);
            }
            Input::Request { call, message: &PingMessage::There(body), .. } => {
                self.sum = self.sum.wrapping_add(body);
                cx.reply(call, PingMessage::Back(body), 8);
            }
            Input::Reply { outcome: Ok(&PingMessage::Back(body)), call, .. } => {
                self.awaited -= 1;
                self.completed += 1;
                self.sum ^= call.number ^ body;
            }
            _ => {}
        }
    }

    #[inline]
    fn next_wake(&self) -> Option<LocalTime> {
        Some(self.next_tick)
    }

    #[inline]
    fn view(&self) -> View {
        View::NEW
    }

    fn entry(&self, _index: LogIndex) -> Option<EntryId> {
        None
    }
}

/// Runs for so many virtual seconds; how many calls were answered.
pub(crate) fn run(seconds: u64) -> Result<u64, Trouble> {
    let limits = Limits { events: u64::MAX, ..Limits::default() };
    let config = WorldConfig { limits, ..WorldConfig::new(usize::from(NODES), Seed(1)) };
    let mut world = World::<Ping, _>::new(&config, &(), Unwatched)?;
    world.run_until(SimTime(seconds * 1_000_000_000))?;
    Ok(world.peers().filter_map(|id| world.peer(id)).map(|peer| peer.completed).sum())
}
