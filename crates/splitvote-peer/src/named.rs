//! Enums of which users write the names: features, classes of faults, events, budgets.

/// Declares such an enum once: each variant with what it means and its name, and behind that, if the doc comment
/// says more than a list has room for, its meaning in a sentence.
#[doc(hidden)]
#[macro_export]
macro_rules! named {
    (
        $(#[$attribute:meta])+
        pub enum $Type:ident {
            $($(#[doc = $doc:literal])+ $Variant:ident = $name:literal $(: $meaning:literal)?,)+
        }
    ) => {
        $(#[$attribute])+
        pub enum $Type {
            $($(#[doc = $doc])+ $Variant,)+
        }

        impl $Type {
            /// All of them, in the order in which they are listed.
            pub const ALL: &'static [Self] = &[$(Self::$Variant),+];

            /// Its name, as scenarios and reports write it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$Variant => $name,)+
                }
            }

            /// What it means, in a sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$Variant => $crate::named!(@ [$($doc)+] $($meaning)?),)+
                }
            }

            /// The one of this name, if there is one.
            #[must_use]
            pub fn find(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }

        impl std::fmt::Display for $Type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }
    };
    (@ [$($doc:literal)+]) => {
        concat!($($doc),+).trim_ascii_start()
    };
    (@ [$($doc:literal)+] $meaning:literal) => {
        $meaning
    };
}
