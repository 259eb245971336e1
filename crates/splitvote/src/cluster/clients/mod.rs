//! Clients that act at times of their own while a test goes on.
//!
//! - `agreement`: the lab's `one`, which brings the cluster to agree on one command.
//! - `churn`: a client of the lab's churn tests, which proposes for ever and remembers what it saw
//!   committed.
//!
//! A client is a small state machine with a next time to act. The cluster lets virtual time pass up
//! to that time, so that clients and peers share one clock and one thread.

mod agreement;
mod churn;

use splitvote_peer::{Command, LogIndex, Payload, Peer, SimTime};

use super::Cluster;
use crate::failure::Failure;
pub use agreement::Retry;
pub(crate) use agreement::{Agreement, seconds};
pub(crate) use churn::Churn;

/// A client that is at work.
#[derive(Clone, Debug)]
pub(crate) enum Client {
    Agreement(Agreement),
    Churn(Churn),
}

impl Client {
    fn acts_at(&self) -> SimTime {
        match self {
            Self::Agreement(agreement) => agreement.acts_at,
            Self::Churn(churn) => churn.acts_at,
        }
    }
}

/// The clients at work, and the commands that were ever proposed.
#[derive(Clone, Debug, Default)]
pub(super) struct Clients {
    at_work: Vec<Client>,
    /// The clients of churn tests that have stopped, with what they saw committed.
    dismissed: Vec<Churn>,
    /// How many commands were made up: each differs from all others.
    commands: u64,
}

impl Clients {
    /// How many clients are at work.
    pub(super) fn count(&self) -> u64 {
        self.at_work.len() as u64
    }

    /// When the next client acts.
    pub(super) fn next_at(&self) -> SimTime {
        self.at_work.iter().map(Client::acts_at).min().unwrap_or(SimTime::NEVER)
    }
}

impl<P: Peer> Cluster<P> {
    /// A command unlike all others, of at least so many bytes.
    ///
    /// The lab draws its commands from ten thousand numbers, so that two different entries may look
    /// the same and hide that logs differ; here every command is a number of its own.
    pub(crate) fn fresh_command(&mut self, bytes: usize) -> Command {
        self.clients.commands += 1;
        let number = self.clients.commands.to_string();
        Command::of(Payload::padded(number.as_bytes(), b' ', bytes))
    }

    /// Lets a client work from now on.
    pub(crate) fn employ(&mut self, client: Client) {
        self.clients.at_work.push(client);
    }

    /// Whether clients are at work.
    pub(crate) fn has_clients(&self) -> bool {
        !self.clients.at_work.is_empty()
    }

    /// So many clients propose for ever, as in the lab's churn tests.
    pub(crate) fn begin_churn(&mut self, count: u64) {
        for number in 0..count {
            let churn = Churn::new(number, self.now());
            self.employ(Client::Churn(churn));
        }
    }

    /// Whether an agreement is still being sought in the background.
    pub(crate) fn seeks_agreement(&self) -> bool {
        self.clients.at_work.iter().any(|client| matches!(client, Client::Agreement(_)))
    }

    /// The clients of a churn test stop; whatever they saw committed must still be committed. Those that stopped before
    /// are asked again at the end alone: a run with many churn tests would ask the first ones without end.
    ///
    /// # Errors
    /// If something they saw is not.
    pub(crate) fn dismiss_churn(&mut self) -> Result<(), Failure> {
        let earlier = self.clients.dismissed.len();
        for client in std::mem::take(&mut self.clients.at_work) {
            match client {
                Client::Churn(churn) => self.clients.dismissed.push(churn),
                Client::Agreement(_) => self.clients.at_work.push(client),
            }
        }
        self.keeps_what_they_saw(earlier)
    }

    /// Whatever the clients of churn tests saw committed is so. Asked again at the end of a scenario,
    /// when peers that lagged behind have caught up.
    ///
    /// # Errors
    /// If something they saw is not.
    pub(crate) fn keeps_what_clients_saw(&self) -> Result<(), Failure> {
        self.keeps_what_they_saw(0)
    }

    /// The same of the clients that stopped after so many others.
    fn keeps_what_they_saw(&self, earlier: usize) -> Result<(), Failure> {
        self.clients.dismissed.iter().skip(earlier).try_for_each(|churn| churn.is_kept(self))
    }

    /// Lets all clients act whose time has come.
    pub(super) fn let_clients_act(&mut self) -> Result<(), Failure> {
        let now = self.now();
        let mut place = 0;
        while let Some(client) = self.clients.at_work.get(place) {
            if client.acts_at() > now {
                place += 1;
                continue;
            }
            // It is taken out while it acts, since it acts on the cluster.
            let mut client = self.clients.at_work.swap_remove(place);
            let goes_on = match &mut client {
                Client::Agreement(agreement) => {
                    let outcome = agreement.act(self);
                    if matches!(outcome, Err(Failure::Unmet(_))) {
                        agreement.give_up(self);
                    }
                    outcome?.is_none()
                }
                Client::Churn(churn) => {
                    churn.act(self);
                    true
                }
            };
            if goes_on {
                self.clients.at_work.push(client);
                let last = self.clients.at_work.len() - 1;
                self.clients.at_work.swap(place, last);
                place += 1;
            }
        }
        Ok(())
    }

    /// The lab's `nCommitted`, first half: how many running peers have applied the entry at an
    /// index, or a snapshot that stands for it.
    #[must_use]
    pub fn applied_by(&self, index: LogIndex) -> usize {
        self.peers().filter(|peer| self.world.applied(*peer) >= index).count()
    }

    /// Whether so many running peers have applied the entry at an index, and it is this command.
    pub(crate) fn is_agreed(&self, index: LogIndex, command: &Command, on: usize) -> bool {
        self.applied_by(index) >= on && self.court().judge().is_committed(index, command.digest())
    }
}
