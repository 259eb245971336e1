//! What a Raft's peers call on each other, in types.
//!
//! A name that no handler has, or a reply of another type, does not compile: where Go's labrpc ends the process,
//! there is nothing to do here.

use std::fmt;
use std::future::Future;

use splitvote_peer::{Meaning, PeerId};

/// What a call carries. Its `Display` is what a replay prints: a few words, such as `T3 log 2@1`.
pub trait Args: Clone + fmt::Display + 'static {
    /// What it says in the paper's terms, so that it can be judged.
    fn meaning(&self) -> Meaning {
        Meaning::Other
    }

    /// Its size on the wire, for what the labs count in bytes.
    fn bytes(&self) -> usize {
        size_of::<Self>()
    }
}

/// What the handler of a call returns.
pub trait Answer: Clone + fmt::Display + 'static {
    /// What it says in the paper's terms, given what the call asked.
    fn meaning(&self, asked: Meaning) -> Meaning {
        let _ = asked;
        Meaning::Other
    }

    /// Its size on the wire.
    fn bytes(&self) -> usize {
        size_of::<Self>()
    }
}

/// The calls that peers of a Raft make on each other. [`crate::service!`] writes it.
pub trait Service: 'static {
    /// Any of the calls.
    type Request: Clone + 'static;
    /// Any of the replies.
    type Reply: Clone + 'static;
    /// Who handles them.
    type Handler: 'static;
    /// The names of the calls, and behind them those of the replies in the same order.
    const KINDS: &'static [&'static str];

    /// Which of the names a call has.
    fn kind(request: &Self::Request) -> usize;
    /// Which of the names a reply has.
    fn reply_kind(reply: &Self::Reply) -> usize;
    /// The call, to be asked what it means.
    fn meaning(request: &Self::Request) -> Meaning;
    /// What a reply means.
    fn reply_meaning(reply: &Self::Reply, asked: Meaning) -> Meaning;
    /// The size of a call.
    fn bytes(request: &Self::Request) -> usize;
    /// The size of a reply.
    fn reply_bytes(reply: &Self::Reply) -> usize;
    /// Prints a call.
    ///
    /// # Errors
    /// Those of the formatter.
    fn print(request: &Self::Request, f: &mut fmt::Formatter<'_>) -> fmt::Result;
    /// Prints a reply.
    ///
    /// # Errors
    /// Those of the formatter.
    fn print_reply(reply: &Self::Reply, f: &mut fmt::Formatter<'_>) -> fmt::Result;
    /// Has a call handled.
    fn handle(
        handler: &Self::Handler,
        from: PeerId,
        request: Self::Request,
    ) -> impl Future<Output = Self::Reply>;
}

/// What can be called in a service: its type says which handler it is for, and what that returns.
pub trait CallOf<S: Service>: Args {
    /// What the handler returns.
    type Reply: Answer;
    /// The call as one of all of the service.
    fn wrap(self) -> S::Request;
    /// The reply, if it is one to this call.
    fn unwrap(reply: &S::Reply) -> Option<&Self::Reply>;
}

/// Names the calls of a Raft, and who handles them.
///
/// Each line names a handler of the Raft with its arguments and its reply, and how scenarios and replays call the two.
/// `request-vote`, `vote-reply`, `append-entries`, `append-reply`, `install-snapshot` and `install-reply` are what
/// scenario files aim at.
///
/// ```
/// # use splitvote_labrpc::{Answer, Args};
/// # #[derive(Clone, Debug)]
/// # struct Ask;
/// # #[derive(Clone, Debug)]
/// # struct Vote;
/// # impl std::fmt::Display for Ask {
/// #     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str("ask") }
/// # }
/// # impl std::fmt::Display for Vote {
/// #     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str("vote") }
/// # }
/// # impl Args for Ask {}
/// # impl Answer for Vote {}
/// struct MyRaft;
///
/// impl MyRaft {
///     async fn request_vote(&self, args: Ask) -> Vote {
///         Vote
///     }
/// }
///
/// splitvote_labrpc::service! {
///     /// The calls of Figure 2.
///     struct Calls for MyRaft {
///         request_vote(Ask) -> Vote: "request-vote", "vote-reply";
///     }
/// }
/// ```
///
/// Each call that arrives is a task of its own, so handlers run beside each other wherever they await. A name that no
/// handler has does not compile, nor does a handler that returns something else:
///
/// ```compile_fail
/// # use splitvote_labrpc::{Answer, Args};
/// # #[derive(Clone, Debug)]
/// # struct Ask;
/// # #[derive(Clone, Debug)]
/// # struct Vote;
/// # impl std::fmt::Display for Ask {
/// #     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str("ask") }
/// # }
/// # impl std::fmt::Display for Vote {
/// #     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str("vote") }
/// # }
/// # impl Args for Ask {}
/// # impl Answer for Vote {}
/// # struct MyRaft;
/// # impl MyRaft {
/// #     async fn request_vote(&self, args: Ask) -> Vote {
/// #         Vote
/// #     }
/// # }
/// splitvote_labrpc::service! {
///     struct Calls for MyRaft {
///         request_votes(Ask) -> Vote: "request-vote", "vote-reply";
///     }
/// }
/// ```
#[macro_export]
macro_rules! service {
    (
        $(#[$attribute:meta])*
        $visibility:vis struct $service:ident for $raft:ty {
            $($handler:ident($args:ty) -> $reply:ty: $kind:literal, $reply_kind:literal;)+
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug)]
        $visibility struct $service;

        const _: () = {
            /// Any of the calls.
            #[derive(Clone)]
            #[allow(non_camel_case_types, missing_docs)]
            pub enum Request { $($handler($args)),+ }

            /// Any of the replies.
            #[derive(Clone)]
            #[allow(non_camel_case_types, missing_docs)]
            pub enum Reply { $($handler($reply)),+ }

            #[allow(non_camel_case_types)]
            #[derive(Clone, Copy)]
            enum Place { $($handler),+ }

            impl $crate::Service for $service {
                type Request = Request;
                type Reply = Reply;
                type Handler = $raft;
                const KINDS: &'static [&'static str] = &[$($kind,)+ $($reply_kind,)+];

                fn kind(request: &Request) -> usize {
                    match request { $(Request::$handler(_) => Place::$handler as usize),+ }
                }
                fn reply_kind(reply: &Reply) -> usize {
                    let place = match reply { $(Reply::$handler(_) => Place::$handler as usize),+ };
                    Self::KINDS.len() / 2 + place
                }
                fn meaning(request: &Request) -> $crate::peer::Meaning {
                    match request { $(Request::$handler(args) => $crate::Args::meaning(args)),+ }
                }
                fn reply_meaning(
                    reply: &Reply,
                    asked: $crate::peer::Meaning,
                ) -> $crate::peer::Meaning {
                    match reply { $(Reply::$handler(reply) => $crate::Answer::meaning(reply, asked)),+ }
                }
                fn bytes(request: &Request) -> usize {
                    match request { $(Request::$handler(args) => $crate::Args::bytes(args)),+ }
                }
                fn reply_bytes(reply: &Reply) -> usize {
                    match reply { $(Reply::$handler(reply) => $crate::Answer::bytes(reply)),+ }
                }
                fn print(request: &Request, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    match request { $(Request::$handler(args) => write!(f, "{} {args}", $kind)),+ }
                }
                fn print_reply(reply: &Reply, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    match reply { $(Reply::$handler(reply) => write!(f, "{} {reply}", $reply_kind)),+ }
                }
                async fn handle(
                    handler: &$raft,
                    from: $crate::peer::PeerId,
                    request: Request,
                ) -> Reply {
                    let _ = from;
                    match request {
                        $(Request::$handler(args) => Reply::$handler(handler.$handler(args).await)),+
                    }
                }
            }

            $(
                impl $crate::CallOf<$service> for $args {
                    type Reply = $reply;
                    fn wrap(self) -> Request { Request::$handler(self) }
                    #[allow(unreachable_patterns)]
                    fn unwrap(reply: &Reply) -> Option<&$reply> {
                        match reply { Reply::$handler(reply) => Some(reply), _ => None }
                    }
                }
            )+
        };
    };
}
