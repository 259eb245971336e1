// The Raft of this example: elections only, as in the founding notes, and with their bug.
// It opens with no contract (`//!`), as the documentation of `splitvote` includes it.

use std::{fmt, time::Duration};

use splitvote::prelude::*;

#[derive(Clone, Debug)]
pub(crate) enum Say {
    RequestVote { term: u64 },
    Vote { term: u64, granted: bool },
    Heartbeat { term: u64 },
}
impl fmt::Display for Say {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}
impl Message for Say {
    const KINDS: &'static [&'static str] = &["request-vote", "vote", "heartbeat"];
    fn kind(&self) -> usize {
        match self {
            Say::RequestVote { .. } => 0,
            Say::Vote { .. } => 1,
            Say::Heartbeat { .. } => 2,
        }
    }
    fn meaning(&self) -> Meaning {
        match *self {
            Say::RequestVote { term } => {
                Meaning::VoteRequest { term, last_log: LogPosition::default() }
            }
            Say::Vote { term, granted } => Meaning::VoteReply { term, asked_in: term, granted },
            Say::Heartbeat { term } => {
                Meaning::Append { term, previous: LogPosition::default(), entries: 0 }
            }
        }
    }
}
#[derive(Clone)]
pub(crate) struct NoDisk;
impl Record for NoDisk {
    const TELLS_BALLOTS: bool = false;
    fn meaning(&self) -> Durable {
        Durable::Other
    }
}

pub(crate) struct MyRaft {
    me: PeerId,
    timing: Timing,
    view: View,
    votes: PeerSet,
    alarm: LocalTime,
}

impl MyRaft {
    fn reset_timer(&mut self, cx: &mut Context<'_, Self>) {
        let Timing { election_timeout_min: min, election_timeout_max: max, .. } = self.timing;
        self.alarm = cx.now() + cx.election_timeout(min, max);
    }
    /// The bug of the notes: converting to follower resets the vote, also within a term.
    fn become_follower(&mut self, term: u64) {
        (self.view.role, self.view.term, self.view.voted_for) = (Role::Follower, term, None);
    }
    fn tell_all(&mut self, say: &Say, wait: Duration, cx: &mut Context<'_, Self>) {
        cx.others().for_each(|peer| cx.send(peer, say.clone(), 9));
        self.alarm = cx.now() + wait;
    }
}

impl Peer for MyRaft {
    type Message = Say;
    type Record = NoDisk;
    type Config = Timing;
    // What it has besides elections: it answers when it refuses a vote, and hears candidates out.
    const FEATURES: Features = Features::of(&[Feature::Refusals, Feature::HeedsCandidates]);

    fn boot(me: PeerId, timing: &Timing, cx: &mut Context<'_, Self>) -> Self {
        let (timing, alarm) = (timing.clone(), LocalTime::default());
        let mut raft = Self { me, timing, view: View::NEW, votes: PeerSet::EMPTY, alarm };
        raft.reset_timer(cx);
        raft
    }
    fn step(&mut self, input: Input<'_, Say>, cx: &mut Context<'_, Self>) {
        let me = self.me;
        match input {
            Input::Wake if self.view.role == Role::Leader => {
                self.tell_all(
                    &Say::Heartbeat { term: self.view.term },
                    self.timing.heartbeat_interval,
                    cx,
                );
            }
            Input::Wake => {
                let term = self.view.term + 1;
                self.view = View { role: Role::Candidate, term, voted_for: Some(me), ..self.view };
                self.votes = PeerSet::from_iter([me]);
                self.tell_all(&Say::RequestVote { term }, Duration::ZERO, cx);
                self.reset_timer(cx);
            }
            Input::Message { from, message: &Say::RequestVote { term } } => {
                if term > self.view.term {
                    self.become_follower(term);
                }
                let granted =
                    term == self.view.term && self.view.voted_for.is_none_or(|vote| vote == from);
                if granted {
                    self.view.voted_for = Some(from);
                    self.reset_timer(cx);
                }
                cx.send(from, Say::Vote { term, granted }, 10);
            }
            Input::Message { from, message: &Say::Vote { term, granted: true } }
                if term == self.view.term =>
            {
                self.votes.insert(from);
                if self.view.role == Role::Candidate
                    && Configuration::simple(cx.cluster_size()).has_quorum(self.votes)
                {
                    self.view.role = Role::Leader;
                    self.tell_all(&Say::Heartbeat { term }, self.timing.heartbeat_interval, cx);
                }
            }
            Input::Message { message: &Say::Heartbeat { term }, .. } if term >= self.view.term => {
                self.become_follower(term);
                self.reset_timer(cx);
            }
            _ => {}
        }
    }
    fn next_wake(&self) -> Option<LocalTime> {
        Some(self.alarm)
    }
    fn view(&self) -> View {
        self.view
    }
    fn entry(&self, _: LogIndex) -> Option<EntryId> {
        None
    }
}
