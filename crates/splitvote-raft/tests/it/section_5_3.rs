//! Section 5.3: log replication.
use crate::cluster::Cluster;
use crate::driver::*;
use splitvote_peer::{CallId, Effect, PeerId, Settings, Term};
use splitvote_raft::{Ballot, Message, Paper, disk_with_log};

/// "The leader appends the command to its log as a new entry, then issues AppendEntries RPCs in
/// parallel to each of the other servers". What is proposed at one instant leaves together.
#[test]
fn entries_leave_together_at_the_end_of_the_instant() {
    let mut s0 = leader(3);
    s0.sync_all();
    let syncs = s0.syncs();
    assert!(appends(&s0.propose(1, b"x")).is_empty());
    assert!(appends(&s0.propose(2, b"y")).is_empty());
    assert_eq!(s0.wakes_in(), Some(0));
    let sent = appends(&s0.wake());
    assert_eq!(sent.iter().map(|(to, ..)| *to).collect::<Vec<_>>(), [S1, S2]);
    let Message::AppendEntries { previous, ref entries, .. } = sent[0].2 else { panic!() };
    assert_eq!((previous, entries.len()), (EMPTY_LOG, 2));
    assert_eq!(s0.syncs(), syncs + 1, "one sync for both");
    assert_eq!(s0.progress(S1), (3, 0), "the next entry to send, and what is known");
}

/// "Once the entry has been safely replicated [...] the leader applies the entry": to a majority of
/// disks, its own counted only when its own sync has completed.
#[test]
fn an_entry_is_committed_by_a_majority_of_disks() {
    let mut s0 = leader(5);
    s0.propose(1, b"x");
    s0.wake();
    s0.answer(S1, append_ok(1, 1));
    s0.answer(S1, append_ok(1, 1));
    assert_eq!(s0.view().commit, 0, "one follower, however often it answers");
    s0.answer(S2, append_ok(1, 1));
    assert_eq!(s0.view().commit, 0, "two of five, and the own disk is not done");
    let effects = s0.sync_all();
    assert_eq!((s0.view().commit, s0.view().applied, applied(&effects)), (1, 1, vec![1]));
}

/// A majority of the others needs no own disk.
#[test]
fn a_majority_of_followers_commits_before_the_own_disk() {
    let mut s0 = leader(3);
    s0.propose(1, b"x");
    s0.wake();
    s0.answer(S1, append_ok(1, 1));
    let effects = s0.answer(S2, append_ok(1, 1));
    assert_eq!((s0.view().commit, applied(&effects)), (1, vec![1]));
}

/// "n/2 + 1" in clusters of an even size too, and one of one.
#[test]
fn every_size_has_its_majority() {
    for (size, others) in [(1, 0), (2, 1), (3, 1), (4, 2), (5, 2), (6, 3), (7, 3)] {
        let mut s0 = if size == 1 {
            let mut s0 = Driver::new(1);
            s0.time_out();
            s0.sync_all();
            s0
        } else {
            leader(size)
        };
        s0.propose(1, b"x");
        s0.wake();
        s0.sync_all();
        for follower in 1..=others {
            assert_eq!(s0.view().commit, 0, "{follower} of {size}");
            s0.answer(PeerId(follower), append_ok(1, 1));
        }
        assert_eq!(s0.view().commit, 1, "size {size}");
    }
}

/// "The leader keeps track of the highest index it knows to be committed, and it includes that
/// index in future AppendEntries RPCs [...] so that the other servers eventually find out." Here:
/// soon, if nothing else is to be said to them.
#[test]
fn followers_hear_soon_what_is_committed() {
    let mut s0 = leader(3);
    s0.propose(1, b"x");
    s0.wake();
    s0.sync_all();
    s0.answer(S1, append_ok(1, 1));
    assert_eq!(s0.wakes_in(), Some(5), "a tenth of the heartbeat interval");
    let told = calls(&s0.wake());
    assert_eq!(told, [(S1, Message::heartbeat(1, at(1, 1), 1))], "S2 has nothing to commit yet");
    let mut s0 = Driver::new(3);
    s0.append(S1, (1, EMPTY_LOG, 0), &[1]);
    let effects = s0.request(S1, Message::heartbeat(1, at(1, 1), 1));
    assert_eq!((applied(&effects), s0.view().commit), (vec![1], 1));
}

