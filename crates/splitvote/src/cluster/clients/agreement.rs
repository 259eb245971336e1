//! The lab's `one`: brings the cluster to agree on one command.
//!
//! Within ten seconds, as the lab does it, or fifteen of the longest election timeouts if these are longer, or as long
//! as is stated: ask the connected peers in turn until one takes the command for the leader; then look every 20 ms, for
//! two seconds or three of the longest election timeouts, whether enough peers have applied it. If not, ask again, if
//! that is allowed. One command may so be committed twice.

use std::time::Duration;

use splitvote_peer::{Command, LogIndex, Peer, PeerId, ProposalAnswer, RequestId, SimTime};

use super::super::acts::Bookmark;
use super::{Client, Cluster};
use crate::act::{Act, Seek};
use crate::failure::Failure;
use crate::trace::CommandText;

/// How long the whole may take at least.
const WITHIN: Duration = Duration::from_secs(10);
/// How many of the longest election timeouts the whole may take. With those of the lab that is less than 10 s.
const TIMEOUTS: u32 = 15;
/// How long one proposal may take at least before the next.
const PATIENCE: Duration = Duration::from_secs(2);
/// How many of the longest election timeouts one proposal may take. With those of the lab that is less than 2 s.
const PATIENCE_TIMEOUTS: u32 = 3;
/// How often the client looks.
const LOOK: Duration = Duration::from_millis(20);
/// How long the client waits when no peer leads.
const PAUSE: Duration = Duration::from_millis(50);

/// A client that seeks an agreement.
#[derive(Clone, Debug)]
pub(crate) struct Agreement {
    command: Command,
    seek: Seek,
    within: Duration,
    /// How long one proposal may take.
    patience: Duration,
    until: SimTime,
    pub(super) acts_at: SimTime,
    /// Where it stands in the diary, if it is sought in the background.
    began: Option<Bookmark>,
    /// Whom to ask next.
    next: usize,
    /// The proposal that is under way.
    proposal: Option<Proposal>,
}

#[derive(Clone, Copy, Debug)]
struct Proposal {
    to: PeerId,
    request: RequestId,
    /// Where the command stands, once the leader has said so.
    index: Option<LogIndex>,
    until: SimTime,
}

/// `10 s`, if it is whole.
pub(crate) fn seconds(time: Duration) -> String {
    if time.subsec_nanos() == 0 { format!("{} s", time.as_secs()) } else { format!("{time:?}") }
}

impl Agreement {
    fn new<P: Peer>(
        cluster: &Cluster<P>,
        command: Command,
        seek: Seek,
        began: Option<Bookmark>,
    ) -> Self {
        let now = cluster.now();
        let within = seek.within.unwrap_or_else(|| cluster.at_least(WITHIN, TIMEOUTS));
        let patience = match seek.within {
            // What is proposed once has all the time that is stated.
            Some(within) if !seek.retry => within,
            _ => cluster.at_least(PATIENCE, PATIENCE_TIMEOUTS),
        };
        let until = now + within;
        Self {
            command,
            seek,
            within,
            patience,
            until,
            acts_at: now,
            began,
            next: 0,
            proposal: None,
        }
    }

    /// What failed in the background is written down as begun: what the client proposed, it will propose again.
    pub(super) fn give_up<P: Peer>(&self, cluster: &mut Cluster<P>) {
        if let Some(bookmark) = self.began {
            cluster.forget_proposals_of(&self.command);
            cluster.write_down_at(bookmark, Act::Agree(self.seek));
            cluster.gave_up_in_background = true;
        }
    }

    /// One look or one round of proposals; the index once the cluster has agreed.
    ///
    /// # Errors
    /// If that takes too long.
    pub(super) fn act<P: Peer>(
        &mut self,
        cluster: &mut Cluster<P>,
    ) -> Result<Option<LogIndex>, Failure> {
        let now = cluster.now();
        let was_asked = self.proposal.is_some();
        if let Some(index) = self.look(cluster) {
            return Ok(Some(index));
        }
        if self.proposal.is_some_and(|proposal| now >= proposal.until) {
            if !self.seek.retry {
                let patience = seconds(self.patience);
                return Err(self.failed(cluster, &format!("within {patience} of the proposal")));
            }
            self.proposal = None;
        }
        if was_asked && self.proposal.is_none() && now < self.until {
            // It was refused late, or nothing came of it: somebody else may lead soon.
            self.acts_at = now + PAUSE;
            return Ok(None);
        }
        if now >= self.until {
            return Err(self.failed(cluster, &format!("within {}", seconds(self.within))));
        }
        self.acts_at = if self.proposal.is_some() {
            now + LOOK
        } else if self.ask(cluster) {
            // What takes no time is done at this very instant, after all that waits in the queue.
            now
        } else {
            now + PAUSE
        };
        Ok(None)
    }

