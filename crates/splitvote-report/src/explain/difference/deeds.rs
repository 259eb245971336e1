//! What a step does in one run and not in the other, as clauses about its peer.

use splitvote::PeerId;
use splitvote::peer::{Durable, Meaning};
use splitvote::sim::Fate;
use splitvote::trace::{TraceEvent, What};

use super::alike::{is_alike, is_same_message};

/// The weightiest thing that a step does in one run and not in the other, or not as often.
pub(super) fn deeds(peer: PeerId, steps: [&[TraceEvent]; 2]) -> [Vec<String>; 2] {
    let own = [0, 1].map(|run| {
        let mut others: Vec<&TraceEvent> = steps[1 - run].iter().collect();
        let own = steps[run].iter().filter(|event| {
            let is_it = |other: &&TraceEvent| is_alike(event, other);
            let place = others.iter().position(is_it);
            place.map(|place| others.remove(place)).is_none()
        });
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
        [Some(one), Some(other)] if deed(peer, &one.what) == deed(peer, &other.what) => {
            [one, other].map(|event| vec![literally(peer, &event.what)])
        }
        own => own.map(|event| event.map(|event| deed(peer, &event.what)).into_iter().collect()),
    }
}

/// A single event as a clause with all that is known of it.
fn literally(peer: PeerId, what: &What) -> String {
    match what {
        What::Sent { packet, .. } => {
            format!("sends `{}` to {} ({})", packet.text, packet.to, packet.kind)
        }
        what => without(peer, &what.to_string()),
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
        What::Changed { before, after, .. } if before.applied != after.applied => {
            format!("has applied the log up to {}", after.applied)
        }
        What::Changed { after, .. } => format!("has applied the log only up to {}", after.applied),
        What::Restored { through, .. } => {
            format!("hands its state machine a snapshot through {through}")
        }
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
    let of_disk = sentence.strip_prefix(&format!("the disk of {peer} holds "));
    if let Some(record) = of_disk {
        return format!("has {record} on its disk");
    }
    let clause = ["", ":"].iter().find_map(|end| sentence.strip_prefix(&format!("{peer}{end} ")));
    clause.map_or_else(|| format!("does this: {sentence}"), str::to_owned)
}
