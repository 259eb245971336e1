//! CheckQuorum: a leader without a majority gives up its office in time and not before, and one that is heard is left
//! in it.
//!
//! # Paper
//! Dissertation, section 6.2: "a leader in Raft steps down if an election timeout elapses without a successful
//! round of heartbeats to a majority of its cluster"; section 4.2.3: a server that receives a RequestVote
//! "within the minimum election timeout of hearing from a current leader" neither adopts its term nor votes.
//!
//! # Checks
//! Only with CheckQuorum on.
//!
//! *Too late.* A leader does not go on sending AppendEntries for a whole shortest election timeout while, by its own
//! clock, fewer than a majority (itself among them) have answered within a longest one, or within two of the shortest
//! if these are longer.
//!
//! Why so much for an office that one timeout should end:
//! 1. Suppose S0 looks once an election timeout, the shortest, whether a majority has answered since it last looked.
//! 2. All answer for the last time just after it has looked.
//! 3. It looks, and they have answered; it looks again, and nobody has: two timeouts after that last answer.
//! 4. Its timer may be late, while commands of clients make it send. One more timeout excuses that.
//!
//! *Too early.* A leader does not become a follower within its term before, by its own clock, the shortest election
//! timeout has passed since it took office, or since a majority had last answered it:
//! 1. Suppose S0 takes office with 70 ms round trips and a heartbeat every 50 ms, and holds all others for silent.
//! 2. It looks for the first time with its first heartbeat. Nobody can have answered yet, and it gives up.
//! 3. So does every leader after it: nobody is cut off, and nothing is ever committed.
//!
//! *Disturbed.* A peer that heard its leader less than the shortest election timeout ago, by its own clock, does not
//! adopt the term of a request for a vote.
//!
//! # Does not check
//! A leader that is paused, that sends nothing, or whose clock jumped or changed its rate within that time.
//! Leaders that are asked for a vote. A leader that gives up once its disk has failed, was full or stalled in this
//! life. A Raft that does not say what its messages mean.
//!
//! # Standing
//! Practice: Raft is safe with a leader that nobody answers, with one that gives up, and with a voter that listens to
//! everybody. Accused are correct Rafts: one that looks at its quorum once a *longest* election timeout, as it may take
//! two of these; one that holds a lease shorter than the election timeout (hashicorp/raft's `LeaderLeaseTimeout`), or
//! counts an answer from when its question left; and one that resigns in order to be shut down.
//!
//! # Mutants that trip it
//! N21, N22, N24, N25, N26.

use super::prelude::*;

pub(super) const RULE: Rule = Rule::new(
    "check-quorum",
    "dissertation 6.2, 4.2.3",
    "With CheckQuorum a leader that no majority answers gives up its office, and no other does; who hears a \
     leader disregards requests for votes.",
)
.of_liveness();

/// The evidence: an office that was kept, left, or disturbed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QuorumUnchecked {
    /// A leader stayed in office without a majority.
    OfficeKept {
        /// The peer that leads.
        leader: PeerId,
        /// The term that this is about.
        term: Term,
        /// Who answered it.
        answering: PeerSet,
        /// Within how long, by its own clock.
        #[serde(with = "splitvote_peer::serial::duration")]
        within: Duration,
        /// How many answers a majority takes.
        needed: usize,
    },
    /// A leader gave its office up though a majority had just followed it.
    OfficeLeft {
        /// The peer that led.
        leader: PeerId,
        /// The term that this is about.
        term: Term,
        /// How long before, by its own clock, a majority had elected it or answered it.
        #[serde(with = "splitvote_peer::serial::duration")]
        ago: Duration,
        /// The shortest election timeout that it may draw.
        #[serde(with = "splitvote_peer::serial::duration")]
        least: Duration,
    },
    /// A peer that follows a leader heeded a request for a vote.
    LeaderDisturbed {
        /// Who heeded it.
        voter: PeerId,
        /// The peer that asked for the vote.
        candidate: PeerId,
        /// The term that was adopted.
        term: Term,
        /// Whom it followed.
        leader: PeerId,
        /// How long ago it had heard its leader, by its own clock.
        #[serde(with = "splitvote_peer::serial::duration")]
        heard_ago: Duration,
        /// The shortest election timeout that it may draw.
        #[serde(with = "splitvote_peer::serial::duration")]
        least: Duration,
    },
}

