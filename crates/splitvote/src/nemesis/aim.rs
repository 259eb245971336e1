//! Whom a strike is aimed at: the leader, the next winner, the one whose vote decides, the peer at the edge
//! of a quorum, whoever is at work on its disk; or anybody.

use splitvote_peer::{PeerId, PeerSet, Role, View};
use splitvote_sim::Stream;

use super::scene::{Scene, one_of};

/// Whom a strike is aimed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Aim {
    Anybody,
    Leader,
    NextWinner,
    DecisiveVoter,
    EdgeOfQuorum,
    Syncing,
}

impl Aim {
    /// Draws an aim: one time in two anybody, else one of those that know the state.
    pub(crate) fn draw(chance: &mut Stream) -> Self {
        match chance.below(10) {
            0 => Self::Leader,
            1 => Self::NextWinner,
            2 => Self::DecisiveVoter,
            3 => Self::EdgeOfQuorum,
            4 => Self::Syncing,
            _ => Self::Anybody,
        }
    }

    /// A running peer that it means now; anybody if it means nobody. Of several it is the next one from a
    /// drawn place on, so that none of them is spared.
    pub(crate) fn resolve(self, scene: &Scene, chance: &mut Stream) -> Option<PeerId> {
        let anybody = one_of(scene.alive(), chance)?;
        let aimed = match self {
            Self::Anybody => PeerSet::EMPTY,
            Self::Leader => scene.leader().into_iter().collect(),
            Self::NextWinner => scene.next_winners(),
            Self::DecisiveVoter => scene.decisive_voters(),
            Self::EdgeOfQuorum => scene.edge_of_quorum(),
            Self::Syncing => scene.syncing.intersection(scene.alive()),
        };
        let next = aimed.iter().find(|peer| *peer >= anybody).or_else(|| aimed.iter().next());
        next.or(Some(anybody))
    }
}

impl Scene {
    /// Who is about to win: the candidates of the highest term with the most votes, or else the running
    /// peers that no other can refuse, those with the most up-to-date log.
    pub(crate) fn next_winners(&self) -> PeerSet {
        let candidates = self.running().filter(|(_, view)| view.role == Role::Candidate);
        let ahead =
            foremost(candidates.map(|(peer, view)| (peer, (view.term, self.votes(peer).len()))));
        if !ahead.is_empty() {
            return ahead;
        }
        let heirs = self.running().filter(|(_, view)| view.role != Role::Leader);
        foremost(heirs.map(|(peer, view)| (peer, (view.last.term, view.last.index))))
    }

    /// Who has voted for this peer in its term, as far as the voters still know.
    fn votes(&self, candidate: PeerId) -> PeerSet {
        let Some(term) = self.view(candidate).map(|view| view.term) else { return PeerSet::EMPTY };
        let voted = |view: &View| view.term == term && view.voted_for == Some(candidate);
        self.running().filter(|(_, view)| voted(view)).map(|(peer, _)| peer).collect()
    }

    /// Those whose vote decides: the running peers that may still vote for a candidate who lacks one vote;
    /// or the voters without whom one who has just enough would lack one. If there are several such
    /// elections, those of the latest.
    pub(crate) fn decisive_voters(&self) -> PeerSet {
        let standing = self.running().filter(|(_, view)| view.role != Role::Follower);
        let decided = |(candidate, view)| (self.voters_for(candidate, view), view.term);
        let elections = standing.map(decided).filter(|(voters, _)| !voters.is_empty());
        elections.max_by_key(|(_, term)| *term).map_or(PeerSet::EMPTY, |(voters, _)| voters)
    }

    /// Those whose vote decides whether this one wins.
    fn voters_for(&self, candidate: PeerId, stands: &View) -> PeerSet {
        let votes = self.votes(candidate);
        let may_vote = |view: &View| {
            let is_free = view.term == stands.term && view.voted_for.is_none();
            (view.term < stands.term || is_free) && view.last <= stands.last
        };
        let voters: PeerSet = if votes.len() == self.majority() {
            votes
        } else if votes.len() + 1 == self.majority() {
            self.running().filter(|(_, view)| may_vote(view)).map(|(peer, _)| peer).collect()
        } else {
            PeerSet::EMPTY
        };
        voters.difference(PeerSet::from_iter([candidate]))
    }

    /// The peers at the edge of a quorum: those that hold the leader's last entry and without each of which
    /// they would be no majority; or else those that lack it while the others are one short.
    pub(crate) fn edge_of_quorum(&self) -> PeerSet {
        let leader = self.leader().and_then(|leader| Some((leader, self.view(leader)?.last)));
        let Some((leader, last)) = leader else { return PeerSet::EMPTY };
        let holders = self.running().filter(|(_, view)| view.last == last);
        let holders: PeerSet = holders.map(|(peer, _)| peer).collect();
        if holders.len() == self.majority() {
            holders.difference(PeerSet::from_iter([leader]))
        } else if holders.len() + 1 == self.majority() {
            self.alive().difference(holders)
        } else {
            PeerSet::EMPTY
        }
    }
}

/// Those with the greatest key.
fn foremost<K: Ord + Copy>(peers: impl Iterator<Item = (PeerId, K)> + Clone) -> PeerSet {
    let greatest = peers.clone().map(|(_, key)| key).max();
    peers.filter(|(_, key)| Some(*key) == greatest).map(|(peer, _)| peer).collect()
}

