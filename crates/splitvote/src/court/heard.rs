//! What the message that is being handled demands of its receiver, and what it changes in a
//! leader's account of its followers.

use splitvote_check::Loyalty;
use splitvote_peer::{LogIndex, LogPosition, PeerId, Progress, Term, View};

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
