//! What the first difference of two runs comes to, in a sentence.

use splitvote::PeerId;
use splitvote::trace::What;

use super::alike::are_alike;
use super::deeds::deeds;
use super::told;
use crate::explain::aspects::Aspects;
use crate::explain::history::{History, Moment};
use crate::explain::slice::Slice;
use crate::explain::words::{changes, join, packet};

const NAMES: [&str; 2] = ["A", "B"];

/// What two runs do otherwise from this event on, without a full stop.
pub(super) fn of(tellers: &[Slice<'_>; 2], event: usize) -> String {
    let histories = tellers.each_ref().map(|teller| teller.history);
    let firsts = histories.map(|history| history.all().get(event));
    for (run, first) in firsts.iter().enumerate() {
        let other = 1 - run;
        match first.map(|event| &event.what) {
            None => {
                let goes_on = told(&tellers[other], histories[other].moment_of(event));
                return format!("{} ends here; in {}, {goes_on}", NAMES[run], NAMES[other]);
            }
            // Unless the other run's step goes on: then that is what the one run lacks.
            Some(What::Failed { .. }) if is_beginning(histories[other], event) => {
                return format!("{} fails here, and {} goes on", NAMES[run], NAMES[other]);
            }
            Some(_) => {}
        }
    }
    let moments = histories.map(|history| history.moment_of(event));
    let begins = [0, 1].map(|run| histories[run].range(moments[run]).start == event);
    match begins {
        [true, true] => begun(tellers, moments),
        // The step of one run goes on where that of the other ends: it is compared with the whole of it.
        _ => {
            let same = [0, 1].map(|run| moments[run] - usize::from(begins[run]));
            within(tellers, same)
        }
    }
}

/// Whether a step begins with this event that is not the end of a failing run.
fn is_beginning(history: &History<'_>, event: usize) -> bool {
    let is_end = history.all().get(event).is_some_and(|it| matches!(it.what, What::Failed { .. }));
    !is_end && history.range(history.moment_of(event)).start == event
}

/// Two steps that are different from their beginning on.
fn begun(tellers: &[Slice<'_>; 2], moments: [Moment; 2]) -> String {
    let histories = tellers.each_ref().map(|teller| teller.history);
    let at = [0, 1].map(|run| histories[run].at(moments[run]));
    // What the other run does later at the same instant is not what is missing there.
    let comes_later = |run: usize| {
        let other = histories[1 - run];
        let mine = histories[run].events(moments[run]);
        let then = (moments[1 - run]..other.len()).take_while(|later| other.at(*later) == at[run]);
        then.into_iter().any(|later| are_alike(mine, other.events(later)))
    };
    let [mut first, mut second] = [0, 1].map(|run| told(&tellers[run], moments[run]));
    if first == second {
        // What the sentence does not tell, the event does.
        let whole = |run: usize| {
            let event = histories[run].events(moments[run]).first();
            event.map(|event| event.what.to_string()).unwrap_or_default()
        };
        [first, second] = [whole(0), whole(1)];
    }
    let is_only = [0, 1].map(|run| at[run] < at[1 - run] || comes_later(1 - run));
    match is_only {
        [true, false] => format!("only in A, {first}"),
        [false, true] => format!("only in B, {second}"),
        _ => format!("in A, {first}; in B, {second}"),
    }
}

/// Two steps of one peer that begin alike.
fn within(tellers: &[Slice<'_>; 2], moments: [Moment; 2]) -> String {
    let histories = tellers.each_ref().map(|teller| teller.history);
    let Some(peer) = histories[0].peer(moments[0]) else {
        let [first, second] = [0, 1].map(|run| told(&tellers[run], moments[run]));
        return format!("in A, {first}; in B, {second}");
    };
    let own = [0, 1].map(|run| clauses(histories[run], peer, moments[run]));
    let mut otherwise = [0, 1]
        .map(|run| own[run].iter().filter(|it| !own[1 - run].contains(it)).cloned().collect());
    if otherwise.iter().all(Vec::is_empty) {
        otherwise = deeds(peer, [0, 1].map(|run| histories[run].events(moments[run])));
    }
    let lead = match histories[0].received(moments[0]) {
        Some(received) => {
            let carried = tellers[0].logs.carried(received.number);
            format!("{peer} receives {}: ", packet(received, carried))
        }
        None => String::new(),
    };
    let subject = if lead.is_empty() { peer.to_string() } else { "it".to_owned() };
    let [first, second] = otherwise.map(|clauses: Vec<String>| join(&clauses));
    match (first.is_empty(), second.is_empty()) {
        (false, false) => format!("{lead}in A {subject} {first}, in B it {second}"),
        (false, true) => format!("{lead}in A {subject} {first}, in B it does not"),
        (true, false) => format!("{lead}in B {subject} {second}, in A it does not"),
        (true, true) => format!("{lead}{subject} does the same in another order"),
    }
}

/// What a step changed in its peer.
fn clauses(history: &History<'_>, peer: PeerId, moment: Moment) -> Vec<String> {
    let change = history.change(moment);
    let told =
        change.map(|(was, is)| changes(peer, (&was, &is), history.rewritten(moment), Aspects::ALL));
    told.unwrap_or_default()
}
