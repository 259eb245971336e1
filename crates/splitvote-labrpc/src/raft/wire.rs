//! Calls and replies as messages of the harness.

use std::fmt;

use splitvote_peer::{Meaning, Message};

use super::Service;

/// A call or a reply on its way.
pub enum Wire<S: Service> {
    /// A call of the labs' network.
    Request(S::Request),
    /// A reply, and what it means, given what was asked.
    Reply(S::Reply, Meaning),
}

impl<S: Service> Clone for Wire<S> {
    fn clone(&self) -> Self {
        match self {
            Self::Request(request) => Self::Request(request.clone()),
            Self::Reply(reply, meaning) => Self::Reply(reply.clone(), *meaning),
        }
    }
}

impl<S: Service> fmt::Display for Wire<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(request) => S::print(request, f),
            Self::Reply(reply, _) => S::print_reply(reply, f),
        }
    }
}

impl<S: Service> fmt::Debug for Wire<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<S: Service> Message for Wire<S> {
    const KINDS: &'static [&'static str] = S::KINDS;

    fn kind(&self) -> usize {
        match self {
            Self::Request(request) => S::kind(request),
            Self::Reply(reply, _) => S::reply_kind(reply),
        }
    }

    fn meaning(&self) -> Meaning {
        match self {
            Self::Request(request) => S::meaning(request),
            Self::Reply(_, meaning) => *meaning,
        }
    }
}
