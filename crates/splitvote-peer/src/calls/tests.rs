//! A peer that keeps its calls and answers, step by step.

use std::fmt;
use std::time::Duration;

use super::{AtMostOnce, Calls};
use crate::{
    CallId, Context, Durable, Effect, EntryId, Features, Input, Leg, LocalTime, LogIndex, Meaning,
    Message, Peer, PeerId, Record, RpcError, SyncId, Term, TestBench, View,
};

#[derive(Clone, Debug, PartialEq, Eq)]
enum Say {
    Ask,
    /// The term of the answer, and how often something was executed so far.
    Answer(Term, u32),
    /// Raises the term, and has no answer.
    Term(Term),
}

impl Message for Say {
    const KINDS: &'static [&'static str] = &["say"];
    fn kind(&self) -> usize {
        0
    }
    fn meaning(&self) -> Meaning {
        Meaning::Other
    }
}

impl fmt::Display for Say {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

#[derive(Clone, Debug)]
struct Note;

impl Record for Note {
    fn meaning(&self) -> Durable {
        Durable::Other
    }
}

/// Executes what it is asked once: it writes a note, and answers when it is durable. Woken, it calls both others.
struct Clerk {
    term: Term,
    executed: u32,
    calls: Calls<Say, &'static str>,
    once: AtMostOnce<Say>,
    heard: Vec<Option<&'static str>>,
}

impl Peer for Clerk {
    type Message = Say;
    type Record = Note;
    type Config = ();
    const FEATURES: Features = Features::NONE;

    fn boot(_: PeerId, (): &(), _: &mut Context<'_, Self>) -> Self {
        let (calls, once) = (Calls::default(), AtMostOnce::remembering(8));
        Self { term: 1, executed: 0, calls, once, heard: Vec::new() }
    }

    fn step(&mut self, input: Input<'_, Say>, cx: &mut Context<'_, Self>) {
        let term = self.term;
        match input {
            Input::Wake => {
                self.calls.persist(Note, cx);
                for (to, context) in [(PeerId(1), "first"), (PeerId(2), "second")] {
                    self.calls.call(to, term, Say::Ask, 8, context, cx);
                }
            }
            Input::Request { call, .. } => {
                if self.once.is_new(call, term, &mut self.calls, cx) {
                    self.executed += 1;
                    self.calls.persist(Note, cx);
                    let answer = (Say::Answer(term, self.executed), 9);
                    self.once.reply(call, term, answer, &mut self.calls, cx);
                }
            }
            Input::Reply { call, .. } => self.heard.push(self.calls.replied(call)),
            Input::Message { message: Say::Term(term), .. } => self.term = *term,
            Input::Synced(sync) => self.calls.synced(sync, term, cx),
            Input::Message { .. } | Input::Propose { .. } | Input::Snapshot(_) => {}
        }
    }

    fn next_wake(&self) -> Option<LocalTime> {
        self.calls.oldest().map(|since| since + Duration::from_millis(50))
    }
    fn view(&self) -> View {
        View::NEW
    }
    fn entry(&self, _: LogIndex) -> Option<EntryId> {
        None
    }
}

fn clerk() -> (TestBench<Clerk>, Clerk) {
    let mut bench = TestBench::new(PeerId(0), 3);
    let (clerk, _) = bench.boot(&());
    (bench, clerk)
}

fn call(number: u64) -> CallId {
    CallId { number, boot: 1, caller: PeerId(1) }
}

fn asked(number: u64) -> Input<'static, Say> {
    Input::Request { call: call(number), from: PeerId(1), message: &Say::Ask }
}

/// What leaves, of all that is done.
fn sent(effects: &[Effect<Say, Note>]) -> Vec<(Leg, Say)> {
    let parcel = |effect: &Effect<Say, Note>| match effect {
        Effect::Send(parcel) => Some((parcel.leg, parcel.message.clone())),
        _ => None,
    };
    effects.iter().filter_map(parcel).collect()
}

#[test]
fn an_answer_waits_for_what_was_written_before_it() {
    let (mut bench, mut clerk) = clerk();
    let effects = bench.step(&mut clerk, asked(7));
    assert!(matches!(effects[..], [Effect::Persist(_), Effect::Sync(SyncId(1))]), "{effects:?}");
    let answer = (Leg::Reply(call(7)), Say::Answer(1, 1));
    assert_eq!(sent(&bench.complete(&mut clerk, SyncId(1))), [answer]);
}

