//! What is made of each thing that the world shows.

use splitvote_check::{Meter, Observation, Written};
use splitvote_peer::{
    BreachCause, CallId, Command, EntryId, LogIndex, Meaning, Message, Peer, PeerId,
    ProposalAnswer, Record, RequestId, Role, SimTime, Snapshot, SyncId, View,
};
use splitvote_sim::{Disturbance, Fate, Leg, Packet, Promised, Pulse, Waiting, Watcher};

use super::Court;
use super::heard::Heard;
use super::messages::{is_led, is_of_election, is_of_leader, text};
use crate::trace::What;

/// The packet once more. What a rare function is to look at, it is given a copy of that is made only
/// when it is called: the original then need not stand in memory, and mostly is never put together.
#[inline(always)]
fn again<'a, M>(packet: &Packet<'a, M>) -> Packet<'a, M> {
    let Packet { number, from, to, leg, message } = *packet;
    Packet { number, from, to, leg, message }
}

/// A packet leaves that is to be measured: only where there are budgets.
#[cold]
fn measure_sent<M: Message>(meter: &mut Meter, packet: &Packet<'_, M>, bytes: u32) {
    let (kind, meaning) = (packet.message.kind(), packet.message.meaning());
    meter.sent(packet.from, packet.to, kind, meaning, bytes, packet.leg);
}

impl Court {
    #[cold]
    fn record_sent<M: Message>(&mut self, at: SimTime, packet: &Packet<'_, M>, fate: Fate) {
        self.note(at, || What::Sent { packet: text(packet), fate });
    }

    #[cold]
    fn record_received<M: Message>(&mut self, at: SimTime, packet: &Packet<'_, M>) {
        self.note(at, || What::Received { packet: text(packet) });
    }
}

/// Declares what is only recorded, and of which no observation comes.
macro_rules! only_recorded {
    ($($shown:ident($($what:ident: $type:ty),+) => $event:expr;)+) => {
        $(#[inline(always)]
        fn $shown(&mut self, at: SimTime, $($what: $type),+) {
            self.note(at, || $event);
        })+
    };
}

