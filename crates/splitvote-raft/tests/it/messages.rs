//! What messages say of themselves: a few words, their size, and their meaning in the paper's terms.
use crate::driver::*;
use splitvote_peer::{Meaning, Message as _};
use splitvote_raft::{Chunk, Message};

fn examples() -> Vec<(Message, &'static str, u32)> {
    let snapshot = snapshot(at(20, 2), 100);
    let install = |offset| Message::InstallSnapshot {
        term: 3,
        chunk: Chunk::of(&snapshot, offset, 60).into(),
    };
    let reply = |through, received, installed| Message::InstallSnapshotReply {
        term: 3,
        through,
        received,
        installed,
    };
    let append = Message::AppendEntries {
        term: 3,
        previous: at(5, 2),
        commit: 4,
        entries: entries(&[3; 3]),
    };
    vec![
        (Message::RequestVote { term: 3, last_log: at(2, 1) }, "RequestVote T3 log 2@1", 24),
        (vote(3, 3, true), "vote granted T3", 17),
        (vote(3, 3, false), "vote refused T3", 17),
        (vote(5, 3, false), "vote refused T3, now T5", 17),
        (Message::heartbeat(3, at(2, 1), 0), "heartbeat T3", 32),
        (append, "AppendEntries T3 5@2 +3 commit 4", 32 + 3 * (16 + 8)),
        (append_ok(3, 8), "append ok T3 to 8", 17),
        (conflict(3, 5, 4, 2), "append refused T3 at 5, try 4@2", 33),
        (beat_refused(3), "append refused T3", 9),
        (install(0), "InstallSnapshot T3 through 20@2 from byte 0", 33 + 60),
        (install(60), "InstallSnapshot T3 through 20@2 from byte 60, last part", 33 + 40),
        (reply(20, 60, false), "snapshot T3 through 20, has 60 bytes", 25),
        (reply(20, 0, true), "snapshot installed T3 through 20", 25),
        (reply(0, 0, false), "snapshot refused T3", 25),
        (Message::PreVote { asked_for: 3, last_log: at(2, 1) }, "PreVote T3 log 2@1", 24),
        (pre_vote_reply(2, 3, true), "pre-vote granted T3", 17),
        (pre_vote_reply(2, 3, false), "pre-vote refused T3", 17),
        (pre_vote_reply(5, 3, false), "pre-vote refused T3, now T5", 17),
    ]
}

#[test]
fn messages_print_in_a_few_words_and_state_their_size() {
    for (message, text, bytes) in examples() {
        assert_eq!(message.to_string(), text);
        assert_eq!(message.bytes(), bytes, "{text}");
    }
}

#[test]
fn every_kind_has_its_name_and_meaning() {
    let named = |message: &Message| match message.meaning() {
        Meaning::VoteRequest { .. } => "request-vote",
        Meaning::VoteReply { .. } => "vote-reply",
        Meaning::Append { .. } => "append-entries",
        Meaning::AppendReply { .. } => "append-reply",
        Meaning::InstallSnapshot { .. } => "install-snapshot",
        Meaning::InstallReply { .. } => "install-reply",
        Meaning::PreVote { .. } => "pre-vote",
        Meaning::PreVoteReply { .. } => "pre-vote-reply",
        Meaning::Other => "other",
    };
    let mut seen = std::collections::BTreeSet::new();
    for (message, text, _) in examples() {
        assert_eq!(Message::KINDS[message.kind()], named(&message), "{text}");
        seen.insert(message.kind());
    }
    assert_eq!(seen.len(), Message::KINDS.len());
}

#[test]
fn meanings_tell_what_checkers_ask_for() {
    let append = |terms| Message::AppendEntries {
        term: 3,
        previous: at(5, 2),
        commit: 4,
        entries: entries(terms),
    };
    let meaning = Meaning::Append { term: 3, previous: at(5, 2), entries: 2 };
    assert_eq!(append(&[3, 3]).meaning(), meaning);
    let success =
        |message: Message| message.meaning() == Meaning::AppendReply { term: 3, success: true };
    assert!(success(append_ok(3, 1)));
    assert!(!success(conflict(3, 1, 1, 0)) && !success(beat_refused(3)));
}