/// Receiver implementation 5: "set commitIndex = min(leaderCommit, index of last new entry)": what
/// stands behind that may be another leader's. And it never goes back.
#[test]
fn only_what_was_checked_is_committed() {
    let mut s0 = Driver::with_disk(3, disk_with_log(&[1, 1, 1, 1]));
    s0.append(S1, (2, at(2, 1), 4), &[]);
    assert_eq!(s0.view().commit, 2, "entries 3 and 4 were not spoken of");
    s0.append(S1, (2, at(3, 1), 1), &[]);
    assert_eq!(s0.view().commit, 2, "a late message knows less");
    s0.append(S1, (2, at(4, 1), 9), &[2]);
    assert_eq!((s0.view().commit, s0.view().applied), (5, 5), "no further than the log");
}

/// Receiver implementation 2: "Reply false if log doesn't contain an entry at prevLogIndex whose
/// term matches prevLogTerm", for heartbeats too; the reply names the conflicting term and the first
/// index of it.
#[test]
fn the_log_check_tells_where_to_go_back_to() {
    let cases: [(&[Term], _, _); 5] = [
        (&[1, 1], at(3, 1), conflict(9, 3, 3, 0)),
        (&[1, 1], at(2, 2), conflict(9, 2, 1, 1)),
        (&[1, 2, 2, 2, 3], at(4, 3), conflict(9, 4, 2, 2)),
        (&[], at(1, 1), conflict(9, 1, 1, 0)),
        (&[1, 2, 2, 2, 3], at(4, 2), append_ok(9, 4)),
    ];
    for (terms, previous, expected) in cases {
        let mut s0 = Driver::with_disk(3, disk(terms));
        s0.append(S1, (9, EMPTY_LOG, 0), &[]);
        s0.sync_all();
        assert_eq!(s0.heartbeat_after(S1, 9, previous), [expected], "{terms:?} {previous}");
    }
}

