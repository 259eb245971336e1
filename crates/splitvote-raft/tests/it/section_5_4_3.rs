//! Section 5.4.3: the safety argument. Figure 9: an entry that the leader of term T commits and a leader
//! of a later term U that lacks it cannot both be, since some voter accepted the one and voted for the other.
use crate::cluster::Cluster;
use crate::driver::*;
use splitvote_peer::{PeerId, PeerSet, Settings};
use splitvote_raft::{AppendResult, Message, Paper};

/// "The voter must have accepted the committed entry from leaderT before voting for leaderU;
/// otherwise it would have rejected the AppendEntries request from leaderT (its current term would have
/// been higher than T)."
#[test]
fn who_has_voted_in_a_later_term_accepts_nothing_of_an_earlier_one() {
    let mut s0 = Driver::new(5);
    s0.ask_vote(S2, 5, EMPTY_LOG);
    assert_eq!(replies(&s0.sync_all()), [vote(5, 5, true)]);
    let effects = s0.append(S1, (4, EMPTY_LOG, 1), &[4]);
    let stale = Message::AppendEntriesReply { term: 5, result: AppendResult::Stale };
    assert_eq!(replies(&effects), [stale]);
    assert!(s0.log_terms().is_empty() && s0.view().commit == 0);
}

/// "The voter still stored the entry when it voted for leaderU", over a crash in between too, and
/// "leaderU's log must have been as up-to-date as the voter's".
#[test]
fn who_has_accepted_an_entry_votes_for_nobody_without_it() {
    for crashes in [false, true] {
        let mut s0 = Driver::new(5);
        s0.append(S1, (4, EMPTY_LOG, 0), &[4]);
        assert_eq!(replies(&s0.sync_all()), [append_ok(4, 1)]);
        if crashes {
            s0.crash_and_restart();
        }
        let candidates = [(5, EMPTY_LOG, false), (6, at(9, 3), false), (7, at(1, 4), true)];
        for (term, last_log, granted) in candidates {
            s0.ask_vote(S2, term, last_log);
            assert_eq!(replies(&s0.sync_all()), [vote(term, term, granted)], "{last_log}");
        }
    }
}

/// "leaderT replicated the entry on a majority of the cluster, and leaderU received votes from a majority
/// of the cluster": whoever wins after a commitment by a bare majority holds what was committed,
/// whichever two followers have it.
#[test]
fn every_later_leader_holds_what_was_committed() {
    for helper in 1..5 {
        let mut cluster = Cluster::new(5, Settings::default(), Paper);
        let first = cluster.elect();
        let after = |by: u8| PeerId((first.0 + by) % 5);
        cluster.isolated =
            (1..5).filter(|by| *by != helper && *by != helper % 4 + 1).map(after).collect();
        let index = cluster.agree(b"committed", 3);
        let entry = cluster.seats[first.index()].applied.last().copied();
        // Its leader is gone, and of the four others two lack the entry.
        cluster.crash(first, 0, false);
        cluster.isolated = PeerSet::EMPTY;
        let second = cluster.elect();
        assert_ne!(second, first);
        assert!(cluster.view(second).last.index >= index, "{second} leads without the entry");
        assert_eq!(cluster.agree(b"next", 4), index + 1);
        for seat in cluster.seats.iter().filter(|seat| seat.raft.is_some()) {
            assert_eq!(seat.applied.iter().find(|(at, _)| *at == index).copied(), entry);
        }
        assert!(cluster.wrong.is_empty(), "{:?}", cluster.wrong);
    }
}

/// "Raft requires servers to apply entries in log index order. Combined with the State Machine Safety
/// Property, this means that all servers will apply exactly the same set of log entries to their state
/// machines, in the same order."
#[test]
fn all_apply_the_same_in_the_same_order() {
    let mut cluster = Cluster::new(5, Settings::default(), Paper);
    for round in 0..20_u8 {
        let leader = cluster.elect();
        cluster.propose_to(leader, &[round, 0]);
        cluster.isolated = PeerSet::from_iter([leader]);
        cluster.propose_to(leader, &[round, 1]);
        cluster.agree(&[round, 2], 4);
        cluster.isolated = PeerSet::EMPTY;
    }
    cluster.agree(b"end", 5);
    let applied = &cluster.seats[0].applied;
    assert!(applied.len() >= 21 && applied.iter().zip(1..).all(|((at, _), index)| *at == index));
    assert!(cluster.seats.iter().all(|seat| seat.applied == *applied));
    cluster.assert_same();
}
