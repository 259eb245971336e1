//! A term that a leader speaks in, or of which a log holds an entry, is never forgotten.
//!
//! # Paper
//! Figure 2, persistent state: `currentTerm` is "updated on stable storage before responding to
//! RPCs". Section 5.1: it "increases monotonically over time".
//!
//! # Checks
//! 1. Whenever a peer boots: its term is not below that of the last entry of its log.
//! 2. Whenever entries or a snapshot of a leader are delivered: the term that they state is on the
//!    leader's disk, in a ballot or in an entry.
//! 3. A grant or a success that arrives states no later term than the one in which it was asked for.
//!
//! Why a yes has to state the term in which it was decided, though it may wait for the disk:
//!
//! 1. Suppose S0 leads term 4, and sends S1 entry 7@4. S1 writes it, and its answer waits for the disk.
//! 2. S1 hears of term 5, and cuts the entry off for the leader of term 5. Then the sync completes.
//! 3. The answer leaves, and states term 5: a term that S1's disk may not have, and that it has not been asked in.
//! 4. If S0 leads term 5 or a later one by then, it takes the answer for one to its present log.
//!
//! Why the term of an entry counts, and why no other checker sees it:
//!
//! 1. Suppose S2 of three is in term 4, hears S0, which leads term 5, and does not write the term.
//! 2. It writes S0's entry 7@5 and acknowledges it: S0 commits 7@5 with S2's disk.
//! 3. S2 restarts in term 4, and S1, which still leads term 4, makes it replace 7@5 by 7@4.
//! 4. A committed entry is gone. What was on S2's disk was all there at its restart, its ballot
//!    too, and to replace an entry in a term before it was committed is no fault in itself.
//!
//! # Whom it must not accuse
//! - A candidate that asks for votes while its own ballot is under way (dissertation, section
//!   10.2.1; the reference does it): a request promises nothing, so requests are not looked at.
//! - A peer that refuses, or disregards, in a term that it forgets later: whoever steps down because
//!   of it was free to do so at any time.
//! - A peer that acknowledges a heartbeat or old entries in such a term: a leader commits by entries
//!   of its own term only, and a peer that holds one of those on its disk has that term there.
//! - A Raft that writes no term with its entries, and takes the last entry's for its own at boot. It
//!   has to show that one in its view, or say that its term is unknown.
//! - A Raft that fills in the term when an answer leaves, and whose leaders know answers by the request:
//!   check 3 is practice. One that sends messages instead of calls: an answer may reach a later life of who
//!   asked, so it is not looked at.
//! - A Raft that reserves terms ahead: the disk has more than it needs.
//! - A peer whose disk has lost a record without telling, or lied about a sync.
//!
//! # Does not check
//! Grants of votes: those are durable-vote's. The term on the disk of a Raft whose records do not tell
//! of ballots. Terms that nobody spoke in.
//!
//! # Standing
//! A term below the log's is a guarantee: step 3 above may lose an entry on the disk of a minority that
//! is needed only later, where nobody looks any more. A leader that speaks too early is practice: it
//! may never stand in that term again, and if it does and writes other entries, log-matching sees them.
//!
//! # Mutants that trip it
//! E3C, which no other one trips in 15,800 runs; P11, which no other one trips in 2,150; E3, E3B, P10 and R14.

use super::prelude::*;

pub(super) const RULE: Rule = Rule::new(
    "durable-term",
    "5.1, Figure 2",
    "A term that a leader speaks in, or of which a log holds an entry, is never forgotten.",
)
.advising(
    "write a term before, or with, the first entry of it, and send entries when `Input::Synced` tells that the \
     own term is durable",
);

/// The evidence: a term that a crash has taken back, or could.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VolatileTerm {
    /// A peer booted in a term below that of the last entry of its log.
    BelowLog {
        /// The peer that booted.
        peer: PeerId,
        /// In which term.
        term: Term,
        /// Where its log ends.
        last: LogPosition,
    },
    /// A leader spoke in a term that its disk did not have.
    SpokenEarly {
        /// The peer that leads.
        leader: PeerId,
        /// To whom it spoke.
        follower: PeerId,
        /// In which term.
        term: Term,
        /// The highest term on its disk.
        on_disk: Term,
    },
    /// A yes stated a later term than the one in which it was asked for.
    YesInLaterTerm {
        /// Who said yes.
        from: PeerId,
        /// Who had asked.
        asker: PeerId,
        /// In which term, at most.
        asked_in: Term,
        /// The term that the answer states.
        stated: Term,
    },
}

#[inline]
pub(super) fn check(ghost: &Ghost, _: SimTime, seen: &Observation) -> Option<VolatileTerm> {
    match *seen {
        Observation::Booted { peer, view, .. } => {
            let is_excused = ghost.peer(peer).is_some_and(|peer| peer.is_excused);
            let (term, last) = (view.term, view.last);
            (term < last.term && view.shows_term() && !is_excused)
                .then_some(VolatileTerm::BelowLog { peer, term, last })
        }
        Observation::AppendReceived { leader, follower, term, .. }
        | Observation::InstallReceived { leader, follower, term, .. } => {
            let peer = ghost.peer(leader).filter(|_| ghost.tells_ballots)?;
            let ballot = peer.disk.map_or(0, |(term, _)| term);
            if ballot >= term {
                return None;
            }
            let on_disk = ballot.max(peer.disk_log.last().term);
            let spoken = VolatileTerm::SpokenEarly { leader, follower, term, on_disk };
            (on_disk < term && !peer.is_betrayed()).then_some(spoken)
        }
        Observation::YesInLaterTerm { asker, from, asked_in, stated } => {
            // Whose disk has forgotten the term in which it asked is not answered in a later one.
            let is_betrayed = ghost.peer(asker).is_some_and(PeerGhost::is_betrayed);
            let yes = VolatileTerm::YesInLaterTerm { from, asker, asked_in, stated };
            (stated > asked_in && !is_betrayed).then_some(yes)
        }
        _ => None,
    }
}