impl<P: Peer> Watcher<P> for Court {
    only_recorded! {
        woke(peer: PeerId) => What::Woke { peer };
        armed(peer: PeerId, due: SimTime) =>
            What::Armed { peer, due: (due < SimTime::NEVER).then_some(due) };
        call_failed(call: CallId, to: PeerId) => What::CallFailed { peer: call.caller, to, call };
        held(peer: PeerId, waiting: Waiting) => What::Held { peer, waiting };
        persisted(peer: PeerId, record: &P::Record) => What::Written { peer, record: record.meaning() };
        sync_begun(peer: PeerId, sync: SyncId, due: SimTime, promised: Promised) =>
            What::SyncBegun { peer, sync, due, is_lie: promised == Promised::Falsely };
        synced(peer: PeerId, sync: SyncId) => What::SyncDone { peer, sync };
        compacted(peer: PeerId, keep: usize) => What::Compacted { peer, keep };
        perished(packet: &Packet<'_, P::Message>, fate: Fate) =>
            What::Perished { packet: text(packet), fate };
        snapshot_taken(peer: PeerId, snapshot: &Snapshot) =>
            What::SnapshotTaken { peer, through: snapshot.through };
    }

    #[inline]
    fn stops(&self) -> bool {
        self.judge.is_violated()
    }

    fn pulse(&self) -> Pulse {
        self.pulse.share()
    }

    #[inline]
    fn breach(&mut self) -> Option<BreachCause> {
        self.take_breach().map(|(_, cause)| cause)
    }

    fn booted(&mut self, at: SimTime, peer: PeerId, boot: u32, raft: &P, view: &View) {
        self.whole_log(at, peer, raft, view);
        self.judge.observe(at, &Observation::Booted { peer, boot, view: *view });
        self.note(at, || What::Booted { peer, boot, view: *view });
        if let (Some(recorder), None) = (&mut self.recorder, &self.breach) {
            recorder.forget_log(peer);
            recorder.read_log(at, peer, view, |index| raft.entry(index));
        }
    }

    fn crashed(&mut self, at: SimTime, peer: PeerId) {
        self.judge.observe(at, &Observation::Crashed { peer });
        self.note(at, || What::Crashed { peer });
    }

    #[inline(always)]
    fn counted(&mut self, packet: &Packet<'_, P::Message>, bytes: u32) {
        if let Some(meter) = &mut self.meter {
            measure_sent(meter, &again(packet), bytes);
        }
    }

    #[inline(always)]
    fn sent(&mut self, at: SimTime, packet: &Packet<'_, P::Message>, fate: Fate, sender: &View) {
        if self.recorder.is_some() {
            self.record_sent(at, &again(packet), fate);
        }
        if matches!(fate, Fate::Duplicated(_)) {
            return;
        }
        let meaning = packet.message.meaning();
        if self.checks_quorum && sender.role == Role::Leader && is_of_leader(meaning) {
            self.judge.speaks_as_leader(at, packet.from, sender.term);
        }
        if is_of_election(meaning) {
            self.left(at, packet.from, packet.to, packet.message.meaning(), sender);
        }
    }

    #[inline(always)]
    fn received(&mut self, at: SimTime, packet: &Packet<'_, P::Message>, before: &View) {
        if self.recorder.is_some() {
            self.record_received(at, &again(packet));
        }
        let (from, to, meaning) = (packet.from, packet.to, packet.message.meaning());
        if let Some(meter) = &mut self.meter {
            meter.received(from, to, packet.message.meaning());
        }
        if self.checks_quorum && before.role == Role::Leader && meaning.is_reply() {
            let is_to_leader =
                matches!(meaning, Meaning::AppendReply { .. } | Meaning::InstallReply { .. });
            let confirms = is_to_leader && meaning.term() == Some(before.term);
            self.judge.is_answered(at, to, from, confirms);
        }
        let Some(term) = meaning.term() else {
            if let Meaning::PreVote { asked_for, last_log } = meaning {
                self.heard = Some(Heard::PreVote { from, asked_for, last_log, before: *before });
            }
            return;
        };
        match meaning {
            Meaning::Append { entries: 0, .. } | Meaning::AppendReply { success: true, .. } => {}
            _ => self.arrived(at, from, to, packet.message.meaning()),
        }
        match meaning {
            Meaning::Append { .. } | Meaning::InstallSnapshot { .. }
                if term == before.term && before.role != Role::Follower =>
            {
                self.heard = Some(Heard::Leader { from, term, before: *before });
            }
            Meaning::AppendReply { .. } | Meaning::InstallReply { .. }
                if before.role == Role::Leader =>
            {
                self.heard = Some(Heard::Follower { from });
            }
            _ => {}
        }
        if term >= before.term && is_of_leader(meaning) {
            self.judge.hears_leader(at, to, from);
        }
        if term > before.term && before.shows_term() {
            // Only an answer to a call reaches nobody but the life that asked.
            if matches!(packet.leg, Leg::Reply(_)) {
                self.said_yes(at, from, to, packet.message.meaning(), before.term);
            }
            let may_disregard = self.checks_quorum
                && before.leader.is_some()
                && matches!(meaning, Meaning::VoteRequest { .. });
            let loyalty = may_disregard.then(|| self.judge.owes_loyalty(at, to)).flatten();
            self.heard = Some(Heard::HigherTerm { from, heard: term, may_disregard, loyalty });
        } else if term < before.term && meaning.is_reply() && !is_led(meaning) {
            self.judge.observe(at, &Observation::StaleReply { peer: to, from, term });
        }
    }

    fn changed(&mut self, at: SimTime, peer: PeerId, raft: &P, before: &View, after: &View) {
        if before.last != after.last || before.first != after.first {
            self.log_changed(at, peer, raft, before, after);
        }
        self.note(at, || What::Changed { peer, before: *before, after: *after });
        if let (Some(recorder), None) = (&mut self.recorder, &self.breach) {
            recorder.read_log(at, peer, after, |index| raft.entry(index));
        }
        self.judge.changed(at, peer, before, after);
    }

    #[inline(always)]
    fn handled(&mut self, at: SimTime, peer: PeerId, raft: &P, after: &View) {
        match self.heard {
            None => {}
            Some(Heard::Follower { from }) => {
                self.heard = None;
                self.heard_of(at, peer, from, raft);
            }
            Some(_) => self.heeded(at, peer, after),
        }
    }

    fn proposed(&mut self, at: SimTime, peer: PeerId, request: RequestId, command: &Command) {
        self.commands.propose(command.digest());
        self.note(at, || What::Proposed { peer, request, command: command.into() });
    }

    fn durable(&mut self, at: SimTime, peer: PeerId, record: &P::Record) {
        let mut written = Written::default();
        record.meanings(|meaning| {
            self.judge.durable(at, peer, &mut written, meaning);
            self.note(at, || What::Durable { peer, record: meaning });
        });
        self.judge.written(at, peer, written);
    }

    #[inline]
    fn applied(&mut self, at: SimTime, peer: PeerId, index: LogIndex, entry: EntryId) {
        self.note(at, || What::Applied { peer, index, entry });
        self.judge.observe(at, &Observation::Applied { peer, index, entry });
        self.commands.apply(index, entry);
    }

    fn restored(&mut self, at: SimTime, peer: PeerId, snapshot: &Snapshot) {
        let (through, content) = (snapshot.through, snapshot.content());
        self.judge.observe(at, &Observation::Restored { peer, through, content });
        self.note(at, || What::Restored { peer, through });
    }

    fn answered(&mut self, at: SimTime, peer: PeerId, request: RequestId, answer: &ProposalAnswer) {
        if let ProposalAnswer::Redirect { leader } = answer {
            self.judge.observe(at, &Observation::Redirected { peer, leader: *leader });
        }
        self.answers.note(request, answer);
        self.note(at, || What::Answered { peer, request, answer: answer.clone() });
    }

    fn disturbed(&mut self, at: SimTime, what: &Disturbance) {
        match *what {
            Disturbance::ClockStepped { peer, .. } => self.judge.clock_changes(at, peer, None),
            Disturbance::ClockDrift { peer, ppm } => self.judge.clock_changes(at, peer, Some(ppm)),
            Disturbance::Paused { peer } | Disturbance::Resumed { peer } => {
                self.judge.stands_still(at, peer);
            }
            Disturbance::DiskTrouble { peer, trouble } => {
                self.judge.observe(at, &Observation::DiskTrouble { peer, trouble });
            }
            _ => {}
        }
        self.note(at, || What::disturbed(*what));
    }

    fn link_changed(&mut self, at: SimTime, from: PeerId, to: PeerId, up: bool) {
        self.judge.observe(at, &Observation::LinkChanged { from, to, up });
        self.note(at, || What::Link { from, to, up });
    }
}

#[cfg(test)]
mod tests {
    use splitvote_check::{Happening, Judge};
    use splitvote_raft::{AppendResult, Message as RaftMessage, Paper, Raft};
    use splitvote_sim::Packet;

