//! How kinds of faults are declared.
//!
//! [`kind!`] declares all of a kind that peers suffer one by one (`who(of)`), or directed links (`links(from, to)`),
//! with numbers if it has some:
//!
//! ```text
//! kind! {
//!     /// Lets nothing arrive over a directed link for a while.
//!     Clog: "clog" links(from, to) says "clog {from} to {to} for {lasts}" {
//!         /// For how long.
//!         lasts: Span = span("for", "500ms"),                  // the key of a step, and an example
//!     }
//!     needs: Nothing,                                          // see `Needs`
//!     class: Clogs,                                            // left out by what mends
//!     undone by: [Unclog { from, to }],
//!     amiss: |world, Spot::Link(from, to)| world.is_clogged(from, to) => Unclog { from, to },
//!     happens: |world| world.clog(from, to, lasts),
//! }
//! ```
//!
//! A kind of another shape has its own `Stated`. [`translated!`] and [`effect!`] declare the rest of it.

/// Declares a kind of fault of peers, or of directed links.
macro_rules! kind {
    ($(#[doc = $doc:literal])+ $Kind:ident: $verb:literal who($of:ident) $($rest:tt)+) => {
        $crate::fault::declare::kind! {
            @ [$($doc)+] $Kind $verb $crate::language::target::list,
            who [$of: Who "Whom."] $($rest)+
        }
    };
    (
        $(#[doc = $doc:literal])+
        $Kind:ident: $verb:literal links($from:ident, $to:ident) $($rest:tt)+
    ) => {
        $crate::fault::declare::kind! {
            @ [$($doc)+] $Kind $verb $crate::language::target::Target::clone,
            links [$from: End "The sender.", $to: End "The receiver."] $($rest)+
        }
    };
    (
        @ [$($doc:literal)+] $Kind:ident $verb:literal $said:path,
        $aim:ident [$($end:ident: $End:ident $whom:literal),+]
        says $says:literal
        $({$(
            $(#[doc = $number_doc:literal])+
            $number:ident: $Term:ident = $method:ident ($key:literal $(, $example:literal)?),
        )+})?
        needs: $needs:ident, $($effect:tt)+
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $Kind<T: $crate::fault::Terms = $crate::fault::Written> {
            $(#[doc = $whom] pub $end: T::$End,)+
            $($($(#[doc = $number_doc])+ pub $number: T::$Term,)+)?
        }

        impl $crate::fault::kind::Stated for $Kind<$crate::fault::Symbolic> {
            const VERB: &'static str = $verb;

            fn blank() -> Self {
                Self {
                    $($end: Default::default(),)+
                    $($($number: Default::default(),)+)?
                }
            }

            fn keys(
                &mut self,
                form: &mut $crate::language::form::Form<'_, '_>,
                known: &$crate::language::target::Known,
            ) -> $crate::fault::Result {
                $crate::fault::keys::$aim(form, known, Self::VERB, $(&mut self.$end),+)?;
                $($($crate::fault::keys::$method(
                    form, &mut self.$number, $key $(, $example)?
                )?;)+)?
                Ok(())
            }

            fn say(&self) -> String {
                $(let $end = $said(&self.$end);)+
                $($(let $number = self.$number;)+)?
                format!($says)
            }
        }

        $crate::fault::declare::translated! {
            $Kind by $aim($($end),+) $({ $($number: $method,)+ })?
        }
        $crate::fault::declare::effect! {
            $Kind { $($end,)+ $($($number,)+)? } needs: $needs, $($effect)+
        }
    };
}

/// Declares how a kind of fault goes into other terms: whom it is about, its numbers, and what is the same in all.
macro_rules! translated {
    (
        $Kind:ident by $aim:ident($($end:ident),+)
        $({ $($number:ident: $method:ident,)+ })?
    ) => {
        impl<T: $crate::fault::Terms> $crate::fault::kind::Translated<T> for $Kind<T> {
            type In<U: $crate::fault::Terms> = $Kind<U>;

            #[allow(unused_parens)]
            fn translate<U: $crate::fault::Terms, C: $crate::fault::Translate<T, U>>(
                &self,
                by: &mut C,
            ) -> $crate::fault::Translation<$Kind<U>, C::Error> {
                // Numbers are drawn before peers.
                $($(let $number = by.$method(&self.$number)?;)+)?
                let all = by.$aim($(&self.$end),+)?.into_iter();
                Ok(all
                    .map(|($($end),+)| $Kind {
                        $($end,)+ $($($number: $number.clone(),)+)?
                    })
                    .collect())
            }
        }
    };
}

/// Declares what a kind of fault does, and what of that is undone by what. Its fields have their names throughout.
macro_rules! effect {
    (
        $Kind:ident $fields:tt
        needs: $needs:ident,
        $(class: $class:ident,)?
        $(undone by: $(|$healthy:ident|)? [$($undo:expr),+],)?
        $(amiss: |$site:ident, $spot:pat_param $(, $usual:ident)?| $is_amiss:expr => $mend:expr,)?
        $(simpler: $simpler:expr,)?
        $(in a storm: $promised:expr,)?
        happens: |$world:ident| $happens:expr,
    ) => {
        #[allow(unused_variables)]
        impl $crate::fault::kind::Effect for $Kind {
            const NEEDS: $crate::fault::kind::Needs = $crate::fault::kind::Needs::$needs;

            $(fn class(&self) -> Option<$crate::fault::FaultClass> {
                Some($crate::fault::FaultClass::$class)
            })?

            $(fn undone_by(&self, healthy: &$crate::fault::Healthy) -> Vec<$crate::fault::Fault> {
                let Self $fields = self.clone();
                $(let $healthy = healthy;)?
                let undone: [$crate::fault::Fault; _] = [$($undo.into()),+];
                undone.into_iter().filter(|undo| *undo != self.clone().into()).collect()
            })?

            $(fn amiss<P: splitvote_peer::Peer, W: splitvote_sim::Watcher<P>>(
                $site: &splitvote_sim::World<P, W>,
                spot: $crate::fault::Spot,
                healthy: &$crate::fault::Healthy,
            ) -> Option<$crate::fault::Fault> {
                let $spot = spot else { return None };
                $(let $usual = healthy;)?
                $is_amiss.then(|| $mend.into())
            })?

            $(fn simpler(&self) -> Vec<$crate::fault::Fault> {
                let Self $fields = self.clone();
                $simpler
            })?

            $(fn within_promise(self, before: &splitvote_sim::DiskProfile) -> Self {
                let Self $fields = self;
                $promised
            })?

            fn happen<P: splitvote_peer::Peer, W: splitvote_sim::Watcher<P>>(
                &self,
                $world: &mut splitvote_sim::World<P, W>,
            ) {
                let Self $fields = self.clone();
                $happens;
            }
        }
    };
}

pub(super) use {effect, kind, translated};
