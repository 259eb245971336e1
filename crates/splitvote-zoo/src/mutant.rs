//! What a mutant is: a bug that somebody's Raft really had, as one overridden rule.

use splitvote_raft::Rules;

splitvote_peer::named! {
    /// Which promise of Raft the bug breaks, and so which kind of checker has to find it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Harm {
        /// Something happens that must never happen; one event proves it.
        Safety = "safety",
        /// Something that must happen does not, or far too late; only time shows it.
        Liveness = "liveness",
        /// Everything happens, and at a price: messages, bytes, or room on the disk. Only a bound shows it.
        Budget = "budget",
    }
}

/// A broken Raft.
#[derive(Clone, Copy, Debug)]
pub struct Mutant {
    /// Its number in the table of known bugs, `E1`; `N1` for those of the founding notes and of
    /// students.
    pub id: &'static str,
    /// Its name, `vote-cleared-by-heartbeat`.
    pub name: &'static str,
    /// What is wrong, in one sentence.
    pub bug: &'static str,
    /// Where it was found.
    pub source: &'static str,
    /// The property that it breaks.
    pub violates: &'static str,
    /// Whether that is a matter of safety or of liveness.
    pub harm: Harm,
    /// The paper's rules, but for one.
    pub rules: &'static dyn Rules,
}

/// Defines a mutant: a type whose [`Rules`] differ from the paper in one method, and its entry.
macro_rules! mutant {
    (
        $id:ident $kind:ident $name:literal $harm:ident
        bug: $bug:literal
        violates: $violates:literal
        source: $source:literal
        $rule:item
    ) => {
        #[doc = $bug]
        #[derive(Clone, Copy, Debug)]
        pub struct $kind;

        impl splitvote_raft::Rules for $kind {
            $rule
        }

        pub(crate) static $id: $crate::Mutant = $crate::Mutant {
            id: stringify!($id),
            name: $name,
            bug: $bug,
            source: $source,
            violates: $violates,
            harm: $crate::Harm::$harm,
            rules: &$kind,
        };
    };
}

pub(crate) use mutant;
