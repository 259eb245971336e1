//! What follows from the list of checkers: [`crate::Checker`], [`crate::Evidence`], and who is asked
//! about what.

/// Makes all that has to name every checker from one line a checker:
///
/// `Checker: file::Evidence [topics of observations that it is asked about] check_log, "Its doc line.";`
///
/// The topics name `file::check`, and `check_log` names `file::check_log`; a checker that the judge
/// asks itself has neither. The order of the lines is the order in which the checkers judge.
macro_rules! checkers {
    ($(
        $checker:ident: $file:ident::$evidence:ident $([$($topic:ident)+])? $($log:ident)?, $doc:literal;
    )+) => {
        $(pub use $file::$evidence;)+

        /// A rule of the paper that is judged. Its file is in [`crate::checkers`].
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        #[serde(rename_all = "kebab-case")]
        #[non_exhaustive]
        pub enum Checker {
            $(#[doc = $doc] $checker,)+
        }

        impl Checker {
            /// All checkers, in the order in which they judge an observation: causes before
            /// consequences.
            pub const ALL: &'static [Self] = &[$(Self::$checker),+];

            pub(crate) const fn rule(self) -> &'static crate::rule::Rule {
                match self {
                    $(Self::$checker => &$file::RULE,)+
                }
            }
        }

        /// What proves a violation: one type a checker.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "kebab-case")]
        #[non_exhaustive]
        pub enum Evidence {
            $(
                #[doc = concat!("Of [`Checker::", stringify!($checker), "`].")]
                $evidence($evidence),
            )+
        }

        impl Evidence {
            /// The checker that gives this evidence.
            #[must_use]
            pub fn checker(&self) -> Checker {
                match self {
                    $(Self::$evidence(_) => Checker::$checker,)+
                }
            }

            pub(crate) fn proof(&self) -> &dyn crate::proof::Proof {
                match self {
                    $(Self::$evidence(evidence) => evidence,)+
                }
            }
        }

        $(
            impl From<$evidence> for Evidence {
                fn from(evidence: $evidence) -> Self {
                    Self::$evidence(evidence)
                }
            }

            impl std::fmt::Display for $evidence {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str(&crate::proof::Proof::sentence(self))
                }
            }
        )+

        /// The evidence of the first of the checkers asked about this topic that finds its rule broken.
        /// Nothing is left of the others, as every caller states the topic.
        #[inline(always)]
        fn first(
            topic: Topic,
            ghost: &Ghost,
            at: SimTime,
            seen: &Observation,
            asked: CheckerSet,
        ) -> Option<Evidence> {
            $($(
                if matches!(topic, $(Topic::$topic)|+)
                    && asked.contains(Checker::$checker)
                    && let Some(evidence) = $file::check(ghost, at, seen)
                {
                    return Some(Evidence::$evidence(evidence));
                }
            )?)+
            None
        }

        /// The evidence of the first checker that finds its rule broken by how a log changed, before
        /// the ghost knows of it.
        #[inline]
        pub(crate) fn check_log(
            ghost: &Ghost,
            change: &LogChange<'_>,
            asked: CheckerSet,
        ) -> Option<Evidence> {
            $($(
                if asked.contains(Checker::$checker)
                    && let Some(evidence) = $file::$log(ghost, change)
                {
                    return Some(Evidence::$evidence(evidence));
                }
            )?)+
            None
        }
    };
}
pub(super) use checkers;
