//! The follower's side of AppendEntries, heartbeats included (paper, sections 5.2 and 5.3).
//!
//! An AppendEntries speaks of the log up to its last entry and no further. Entries behind that are
//! neither confirmed nor denied: they are not deleted, and not taken for committed.
//! 1. Suppose the leader sends entry 5, and then entries 5 and 6; the second is faster.
//! 2. The follower appends 5 and 6 and says so; 6 is committed with its help.
//! 3. The first arrives. If what follows 5 were deleted, 6 would be gone from a majority.
//!
//! A quiet heartbeat is the hot path of every run: no allocation, no sync, no tracing.

use splitvote_peer::{CallId, LocalTime, LogIndex, LogPosition, PeerId, Role, Term};
use tracing::debug;

use crate::batch::Batch;
use crate::log::LAST_INDEX;
use crate::message::{AppendResult, Message};
use crate::raft::{Cx, Raft};
use crate::rules::Rules;

impl<R: Rules + Clone> Raft<R> {
    /// Figure 2, AppendEntries RPC, receiver implementation. A function by itself: deep within the
    /// world's loop, where a compiler takes all for rare, its parts would not be inlined.
    #[inline(never)]
    pub(crate) fn on_append(
        &mut self,
        call: CallId,
        from: PeerId,
        (term, previous, commit): (Term, LogPosition, LogIndex),
        entries: &Batch,
        cx: &mut Cx<'_, R>,
    ) {
        if !self.heeds(term, cx) {
            return self.refuse(call, term, AppendResult::Stale, cx);
        }
        let log_matches = self.agrees_at(previous, entries.len());
        self.hear_leader(from, self.rules.append_resets_timer(log_matches), cx);
        if !log_matches {
            let (previous, hint) = (previous.index, self.hint(previous.index));
            return self.refuse(call, term, AppendResult::Conflict { previous, hint }, cx);
        }
        if !entries.is_empty() {
            self.take_entries(previous.index, entries, cx);
        }
        if !self.rules.saves_term_before_entries() {
            self.save_heard_term(cx);
        }
        let through = previous.index + entries.len() as u64;
        let last = self.log.last().index;
        self.commit = self.rules.follower_commit(self.commit, commit, through, last);
        self.apply_committed(cx);
        let (term, result) = (self.term, AppendResult::Success { through });
        let reply = || Message::AppendEntriesReply { term, result };
        self.reply_with_log(call, reply, through, cx);
    }

    #[cold]
    fn refuse(&mut self, call: CallId, theirs: Term, result: AppendResult, cx: &mut Cx<'_, R>) {
        let term = self.rules.term_in_refusal(theirs, self.term);
        self.reply(call, Message::AppendEntriesReply { term, result }, cx);
    }

    /// What AppendEntries and InstallSnapshot begin with: a higher term is adopted, an old one not
    /// heeded. True if the peer is a follower of the sender now.
    #[inline]
    pub(crate) fn heeds(&mut self, term: Term, cx: &mut Cx<'_, R>) -> bool {
        if self.rules.adopts_term(term, self.term) {
            self.adopt_term(term, cx);
            if self.rules.saves_term_before_entries() {
                self.save_heard_term(cx);
            }
        }
        self.rules.heeds_append(term, self.term) && self.follows_leader()
    }

    /// Whether the peer is a follower of the sender, or becomes one. A leader does not: its term
    /// has no other leader (section 5.2, Election Safety).
    #[inline]
    fn follows_leader(&mut self) -> bool {
        match self.role {
            Role::Follower => {
                self.voted_for = self.rules.vote_after_heartbeat(self.voted_for);
                true
            }
            Role::Candidate => self.rules.yields_to_leader() && self.yield_to_leader(),
            Role::Leader => false,
        }
    }

    /// Section 5.2: the candidate "recognizes the leader as legitimate and returns to follower
    /// state". Its vote stays cast.
    #[cold]
    fn yield_to_leader(&mut self) -> bool {
        debug!(me = %self.me, term = self.term, "yields to the leader of its term");
        self.role = Role::Follower;
        self.voted_for = self.rules.vote_after_yielding(self.voted_for);
        true
    }

    /// Who leads, and the election timer.
    #[inline]
    pub(crate) fn hear_leader(&mut self, leader: PeerId, resets_timer: bool, cx: &mut Cx<'_, R>) {
        self.leader = Some(leader);
        self.leader_heard_at = cx.now();
        if resets_timer {
            self.reset_election_timer(cx);
        }
    }

    /// Figure 2, AppendEntries, receiver implementation 2. What a snapshot has replaced is
    /// committed, and so the same in every leader's log.
    #[inline]
    fn agrees_at(&self, previous: LogPosition, entries: usize) -> bool {
        let is_discarded = previous.index < self.log.base().index;
        let has_room = previous.index <= LAST_INDEX - (entries as u64).min(LAST_INDEX);
        let own_term = self.log.term_at(previous.index);
        has_room && (is_discarded || self.rules.log_matches(own_term, previous, entries))
    }

    /// Section 5.3: "the follower can include the term of the conflicting entry and the first index
    /// it stores for that term". If the log is too short, where it ends.
    #[cold]
    fn hint(&self, previous: LogIndex) -> LogPosition {
        let too_short = LogPosition { index: self.log.last().index + 1, term: 0 };
        let Some(term) = self.log.term_at(previous) else { return too_short };
        match self.log.first_of_term(term) {
            Some(index) => LogPosition { index, term },
            None => LogPosition { index: self.log.first(), term: 0 },
        }
    }

    /// Figure 2, AppendEntries, receiver implementation 3 and 4.
    #[inline(never)]
    fn take_entries(&mut self, previous: LogIndex, entries: &Batch, cx: &mut Cx<'_, R>) {
        let conflict = self.first_conflict(previous, entries);
        let is_written = conflict.is_none() || self.rules.persists_overwrite();
        if let Some(from) = self.rules.delete_from(conflict, previous) {
            self.delete_from(from, is_written, cx);
        }
        let known = self.log.last().index.saturating_sub(previous);
        let known = usize::try_from(known).unwrap_or(usize::MAX);
        for entry in entries.entries().iter().skip(known) {
            if is_written {
                self.append(entry.clone(), cx);
            } else {
                self.append_unwritten(entry.clone());
            }
        }
        self.sync_log(cx);
        self.rewrite_if_long(cx);
    }

    /// The first new entry in whose place another one stands.
    fn first_conflict(&self, previous: LogIndex, entries: &Batch) -> Option<LogIndex> {
        if previous == self.log.last().index {
            return None;
        }
        // Entries first: the index behind the last one may not be a number.
        let mut numbered = entries.entries().iter().zip(previous + 1..);
        let is_other = |index, term| self.log.get(index).is_some_and(|own| own.term != term);
        numbered.find(|(entry, index)| is_other(*index, entry.term)).map(|(_, index)| index)
    }

    /// Figure 2, Followers, rule 2: a fresh timeout from now on; the old deadline is void.
    #[inline(always)]
    pub(crate) fn reset_election_timer(&mut self, cx: &mut Cx<'_, R>) {
        let timing = &self.settings.timing;
        let fresh = cx.election_timeout(timing.election_timeout_min, timing.election_timeout_max);
        self.election_deadline = self.deadline(cx.now(), fresh);
    }

    #[inline]
    fn deadline(&self, now: LocalTime, fresh: std::time::Duration) -> LocalTime {
        now + self.rules.timeout(self.first_timeout, fresh)
    }
}
