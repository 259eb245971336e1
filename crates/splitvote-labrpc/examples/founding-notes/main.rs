//! The design of the notes that this project grew out of, with their bug: "I have multiple leaders winning elections and
//! sending out heartbeats".
//!
//! Elections only, as in the labs' part 3A: a task a peer to send RequestVote, a task for heartbeats, `last_updated`, and a
//! ticker that compares it with the election timeout. It reads well, and passes the labs' tests most of the time. It is judged
//! strictly, so that a vote that is withdrawn fails a run before two leaders come of it.
//!
//! ```console
//! $ cargo run --release -p splitvote-labs --bin founding-notes -- run sim-scenarios/partitions
//! $ cargo run --release -p splitvote-labs --bin founding-notes -- run --raft mended sim-scenarios/lab
//! ```

use std::cell::RefCell;
use std::fmt;
use std::process::ExitCode;
use std::rc::Rc;

use splitvote::Subject;
use splitvote_labrpc::peer::{Features, LocalTime, LogPosition, Meaning, PeerId, Role, Term, View};
use splitvote_labrpc::{
    Answer, Args, ClientEnd, Config, Env, Lab, LabRaft, now, service, sleep, spawn,
};

#[derive(Clone)]
struct Raft(Rc<Inner>);

struct Inner {
    env: Env<Raft>,
    state: RefCell<State>,
}

struct State {
    role: Role,
    term: Term,
    voted_for: Option<PeerId>,
    leader: Option<PeerId>,
    votes: usize,
    last_updated: LocalTime,
}

service! {
    struct Calls for Raft {
        request_vote(RequestVoteArgs) -> RequestVoteReply: "request-vote", "vote-reply";
        append_entries(AppendEntriesArgs) -> AppendEntriesReply: "append-entries", "append-reply";
    }
}

#[derive(Clone, Debug)]
struct RequestVoteArgs {
    term: Term,
    candidate: PeerId,
}

#[derive(Clone, Debug)]
struct RequestVoteReply {
    term: Term,
    vote_granted: bool,
}

#[derive(Clone, Debug)]
struct AppendEntriesArgs {
    term: Term,
    leader: PeerId,
}

#[derive(Clone, Debug)]
struct AppendEntriesReply {
    term: Term,
    success: bool,
}

/// Whether the bug of the notes is mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Notes {
    AsWritten,
    Mended,
}

impl LabRaft for Raft {
    type Service = Calls;
    type State = ();
    type Options = Notes;
    const FEATURES: Features = Features::NONE;

    fn make(env: Env<Self>) -> Self {
        let state = State {
            role: Role::Follower,
            term: 0,
            voted_for: None,
            leader: None,
            votes: 0,
            last_updated: now(),
        };
        let raft = Self(Rc::new(Inner { env, state: RefCell::new(state) }));
        spawn(raft.clone().ticker());
        raft
    }

    fn view(&self) -> View {
        let State { role, term, voted_for, leader, .. } = *self.0.state.borrow();
        View { role, term, voted_for, leader, ..View::NEW }
    }
}

impl Raft {
    async fn ticker(self) {
        loop {
            let timeout = self.0.env.election_timeout();
            let began = now();
            sleep(timeout).await;
            let is_quiet = {
                let state = self.0.state.borrow();
                state.role != Role::Leader && state.last_updated <= began
            };
            if is_quiet {
                self.stand();
            }
        }
    }

    fn stand(&self) {
        let mut state = self.0.state.borrow_mut();
        let me = self.0.env.me();
        state.term += 1;
        (state.role, state.voted_for, state.leader, state.votes) =
            (Role::Candidate, Some(me), None, 1);
        for end in self.0.env.others() {
            spawn(self.clone().ask(end, RequestVoteArgs { term: state.term, candidate: me }));
        }
    }

    /// A task a peer.
    async fn ask(self, end: ClientEnd<Self>, args: RequestVoteArgs) {
        let asked_in = args.term;
        let Ok(reply) = end.call(args).await else { return };
        let mut state = self.0.state.borrow_mut();
        state.heed(reply.term);
        if !reply.vote_granted || state.term != asked_in || state.role != Role::Candidate {
            return;
        }
        state.votes += 1;
        if state.votes >= self.0.env.majority() {
            (state.role, state.leader) = (Role::Leader, Some(self.0.env.me()));
            spawn(self.clone().heartbeats(state.term));
        }
    }

    async fn heartbeats(self, term: Term) {
        let leads = || {
            let state = self.0.state.borrow();
            state.role == Role::Leader && state.term == term
        };
        while leads() {
            for end in self.0.env.others() {
                let (raft, leader) = (self.clone(), self.0.env.me());
                spawn(async move {
                    if let Ok(reply) = end.call(AppendEntriesArgs { term, leader }).await {
                        raft.0.state.borrow_mut().heed(reply.term);
                    }
                });
            }
            sleep(self.0.env.heartbeat_interval()).await;
        }
    }

    async fn request_vote(&self, args: RequestVoteArgs) -> RequestVoteReply {
        let mut state = self.0.state.borrow_mut();
        state.heed(args.term);
        let is_free = state.voted_for.is_none_or(|voted| voted == args.candidate);
        let vote_granted = args.term == state.term && is_free;
        if vote_granted {
            (state.voted_for, state.last_updated) = (Some(args.candidate), now());
        }
        RequestVoteReply { term: state.term, vote_granted }
    }

    async fn append_entries(&self, args: AppendEntriesArgs) -> AppendEntriesReply {
        let mut state = self.0.state.borrow_mut();
        state.heed(args.term);
        let success = args.term == state.term;
        if success {
            // The bug: it becomes a follower, and a follower has not voted yet. In this term it may have.
            if *self.0.env.options() == Notes::AsWritten {
                state.voted_for = None;
            }
            (state.role, state.leader) = (Role::Follower, Some(args.leader));
            state.last_updated = now();
        }
        AppendEntriesReply { term: state.term, success }
    }
}

impl State {
    /// A later term makes a follower of anybody.
    fn heed(&mut self, term: Term) {
        if term > self.term {
            (self.term, self.role, self.voted_for) = (term, Role::Follower, None);
            self.leader = None;
        }
    }
}

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

impl fmt::Display for AppendEntriesArgs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "T{} heartbeat", self.term)
    }
}

impl fmt::Display for AppendEntriesReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "T{} {}", self.term, if self.success { "ok" } else { "no" })
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

impl Args for AppendEntriesArgs {
    fn meaning(&self) -> Meaning {
        Meaning::Append { term: self.term, previous: LogPosition::default(), entries: 0 }
    }
}

impl Answer for AppendEntriesReply {
    fn meaning(&self, _asked: Meaning) -> Meaning {
        Meaning::AppendReply { term: self.term, success: self.success }
    }
}

fn main() -> ExitCode {
    let subject = |name: &str, notes| {
        Subject::<Lab<Raft>>::new(name, move |settings| Config::new(settings, notes)).strict()
    };
    let program = splitvote_cli::Program::new("founding-notes");
    program.raft(subject("notes", Notes::AsWritten)).raft(subject("mended", Notes::Mended)).main()
}
