//! The rules of one peer: those that all share, or a copy of its own.
//!
//! Rules decide by their arguments, and one set serves all peers. A broken Raft may have to remember something
//! from one decision to the next; then each peer has its own copy ([`Rules::copy`]), made from the configuration
//! at every boot, so that a crash forgets it.

use std::ops::Deref;

use super::Rules;

/// The rules that one peer plays by, whatever they are: all of them make one type of Raft.
#[derive(Debug)]
pub struct Own(Kept);

#[derive(Debug)]
enum Kept {
    Shared(&'static dyn Rules),
    Copied(Box<dyn Rules>),
}

impl From<&'static dyn Rules> for Own {
    fn from(rules: &'static dyn Rules) -> Self {
        Self(rules.copy().map_or(Kept::Shared(rules), Kept::Copied))
    }
}

impl Clone for Own {
    fn clone(&self) -> Self {
        match &self.0 {
            Kept::Shared(rules) => Self(Kept::Shared(*rules)),
            // Rules that can be copied can be copied again.
            Kept::Copied(rules) => {
                Self(rules.copy().map_or(Kept::Shared(&super::Paper), Kept::Copied))
            }
        }
    }
}

impl Deref for Own {
    type Target = dyn Rules;

    fn deref(&self) -> &dyn Rules {
        match &self.0 {
            Kept::Shared(rules) => *rules,
            Kept::Copied(rules) => &**rules,
        }
    }
}
