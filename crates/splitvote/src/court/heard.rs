//! What the message that is being handled demands of its receiver, and what it changes in a
//! leader's account of its followers.

use splitvote_check::{Loyalty, Observation};
use splitvote_peer::{LogIndex, LogPosition, Peer, PeerId, Progress, SimTime, Term, View};

use super::Court;
use crate::trace::What;

/// What the message that is being handled demands of its receiver.
#[derive(Clone, Debug)]
pub(super) enum Heard {
    HigherTerm {
        from: PeerId,
        heard: Term,
        /// Whether the receiver may leave it aside, as it follows a leader.
        may_disregard: bool,
        /// Why it must, if so.
        loyalty: Option<Loyalty>,
    },
    PreVote {
        from: PeerId,
        asked_for: Term,
        last_log: LogPosition,
        before: View,
    },
    Leader {
        from: PeerId,
        term: Term,
        before: View,
    },
    /// A reply of a follower: the leader may know more of its log now.
    Follower {
        from: PeerId,
    },
}

/// No leader's account: whoever sends from here on has sent all that there is.
const NOTHING_KNOWN: Progress = Progress { matched: LogIndex::MAX, next: LogIndex::MAX };

/// What each leader was last seen to know of each follower, so that only news is judged.
#[derive(Clone, Debug)]
pub(super) struct Accounts {
    cluster_size: usize,
    /// A row a leader; empty until the first leader gives account.
    last: Vec<Progress>,
}

impl Accounts {
    pub(super) fn new(cluster_size: usize) -> Self {
        Self { cluster_size, last: Vec::new() }
    }

    /// Notes an account; whether it is news.
    #[inline]
    pub(super) fn is_news(&mut self, leader: PeerId, follower: PeerId, progress: Progress) -> bool {
        if self.last.is_empty() {
            self.last.resize(self.cluster_size * self.cluster_size, NOTHING_KNOWN);
        }
        let place = leader.index() * self.cluster_size + follower.index();
        let Some(last) = self.last.get_mut(place) else { return false };
        let is_news = *last != progress;
        *last = progress;
        is_news
    }
}

impl Court {
    /// What a peer makes of a message that demands something of it.
    #[cold]
    pub(super) fn heeded(&mut self, at: SimTime, peer: PeerId, after: &View) {
        let after = *after;
        let observation = match self.heard.take() {
            Some(Heard::HigherTerm { from, heard, may_disregard: true, .. })
                if after.term < heard =>
            {
                let (candidate, voter, term) = (from, peer, heard);
                Observation::VoteRequestDisregarded { candidate, voter, term }
            }
            Some(Heard::HigherTerm { from, heard, loyalty, .. }) => {
                if let Some(loyalty) = loyalty {
                    self.judge.heeds_request(at, (peer, from, heard), loyalty);
                }
                Observation::HigherTermHeard { peer, from, heard, after }
            }
            Some(Heard::PreVote { from, asked_for, last_log, before }) => {
                let (asker, voter) = (from, peer);
                Observation::PreVoteHandled { asker, voter, asked_for, last_log, before, after }
            }
            Some(Heard::Leader { from, term, before }) => {
                Observation::LeaderHeard { peer, from, term, before, after }
            }
            Some(Heard::Follower { .. }) | None => return,
        };
        self.judge.observe(at, &observation);
    }

    /// What a leader makes of a follower's reply. Mostly it learns nothing new.
    #[inline(always)]
    pub(super) fn heard_of<P: Peer>(
        &mut self,
        at: SimTime,
        leader: PeerId,
        follower: PeerId,
        raft: &P,
    ) {
        if let Some(progress) = raft.progress(follower)
            && self.accounts.is_news(leader, follower, progress)
        {
            self.learned(at, leader, follower, progress);
        }
    }

    #[inline(never)]
    fn learned(&mut self, at: SimTime, leader: PeerId, follower: PeerId, progress: Progress) {
        self.note(at, || What::Progress { leader, follower, progress });
        self.judge.observe(at, &Observation::Progress { leader, follower, progress });
    }
}