impl Proof for QuorumUnchecked {
    fn finding(&self) -> Finding {
        let finding = match *self {
            Self::OfficeKept { leader, term, answering, .. } => {
                Finding::new("office-kept", [leader]).leads([
                    Lead::Election(leader, term),
                    Lead::Silence { leader, term, answering },
                ])
            }
            Self::OfficeLeft { leader, term, .. } => Finding::new("office-left", [leader]).leads([
                Lead::Election(leader, term),
                Lead::Silence { leader, term, answering: PeerSet::EMPTY },
            ]),
            Self::LeaderDisturbed { voter, candidate, term, leader, .. } => {
                Finding::new("leader-disturbed", [voter, candidate, leader]).leads([
                    Lead::LeaderHeard { peer: voter, leader },
                    Lead::Candidacy(candidate, term),
                ])
            }
        };
        finding.of_practice()
    }

    fn sentence(&self) -> String {
        match self {
            Self::OfficeKept { leader, term, answering, within, needed } => {
                let only = format!("only {answering}");
                let answering = if answering.is_empty() { "nobody" } else { &only };
                format!(
                    "{leader} stays leader of term {term} with CheckQuorum though {answering} answered it within \
                     {within:?}, {needed} {} needed",
                    if *needed == 1 { "is" } else { "are" }
                )
            }
            Self::OfficeLeft { leader, term, ago, least } => format!(
                "{leader} gives up its office in term {term} with CheckQuorum only {} by its clock after a majority \
                 had elected or answered it; it may when that is {least:?} ago",
                millis(*ago)
            ),
            Self::LeaderDisturbed { voter, candidate, term, leader, heard_ago, least } => {
                format!(
                    "{voter} heeds {candidate}'s request for a vote in term {term} only {} by its \
                     clock after it heard its leader {leader}; with CheckQuorum it listens to others after \
                     {least:?}",
                    millis(*heard_ago)
                )
            }
        }
    }
}

/// A duration in milliseconds, as in `12.000 ms`.
fn millis(duration: Duration) -> String {
    let micros = duration.as_micros();
    format!("{}.{:03} ms", micros / 1_000, micros % 1_000)
}

#[cfg(test)]
mod tests {
    use splitvote_peer::{Role, SimTime, View};

    use super::*;
    use crate::checkers::CheckerSet;
    use crate::judge::Judge;
    use crate::observation::Observation;

    const S0: PeerId = PeerId(0);
    const S1: PeerId = PeerId(1);
    const LEAST: Duration = Duration::from_millis(150);
    const LONGEST: Duration = Duration::from_millis(300);

    fn ms(millis: u64) -> SimTime {
        SimTime(millis * 1_000_000)
    }

    /// S0 leads three since 100 ms.
    fn judge() -> Judge {
        let mut judge = Judge::new(3).strict_about(CheckerSet::ALL).checking_quorum(LEAST, LONGEST);
        PeerId::all(3).for_each(|peer| judge.timeouts_at_least(peer, LEAST));
        let after = View { role: Role::Leader, term: 1, voted_for: Some(S0), ..View::NEW };
        judge.note_office(ms(100), S0, &View::NEW, &after);
        judge
    }

    fn speak(judge: &mut Judge, from: u64, to: u64) {
        (from..to).step_by(50).for_each(|millis| judge.speaks_as_leader(ms(millis), S0, 1));
    }

    fn sentence(judge: &Judge) -> Option<String> {
        judge.violation().map(ToString::to_string)
    }

    #[test]
    fn who_is_not_answered_gives_up() {
        let mut judge = judge();
        // 300 ms from 100 ms on nobody need have answered; seen at 450, and 150 later once more.
        speak(&mut judge, 150, 600);
        assert_eq!(sentence(&judge), None);
        speak(&mut judge, 600, 601);
        let expected = "S0 stays leader of term 1 with CheckQuorum though nobody answered it within 300ms, 1 is \
                        needed, at 0.600000 s";
        assert_eq!(sentence(&judge).as_deref(), Some(expected));
        assert_eq!(judge.violation().map(|v| v.evidence.cause()), Some("office-kept"));
    }

    #[test]
    fn one_answer_of_three_is_enough() {
        let mut judge = judge();
        for millis in (150..3_000).step_by(350) {
            speak(&mut judge, millis, millis + 350);
            judge.is_answered(ms(millis + 350), S0, S1, true);
        }
        assert_eq!(sentence(&judge), None);
    }

