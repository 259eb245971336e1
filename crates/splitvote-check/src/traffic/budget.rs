//! What a part of a run may cost, and what proves that it cost more.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use splitvote_peer::{PeerId, Term};

use super::reading::{Cause, Reading};

/// How many terms a sentence names.
const MOST_TERMS: usize = 8;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Allowance {
    /// Requests, without replies.
    Rpcs,
    /// Bytes, of requests and replies.
    Bytes,
    /// Bytes of raft state on the disk that holds most.
    RaftState,
    /// Elections that began, however they ended: a term is not changed without a cause.
    Elections,
}

impl Allowance {
    /// Its name in scenarios.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rpcs => "rpcs",
            Self::Bytes => "bytes",
            Self::RaftState => "raft-state",
            Self::Elections => "elections",
        }
    }
}

/// A bound on what is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// What is counted.
    pub what: Allowance,
    /// The most that is allowed.
    pub at_most: u64,
}

/// What one kind of message cost, by cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// The name of the kind.
    pub kind: Cow<'static, str>,
    /// What it cost in all.
    pub total: u64,
    /// What each cause cost, those that cost nothing left out.
    pub causes: Vec<(Cause, u64)>,
}

/// The evidence: more was spent than is allowed. Prints as one sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overrun {
    /// What was allowed.
    pub budget: Budget,
    /// What was spent.
    pub spent: u64,
    /// In how much virtual time.
    #[serde(with = "splitvote_peer::serial::duration")]
    pub within: Duration,
    /// On what, the most expensive kind first.
    pub shares: Vec<Share>,
    /// On whose disk, if raft state is counted.
    pub peer: Option<PeerId>,
    /// In how many records there. Of what kind and why is not known: a record has no message that
    /// caused it, and what compaction leaves behind has none at all.
    pub records: u64,
    /// In which terms, if elections are counted.
    pub terms: Vec<Term>,
}

impl Budget {
    /// Whether more was spent than is allowed; with what it was spent on. `kinds` are the names of
    /// the kinds of message.
    #[must_use]
    pub fn overrun(
        self,
        spent: &Reading,
        within: Duration,
        kinds: &[&'static str],
    ) -> Option<Overrun> {
        let total = match self.what {
            Allowance::Rpcs => spent.rpcs(),
            Allowance::Bytes => spent.bytes(),
            Allowance::RaftState => spent.raft_state,
            Allowance::Elections => spent.elections,
        };
        (total > self.at_most).then(|| Overrun {
            budget: self,
            spent: total,
            within,
            shares: spent.shares(self.what, kinds),
            peer: spent.fullest.filter(|_| self.what == Allowance::RaftState),
            records: if self.what == Allowance::RaftState { spent.raft_records } else { 0 },
            terms: spent
                .terms
                .iter()
                .copied()
                .filter(|_| self.what == Allowance::Elections)
                .collect(),
        })
    }
}

impl Reading {
    /// What was spent on each kind of message, by cause; the most expensive kind first. `kinds` are
    /// their names.
    #[must_use]
    pub fn shares(&self, what: Allowance, kinds: &[&'static str]) -> Vec<Share> {
        let cost = |kind, cause| match what {
            Allowance::Rpcs => self.count(kind, cause).rpcs,
            Allowance::Bytes => self.count(kind, cause).bytes,
            Allowance::RaftState | Allowance::Elections => 0,
        };
        let mut shares: Vec<Share> = (0..self.kinds())
            .map(|kind| {
                let all = Cause::ALL.iter().map(|cause| (*cause, cost(kind, *cause)));
                let causes: Vec<_> = all.filter(|(_, cost)| *cost > 0).collect();
                let total = causes.iter().map(|(_, cost)| cost).sum();
                Share { kind: kinds.get(kind).copied().unwrap_or("other").into(), total, causes }
            })
            .filter(|share| share.total > 0)
            .collect();
        shares.sort_by_key(|share| std::cmp::Reverse(share.total));
        shares
    }
}

impl fmt::Display for Allowance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Rpcs => "RPCs",
            Self::Bytes => "bytes",
            Self::RaftState => "bytes of raft state",
            Self::Elections => "elections",
        })
    }
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at most {} {}", self.at_most, self.what)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.total)?;
        match self.causes.as_slice() {
            // The kind alone says why.
            [] | [(Cause::Election | Cause::Snapshot | Cause::Reply | Cause::Other, _)] => Ok(()),
            [(cause, _)] => write!(f, " ({cause})"),
            causes => {
                for (place, (cause, cost)) in causes.iter().enumerate() {
                    let before = if place == 0 { " (" } else { ", " };
                    write!(f, "{before}{cause} {cost}")?;
                }
                f.write_str(")")
            }
        }
    }
}

