//! How the votes came to be missing that a leader should have had.

use splitvote_peer::{Meaning, PeerId, PeerSet, Role, Term};

use crate::trace::{TraceEvent, What};

/// The answers to a candidate since it stood.
#[derive(Default)]
struct Answers {
    voters: PeerSet,
    old: usize,
    again: usize,
    refused: usize,
}

/// Which of the answers to a candidate must have been counted for the votes that it lacked. The one with which it took
/// office did it, if that is no vote of its own for this term.
pub(super) fn missing(
    events: &[TraceEvent],
    leader: PeerId,
    term: Term,
    needed: usize,
) -> &'static str {
    const OLD: &str = "a vote of an older term was counted";
    const AGAIN: &str = "a vote was counted twice";
    const REFUSED: &str = "a refusal was counted";
    let mut answers = Answers { voters: std::iter::once(leader).collect(), ..Answers::default() };
    let mut last = None;
    for event in since_it_stood(events, leader, term) {
        if begins_a_step(&event.what, leader) {
            last = None;
        }
        let What::Received { packet } = &event.what else { continue };
        let Meaning::VoteReply { asked_in, granted, .. } = packet.meaning else { continue };
        if packet.to != leader {
            continue;
        }
        let (count, odd) = match granted {
            false => (&mut answers.refused, Some(REFUSED)),
            true if asked_in != term => (&mut answers.old, Some(OLD)),
            true if answers.voters.contains(packet.from) => (&mut answers.again, Some(AGAIN)),
            true => {
                answers.voters.insert(packet.from);
                continue;
            }
        };
        *count += 1;
        last = odd;
    }
    let Answers { voters, old, again, refused } = answers;
    let suffices = |more: usize| more > 0 && voters.len() + more >= needed;
    match last {
        Some(odd) => odd,
        None if suffices(old) => OLD,
        None if suffices(again) => AGAIN,
        None if suffices(refused) => REFUSED,
        None if voters.len() <= 1 => "no vote was asked for, or none came",
        None => "too few votes were asked for",
    }
}

fn begins_a_step(what: &What, of: PeerId) -> bool {
    match what {
        What::Received { packet } => packet.to == of,
        What::Woke { peer } | What::SyncDone { peer, .. } | What::CallFailed { peer, .. } => {
            *peer == of
        }
        _ => false,
    }
}

fn since_it_stood(events: &[TraceEvent], leader: PeerId, term: Term) -> &[TraceEvent] {
    let stood = events.iter().rposition(|event| match &event.what {
        What::Changed { peer, before, after } => {
            *peer == leader
                && after.role == Role::Candidate
                && after.term == term
                && (before.role, before.term) != (after.role, after.term)
        }
        _ => false,
    });
    events.get(stood.unwrap_or(0)..).unwrap_or_default()
}