#[test]
fn what_is_asked_again_is_not_executed_again_and_the_answer_does_not_overtake_the_disk() {
    let (mut bench, mut clerk) = clerk();
    bench.step(&mut clerk, asked(7));
    let effects = bench.step(&mut clerk, asked(7));
    assert!(effects.is_empty(), "neither written nor answered before the disk has it: {effects:?}");
    let answer = (Leg::Reply(call(7)), Say::Answer(1, 1));
    assert_eq!(sent(&bench.complete(&mut clerk, SyncId(1))), [answer.clone(), answer.clone()]);
    assert_eq!(sent(&bench.step(&mut clerk, asked(7))), [answer], "all is durable: at once");
    assert_eq!(clerk.executed, 1);
}

#[test]
fn what_waits_is_dropped_once_the_term_has_moved_on() {
    let (mut bench, mut clerk) = clerk();
    bench.step(&mut clerk, asked(7));
    bench.step(&mut clerk, Input::Message { from: PeerId(2), message: &Say::Term(2) });
    bench.step(&mut clerk, asked(8));
    assert_eq!(sent(&bench.complete(&mut clerk, SyncId(1))), [], "it was of term 1");
    let answer = (Leg::Reply(call(8)), Say::Answer(2, 2));
    assert_eq!(sent(&bench.complete(&mut clerk, SyncId(2))), [answer]);
}

#[test]
fn a_sync_lets_go_all_that_waited_for_it_and_earlier_ones_and_no_more() {
    let (mut bench, mut clerk) = clerk();
    (7..10).for_each(|number| drop(bench.step(&mut clerk, asked(number))));
    assert_eq!(sent(&bench.complete(&mut clerk, SyncId(2))).len(), 2);
    assert_eq!(
        sent(&bench.complete(&mut clerk, SyncId(1))).len(),
        0,
        "one that is late lets go nothing"
    );
    assert_eq!(sent(&bench.complete(&mut clerk, SyncId(3))).len(), 1);
}

#[test]
fn a_reply_finds_its_context_once() {
    let (mut bench, mut clerk) = clerk();
    let effects = bench.step(&mut clerk, Input::Wake);
    assert!(
        matches!(effects[..], [Effect::Persist(_), Effect::Sync(_)]),
        "one sync for both: {effects:?}"
    );
    assert_eq!(clerk.calls.under_way(), 0, "neither has left");
    let left = sent(&bench.complete(&mut clerk, SyncId(1)));
    let [(Leg::Request(first), _), (Leg::Request(second), _)] = left[..] else { unreachable!() };
    for (call, outcome) in
        [(second, Ok(&Say::Ask)), (second, Ok(&Say::Ask)), (first, Err(RpcError::NoReply))]
    {
        bench.step(&mut clerk, Input::Reply { call, from: PeerId(1), outcome });
    }
    assert_eq!(clerk.heard, [Some("second"), None, Some("first")]);
    assert_eq!(clerk.calls.under_way(), 0);
}

#[test]
fn calls_without_a_reply_are_given_up_in_their_order_or_forgotten_at_once() {
    let (mut bench, mut clerk) = clerk();
    bench.step(&mut clerk, Input::Wake);
    let left = sent(&bench.complete(&mut clerk, SyncId(1)));
    let now = bench.now();
    assert_eq!(clerk.next_wake(), Some(now + Duration::from_millis(50)));
    bench.pass(Duration::from_millis(9));
    bench.step(&mut clerk, Input::Wake);
    bench.complete(&mut clerk, SyncId(2));
    let given_up: Vec<_> = std::iter::from_fn(|| clerk.calls.give_up(now)).collect();
    assert_eq!((given_up, clerk.calls.under_way()), (vec!["first", "second"], 2));
    let (Leg::Request(call), _) = left[0] else { unreachable!() };
    assert_eq!(clerk.calls.replied(call), None, "a reply that comes later finds nothing");
    clerk.calls.forget();
    assert_eq!((clerk.calls.under_way(), clerk.calls.oldest()), (0, None));
}

#[test]
fn a_call_that_was_forgotten_before_it_left_is_not_made() {
    let (mut bench, mut clerk) = clerk();
    bench.step(&mut clerk, Input::Wake);
    bench.step(&mut clerk, asked(7));
    clerk.calls.forget();
    let answer = (Leg::Reply(call(7)), Say::Answer(1, 1));
    assert_eq!(sent(&bench.complete(&mut clerk, SyncId(2))), [answer], "an answer stays");
}

#[test]
fn a_crash_forgets_all() {
    let (mut bench, mut clerk) = clerk();
    bench.step(&mut clerk, asked(7));
    let (mut again, _) = bench.boot(&());
    assert_eq!(sent(&bench.complete(&mut again, SyncId(1))), [], "the old answer is gone");
    bench.step(&mut again, asked(7));
    assert_eq!(again.executed, 1, "it was executed in another life, which nobody remembers");
}