    #[test]
    fn who_stood_still_or_stepped_its_clock_is_excused() {
        for excuse in [
            |judge: &mut Judge| judge.stands_still(ms(550), S0),
            |judge: &mut Judge| {
                judge.clock_changes(ms(550), S0, None);
            },
        ] {
            let mut judge = judge();
            speak(&mut judge, 150, 550);
            excuse(&mut judge);
            speak(&mut judge, 550, 1_000);
            assert_eq!(sentence(&judge), None);
        }
    }

    /// S0 gives up within its term.
    fn give_up(judge: &mut Judge, millis: u64) {
        let before = View { role: Role::Leader, term: 1, voted_for: Some(S0), ..View::NEW };
        let after = View { role: Role::Follower, ..before };
        judge.note_office(ms(millis), S0, &before, &after);
    }

    #[test]
    fn who_was_just_elected_or_answered_stays() {
        let mut judge = judge();
        give_up(&mut judge, 150);
        let expected = "S0 gives up its office in term 1 with CheckQuorum only 50.000 ms by its clock after a majority \
                        had elected or answered it; it may when that is 150ms ago, at 0.150000 s";
        assert_eq!(sentence(&judge).as_deref(), Some(expected));
        assert_eq!(judge.violation().map(|v| v.evidence.cause()), Some("office-left"));
        let mut judge = self::judge();
        judge.is_answered(ms(400), S0, S1, true);
        give_up(&mut judge, 549);
        assert!(sentence(&judge).is_some_and(|found| found.contains("only 149.000 ms")));
    }

    #[test]
    fn who_has_heard_of_no_majority_for_an_election_timeout_may_give_up() {
        let mut judge = judge();
        // An answer of another kind or another term says nothing of this office.
        judge.is_answered(ms(200), S0, S1, false);
        judge.stands_still(ms(240), S0);
        give_up(&mut judge, 250);
        assert_eq!(sentence(&judge), None);
        let mut five = Judge::new(5).strict_about(CheckerSet::ALL).checking_quorum(LEAST, LONGEST);
        PeerId::all(5).for_each(|peer| five.timeouts_at_least(peer, LEAST));
        let after = View { role: Role::Leader, term: 1, voted_for: Some(S0), ..View::NEW };
        five.note_office(ms(100), S0, &View::NEW, &after);
        // One of the two that are needed answered long ago.
        five.is_answered(ms(200), S0, S1, true);
        five.is_answered(ms(400), S0, PeerId(2), true);
        give_up(&mut five, 401);
        assert_eq!(sentence(&five), None);
    }

    #[test]
    fn whose_clock_changed_or_whose_disk_failed_may_give_up() {
        let mut judge = judge();
        judge.clock_changes(ms(140), S0, None);
        give_up(&mut judge, 145);
        assert_eq!(sentence(&judge), None);
        let mut judge = self::judge();
        let trouble = splitvote_peer::DiskTrouble::Full;
        judge.observe(ms(140), &Observation::DiskTrouble { peer: S0, trouble });
        give_up(&mut judge, 150);
        assert_eq!(sentence(&judge), None);
    }

    #[test]
    fn who_follows_a_leader_listens_to_nobody_else() {
        let mut judge = judge();
        judge.hears_leader(ms(200), S1, S0);
        let owed = judge.owes_loyalty(ms(212), S1).unwrap();
        judge.heeds_request(ms(212), (S1, PeerId(2), 2), owed);
        let expected = "S1 heeds S2's request for a vote in term 2 only 12.000 ms by its clock after it heard its \
                        leader S0; with CheckQuorum it listens to others after 150ms, at 0.212000 s";
        assert_eq!(sentence(&judge).as_deref(), Some(expected));
        assert_eq!(judge.violation().map(|v| v.evidence.cause()), Some("leader-disturbed"));
        assert_eq!(
            judge.owes_loyalty(ms(350), S1),
            None,
            "a leader that is silent may be replaced"
        );
    }

    #[test]
    fn without_the_option_nothing_is_demanded() {
        let mut judge = Judge::new(3);
        judge.timeouts_at_least(S1, LEAST);
        judge.hears_leader(ms(200), S1, S0);
        assert_eq!(judge.owes_loyalty(ms(212), S1), None);
        speak(&mut judge, 100, 9_000);
        assert_eq!(sentence(&judge), None);
        let change = Observation::Crashed { peer: S0 };
        judge.observe(ms(9_000), &change);
    }
}
