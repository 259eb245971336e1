//! Raft, to be written: the steps of the labs are in `main.rs`.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use splitvote_labrpc::peer::{Features, LogPosition, Meaning, PeerId, Role, Term, View};
use splitvote_labrpc::{Answer, Args, Env, LabRaft, service, sleep, spawn};

/// A peer. A clone is a handle of the same one.
#[derive(Clone)]
pub struct Raft(Rc<Inner>);

struct Inner {
    /// The world: `me`, the `ends` to all peers, the persister, timeouts.
    env: Env<Raft>,
    state: RefCell<State>,
}

/// Figure 2, State.
struct State {
    role: Role,
    current_term: Term,
    voted_for: Option<PeerId>,
}

service! {
    /// What peers call on each other. Add `append_entries`.
    pub struct Calls for Raft {
        request_vote(RequestVoteArgs) -> RequestVoteReply: "request-vote", "vote-reply";
    }
}

/// Figure 2, RequestVote RPC, arguments. Add what is missing.
#[derive(Clone, Debug)]
pub struct RequestVoteArgs {
    term: Term,
}

/// Figure 2, RequestVote RPC, results.
#[derive(Clone, Debug)]
pub struct RequestVoteReply {
    term: Term,
    vote_granted: bool,
}

impl LabRaft for Raft {
    type Service = Calls;
    type State = ();
    type Options = ();
    const FEATURES: Features = Features::NONE;

    fn make(env: Env<Self>) -> Self {
        let state = State { role: Role::Follower, current_term: 0, voted_for: None };
        let raft = Self(Rc::new(Inner { env, state: RefCell::new(state) }));
        spawn(raft.clone().ticker());
        raft
    }

    fn view(&self) -> View {
        let state = self.0.state.borrow();
        let (role, term, voted_for) = (state.role, state.current_term, state.voted_for);
        View { role, term, voted_for, ..View::NEW }
    }
}

impl Raft {
    /// Looks from time to time whether an election is due.
    async fn ticker(self) {
        loop {
            sleep(self.0.env.election_timeout()).await;
            // Your code here (3A). Call the others like this:
            //     for end in self.0.env.others() {
            //         let raft = self.clone();
            //         // It leaves here, where the term is still the one that was looked at.
            //         let call = end.call(RequestVoteArgs { term });
            //         spawn(async move {
            //             let Ok(reply) = call.await else { return };
            //             // Is this still the election that asked?
            //         });
            //     }
        }
    }

    /// The handler of RequestVote.
    async fn request_vote(&self, args: RequestVoteArgs) -> RequestVoteReply {
        // Your code here (3A).
        let term = self.0.state.borrow().current_term.max(args.term);
        RequestVoteReply { term, vote_granted: false }
    }
}

// What a replay prints of a call, and what it means to the checkers.
impl fmt::Display for RequestVoteArgs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "T{}", self.term)
    }
}

impl fmt::Display for RequestVoteReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "T{} {}", self.term, if self.vote_granted { "yes" } else { "no" })
    }
}

impl Args for RequestVoteArgs {
    fn meaning(&self) -> Meaning {
        Meaning::VoteRequest { term: self.term, last_log: LogPosition::default() }
    }
}

impl Answer for RequestVoteReply {
    fn meaning(&self, asked: Meaning) -> Meaning {
        let asked_in = asked.term().unwrap_or(self.term);
        Meaning::VoteReply { term: self.term, asked_in, granted: self.vote_granted }
    }
}
