//! Peers by name, in as little room as they need.

use splitvote::peer::{PeerId, PeerSet};

/// The shortest run of neighbours that is written as a range.
const RANGE: usize = 4;

/// `S0 S2 S3`, and `S0-S41` where four or more neighbours follow each other.
pub(crate) fn names(peers: PeerSet) -> String {
    let mut words: Vec<String> = Vec::new();
    let members: Vec<PeerId> = peers.iter().collect();
    for run in members.chunk_by(|one, next| one.index() + 1 == next.index()) {
        match run {
            [first, .., last] if run.len() >= RANGE => words.push(format!("{first}-{last}")),
            _ => words.extend(run.iter().map(ToString::to_string)),
        }
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_runs_of_neighbours_are_written_as_ranges() {
        let peers: PeerSet = [0, 2, 3, 5, 6, 7, 8].map(PeerId).into_iter().collect();
        assert_eq!(names(peers), "S0 S2 S3 S5-S8");
    }
}