#[cfg(test)]
mod tests {
    use splitvote_sim::{Seed, StreamId};

    use super::*;

    const S: [PeerId; 5] = [PeerId(0), PeerId(1), PeerId(2), PeerId(3), PeerId(4)];

    fn set(peers: &[PeerId]) -> PeerSet {
        peers.iter().copied().collect()
    }

    /// Five followers of term 6 that have voted for nobody.
    fn five() -> Scene {
        let mut scene = Scene::under(5, 5);
        scene.views.iter_mut().flatten().for_each(|view| view.term = 6);
        scene
    }

    fn change(scene: &mut Scene, peer: PeerId, change: impl FnOnce(&mut View)) {
        change(scene.views[peer.index()].as_mut().unwrap());
    }

    fn stands(scene: &mut Scene, candidate: PeerId, term: u64, voters: &[PeerId]) {
        change(scene, candidate, |view| view.role = Role::Candidate);
        for voter in voters.iter().chain([&candidate]) {
            change(scene, *voter, |view| (view.term, view.voted_for) = (term, Some(candidate)));
        }
    }

    #[test]
    fn who_is_about_to_win() {
        let mut scene = five();
        change(&mut scene, S[1], |view| view.last.index = 4);
        change(&mut scene, S[3], |view| view.last.index = 4);
        change(&mut scene, S[2], |view| (view.last.index, view.role) = (9, Role::Leader));
        assert_eq!(scene.next_winners(), set(&[S[1], S[3]]), "the longest logs");
        stands(&mut scene, S[0], 7, &[]);
        assert_eq!(scene.next_winners(), set(&[S[0]]), "whoever stands");
        stands(&mut scene, S[1], 7, &[S[4]]);
        assert_eq!(scene.next_winners(), set(&[S[1]]), "with two votes");
        stands(&mut scene, S[3], 8, &[]);
        assert_eq!(scene.next_winners(), set(&[S[3]]), "of the latest term");
    }

    #[test]
    fn whose_vote_decides() {
        let mut scene = five();
        assert_eq!(scene.decisive_voters(), PeerSet::EMPTY);
        stands(&mut scene, S[0], 7, &[]);
        assert_eq!(scene.decisive_voters(), PeerSet::EMPTY, "two are lacking");
        stands(&mut scene, S[0], 7, &[S[2]]);
        assert_eq!(scene.decisive_voters(), set(&[S[1], S[3], S[4]]), "one is lacking");
        // S4 stands against it with one vote, its own.
        stands(&mut scene, S[4], 7, &[]);
        assert_eq!(scene.decisive_voters(), set(&[S[1], S[3]]));
        change(&mut scene, S[1], |view| view.last.index = 1);
        assert_eq!(scene.decisive_voters(), set(&[S[3]]), "S1 cannot: its log is longer");
        change(&mut scene, S[3], |view| view.term = 8);
        assert_eq!(scene.decisive_voters(), PeerSet::EMPTY, "S3 is in a later term");
        stands(&mut scene, S[0], 7, &[S[3]]);
        assert_eq!(scene.decisive_voters(), set(&[S[2], S[3]]), "each is needed");
        stands(&mut scene, S[0], 7, &[S[1]]);
        assert_eq!(scene.decisive_voters(), PeerSet::EMPTY, "nobody is needed");
    }

    #[test]
    fn who_is_at_the_edge_of_a_quorum() {
        let mut scene = Scene::under(5, 2);
        let end =
            |scene: &mut Scene, peer, index| change(scene, peer, |view| view.last.index = index);
        assert_eq!(scene.edge_of_quorum(), PeerSet::EMPTY, "all hold all");
        end(&mut scene, S[2], 8);
        assert_eq!(scene.edge_of_quorum(), PeerSet::EMPTY, "two are lacking");
        end(&mut scene, S[4], 8);
        scene.views[0] = None;
        assert_eq!(scene.edge_of_quorum(), set(&[S[1], S[3]]), "one is lacking, and S0 is down");
        end(&mut scene, S[1], 8);
        assert_eq!(scene.edge_of_quorum(), set(&[S[1], S[4]]), "each is needed");
    }

    #[test]
    fn an_aim_means_all_whom_it_means_and_anybody_if_nobody() {
        let aimed = |aim: Aim, scene: &Scene| {
            let mut chance = Stream::new(Seed(3), StreamId::Workload);
            let found = (0..200).filter_map(|_| aim.resolve(scene, &mut chance));
            found.collect::<PeerSet>()
        };
        let mut scene = Scene::under(5, 2);
        assert_eq!(aimed(Aim::Leader, &scene), set(&[S[2]]));
        assert_eq!(aimed(Aim::EdgeOfQuorum, &scene), PeerSet::all(5), "nobody, and so anybody");
        scene.syncing = set(&[S[0], S[3], S[4]]);
        scene.views[4] = None;
        assert_eq!(aimed(Aim::Syncing, &scene), set(&[S[0], S[3]]));
        scene.views = vec![None; 5];
        assert_eq!(aimed(Aim::Anybody, &scene), PeerSet::EMPTY);
    }
}
