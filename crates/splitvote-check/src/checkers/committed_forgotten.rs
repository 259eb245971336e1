//! What was durable survives a restart, and what was committed is never lost.
//!
//! # Paper
//! Section 5.4, Figure 3: "Leader Completeness"; Figure 2: the log is persistent state.
//!
//! # Checks
//! 1. At every restart: the peer boots with all that was durable on its disk, but for what it had
//!    removed from its log itself in the life before, or what its disk has lost without telling.
//! 2. Whenever a peer removes an entry from its log, in the term in which that entry was committed
//!    or later: it was not committed.
//! 3. Whenever a disk loses a committed entry, by a cut or at a restart: the disks of a majority
//!    still have it. Restarts of all peers are judged one by one.
//!
//! Why the term counts in the second check:
//!
//! 1. Suppose S2, in term 3, holds 5@2; so do S0, S1 and S4, and S4 leads term 4 and commits 5@2
//!    together with 6@4.
//! 2. S3 led term 3 once, and a late AppendEntries of it replaces S2's 5@2 by 5@3.
//! 3. S2 has removed a committed entry, rightly: it never told the leader of term 4 that it has it.
//!
//! Why a cut counts though a snapshot that covers it is written next, and becomes durable with it:
//!
//! 1. Suppose S0 and S1 of three hold 1 to 6, which are committed, and S2 does not.
//! 2. S0 sends S1 a snapshot through 6. S1 writes that its log is empty, then the snapshot, and syncs both.
//! 3. Power fails before the sync is done. A disk may keep the first record, and not the second.
//! 4. S1 has nothing. It votes for S2, and they lead without 1 to 6.
//!
//! Two records are two writes. One record that tells both survives as a whole or not at all
//! (`Record::meanings`): of such a one only what it leaves in the end is looked at. The other way round, snapshot
//! first and then the cut, nothing is ever missing.
//!
//! # Whom it must not accuse
//! - A Raft that saves all its state as one record, and tells of it that its log is cut off, and then what stands
//!   there: its entries, or a snapshot. A crash never comes in between.
//! - A Raft that writes a snapshot, and then that its log has no entries at all, from 1 on: the snapshot stays.
//!
//! # Does not check
//! What was on the disk of a Raft whose records do not tell of entries; there the logs in memory
//! count in the third check.
//!
//! # Standing
//! Guarantee: what is committed or acknowledged is never forgotten. An entry that is missing after a
//! boot breaks it though it may not be committed: its leader may have counted it, in another run. It
//! might accuse a correct Raft that throws an unfinished batch away at its boot, if its records
//! describe the entries of that batch as durable; or one that shows an empty log from when it begins to install a
//! snapshot until the disk has it, though it would vote by the log that it shows no more.
//!
//! # Mutants that trip it
//! R2, N12, R14B, R21, R8 and N13 most of all; R1, R7, R8B, R12, R14, N10, P1, P1B, P2, S3,
//! S4, S5B and S12 too, as one fault brings the next.

use super::prelude::*;

pub(super) const RULE: Rule = Rule::new(
    "committed-forgotten",
    "5.4, Figure 2",
    "What was durable survives a restart, and what was committed stays on a majority of disks.",
)
.advising(
    "give entries up only where a leader's entry conflicts, and write what replaces older records before \
     `Context::compact`, in one step",
);

/// The evidence: an entry that should still be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Forgotten {
    /// A peer booted without what was durable on its disk.
    AtBoot {
        /// The peer that restarted.
        peer: PeerId,
        /// The first entry that is missing.
        entry: LogPosition,
        /// Where the log on the disk ended.
        durable: LogPosition,
    },
    /// A peer removed a committed entry from its log.
    Removed {
        /// The peer that did it.
        peer: PeerId,
        /// In which term.
        term: Term,
        /// The first committed entry that is gone.
        entry: LogPosition,
        /// The term in which it was committed.
        committed_in: Term,
    },
    /// Too few disks are left that have a committed entry.
    Lost {
        /// Whose disk lost it.
        peer: PeerId,
        /// The entry that this is about.
        entry: LogPosition,
        /// Whose disks have it.
        holders: PeerSet,
        /// How many are needed.
        needed: usize,
    },
}

