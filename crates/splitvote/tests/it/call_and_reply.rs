//! The Raft of `examples/call_and_reply.rs`, which is made with `splitvote_peer::calls`, in every scenario that it has
//! the features for. It is judged by what Raft promises, and no checker is switched off.

#[expect(dead_code, reason = "the example is a program, too")]
#[path = "../../examples/call_and_reply.rs"]
mod example;

use example::mine;

splitvote::scenario_tests!(mine(), "../../sim-scenarios");