/// Receiver implementation 3: "If an existing entry conflicts with a new one [...], delete the
/// existing entry and all that follow it". Only then.
#[test]
fn conflicting_entries_are_deleted_and_no_others() {
    type Case = (&'static [Term], (u64, Term), &'static [Term], &'static [Term]);
    let cases: [Case; 6] = [
        (&[1, 1], (2, 1), &[2, 2], &[1, 1, 2, 2]),
        (&[1, 1, 1, 1], (2, 1), &[2], &[1, 1, 2]),
        (&[1, 2, 2, 2], (1, 1), &[2], &[1, 2, 2, 2]),
        (&[1, 2, 2, 2], (1, 1), &[], &[1, 2, 2, 2]),
        (&[1, 2, 2, 2], (1, 1), &[2, 2, 3], &[1, 2, 2, 3]),
        (&[1, 1], (0, 0), &[1, 1, 1], &[1, 1, 1]),
    ];
    for (before, (index, term), new, after) in cases {
        let mut s0 = Driver::with_disk(3, disk(before));
        s0.append(S1, (4, at(index, term), 0), new);
        assert_eq!(s0.log_terms(), after, "{before:?} and {new:?} behind {index}");
        s0.sync_all();
        s0.crash_and_restart();
        assert_eq!(s0.log_terms(), after, "{before:?} and {new:?}, after a restart");
    }
}

/// Section 5.3: "one AppendEntries RPC will be required for each term with conflicting entries,
/// rather than one RPC per entry".
#[test]
fn back_off_goes_by_terms() {
    let disk = disk(&[1, 1, 4, 4, 5, 5, 6, 6]);
    let cases = [
        (conflict(7, 8, 3, 0), 3, "the follower's log ends at 2"),
        (conflict(7, 8, 3, 2), 3, "no entry of term 2 here: before all of the follower's"),
        (conflict(7, 8, 3, 4), 5, "behind the last entry of term 4 here"),
        (conflict(7, 8, 2, 1), 3, "behind the last entry of term 1 here"),
        (conflict(7, 8, 7, 7), 7, "a later term than any here"),
    ];
    for (refusal, next, case) in cases {
        let (mut s0, _) = elected(Driver::with_disk(3, disk.clone()));
        assert_eq!(s0.progress(S1), (9, 0), "initialized to the index after the last");
        let sent = appends(&s0.answer(S1, refusal));
        let Message::AppendEntries { previous, .. } = sent[0].2 else { panic!() };
        assert_eq!(previous.index + 1, next, "{case}");
    }
}

/// Figure 7: "When the leader at the top comes to power, it is possible that any of scenarios (a-f)
/// could occur in follower logs." All are brought into line, each with a refusal a term at most.
#[test]
fn figure_7_every_follower_is_brought_into_line() {
    let logs: [&[Term]; 7] = [
        &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6],
        &[1, 1, 1, 4, 4, 5, 5, 6, 6],
        &[1, 1, 1, 4],
        &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
        &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
        &[1, 1, 1, 4, 4, 4, 4],
        &[1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
    ];
    let records = |id: PeerId| {
        let ballot = Ballot { term: 7, voted_for: None }.into();
        disk(logs[id.index()]).into_iter().chain([ballot]).collect()
    };
    let mut cluster = Cluster::with_disks(7, Settings::default(), Paper, records);
    assert_eq!((cluster.elect(), cluster.view(S0).term), (S0, 8));
    cluster.agree(b"term 8", 7);
    cluster.run(100);
    let refusals = [(S1, 1), (S2, 1), (S3, 0), (PeerId(4), 0), (PeerId(5), 2), (PeerId(6), 3)];
    for (follower, most) in refusals {
        let is_refusal = |message: &Message| message.to_string().starts_with("append refused");
        let refused = cluster.log.iter().filter(|(from, _, m)| *from == follower && is_refusal(m));
        assert!(refused.count() <= most, "{follower}");
    }
    cluster.assert_same();
    assert!(PeerId::all(7).all(|id| cluster.view(id).last == at(11, 8)));
}

/// Pipelining: more than one AppendEntries may be under way, and no more than was asked for.
#[test]
fn several_appends_may_be_under_way() {
    let settings = Settings { entries_per_append: 2, appends_in_flight: 3, ..Settings::default() };
    let (mut s0, _) = elected(Driver::with_settings(3, vec![], settings));
    s0.answer(S1, append_ok(1, 0));
    (0..9).for_each(|request| drop(s0.propose(request, b"x")));
    let sent = appends(&s0.wake());
    let to = |peer| sent.iter().filter(move |(to, ..)| *to == peer).collect::<Vec<_>>();
    assert_eq!(to(S1).len(), 3);
    assert_eq!(to(S2).len(), 1, "what S2 holds is not known yet");
    let first = to(S1)[0].1;
    let more = appends(&s0.answer_to(first, S1, append_ok(1, 2)));
    assert_eq!(more[0].2.to_string(), "AppendEntries T1 6@1 +2 commit 0");
    assert_eq!((more.len(), s0.progress(S1)), (1, (9, 2)));
}

/// Zero of either is taken for one: nothing would ever be sent.
#[test]
fn windows_of_zero_are_windows_of_one() {
    let settings = Settings { entries_per_append: 0, appends_in_flight: 0, ..Settings::default() };
    let (mut s0, _) = elected(Driver::with_settings(3, vec![], settings));
    (0..2).for_each(|request| drop(s0.propose(request, b"x")));
    assert_eq!(appends(&s0.wake()).len(), 2, "one entry to each");
}

/// "If followers crash or run slowly, or if network packets are lost, the leader retries": after a
/// heartbeat interval without an answer, and not before; and not at whoever answers nothing at all.
#[test]
fn what_nobody_answers_is_sent_again_once_a_heartbeat_is_answered() {
    let mut s0 = leader(3);
    s0.answer(S1, append_ok(1, 0));
    s0.pass(10);
    s0.propose(1, b"x");
    assert_eq!(appends(&s0.wake()).len(), 2);
    let early = call_to(S1, &s0.wake());
    assert_eq!(s0.progress(S1), (2, 0), "under way for 40 ms only");
    let mut late = early;
    for _ in 0..5 {
        let effects = s0.wake();
        assert!(appends(&effects).is_empty(), "nobody is known to be there");
        assert_eq!(calls(&effects)[0], (S1, Message::heartbeat(1, EMPTY_LOG, 0)));
        late = call_to(S1, &effects);
    }
    s0.propose(2, b"y");
    assert!(appends(&s0.wake()).is_empty(), "nor what is new");
    let again = appends(&s0.answer_to(late, S1, append_ok(1, 0)));
    let said = again.iter().map(|(to, _, message)| (*to, message.to_string())).collect::<Vec<_>>();
    assert_eq!(said, [(S1, "AppendEntries T1 0@0 +2 commit 0".into())]);
}

/// A round trip longer than the heartbeat interval: answers to heartbeats that left before the
/// entries do not say that these were lost.
#[test]
fn answers_to_older_heartbeats_do_not_end_the_wait() {
    let mut s0 = leader(3);
    let old = call_to(S1, &s0.wake());
    s0.propose(1, b"x");
    let sent = appends(&s0.wake());
    s0.wake();
    s0.wake();
    assert!(s0.answer_to(old, S1, append_ok(1, 0)).is_empty());
    assert!(appends(&s0.answer_to(sent[0].1, S1, append_ok(1, 1))).is_empty());
    assert_eq!(s0.progress(S1), (2, 1), "the entries have arrived after all");
}

/// What is sent again is what was lost. Suppose it went from `matchIndex` on: then the first loss of a
/// new leader, who knows of no match, would cost the whole log.
#[test]
fn a_loss_costs_no_more_than_what_was_lost() {
    let (mut s0, _) = elected(Driver::with_disk(3, disk(&[1, 1, 1, 1, 1, 1])));
    s0.propose(1, b"x");
    let sent = appends(&s0.wake());
    assert_eq!(sent[0].2.to_string(), "AppendEntries T2 6@1 +1 commit 0");
    s0.lost(sent[0].1, S1);
    assert_eq!(appends(&s0.wake())[0].2, sent[0].2);
    s0.pass(100);
    s0.wake();
    assert_eq!((s0.progress(S1), s0.progress(S2)), ((7, 0), (7, 0)));
}

/// A loss that the network reports is made good sooner, though not in the same instant.
#[test]
fn a_reported_loss_is_made_good_soon() {
    let mut s0 = leader(3);
    s0.propose(1, b"x");
    let sent = appends(&s0.wake());
    assert!(s0.lost(sent[0].1, S1).is_empty());
    assert_eq!(s0.wakes_in(), Some(5));
    let again = appends(&s0.wake());
    assert_eq!((again.len(), again[0].0), (1, S1));
    s0.answer_to(again[0].1, S1, append_ok(1, 1));
    assert!(s0.lost(sent[0].1, S1).is_empty());
    assert_eq!(s0.progress(S1), (2, 1), "an old loss of what has arrived meanwhile");
}

/// `matchIndex` "increases monotonically", `nextIndex` stays above it, and replies of another time
/// change neither.
#[test]
fn old_replies_change_nothing() {
    let mut s0 = leader(3);
    (0..4).for_each(|request| drop(s0.propose(request, b"x")));
    s0.wake();
    s0.answer(S1, append_ok(1, 3));
    assert_eq!(s0.progress(S1), (5, 3));
    s0.answer(S1, append_ok(1, 1));
    s0.answer(S1, conflict(1, 2, 1, 0));
    s0.answer(S1, append_ok(0, 4));
    s0.answer(S1, beat_refused(1));
    assert_eq!(s0.progress(S1), (5, 3));
    s0.answer(S1, append_ok(1, u64::MAX));
    assert_eq!(s0.progress(S1), (5, 4), "no further than the own log");
}

/// A leader whose entries 1 to 4 are on their way to S1, one in each call.
fn four_under_way() -> (Driver, Vec<CallId>) {
    let settings = Settings { entries_per_append: 1, appends_in_flight: 4, ..Settings::default() };
    let (mut s0, _) = elected(Driver::with_settings(3, vec![], settings));
    s0.answer(S1, append_ok(1, 0));
    (0..4).for_each(|request| drop(s0.propose(request, b"x")));
    let sent = appends(&s0.wake());
    let to_s1 = sent.iter().filter(|(to, ..)| *to == S1).map(|(_, call, _)| *call);
    let sent: Vec<_> = to_s1.collect();
    assert_eq!((sent.len(), s0.progress(S1)), (4, (5, 0)));
    (s0, sent)
}

/// Section 5.3, with messages that overtake each other:
/// 1. Suppose entries 2 and 3 are faster than entry 1. S1 refuses both: its log ends at 0.
/// 2. Entry 1 is still under way. If it were sent again, its copy would cost as much as the rest.
/// 3. Once it is known to have arrived, what was refused goes again, once.
#[test]
fn what_is_under_way_is_not_sent_again_for_a_refusal() {
    let (mut s0, sent) = four_under_way();
    assert!(s0.answer_to(sent[1], S1, conflict(1, 1, 1, 0)).is_empty());
    assert!(s0.answer_to(sent[2], S1, conflict(1, 2, 1, 0)).is_empty());
    assert_eq!(s0.progress(S1), (2, 0));
    let again = appends(&s0.answer_to(sent[0], S1, append_ok(1, 1)));
    assert_eq!(again.len(), 1, "one at a time");
    assert_eq!(again[0].2.to_string(), "AppendEntries T1 1@1 +1 commit 0");
    assert!(s0.answer_to(sent[3], S1, conflict(1, 3, 2, 0)).is_empty(), "entry 2 is under way");
    assert!(s0.answer_to(sent[2], S1, conflict(1, 2, 2, 0)).is_empty(), "the same once more");
    assert_eq!(s0.progress(S1), (3, 1));
}

/// If what the follower lacks is not under way any more, it is sent at once.
#[test]
fn what_was_lost_is_sent_again_for_a_refusal() {
    let (mut s0, sent) = four_under_way();
    s0.answer_to(sent[0], S1, append_ok(1, 1));
    s0.lost(sent[1], S1);
    let again = appends(&s0.answer_to(sent[2], S1, conflict(1, 2, 2, 0)));
    assert_eq!(again.len(), 1);
    assert_eq!(again[0].2.to_string(), "AppendEntries T1 1@1 +1 commit 0");
}

/// After a refusal the leader probes, and a late success of something earlier does not end that:
/// whatever followed at once would be refused as well. Then one more may be under way each time.
#[test]
fn only_the_probe_reopens_the_window() {
    let (mut s0, sent) = four_under_way();
    s0.answer_to(sent[0], S1, append_ok(1, 1));
    s0.lost(sent[1], S1);
    let probe = appends(&s0.answer_to(sent[2], S1, conflict(1, 2, 2, 0)));
    assert!(appends(&s0.answer_to(sent[0], S1, append_ok(1, 1))).is_empty(), "a late success");
    let more = appends(&s0.answer_to(probe[0].1, S1, append_ok(1, 2)));
    assert_eq!((more.len(), s0.progress(S1)), (2, (5, 2)));
}

/// A follower whose answers take longer than a heartbeat interval is slow, and no reason to send one
/// entry at a time for ever.
#[test]
fn the_window_opens_for_a_slow_follower() {
    let (mut s0, sent) = four_under_way();
    s0.answer_to(sent[0], S1, append_ok(1, 1));
    s0.lost(sent[1], S1);
    let mut under_way = appends(&s0.answer_to(sent[2], S1, conflict(1, 2, 2, 0)));
    assert_eq!(under_way.len(), 1, "window 1 after a refusal");
    (0..8).for_each(|request| drop(s0.propose(request, b"x")));
    for through in 2..5 {
        s0.wake();
        s0.pass(60);
        s0.wake();
        under_way = appends(&s0.answer_to(under_way[0].1, S1, append_ok(1, through)));
    }
    assert_eq!(under_way.len(), 4);
}

/// A refusal never moves `nextIndex` forward, over entries that were never sent.
#[test]
fn a_refusal_does_not_skip_entries() {
    let (mut s0, sent) = four_under_way();
    s0.lost(sent[1], S1);
    assert_eq!(s0.progress(S1), (2, 0));
    s0.answer_to(sent[3], S1, conflict(1, 3, 3, 0));
    assert!(s0.progress(S1).0 <= 3, "{:?}", s0.progress(S1));
    let again = appends(&s0.answer_to(sent[0], S1, append_ok(1, 1)));
    let sent_again = again.iter().map(|(_, _, message)| message.to_string());
    assert!(sent_again.take(1).all(|said| said == "AppendEntries T1 1@1 +1 commit 0"));
}

/// Section 8: "each leader commit a blank no-op entry into the log at the start of its term", if it
/// is asked for.
#[test]
fn a_leader_may_start_with_an_entry_of_its_own() {
    let settings = Settings { no_op: true, ..Settings::default() };
    let driver = Driver::with_settings(3, disk_with_log(&[1, 1]), settings);
    let (mut s0, effects) = elected(driver);
    assert_eq!(appends(&effects)[0].2.to_string(), "AppendEntries T2 2@1 +1 commit 0");
    assert_eq!(s0.view().last, at(3, 2));
    s0.sync_all();
    s0.answer(S1, append_ok(2, 3));
    assert_eq!(s0.view().commit, 3);
}

/// Proposals may be held back for company.
#[test]
fn a_batch_may_wait() {
    let batch_delay = std::time::Duration::from_millis(3);
    let settings = Settings { batch_delay, ..Settings::default() };
    let (mut s0, _) = elected(Driver::with_settings(3, vec![], settings));
    s0.propose(1, b"x");
    s0.pass(2);
    s0.propose(2, b"y");
    assert_eq!(s0.wakes_in(), Some(1));
    let Message::AppendEntries { ref entries, .. } = appends(&s0.wake())[0].2 else { panic!() };
    assert_eq!(entries.len(), 2);
}

/// Who does not lead keeps no account.
#[test]
fn only_a_leader_knows_of_progress() {
    let mut s0 = leader(3);
    assert_eq!((s0.progress(S1), s0.progress(S0)), ((1, 0), (0, 0)));
    s0.answer(S1, beat_refused(3));
    assert_eq!(s0.progress(S1), (0, 0));
    let effects = s0.answer(S2, append_ok(1, 0));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Send(_))));
}