pub(super) fn check_log(ghost: &Ghost, change: &LogChange<'_>) -> Option<Forgotten> {
    match change.occasion {
        Occasion::Step => removed(ghost, change),
        Occasion::Boot => at_boot(ghost, change).or_else(|| lost_at_boot(ghost, change)),
        Occasion::End => None,
    }
}

fn removed(ghost: &Ghost, change: &LogChange<'_>) -> Option<Forgotten> {
    let peer = change.peer;
    let log = &ghost.peer(peer)?.log;
    let (from, _) = change.removed(log)?;
    if from.index > ghost.agreement(log) {
        return None;
    }
    let (entry, term) = (ghost.committed.position(from.index), change.after.term);
    let committed_in = ghost.committed.committed_in(from.index).filter(|by| *by <= term)?;
    Some(Forgotten::Removed { peer, term, entry, committed_in })
}

fn at_boot(ghost: &Ghost, change: &LogChange<'_>) -> Option<Forgotten> {
    let peer = ghost.peer(change.peer)?;
    let disk = &peer.disk_log;
    let demanded = disk.last_index().min(peer.pending_cuts.lowest());
    if !ghost.tells_entries || peer.is_excused || demanded <= change.kept.index {
        return None;
    }
    let is_held = |index: LogIndex| match disk.get(index) {
        Some(held) => change.held(index).is_some_and(|booted| booted.entry == held.entry),
        None => index <= change.after.last.index,
    };
    let missing = (change.kept.index + 1..=demanded).find(|index| !is_held(*index))?;
    let term = disk.get(missing).map(|held| held.entry.term);
    let term = term.or_else(|| ghost.committed.term(missing)).unwrap_or(0);
    let entry = LogPosition { index: missing, term };
    Some(Forgotten::AtBoot { peer: change.peer, entry, durable: disk.last() })
}

fn lost_at_boot(ghost: &Ghost, change: &LogChange<'_>) -> Option<Forgotten> {
    let old = ghost.durable_log(ghost.peer(change.peer)?);
    let had = ghost.agreement(old);
    let past = ghost.committed.history(had)?;
    let has_it = had <= change.kept.index || change.holds(had, past);
    if has_it { None } else { lost(ghost, change.peer, had) }
}

pub(super) fn check(ghost: &Ghost, _: SimTime, seen: &Observation) -> Option<Forgotten> {
    let cut = |peer: PeerId, kept: LogIndex| {
        let disk = on_disk(ghost, peer)?;
        let had = ghost.agreement(disk);
        // What a snapshot stands for is no entry, and is not cut off.
        if kept.max(disk.base().index) >= had { None } else { lost(ghost, peer, had) }
    };
    match *seen {
        Observation::DurableTruncation { peer, from } if from <= ghost.committed.last() => {
            cut(peer, from.saturating_sub(1))
        }
        Observation::DurableEntry { peer, index, entry } if index <= ghost.committed.last() => {
            let held = on_disk(ghost, peer)?.get(index)?;
            if held.entry == entry { None } else { cut(peer, index - 1) }
        }
        Observation::DurableSnapshot { peer, through } => {
            let disk = on_disk(ghost, peer)?;
            let stays = disk.covers(through.index)
                || disk.term(through.index) == Some(through.term)
                || disk.last_index() <= through.index;
            if stays { None } else { cut(peer, through.index) }
        }
        _ => None,
    }
}

fn on_disk(ghost: &Ghost, peer: PeerId) -> Option<&LogGhost> {
    ghost.peer(peer).filter(|_| ghost.tells_entries).map(|peer| &peer.disk_log)
}