    use super::*;

    #[test]
    fn one_way_replies_are_no_rpcs() {
        let mut court = Court::new(3, Judge::new(3), false, Pulse::default());
        court.meter(RaftMessage::KINDS);
        let request = RaftMessage::RequestVote { term: 1, last_log: Default::default() };
        let reply = RaftMessage::RequestVoteReply { term: 1, asked_in: 1, granted: true };
        for message in [&request, &reply] {
            let (from, to, leg) = (PeerId(0), PeerId(1), Leg::OneWay);
            let packet = Packet { number: 0, from, to, leg, message };
            Watcher::<Raft<Paper>>::counted(&mut court, &packet, 10);
        }
        let reading =
            court.metered().map(|meter| (meter.reading().rpcs(), meter.reading().bytes()));
        assert_eq!(reading, Some((1, 20)));
    }

    #[test]
    fn a_one_way_reply_of_an_older_term_is_stale_too() {
        let mut court = Court::new(3, Judge::new(3), false, Pulse::default());
        let reply = RaftMessage::AppendEntriesReply { term: 1, result: AppendResult::Stale };
        let before = View { term: 2, ..View::NEW };
        for leg in [Leg::OneWay, Leg::Reply(CallId { caller: PeerId(1), boot: 1, number: 1 })] {
            let packet = Packet { number: 0, from: PeerId(0), to: PeerId(1), leg, message: &reply };
            Watcher::<Raft<Paper>>::received(&mut court, SimTime(1), &packet, &before);
        }
        assert_eq!(court.judge().happenings().get(Happening::StaleReply), 2);
    }
}