    /// Where the command stands, if enough peers have applied it.
    fn look<P: Peer>(&mut self, cluster: &Cluster<P>) -> Option<LogIndex> {
        let proposal = self.proposal.as_mut()?;
        if proposal.index.is_none() {
            match cluster.court().answer_to(proposal.request) {
                Some(ProposalAnswer::Accepted { index, .. }) => proposal.index = Some(*index),
                Some(ProposalAnswer::Redirect { .. }) => {
                    self.proposal = None;
                    return None;
                }
                None => return None,
            }
        }
        let index = proposal.index?;
        cluster.is_agreed(index, &self.command, self.seek.on).then_some(index)
    }

    /// Asks the connected peers in turn until one does not refuse at once; whether there is one.
    fn ask<P: Peer>(&mut self, cluster: &mut Cluster<P>) -> bool {
        let size = cluster.world().cluster_size();
        for _ in 0..size {
            let to = PeerId((self.next % size) as u8);
            self.next += 1;
            if !cluster.world().is_connected(to) {
                continue;
            }
            let Some(request) = cluster.propose_only(to, &self.command) else { continue };
            let answer = cluster.court().answer_to(request);
            if matches!(answer, Some(ProposalAnswer::Redirect { .. })) {
                continue;
            }
            let until = cluster.now() + self.patience;
            self.proposal = Some(Proposal { to, request, index: None, until });
            return true;
        }
        false
    }

    fn failed<P: Peer>(&self, cluster: &Cluster<P>, when: &str) -> Failure {
        let text = CommandText::from(&self.command).text;
        let text: String = text.trim().chars().take(20).collect();
        let state = match self.proposal {
            None => "no connected peer took it for the leader".to_owned(),
            Some(Proposal { to, index: None, .. }) => format!("{to} has not answered"),
            Some(Proposal { to, index: Some(index), .. }) => {
                let applied = cluster.applied_by(index);
                let is_it = cluster.court().judge().is_committed(index, self.command.digest());
                let what = if is_it || applied == 0 { "" } else { ", but another command" };
                format!("{to} took it at index {index}, which {applied} peers have applied{what}")
            }
        };
        let sentence = format!(
            "command {text} was to be applied on {} peers {when}: {state}; {}",
            self.seek.on,
            cluster.summary()
        );
        cluster.unmet(true, sentence, self.proposal.iter().map(|proposal| proposal.to).collect())
    }
}

/// Whether a client proposes its command again if it is not applied within two seconds, as when its
/// leader is deposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// It proposes the command once, and fails.
    No,
    /// It proposes the command again, and may so be applied twice.
    Yes,
}

impl<P: Peer> Cluster<P> {
    /// The lab's `one`: proposes a command until so many running peers have applied it, for ten
    /// seconds at most; the index at which it stands.
    ///
    /// # Errors
    /// If that takes too long, or if a safety property is violated meanwhile.
    pub fn agree(&mut self, command: &[u8], on: usize, retry: Retry) -> Result<LogIndex, Failure> {
        let seek = Seek { on, retry: retry == Retry::Yes, bytes: command.len(), within: None };
        self.agree_on(Command::new(command), seek)
    }

    pub(crate) fn agree_on(&mut self, command: Command, seek: Seek) -> Result<LogIndex, Failure> {
        let mut agreement = Agreement::new(self, command, seek, None);
        loop {
            if let Some(index) = agreement.act(self)? {
                return Ok(index);
            }
            let pause = agreement.acts_at.since(self.now());
            self.run_for(pause)?;
        }
    }

    /// The same, while the test goes on; [`Self::join`] waits for it.
    pub(crate) fn agree_in_background(&mut self, command: Command, seek: Seek) {
        let began = Some(self.bookmark());
        let agreement = Agreement::new(self, command, seek, began);
        self.employ(Client::Agreement(agreement));
    }

    /// Waits for all agreements in the background.
    ///
    /// # Errors
    /// If one of them takes too long, or if a safety property is violated meanwhile.
    pub(crate) fn join(&mut self) -> Result<(), Failure> {
        while self.seeks_agreement() {
            self.run_for(LOOK)?;
        }
        Ok(())
    }
}
