//! A Raft that breaks a rule is seen to by the test that soaks the paper's: which shows that that test
//! can fail, that the rules are asked, and that no rule, however wrong, makes the library panic.
//!
//! Rules whose breaking needs a finer eye or a rarer accident are left to the zoo.
use crate::cluster::soak::{small, soak};
use splitvote_peer::{LogIndex, LogPosition, Role, Settings, Term};
use splitvote_raft::Rules;

/// Defines Rafts that break one rule each.
macro_rules! broken {
    ($($name:ident: $rule:item)*) => {
        $(
            #[derive(Debug)]
            struct $name;
            impl Rules for $name {
                $rule
            }
        )*
        const BROKEN: &[&'static dyn Rules] = &[$(&$name),*];
    };
}

broken! {
    R2: fn delete_from(&self, _: Option<LogIndex>, previous: LogIndex) -> Option<LogIndex> {
        Some(previous + 1)
    }
    NoDeletion: fn delete_from(&self, _: Option<LogIndex>, _: LogIndex) -> Option<LogIndex> { None }
    R4: fn follower_commit(&self, commit: LogIndex, theirs: LogIndex, _: LogIndex, last: LogIndex) -> LogIndex {
        commit.max(theirs.min(last))
    }
    R6: fn follower_commit(&self, commit: LogIndex, theirs: LogIndex, _: LogIndex, _: LogIndex) -> LogIndex {
        commit.max(theirs)
    }
    R7: fn log_matches(&self, own: Option<Term>, previous: LogPosition, entries: usize) -> bool {
        entries == 0 || own == Some(previous.term)
    }
    IndexOnly: fn log_matches(&self, own: Option<Term>, _: LogPosition, _: usize) -> bool { own.is_some() }
    R8: fn matched_after_success(&self, _: LogIndex, _: LogIndex, last: LogIndex) -> LogIndex { last }
    R18: fn first_to_apply(&self, applied: LogIndex, _: LogIndex) -> LogIndex { applied.max(1) }
    R18B: fn first_to_apply(&self, _: LogIndex, commit: LogIndex) -> LogIndex { commit }
    R18C: fn applied_at_boot(&self, _: LogIndex, last: LogIndex) -> LogIndex { last }
    R21: fn kept_after_stepping_down(&self, _: LogIndex, commit: LogIndex) -> LogIndex { commit }
    HalfIsEnough: fn acknowledgements_needed(&self, cluster_size: usize) -> usize { cluster_size / 2 }
    P5: fn persists_overwrite(&self) -> bool { false }
    P6: fn snapshot_is_whole(&self, found: usize, _: usize, _: bool) -> bool { found > 0 }
    NoSync: fn syncs_entries(&self) -> bool { false }
    S3: fn saves_snapshot_before_discarding(&self) -> bool { false }
    S4: fn reloads_snapshot(&self) -> bool { false }
    S6: fn applied_after_install(&self, applied: LogIndex, _: LogIndex) -> LogIndex { applied }
    S8: fn sends_snapshot(&self, _: LogIndex, _: LogIndex) -> bool { false }
    S12: fn discards_through(&self, through: LogIndex, _: LogIndex) -> LogIndex { through + 1 }
    S13: fn applies(&self, role: Role) -> bool { role == Role::Leader }
    P2: fn own_match(&self, _: LogIndex, last: LogIndex, _: usize) -> LogIndex { last }
    R11: fn matched_after_refusal(&self, _: LogIndex, next: LogIndex) -> LogIndex { next.saturating_sub(1) }
    R14B: fn stated_commit(&self, _: LogIndex, last: LogIndex) -> LogIndex { last }
    R16: fn waits_for_all_replies(&self) -> bool { true }
    S11B: fn repeats_snapshot(&self) -> bool { false }
    P3: fn own_match(&self, durable: LogIndex, last: LogIndex, size: usize) -> LogIndex {
        if size == 1 { last } else { durable }
    }
}

#[test]
fn every_broken_rule_is_seen() {
    for rules in BROKEN {
        let is_seen = (0..100_u64).any(|seed| {
            let peers = [3, 4, 5, 1][seed as usize % 4];
            let settings = if seed.is_multiple_of(3) { small(seed) } else { Settings::default() };
            soak(seed, peers, settings, *rules).is_err()
        });
        assert!(is_seen, "{rules:?}");
    }
}
