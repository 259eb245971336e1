//! Each way in which a log can contradict another or itself, and the legal neighbour.

use splitvote_peer::{EntryId, LogPosition, PeerId, SimTime, View};

use crate::script::{Script, entry};

fn fires(run: &Script, sentence: &str) {
    assert_eq!(run.verdict(), Some(("log-matching", sentence.to_owned())));
}

#[test]
fn the_same_entry_behind_different_ones_fires() {
    let mut run = Script::new(3);
    run.hold(0, &[1, 2, 3]).hold(1, &[1, 1, 3]);
    fires(&run, "S1 and S0 both held 3@3, but not the same log up to it");
}

#[test]
fn the_same_index_and_term_with_another_payload_fires() {
    let mut run = Script::new(3);
    run.hold(0, &[1, 2]).hold_entries(1, vec![entry(1, 1), EntryId { term: 2, digest: 7 }]);
    fires(&run, "S1 and S0 both held 2@2, but not the same log up to it");
}

#[test]
fn a_log_that_is_gone_and_one_of_a_dead_peer_count() {
    let mut run = Script::new(3);
    run.hold(0, &[1, 3, 3]).hold(0, &[1]).crash(0).hold(1, &[1, 2, 3]);
    fires(&run, "S1 and S0 both held 3@3, but not the same log up to it");
}

#[test]
fn an_entry_that_comes_back_after_the_index_was_committed_otherwise_counts() {
    let mut run = Script::new(3);
    run.hold(0, &[1, 2]).hold(1, &[1]).elect(1, 3, &[1, 2]).append(1, &[3]).replicate(1, &[2]);
    run.commit(1, 2).hold_entries(0, vec![entry(1, 1), EntryId { term: 2, digest: 9 }]);
    fires(&run, "S0 holds 2@2, but not as it held it before");
}

#[test]
fn an_entry_that_contradicts_the_committed_log_fires() {
    let mut run = Script::new(3);
    run.elect(0, 1, &[0, 1]).append(0, &[1, 1]).replicate(0, &[1]).commit(0, 2);
    run.hold_entries(2, vec![EntryId { term: 0, digest: 5 }, entry(2, 1)]);
    fires(&run, "S2 holds 2@1, but not the log that was committed up to it");
}

#[test]
fn terms_that_decrease_fire() {
    let mut run = Script::new(3);
    run.hold(0, &[1, 3]).append(0, &[2]);
    fires(&run, "S0 holds 3@2 behind an entry of term 3");
}

#[test]
fn a_gap_fires() {
    let mut run = Script::new(3);
    run.change_log(0, |view| view.last = LogPosition { index: 2, term: 1 });
    fires(&run, "S0 says that its log ends at 2@1, but it does not at index 2");
}

/// S1 says that its log ends there, and shows the same entry of term 1 at every index.
fn claim(run: &mut Script, last: LogPosition) {
    let before = run.views[1];
    let after = View { last, ..before };
    run.judge.log_changed(SimTime(1), PeerId(1), &before, &after, |_| Some(entry(1, 1)));
}

#[test]
fn a_wild_claim_fires_and_takes_no_memory() {
    let mut run = Script::new(3);
    claim(&mut run, LogPosition { index: 1 << 60, term: 1 });
    fires(
        &run,
        "S1 says that its log ends at 1152921504606846976@1, but it does not at index \
         1152921504602652671",
    );
}

#[test]
fn a_log_whose_last_entry_is_of_another_term_than_it_says_fires() {
    let mut run = Script::new(3);
    claim(&mut run, LogPosition { index: 1, term: 2 });
    fires(&run, "S1 says that its log ends at 1@2, but it does not at index 1");
}

#[test]
fn a_log_behind_a_snapshot_that_it_does_not_continue_fires() {
    let mut run = Script::new(3);
    run.elect(0, 3, &[0, 1]).append(0, &[3, 3]).replicate(0, &[1]).commit(0, 2);
    run.hold(2, &[1, 1, 1, 1]).change_log(2, |view| {
        (view.first, view.commit, view.applied) = (3, 2, 2);
    });
    fires(&run, "S2 keeps a log behind 2@1, but the snapshot in front of it stands for 2@3");
}

#[test]
fn a_change_that_the_end_of_the_log_does_not_show_fires_at_the_end_of_the_run() {
    let mut run = Script::new(3);
    run.hold(0, &[1, 1, 2]).hold(0, &[1, 2, 2]);
    assert_eq!(run.verdict(), None, "the end of the log is as it was");
    run.end_of_run();
    fires(&run, "S0 holds 2@2 at the end of the run, but another entry was seen to enter its log");
}

#[test]
fn logs_that_conflict_until_they_are_brought_into_line_are_legal() {
    let mut run = Script::new(3);
    run.hold(0, &[1, 1, 2, 2]).hold(1, &[1, 1, 3]).hold(2, &[1, 1, 3, 3, 4]);
    run.copy(2, 0).crash(1).reboot(1, &[1, 1]).copy(2, 1).end_of_run();
    assert_eq!(run.verdict(), None);
}
