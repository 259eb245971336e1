//! What a mutant is: a bug that somebody's Raft really had, as one overridden rule or a few.

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
    /// The names of the rules that it has instead of the paper's.
    pub overrides: &'static [&'static str],
    /// The paper's rules, but for those.
    pub rules: &'static dyn Rules,
}

/// Defines the mutants of a file, and the list of them. A mutant is a type whose [`Rules`] differ from the paper in
/// these methods, and its entry. If it remembers anything (`remembers: count`), each peer has a [`crate::Memory`] of
/// that name.
macro_rules! mutants {
    ($(mutant {
        $id:ident $kind:ident $name:literal $harm:ident
        bug: $bug:literal
        violates: $violates:literal
        source: $source:literal
        $(remembers: $($memory:ident),+;)?
        $(fn $rule:ident $arguments:tt -> $answer:ty $body:block)+
    })+) => {
        $(
            #[doc = $bug]
            #[derive(Clone, Debug)]
            pub struct $kind {
                $($($memory: $crate::Memory,)+)?
            }

            impl splitvote_raft::Rules for $kind {
                $(fn $rule $arguments -> $answer $body)+

                $(fn copy(&self) -> Option<Box<dyn splitvote_raft::Rules>> {
                    Some(Box::new(Self { $($memory: self.$memory.clone()),+ }))
                })?
            }

            static $id: $crate::Mutant = $crate::Mutant {
                id: stringify!($id),
                name: $name,
                bug: $bug,
                source: $source,
                violates: $violates,
                harm: $crate::Harm::$harm,
                overrides: &[$(stringify!($rule)),+],
                rules: {
                    static RULES: $kind = $kind { $($($memory: $crate::Memory::new(0)),+)? };
                    &RULES
                },
            };
        )+

        /// All mutants of this file.
        pub(crate) static ALL: &[&$crate::Mutant] = &[$(&$id),+];
    };
}

pub(crate) use mutants;