impl fmt::Display for Overrun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Budget { what, at_most } = self.budget;
        write!(f, "{} {what}", self.spent)?;
        match what {
            Allowance::RaftState => {
                let many = if self.records == 1 { "record" } else { "records" };
                write!(f, " in {} {many}", self.records)?;
                match self.peer {
                    Some(peer) => write!(f, " on the disk of {peer}")?,
                    None => f.write_str(" on a disk")?,
                }
            }
            Allowance::Rpcs | Allowance::Bytes | Allowance::Elections => {
                write!(f, " in {}", Whole(self.within))?;
            }
        }
        write!(f, ", {at_most} are allowed")?;
        for (place, share) in self.shares.iter().enumerate() {
            write!(f, "{} {share}", if place == 0 { ":" } else { "," })?;
        }
        for (place, term) in self.terms.iter().take(MOST_TERMS).enumerate() {
            write!(f, "{} {term}", if place == 0 { ": of term" } else { "," })?;
        }
        match self.terms.len().saturating_sub(MOST_TERMS) {
            0 => Ok(()),
            others => write!(f, " and {others} more"),
        }
    }
}

/// A duration in seconds, to the millisecond.
struct Whole(Duration);

impl fmt::Display for Whole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = format!("{:03}", self.0.subsec_millis());
        match millis.trim_end_matches('0') {
            "" => write!(f, "{} s", self.0.as_secs()),
            decimals => write!(f, "{}.{decimals} s", self.0.as_secs()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: &[&str] = &["request-vote", "append-entries", "append-reply"];

    fn spent() -> Reading {
        let mut spent = Reading::of(KINDS.len());
        let costs = [
            (0, Cause::Election, 3),
            (1, Cause::Heartbeat, 10),
            (1, Cause::New, 24),
            (1, Cause::Retry, 16),
        ];
        for (kind, cause, count) in costs {
            (0..count).for_each(|_| spent.add(kind, cause, 100, true));
        }
        spent.add(2, Cause::Reply, 40, false);
        spent.raft_state(PeerId(2), 2_134, 61);
        spent.raft_state(PeerId(3), 1_998, 70);
        (spent.elections, spent.terms) = (11, (4..15).collect());
        spent
    }

    fn sentence(what: Allowance, at_most: u64) -> Option<String> {
        let within = Duration::from_millis(1_200);
        let overrun = Budget { what, at_most }.overrun(&spent(), within, KINDS);
        overrun.map(|overrun| overrun.to_string())
    }

    #[test]
    fn what_is_spent_too_much_is_said_in_a_sentence() {
        let rpcs = "53 RPCs in 1.2 s, 42 are allowed: append-entries 50 (heartbeat 10, new 24, \
                    retry 16), request-vote 3";
        assert_eq!(sentence(Allowance::Rpcs, 42).as_deref(), Some(rpcs));
        let bytes = "5340 bytes in 1.2 s, 5339 are allowed: append-entries 5000 (heartbeat 1000, \
                     new 2400, retry 1600), request-vote 300, append-reply 40";
        assert_eq!(sentence(Allowance::Bytes, 5_339).as_deref(), Some(bytes));
        let state = "2134 bytes of raft state in 61 records on the disk of S2, 2000 are allowed";
        assert_eq!(sentence(Allowance::RaftState, 2_000).as_deref(), Some(state));
        let elections = "11 elections in 1.2 s, 3 are allowed: of term 4, 5, 6, 7, 8, 9, 10, 11 \
                         and 3 more";
        assert_eq!(sentence(Allowance::Elections, 3).as_deref(), Some(elections));
    }

    #[test]
    fn what_is_allowed_may_be_spent_to_the_last() {
        assert_eq!(sentence(Allowance::Rpcs, 53), None);
        assert_eq!(sentence(Allowance::Bytes, 5_340), None);
        assert_eq!(sentence(Allowance::RaftState, 2_134), None);
        let idle = Budget { what: Allowance::Rpcs, at_most: 0 };
        assert_eq!(idle.overrun(&Reading::default(), Duration::ZERO, KINDS), None);
        assert_eq!(idle.to_string(), "at most 0 RPCs");
    }

    #[test]
    fn a_single_cause_is_named_where_the_kind_leaves_it_open() {
        let mut spent = Reading::of(KINDS.len());
        spent.add(1, Cause::Heartbeat, 1, true);
        spent.add(9, Cause::Other, 1, true);
        let overrun = Budget { what: Allowance::Rpcs, at_most: 1 };
        let overrun = overrun.overrun(&spent, Duration::from_secs(2), KINDS);
        let sentence = "2 RPCs in 2 s, 1 are allowed: append-entries 1 (heartbeat), other 1";
        assert_eq!(overrun.map(|overrun| overrun.to_string()).as_deref(), Some(sentence));
    }
}
