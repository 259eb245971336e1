//! The network: its ends, servers, switches and counters, and the tasks that use it.

use std::fmt::{self, Display};
use std::future::Future;
use std::panic::Location;
use std::rc::Rc;

use splitvote_peer::LocalTime;
use splitvote_sim::network::Labrpc;
use splitvote_sim::{Seed, Stream, StreamId};

use super::fatal::{Fatal, Mistake, names};
use super::shared::Shared;
use super::{ClientEnd, Server};
use crate::tasks::{Executor, Order, drive};

/// So often may tasks run within one instant: a reliable network takes no time at all.
const MOST_RUNS: u32 = 10_000_000;

/// The labs' network. A clone is the same one.
#[derive(Clone)]
pub struct Network {
    shared: Rc<Shared>,
}

impl Network {
    /// A network without ends and servers: reliable, without long delays and long reordering. The same seed gives the
    /// same run.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { shared: Rc::new(Shared::new(Seed(seed))) }
    }

    /// Runs a task, and those that it begins, in virtual time from 0 until it has ended. What it leaves behind is
    /// dropped.
    ///
    /// # Errors
    /// A mistake ends the run ([`Mistake`]), also one that was made before it.
    pub fn run<F: Future>(&self, task: F) -> Result<F::Output, Fatal> {
        if let Some(fatal) = self.shared.failure() {
            return Err(fatal);
        }
        let seed: [u32; 2] = Stream::new(self.shared.seed, StreamId::Workload).words();
        let seed = seed.iter().fold(0, |seed, word| seed << 32 | u64::from(*word));
        let order = if self.shared.shuffles_tasks.get() { Order::Drawn } else { Order::FirstIn };
        let executor = Executor::new(LocalTime(0), order, seed).running_at_most(MOST_RUNS);
        let executor = Rc::new(executor);
        let ended = drive(&executor, task, || self.shared.has_failed());
        match (self.shared.failure(), ended) {
            (Some(fatal), _) => Err(fatal),
            (None, Some(value)) => Ok(value),
            (None, None) => {
                let text = "all tasks wait, and nothing is left to wait for: a call whose handler never returns, a channel \
                     nobody sends into, or a lock nobody gives back";
                Err(Fatal::new(Mistake::Deadlock, text.to_owned()))
            }
        }
    }

    /// Whether the next of the tasks that are ready is drawn from the seed in the runs to come, and not the one
    /// that was woken first.
    pub fn shuffle_tasks(&self, is_on: bool) {
        self.shared.shuffles_tasks.set(is_on);
    }

    /// Makes an end, which is neither enabled nor connected. A name that another end has is a mistake
    /// ([`Mistake::DuplicateEnd`]).
    #[track_caller]
    pub fn make_end(&self, name: impl Display) -> ClientEnd {
        let name = name.to_string();
        let mut ends = self.shared.ends.borrow_mut();
        let end = ends.entry(name.clone()).or_default();
        if std::mem::replace(&mut end.is_made, true) {
            let text = format!("there is an end `{name}` already: give each end a name of its own");
            self.shared.fail(Fatal::new(Mistake::DuplicateEnd, text).at(Location::caller()));
        }
        ClientEnd { name: name.into(), shared: Rc::clone(&self.shared) }
    }

    /// Forgets an end: calls over it fail, and its name is free. One that there is not is a mistake
    /// ([`Mistake::UnknownEnd`]).
    #[track_caller]
    pub fn delete_end(&self, name: impl Display) {
        let name = name.to_string();
        let mut ends = self.shared.ends.borrow_mut();
        match ends.get_mut(&name).filter(|end| end.is_made) {
            Some(end) => (end.is_made, end.is_enabled, end.server) = (false, false, None),
            None => {
                let text = format!("there is no end `{name}` to delete");
                self.shared.fail(Fatal::new(Mistake::UnknownEnd, text).at(Location::caller()));
            }
        }
    }

    /// Connects an end to a server, which need not be there yet.
    pub fn connect(&self, end: impl Display, server: impl Display) {
        let mut ends = self.shared.ends.borrow_mut();
        ends.entry(end.to_string()).or_default().server = Some(server.to_string());
    }

    /// Enables an end, or disables it: then nothing passes it, in neither direction.
    pub fn enable(&self, end: impl Display, is_enabled: bool) {
        let mut ends = self.shared.ends.borrow_mut();
        ends.entry(end.to_string()).or_default().is_enabled = is_enabled;
    }

    /// Adds a server, or puts it in the place of the one that has the name: calls under way to that one fail.
    pub fn add_server(&self, name: impl Display, server: &Server) {
        self.shared.servers.borrow_mut().insert(name.to_string(), server.clone());
    }

    /// Deletes a server. Its handlers go on, and whoever has called them hears within 100 ms that there is no
    /// reply. What the server's own tasks call goes out as before, unless their ends are disabled: as in Go, a
    /// server is only where calls arrive.
    pub fn delete_server(&self, name: impl Display) {
        self.shared.servers.borrow_mut().remove(&name.to_string());
    }

    fn switch(&self, change: impl FnOnce(&mut Labrpc)) {
        let mut switches = self.shared.switches.get();
        change(&mut switches);
        self.shared.switches.set(switches);
    }

    /// Whether requests arrive at once and nothing is lost.
    pub fn reliable(&self, is_on: bool) {
        self.switch(|switches| switches.reliable = is_on);
    }

    /// Whether calls to a server that cannot be reached take up to 7 s to fail, and not up to 0.1 s.
    pub fn long_delays(&self, is_on: bool) {
        self.switch(|switches| switches.long_delays = is_on);
    }

    /// Whether two of three replies are 200 to 2199 ms late.
    pub fn long_reordering(&self, is_on: bool) {
        self.switch(|switches| switches.long_reordering = is_on);
    }

    /// How many calls have reached a server since it was added. One that there is not is a mistake
    /// ([`Mistake::NoServer`]).
    #[track_caller]
    #[must_use]
    pub fn get_count(&self, server: impl Display) -> u64 {
        let (name, servers) = (server.to_string(), self.shared.servers.borrow());
        if let Some(server) = servers.get(&name) {
            return server.count();
        }
        let known = names(servers.keys());
        let text =
            format!("there is no server `{name}` whose calls are counted; there are: {known}");
        self.shared.fail(Fatal::new(Mistake::NoServer, text).at(Location::caller()));
        0
    }

    /// How many calls the network has accepted, those that failed among them.
    #[must_use]
    pub fn get_total_count(&self) -> u64 {
        self.shared.total_count.get()
    }

    /// How many bytes of arguments were sent, and of replies delivered.
    #[must_use]
    pub fn get_total_bytes(&self) -> u64 {
        self.shared.total_bytes.get()
    }

    /// Closes the network: whoever calls later hears at once that there is no reply. Calls under way go on.
    pub fn cleanup(&self) {
        self.shared.is_cleaned_up.set(true);
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let servers = self.shared.servers.borrow();
        write!(f, "Network({:?}, servers {})", self.shared.switches.get(), names(servers.keys()))
    }
}
