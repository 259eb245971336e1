//! No election without a cause.
//!
//! # Paper
//! Section 5.2 and Figure 2, followers, rule 2: a follower stands "if election timeout elapses without
//! receiving AppendEntries RPC from current leader or granting vote to candidate"; candidates: the timer is
//! reset at the start of an election. Section 5.2: the timeout is drawn from a fixed interval.
//!
//! # Checks
//! Whenever a peer becomes a candidate of a new term: by its own clock at least the shortest election
//! timeout has passed since it last heard the leader of its term, whether or not the log check succeeded;
//! since it last cast its vote for another; and since it last stood.
//!
//! # Does not check
//! That a peer stands when its timeout has elapsed, which is liveness. A peer's first election after a boot,
//! or after its clock jumped or changed its rate. A cluster of one. A Raft that does not say what its
//! messages mean. Raft is safe whoever stands and when: this rule keeps leaders in office.
//!
//! # Standing
//! Practice: Raft is safe whoever stands and when. Accused is a correct Raft that stands at once when
//! a leader hands its office over, or that draws its timeouts from another interval.
//!
//! # Mutants that trip it
//! E17, E18.

use super::prelude::*;
use crate::patience::Calmed;

pub(super) const RULE: Rule = Rule::new(
    "patience",
    "5.2, Figure 2",
    "A peer stands only if its election timeout has passed since it heard its leader, granted \
     a vote or stood.",
)
.of_liveness();

/// The evidence: a peer that stood too early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoodTooEarly {
    /// The peer that stood for election.
    pub peer: PeerId,
    /// In which term.
    pub term: Term,
    /// Why its election timeout had started anew.
    pub after: Calmed,
    /// How long ago that was, by its own clock.
    #[serde(with = "splitvote_peer::serial::duration")]
    pub waited: Duration,
    /// The shortest election timeout that it may draw.
    #[serde(with = "splitvote_peer::serial::duration")]
    pub least: Duration,
}

pub(super) fn check(ghost: &Ghost, at: SimTime, seen: &Observation) -> Option<StoodTooEarly> {
    let Observation::Changed { peer, before, after } = seen else { return None };
    let is_new = entered(Role::Candidate, before, after) && after.term > before.term;
    if !is_new || ghost.cluster_size() == 1 {
        return None;
    }
    let (calmed, waited, least) = ghost.patience.lacks(at, *peer)?;
    Some(StoodTooEarly { peer: *peer, term: after.term, after: calmed, waited, least })
}

impl Proof for StoodTooEarly {
    fn finding(&self) -> Finding {
        let Self { peer, term, after, .. } = *self;
        let finding = match after {
            Calmed::ByLeader(leader) => Finding::new("leader-heard", [peer, leader]),
            Calmed::ByVote(candidate) => Finding::new("vote-granted", [peer, candidate]),
            Calmed::ByStanding => Finding::new("stood-again", [peer]),
        };
        let own = [Lead::OwnPast(peer), Lead::TermEntered(peer, term)];
        finding.leads(own).leads([Lead::TimerReset(peer, after)]).of_practice()
    }

    fn sentence(&self) -> String {
        let Self { peer, term, after, waited, least } = self;
        let micros = waited.as_micros();
        let waited = format!("{}.{:03} ms", micros / 1_000, micros % 1_000);
        let after = match after {
            Calmed::ByLeader(leader) => format!("heard its leader {leader}"),
            Calmed::ByVote(candidate) => format!("voted for {candidate}"),
            Calmed::ByStanding => "last stood".to_owned(),
        };
        format!(
            "{peer} stands in term {term} only {waited} by its clock after it {after}; the shortest \
             election timeout is {least:?}"
        )
    }
}

#[cfg(test)]
mod tests {
    use splitvote_peer::View;

    use super::*;
    use crate::checkers::CheckerSet;
    use crate::judge::Judge;

    const S1: PeerId = PeerId(1);
    const LEAST: Duration = Duration::from_millis(150);

    fn judge() -> Judge {
        let mut judge = Judge::new(3).strict_about(CheckerSet::ALL);
        PeerId::all(3).for_each(|peer| judge.timeouts_at_least(peer, LEAST));
        judge
    }

    fn change(judge: &mut Judge, millis: u64, before: View, after: View) -> View {
        let change = Observation::Changed { peer: S1, before, after };
        judge.observe(SimTime(millis * 1_000_000), &change);
        after
    }

    fn stand(judge: &mut Judge, millis: u64, before: View) -> View {
        let (term, voted_for) = (before.term + 1, Some(S1));
        change(judge, millis, before, View { role: Role::Candidate, term, voted_for, ..before })
    }

    fn sentence(judge: &Judge) -> Option<String> {
        judge.violation().map(ToString::to_string)
    }

    #[test]
    fn who_has_heard_its_leader_waits() {
        let mut judge = judge();
        judge.hears_leader(SimTime(100_000_000), S1, PeerId(0));
        stand(&mut judge, 249, View::NEW);
        let expected = "S1 stands in term 1 only 149.000 ms by its clock after it heard its leader S0; the \
                        shortest election timeout is 150ms, at 0.249000 s";
        assert_eq!(sentence(&judge).as_deref(), Some(expected));
        assert_eq!(judge.violation().map(|v| v.evidence.cause()), Some("leader-heard"));
    }

    #[test]
    fn who_has_waited_may_stand() {
        let mut judge = judge();
        judge.hears_leader(SimTime(100_000_000), S1, PeerId(0));
        let stood = stand(&mut judge, 250, View::NEW);
        stand(&mut judge, 400, stood);
        assert_eq!(sentence(&judge), None);
    }

    #[test]
    fn who_stood_or_voted_waits() {
        let mut standing = judge();
        let stood = stand(&mut standing, 100, View::NEW);
        stand(&mut standing, 200, stood);
        assert_eq!(standing.violation().map(|v| v.evidence.cause()), Some("stood-again"));
        let mut voting = judge();
        let request = Observation::VoteRequestSent {
            candidate: PeerId(0),
            voter: S1,
            term: 1,
            last_log: View::NEW.last,
            sender: View {
                role: Role::Candidate,
                term: 1,
                voted_for: Some(PeerId(0)),
                ..View::NEW
            },
        };
        voting.observe(SimTime(90_000_000), &request);
        let vote = View { term: 1, voted_for: Some(PeerId(0)), ..View::NEW };
        let voted = change(&mut voting, 100, View::NEW, vote);
        stand(&mut voting, 200, voted);
        assert_eq!(voting.violation().map(|v| v.evidence.cause()), Some("vote-granted"));
    }

    #[test]
    fn time_is_by_the_peers_own_clock_and_a_jump_excuses() {
        let mut fast = judge();
        fast.clock_changes(SimTime::ZERO, S1, Some(500_000));
        fast.hears_leader(SimTime(100_000_000), S1, PeerId(0));
        stand(&mut fast, 200, View::NEW);
        assert_eq!(sentence(&fast), None, "100 ms are 150 by a clock that runs half as fast again");
        let mut jumped = judge();
        jumped.hears_leader(SimTime(100_000_000), S1, PeerId(0));
        jumped.clock_changes(SimTime(100_500_000), S1, None);
        stand(&mut jumped, 101, View::NEW);
        assert_eq!(sentence(&jumped), None);
        let mut shortened = judge();
        shortened.timeouts_at_least(S1, Duration::from_millis(20));
        shortened.hears_leader(SimTime(100_000_000), S1, PeerId(0));
        stand(&mut shortened, 121, View::NEW);
        assert_eq!(sentence(&shortened), None, "a scenario may shorten the timeouts of a peer");
    }
}