impl Proof for VolatileTerm {
    fn finding(&self) -> Finding {
        match *self {
            Self::BelowLog { peer, last, .. } => Finding::new("below-log", [peer]).leads([
                Lead::TermEntered(peer, last.term),
                Lead::EntryBefore(peer, last),
                Lead::EntryOnDisk(peer, last),
                Lead::BallotOnDisk(peer, "its disk"),
            ]),
            Self::SpokenEarly { leader, follower, term, .. } => {
                let words = "when this arrives the sender's disk";
                Finding::new("spoken-early", [leader, follower])
                    .leads([Lead::Election(leader, term), Lead::BallotOnDisk(leader, words)])
                    .of_practice()
            }
            Self::YesInLaterTerm { from, asker, asked_in, stated } => {
                let words = "when this arrives the answering peer's disk";
                Finding::new("yes-in-later-term", [from, asker])
                    .leads([
                        Lead::TermEntered(asker, asked_in),
                        Lead::TermEntered(from, stated),
                        Lead::BallotOnDisk(from, words),
                    ])
                    .of_practice()
            }
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::BelowLog { peer, term, last } => {
                format!("{peer} restarted in term {term}, though its log ends with {last}")
            }
            Self::SpokenEarly { leader, follower, term, on_disk } => format!(
                "{leader} speaks to {follower} as the leader of term {term}, with no term above \
                 {on_disk} on its disk"
            ),
            Self::YesInLaterTerm { from, asker, asked_in, stated } => format!(
                "{from} said yes to {asker}, which had asked in term {asked_in}, and stated term {stated}: \
                 an answer that waits for the disk states the term in which it was decided"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use splitvote_peer::{DiskTrouble, LogPosition, PeerId, Unknown, View};

    use crate::observation::Observation;
    use crate::script::Script;

    fn fires(run: &Script, sentence: &str) {
        assert_eq!(run.verdict(), Some(("durable-term", sentence.to_owned())));
    }

    const LAST: LogPosition = LogPosition { index: 1, term: 5 };

    /// S2 has an entry of term 5 on its disk, and is down.
    fn crashed() -> Script {
        let mut run = Script::asking(crate::Checker::DurableTerm, 3);
        run.elect(0, 5, &[0, 1]).append(0, &[5]).replicate(0, &[2]).crash(2);
        run
    }

    fn booted_in(term: u64) -> Script {
        let mut run = crashed();
        run.boot_as(2, View { term, last: LAST, ..View::NEW });
        run
    }

    #[test]
    fn a_yes_that_states_a_later_term_fires() {
        let says = |stated| {
            let mut run = Script::asking(crate::Checker::DurableTerm, 3);
            run.elect(0, 4, &[0, 1]);
            let (asker, from) = (PeerId(0), PeerId(1));
            run.see(Observation::YesInLaterTerm { asker, from, asked_in: 4, stated });
            run.verdict().map(|(_, sentence)| sentence)
        };
        let sentence = says(5).unwrap_or_default();
        assert!(sentence.starts_with("S1 said yes to S0, which had asked in term 4, and stated"));
        assert!(sentence.contains(": an answer that waits for the disk states"), "{sentence}");
        assert_eq!(says(4), None);
    }

    #[test]
    fn a_restart_below_the_term_of_an_entry_fires() {
        fires(&booted_in(4), "S2 restarted in term 4, though its log ends with 1@5");
        assert_eq!(booted_in(5).verdict(), None, "a term that only an entry tells of is enough");
        let mut run = crashed();
        run.boot_as(2, View { last: LAST, unknown: Unknown::TERM, ..View::NEW });
        assert_eq!(run.verdict(), None, "what it does not show is not judged");
    }

    #[test]
    fn what_a_disk_has_lost_without_telling_is_no_fault_of_the_peer() {
        let mut run = crashed();
        run.trouble(2, DiskTrouble::Missing);
        run.boot_as(2, View { last: LAST, ..View::NEW });
        assert_eq!(run.verdict(), None);
    }

    fn leader_sends(run: &mut Script) {
        let (leader, follower) = (PeerId(0), PeerId(1));
        let previous = LogPosition::default();
        run.see(Observation::AppendReceived { leader, follower, term: 4, previous, entries: 1 });
    }

    #[test]
    fn a_leader_that_speaks_before_its_term_is_durable_fires() {
        let mut run = Script::asking(crate::Checker::DurableTerm, 3);
        run.durable(0, 3, None).stand_in_memory(0, 4).ask(0, 1).ask(0, 2);
        run.grant(1, 0, 4).grant(2, 0, 4).take_office(0);
        leader_sends(&mut run);
        let sentence = "S0 speaks to S1 as the leader of term 4, with no term above 3 on its disk";
        fires(&run, sentence);
    }

    #[test]
    fn a_leader_speaks_once_its_term_is_on_its_disk_by_ballot_or_by_entry() {
        let mut run = Script::new(3);
        run.elect(0, 4, &[0, 1]);
        leader_sends(&mut run);
        assert_eq!(run.verdict(), None);
        let mut run = Script::asking(crate::Checker::DurableTerm, 3);
        run.stand_in_memory(0, 4).take_office(0).append(0, &[4]).store(0);
        leader_sends(&mut run);
        assert_eq!(run.verdict(), None);
        let mut run = Script::without_disks(3);
        run.stand_in_memory(0, 4).tell(1, 0, 4).take_office(0);
        leader_sends(&mut run);
        assert_eq!(run.verdict(), None, "of a disk that tells nothing nothing is demanded");
    }
}
