//! What the first difference of two runs comes to, in a sentence.

use splitvote::PeerId;
use splitvote::peer::{Durable, Meaning};
use splitvote::sim::Fate;
use splitvote::trace::{TraceEvent, What};

use super::alike::{are_alike, is_same_message};
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
            // What a checker finds beside what happens is the end of the one run alone.
            Some(What::Failed { .. })
                if !matches!(firsts[other].map(|event| &event.what), Some(What::Failed { .. })) =>
            {
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
    let [first, second] = [0, 1].map(|run| told(&tellers[run], moments[run]));
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

/// The weightiest thing that a step does in one run and not in the other.
fn deeds(peer: PeerId, steps: [&[TraceEvent]; 2]) -> [Vec<String>; 2] {
    let is_in = |event: &TraceEvent, others: &[TraceEvent]| {
        others
            .iter()
            .any(|other| are_alike(std::slice::from_ref(event), std::slice::from_ref(other)))
    };
    let own = [0, 1].map(|run| {
        let own = steps[run].iter().filter(|event| !is_in(event, steps[1 - run]));
        own.min_by_key(|event| weight(&event.what))
    });
    match own {
        [Some(one), Some(other)] if weight(&one.what) < weight(&other.what) => {
            [vec![deed(peer, &one.what)], Vec::new()]
        }
        [Some(one), Some(other)] if weight(&one.what) > weight(&other.what) => {
            [Vec::new(), vec![deed(peer, &other.what)]]
        }
        [Some(one), Some(other)] if is_same_packet(one, other) => {
            [one, other].map(|event| vec![fate_of(&event.what)])
        }
        own => own.map(|event| event.map(|event| deed(peer, &event.what)).into_iter().collect()),
    }
}

fn is_same_packet(one: &TraceEvent, other: &TraceEvent) -> bool {
    match (&one.what, &other.what) {
        (What::Sent { packet, .. }, What::Sent { packet: second, .. }) => {
            is_same_message(packet, second)
        }
        _ => false,
    }
}

/// What becomes of a packet that both runs send.
fn fate_of(what: &What) -> String {
    let What::Sent { packet, fate } = what else { return String::new() };
    let told = match fate {
        Fate::Arrives(at) => format!("arrives at {at}"),
        Fate::Duplicated(at) => format!("is copied, and the copy arrives at {at}"),
        Fate::Lost => "is lost".to_owned(),
        Fate::Dropped => "is dropped".to_owned(),
        Fate::Cut => "meets a cut link".to_owned(),
        Fate::Dead => "finds nobody".to_owned(),
    };
    format!("sends `{}` to {}, which {told}", packet.text, packet.to)
}

/// What of a step matters most, the least number first.
fn weight(what: &What) -> u8 {
    match what {
        What::Crashed { .. } | What::Disturbed { .. } | What::Booted { .. } => 0,
        What::Written { record: Durable::Ballot { .. }, .. }
        | What::Durable { record: Durable::Ballot { .. }, .. } => 1,
        What::Log { .. } | What::Written { .. } | What::Durable { .. } => 2,
        What::Compacted { .. } | What::SyncBegun { .. } => 3,
        What::Sent { .. } => 4,
        What::Armed { .. } => 7,
        What::Progress { .. } => 6,
        _ => 5,
    }
}

/// A single event as a clause about its peer.
fn deed(peer: PeerId, what: &What) -> String {
    match what {
        What::Written { .. } => format!("{} to its disk", without(peer, &what.to_string())),
        What::SyncBegun { is_lie: false, .. } => "asks its disk to sync".to_owned(),
        What::SyncBegun { .. } => "asks its disk to sync, which lies".to_owned(),
        What::Armed { due: Some(due), .. } => format!("sets its timer to {due}"),
        What::Armed { due: None, .. } => "needs no timer".to_owned(),
        What::Applied { index, entry, .. } => format!("applies {index}@{}", entry.term),
        What::Sent { packet, .. } => match packet.meaning {
            Meaning::VoteReply { asked_in, granted: true, .. } => {
                format!("grants {} its vote of term {asked_in}", packet.to)
            }
            Meaning::VoteReply { asked_in, .. } => {
                format!("refuses {} its vote of term {asked_in}", packet.to)
            }
            _ => format!("sends `{}` to {}", packet.text, packet.to),
        },
        what => without(peer, &what.to_string()),
    }
}

/// A sentence about a peer without its subject; one with another subject, as a clause.
fn without(peer: PeerId, sentence: &str) -> String {
    match sentence.strip_prefix(&format!("{peer} ")) {
        Some(clause) => clause.to_owned(),
        None => format!("does this: {sentence}"),
    }
}