/// The peer no longer has this committed entry. Is there a majority of others that have it?
fn lost(ghost: &Ghost, peer: PeerId, index: LogIndex) -> Option<Forgotten> {
    let mut holders = ghost.holders(index);
    holders.remove(peer);
    let (entry, needed) = (ghost.committed.position(index), ghost.majority());
    let is_lost = !ghost.configuration.has_quorum(holders);
    is_lost.then_some(Forgotten::Lost { peer, entry, holders, needed })
}

impl Proof for Forgotten {
    fn finding(&self) -> Finding {
        match *self {
            Self::AtBoot { peer, entry, .. } => Finding::new("at-boot", [peer]).leads([
                Lead::EntryBefore(peer, entry),
                Lead::EntryOnDisk(peer, entry),
                Lead::SnapshotOnDisk(peer),
                Lead::DiskRewritten(peer),
            ]),
            Self::Removed { peer, entry, committed_in, .. } => Finding::new("removed", [peer])
                .leads([
                    Lead::Commitment(entry, Some(committed_in)),
                    Lead::EntryBefore(peer, entry),
                    Lead::EntryGivenUp(entry),
                ]),
            Self::Lost { peer, entry, mut holders, .. } => {
                holders.remove(peer);
                let peers: Vec<PeerId> = std::iter::once(peer).chain(holders.iter()).collect();
                Finding::new("lost", peers).leads([
                    Lead::Commitment(entry, None),
                    Lead::Durability { entry, on_disk: holders, words: "from now on " },
                    Lead::EntryBefore(peer, entry),
                    Lead::EntryGivenUp(entry),
                ])
            }
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::AtBoot { peer, entry, durable } => format!(
                "{peer} restarted without {entry}, though its log was durable up to {durable}"
            ),
            Self::Removed { peer, term, entry, committed_in } => format!(
                "{peer} in term {term} removed {entry} from its log, which term {committed_in} had \
                 committed"
            ),
            Self::Lost { peer, entry, holders, needed } => format!(
                "{peer} lost {entry}, which is committed, and now only the disks of {holders} have \
                 it, {needed} are needed"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use splitvote_peer::{DiskTrouble, PeerId};

    use crate::Checker;
    use crate::observation::Observation;
    use crate::script::{Script, entry};

    fn fires(run: &Script, sentence: &str) {
        assert_eq!(run.verdict(), Some(("committed-forgotten", sentence.to_owned())));
    }

    /// S0 leads term 1 and has committed three entries, which S1 has too.
    fn three_committed(mut run: Script) -> Script {
        run.elect(0, 1, &[0, 1]).follow(1, Some(0), 1).append(0, &[1, 1, 1]).replicate(0, &[1]);
        run.commit(0, 3);
        run
    }

    #[test]
    fn a_restart_without_a_durable_entry_fires() {
        let mut run = Script::new(3);
        run.hold(2, &[1, 1, 2]).store(2).crash(2).reboot(2, &[1]);
        fires(&run, "S2 restarted without 2@1, though its log was durable up to 3@2");
    }

    #[test]
    fn a_restart_without_what_was_removed_and_came_back_fires() {
        let mut run = Script::new(3);
        run.hold(2, &[1, 1, 2]).store(2).hold(2, &[1, 1]).append(2, &[2]).append(2, &[2]);
        run.crash(2).reboot(2, &[1, 1]);
        fires(&run, "S2 restarted without 3@2, though its log was durable up to 3@2");
    }

    #[test]
    fn a_restart_without_the_durable_snapshot_fires() {
        let mut run = three_committed(Script::new(3));
        run.apply(0, 3).compact(0, 3).crash(0);
        run.views[0].first = 1;
        run.reboot(0, &[]);
        fires(&run, "S0 restarted without 1@1, though its log was durable up to 3@1");
    }

    #[test]
    fn what_a_disk_has_lost_without_telling_is_no_fault_of_the_peer() {
        let missing = |peer| Observation::DiskTrouble { peer, trouble: DiskTrouble::Missing };
        let mut run = Script::new(3);
        run.hold(2, &[1, 1, 2]).store(2).crash(2).see(missing(PeerId(2)));
        run.reboot(2, &[1]);
        assert_eq!(run.verdict(), None, "nobody had committed it");
        run.hold(2, &[1, 1]).store(2).crash(2).reboot(2, &[1]);
        fires(&run, "S2 restarted without 2@1, though its log was durable up to 2@1");
        let mut run = three_committed(Script::new(3));
        run.crash(1).see(missing(PeerId(1)));
        run.reboot(1, &[1, 1]);
        let sentence = "S1 lost 3@1, which is committed, and now only the disks of {S0} have it, \
                        2 are needed";
        fires(&run, sentence);
    }

    #[test]
    fn removing_a_committed_entry_fires() {
        let mut run = three_committed(Script::new(3));
        run.hold(1, &[1, 1]);
        fires(&run, "S1 in term 1 removed 3@1 from its log, which term 1 had committed");
    }

    #[test]
    fn a_cut_of_a_disk_that_leaves_too_few_fires() {
        let mut run = three_committed(Script::asking(Checker::CommittedForgotten, 3));
        run.see(Observation::DurableTruncation { peer: PeerId(1), from: 2 });
        let sentence = "S1 lost 3@1, which is committed, and now only the disks of {S0} have it, \
                        2 are needed";
        fires(&run, sentence);
    }

    #[test]
    fn a_cut_of_all_entries_leaves_the_snapshot_that_stands_for_them() {
        let mut run = three_committed(Script::asking(Checker::CommittedForgotten, 3));
        run.compact(1, 3).see(Observation::DurableTruncation { peer: PeerId(1), from: 1 });
        assert_eq!(run.verdict(), None);
        let mut run = three_committed(Script::asking(Checker::CommittedForgotten, 3));
        run.compact(1, 2).see(Observation::DurableTruncation { peer: PeerId(1), from: 1 });
        let sentence = "S1 lost 3@1, which is committed, and now only the disks of {S0} have it, \
                        2 are needed";
        fires(&run, sentence);
    }

    #[test]
    fn overwriting_a_committed_entry_on_a_disk_fires() {
        let mut run = three_committed(Script::new(3));
        run.see(Observation::DurableEntry { peer: PeerId(1), index: 3, entry: entry(3, 2) });
        let sentence = "S1 lost 3@1, which is committed, and now only the disks of {S0} have it, \
                        2 are needed";
        fires(&run, sentence);
    }

    #[test]
    fn a_restart_of_all_that_lost_the_log_fires_even_without_disks() {
        let mut run = three_committed(Script::without_disks(3));
        run.crash(0).crash(1).crash(2).reboot(1, &[1, 1]);
        let sentence = "S1 lost 3@1, which is committed, and now only the disks of {S0} have it, \
                        2 are needed";
        fires(&run, sentence);
    }

    #[test]
    fn what_was_not_durable_and_what_was_removed_before_may_be_missing() {
        let mut run = three_committed(Script::new(3));
        run.hold(2, &[1, 2, 2]).store(2).append(2, &[2]).hold(2, &[1]);
        run.crash(2).reboot(2, &[1]).copy(0, 2).crash(2).reboot(2, &[1]);
        run.crash(0).crash(1).reboot(0, &[1, 1, 1]).reboot(1, &[1, 1, 1]);
        assert_eq!(run.verdict(), None);
    }

    #[test]
    fn a_peer_of_an_older_term_may_remove_what_a_later_term_committed() {
        let mut run = Script::new(5);
        let peer = |index| PeerId(index);
        for index in [0, 1, 2, 4] {
            run.hold(index, &[1, 2]).store(index);
        }
        run.follow(2, None, 3).elect(4, 4, &[0, 1, 4]).append(4, &[4]).replicate(4, &[0, 1]);
        run.commit(4, 3).hold(2, &[1, 3]);
        run.see(Observation::DurableEntry { peer: peer(2), index: 2, entry: entry(2, 3) });
        assert_eq!(run.verdict(), None);
    }
}
