//! Whether a follower answers at all (paper, section 5.5: "RPCs sent to it will fail").
//!
//! Raft retries "indefinitely", but entries and parts of snapshots are not shouted at a server that
//! is down: once they have gone unanswered, only heartbeats are sent until one is answered. What
//! counts is an answer to something later than what is missing:
//! 1. Suppose a round trip takes five heartbeat intervals, and entries leave.
//! 2. An interval later they are taken for lost, and the answer to an older heartbeat arrives.
//! 3. If that counted, the entries would be sent again with every interval of the five.

/// What is known of a follower's presence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Silence {
    /// It answers, as far as is known.
    #[default]
    None,
    /// One load was reported lost since it last answered: it is sent once more.
    OneLost,
    /// It has not answered this call, nor any that was made later.
    Since(u64),
}

impl Silence {
    /// The network reports that a call with entries or a part of a snapshot was lost.
    pub(crate) fn lost(&mut self, call: u64) {
        *self = if *self == Self::None { Self::OneLost } else { self.since(call) };
    }

    /// A call with entries or a part of a snapshot was not answered in time.
    pub(crate) fn unanswered(&mut self, call: u64) {
        *self = self.since(call);
    }

    fn since(self, call: u64) -> Self {
        match self {
            Self::Since(earlier) => Self::Since(call.max(earlier)),
            Self::None | Self::OneLost => Self::Since(call),
        }
    }

    /// A call is answered. True if that ends a silence.
    #[inline]
    pub(crate) fn broken_by(&mut self, call: u64, is_news: bool) -> bool {
        match *self {
            Self::None => false,
            Self::Since(missing) if call < missing && !is_news => false,
            _ => {
                let was_silent = *self != Self::OneLost;
                *self = Self::None;
                was_silent
            }
        }
    }

    /// Whether only heartbeats are sent.
    #[inline]
    pub(crate) fn is_silent(self) -> bool {
        matches!(self, Self::Since(_))
    }
}
