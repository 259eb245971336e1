//! What happens once an entry or more, and is nearly always in order: seen to be so by a few
//! comparisons, and taken in at once.
//!
//! Each method answers whether it was plain to see that no checker can object, and has then taken in
//! what it was shown. Otherwise it has changed nothing, and the checkers have to be asked. So a rule
//! is stated in its checker alone; what stands here is only that some cases are far from breaking it.
//! The judge holds each answer against the checkers in every build that has assertions.

use splitvote_peer::{EntryId, LogIndex, PeerId, Role, View};

use super::log::Held;
use super::reading::MOST_ENTRIES;
use super::{Ghost, PeerGhost};

impl Ghost {
    /// A state machine applies the next entry, one that was agreed upon as committed.
    #[inline]
    pub(crate) fn applies_in_order(
        &mut self,
        peer: PeerId,
        index: LogIndex,
        entry: EntryId,
    ) -> bool {
        let Some(ghost) = self.peers.get_mut(peer.index()) else { return false };
        let is_plain = index.wrapping_sub(ghost.applied) == 1
            && index <= ghost.agreed.min(ghost.view.commit)
            && ghost.log.get(index).is_some_and(|held| held.entry == entry);
        if is_plain {
            ghost.applied = index;
        }
        is_plain
    }

    /// The entry that follows those on a disk becomes durable as it stands in memory.
    #[inline]
    pub(crate) fn writes_in_order(
        &mut self,
        peer: PeerId,
        index: LogIndex,
        entry: EntryId,
    ) -> bool {
        let Some(ghost) = self.peers.get_mut(peer.index()) else { return false };
        let is_plain = index.wrapping_sub(ghost.disk_log.last_index()) == 1
            && ghost.log.get(index).is_some_and(|held| held.entry == entry);
        if is_plain {
            ghost.disk_log.append(entry);
        }
        is_plain
    }

    /// A step that concerns no election, and brings nobody's commit index to what is new. Its log,
    /// if it changed, was taken in before.
    #[inline]
    pub(crate) fn moves_on(&mut self, peer: PeerId, before: &View, after: &View) -> bool {
        let Some(ghost) = self.peers.get_mut(peer.index()) else { return false };
        let (commit, applied) = (after.commit, after.applied);
        let is_plain = before.first == after.first
            && before.commit <= commit
            && before.applied <= applied.min(ghost.applied)
            && applied <= commit
            && commit <= after.last.index.min(self.committed.last());
        if !is_plain {
            return false;
        }
        // A commit index may have been beyond the log before.
        if commit > before.commit.min(before.last.index) {
            // What others had committed before, the peer has to hold as they do.
            let past = self.committed.history(commit);
            if past.is_none_or(|past| !ghost.log.holds(commit, past)) {
                return false;
            }
            ghost.agreed = ghost.agreed.max(commit);
        }
        ghost.view = *after;
        true
    }

    /// A log only grew, by entries of which nothing else is known.
    #[inline]
    pub(crate) fn grows(
        &mut self,
        peer: PeerId,
        before: &View,
        after: &View,
        entry: impl Fn(LogIndex) -> Option<EntryId>,
    ) -> bool {
        let Some(ghost) = self.peers.get_mut(peer.index()) else { return false };
        let Some(mut latest) = ghost.grown_from(before, after, &entry) else { return false };
        let kept = ghost.log.last_index();
        let leads = before.role == Role::Leader && after.role == Role::Leader;
        for index in kept + 1..=after.last.index {
            let Some(entry) = entry(index) else { break };
            let held = Held { entry, history: latest.history.then(entry) };
            let is_plain = entry.term >= latest.entry.term
                && (!leads || entry.term == after.term)
                && match index <= self.committed.last() {
                    true => self.committed.history(index) == Some(held.history),
                    false => self.sightings.is_first(peer, index, &held),
                };
            if !is_plain {
                break;
            }
            ghost.log.push(held);
            latest = held;
        }
        let is_plain = ghost.log.last() == after.last;
        if !is_plain {
            // Sightings may stay: the same will be seen when the log is read in earnest.
            ghost.log.truncate(kept);
        }
        is_plain
    }
}

impl PeerGhost {
    /// The last entry that was known, if the log can have done nothing but grow behind it.
    #[inline]
    fn grown_from(
        &self,
        before: &View,
        after: &View,
        entry: impl Fn(LogIndex) -> Option<EntryId>,
    ) -> Option<Held> {
        let known = self.log.last_index();
        let may_have_grown = before.first == after.first
            && after.first.wrapping_sub(self.log.base().index) == 1
            && before.term == after.term
            && known < after.last.index
            && after.last.index - known <= MOST_ENTRIES as u64
            && self.pending_cuts.is_empty();
        // A log that nobody knows from its beginning has no histories to go on with.
        let held = self.log.get(known).filter(|_| may_have_grown && self.log.is_told())?;
        (entry(known) == Some(held.entry)).then_some(*held)
    }
}

#[cfg(test)]
impl Ghost {
    /// All that is known but for what is known sooner by the quick look.
    pub(crate) fn but_for_agreement(&self) -> String {
        let mut ghost = self.clone();
        ghost.peers.iter_mut().for_each(|peer| peer.agreed = 0);
        format!("{ghost:?}")
    }
}
