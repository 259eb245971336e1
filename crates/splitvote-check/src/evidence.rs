//! What every [`Evidence`] tells, by way of its [`Proof`].

use std::fmt;

use crate::checkers::Evidence;
use crate::proof::{Finding, Proof};
use crate::standing::Standing;

impl Evidence {
    /// The way in which the rule was broken, such as `vote-forgotten`. Two violations of one checker
    /// with one cause are of one kind, whatever the peers, terms and indexes.
    #[must_use]
    pub fn cause(&self) -> &'static str {
        self.finding().cause
    }

    /// Whether this proves that a guarantee was broken, or shows a departure from practice.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.finding().standing
    }
}

impl Proof for Evidence {
    fn finding(&self) -> Finding {
        self.proof().finding()
    }

    fn sentence(&self) -> String {
        self.proof().sentence()
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence())
    }
}
