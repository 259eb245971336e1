//! What all handles of a network share: its switches, ends, servers and counters.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use splitvote_sim::network::labrpc::{Draws, Labrpc};
use splitvote_sim::{Digest, Seed, Stream, StreamId};

use super::fatal::Fatal;
use super::service::Server;

/// An end: one directed link from a client to a server.
#[derive(Default)]
pub(super) struct End {
    /// [`super::Network::make_end`] has made it, and nobody has deleted it.
    pub(super) is_made: bool,
    pub(super) is_enabled: bool,
    pub(super) server: Option<String>,
    /// Its draws; they go on where they were if an end of this name is made again.
    chance: Option<Stream>,
}

pub(super) struct Shared {
    pub(super) seed: Seed,
    pub(super) switches: Cell<Labrpc>,
    pub(super) shuffles_tasks: Cell<bool>,
    pub(super) ends: RefCell<BTreeMap<String, End>>,
    pub(super) servers: RefCell<BTreeMap<String, Server>>,
    pub(super) total_count: Cell<u64>,
    pub(super) total_bytes: Cell<u64>,
    pub(super) is_cleaned_up: Cell<bool>,
    fatal: RefCell<Option<Fatal>>,
}

/// What was so when the network accepted a call, and stays so for the whole of its life.
pub(super) struct Sample {
    pub(super) draws: Draws,
    /// The name of the server and the server, if it can be reached.
    pub(super) server: Option<(String, Server)>,
    pub(super) reliable: bool,
    pub(super) long_reordering: bool,
}

impl Shared {
    pub(super) fn new(seed: Seed) -> Self {
        // Go's `MakeNetwork`: reliable, without long delays.
        let switches = Labrpc { reliable: true, long_delays: false, long_reordering: false };
        Self {
            seed,
            switches: Cell::new(switches),
            shuffles_tasks: Cell::new(false),
            ends: RefCell::default(),
            servers: RefCell::default(),
            total_count: Cell::new(0),
            total_bytes: Cell::new(0),
            is_cleaned_up: Cell::new(false),
            fatal: RefCell::new(None),
        }
    }

    /// A mistake: the run ends. The first one is told.
    pub(super) fn fail(&self, fatal: Fatal) {
        self.fatal.borrow_mut().get_or_insert(fatal);
    }

    pub(super) fn has_failed(&self) -> bool {
        self.fatal.borrow().is_some()
    }

    pub(super) fn failure(&self) -> Option<Fatal> {
        self.fatal.borrow().clone()
    }

    /// Step 1 of a call's life. Each call draws the same number of words from the stream of its end.
    pub(super) fn sample(&self, end: &str) -> Sample {
        let mut ends = self.ends.borrow_mut();
        let known = ends.entry(end.to_owned()).or_default();
        let stream = || Stream::new(self.seed, StreamId::End(digest(end)));
        let draws = Draws::draw(known.chance.get_or_insert_with(stream));
        let name = known.server.clone().filter(|_| known.is_enabled);
        let server = name.and_then(|name| Some((self.servers.borrow().get(&name).cloned()?, name)));
        let Labrpc { reliable, long_reordering, .. } = self.switches.get();
        Sample {
            draws,
            server: server.map(|(server, name)| (name, server)),
            reliable,
            long_reordering,
        }
    }

    /// The dead check: the end is disabled, or the server is another one by now.
    pub(super) fn is_dead(&self, end: &str, name: &str, server: &Server) -> bool {
        let is_enabled = self.ends.borrow().get(end).is_some_and(|end| end.is_enabled);
        let is_same = self.servers.borrow().get(name).is_some_and(|now| now.is(server));
        !(is_enabled && is_same)
    }

    pub(super) fn add_bytes(&self, bytes: u64) {
        self.total_bytes.set(self.total_bytes.get() + bytes);
    }
}

/// A name as a number, the same on every machine.
fn digest(name: &str) -> u64 {
    let mut digest = Digest::default();
    for part in name.as_bytes().chunks(8) {
        let word = part.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
        digest.absorb(word, part.len() as u64);
    }
    digest.value()
}
