//! How an entry came to be committed.

use splitvote::peer::{Configuration, LogPosition, PeerSet, Term};
use splitvote::{PeerId, Role};

use super::aspects::Aspects;
use super::history::Moment;
use super::slice::Slice;

impl Slice<'_> {
    /// The first moment in which a leader of this term, any if none is said, committed an entry; if
    /// no leader did, the first moment in which anybody did.
    pub(super) fn commitment(
        &self,
        entry: LogPosition,
        term: Option<Term>,
        before: Moment,
    ) -> Option<Moment> {
        let first = |must_lead: bool| {
            let firsts = self.history.everyone.iter().filter_map(|peer| {
                self.history.since(peer, 0).take_while(|moment| *moment < before).find(|moment| {
                    self.history.change(*moment).is_some_and(|(was, is)| {
                        was.commit < entry.index
                            && is.commit >= entry.index
                            && (is.role == Role::Leader || !must_lead)
                            && term.is_none_or(|term| is.term == term)
                    }) && self.logs.held(peer, entry, moment + 1).is_some()
                })
            });
            firsts.min()
        };
        first(true).or_else(|| first(false))
    }

    /// Includes how an entry was committed: who held it, and who counted. Who it was, if it was seen.
    pub(super) fn committed(
        &mut self,
        entry: LogPosition,
        term: Option<Term>,
        before: Moment,
        depth: u32,
    ) -> Option<PeerId> {
        let moment = self.commitment(entry, term, before)?;
        self.include(moment, Aspects::COMMIT, depth);
        let leader = self.history.peer(moment)?;
        let holders = self.holders(entry, moment + 1);
        self.remark(moment, format!("{entry} is in the logs of {}", list(holders)));
        if let Some(view) = self.history.view_after(leader, moment) {
            if view.commit == entry.index && entry.term < view.term {
                let words =
                    format!("{entry} is of an older term than {leader}'s own, {}", view.term);
                self.remark(moment, words);
            }
            self.elected(leader, view.term, moment + 1, depth + 1);
        }
        self.holds(leader, entry, moment + 1, depth + 1);
        // As many as a majority needs: those that had it first.
        let mut first: Vec<_> = holders
            .iter()
            .filter_map(|holder| Some((self.logs.held(holder, entry, moment + 1)?, holder)))
            .collect();
        first.sort_unstable();
        for (_, holder) in
            first.into_iter().take(Configuration::of(self.history.everyone).quorum_size())
        {
            self.holds(holder, entry, moment + 1, depth + 1);
        }
        Some(leader)
    }

    /// Whose logs hold an entry.
    pub(super) fn holders(&self, entry: LogPosition, before: Moment) -> PeerSet {
        let everyone = self.history.everyone.iter();
        everyone.filter(|peer| self.logs.held(*peer, entry, before).is_some()).collect()
    }

    /// Whose memory alone holds an entry, besides these disks.
    pub(super) fn durability(
        &self,
        entry: LogPosition,
        on_disk: PeerSet,
        before: Moment,
    ) -> String {
        let memory = self.holders(entry, before).difference(on_disk);
        let disk = match on_disk.len() {
            0 => format!("{entry} is on no disk"),
            1 => format!("{entry} is on the disk of {} alone", list(on_disk)),
            _ => format!("{entry} is on the disks of {} alone", list(on_disk)),
        };
        if memory.is_empty() {
            disk
        } else {
            format!("{disk}, and in the memory of {}", list(memory))
        }
    }
}

/// `S0, S1 and S3`
pub(super) fn list(peers: PeerSet) -> String {
    let names: Vec<String> = peers.iter().map(|peer| peer.to_string()).collect();
    match names.split_last() {
        None => "nobody".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}
