//! What a table of a file may say, as the functions that read it tell: for a schema of the language.
//!
//! Whoever lists keys does so once, in a function of a [`super::form::Form`]; here such a function is asked for its
//! keys, and not given a table. What a kind holds stands in keys of its own, so that it is asked once for each kind.

use std::collections::BTreeMap;

use super::error::Result;
use super::form::Form;

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A value that has several forms, which the parser tells apart.
    Any,
    /// `true` or `false`.
    Truth,
    /// Nothing but `true`.
    True,
    /// A text, whatever it says.
    Text,
    /// A whole number from the first to the last, both included.
    Whole(u64, u64),
    /// A whole number, or a range of them in a text: `"5-14"`.
    Count,
    /// A text, or a list of texts.
    Names,
    /// The two ends of a directed link.
    Link,
    /// A number of peers, or `"all"`.
    Peers,
    /// One of these words.
    Word(Vec<&'static str>),
    /// A table with keys of its own.
    Table(Keys),
}

/// The keys of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// What each takes.
    pub keys: BTreeMap<&'static str, Takes>,
    /// Those that have to be there.
    pub needed: Vec<&'static str>,
    /// Which of its kinds a value is taken for, and how many kinds were seen.
    choice: usize,
    choices: usize,
}

impl Keys {
    /// Asks for all keys of a value, which begins as it is here.
    pub(crate) fn of<V: Clone>(
        value: &V,
        keys: impl Fn(&mut Form<'_, '_>, &mut V) -> Result,
    ) -> Self {
        let mut all: Option<Self> = None;
        let mut choice = 0;
        loop {
            let mut one = Self { choice, ..Self::default() };
            // Nothing is read that could be wrong.
            _ = keys(&mut Form::Describes(&mut one), &mut value.clone());
            let choices = one.choices;
            all = Some(match all {
                None => one,
                Some(all) => all.or(one),
            });
            choice += 1;
            if choice >= choices {
                return all.unwrap_or_default();
            }
        }
    }

    /// Adds a key; what was said of it first stands.
    pub(crate) fn add(&mut self, key: &'static str, takes: Takes) {
        self.keys.entry(key).or_insert(takes);
    }

    /// A key has to be there.
    pub(crate) fn need(&mut self, key: &'static str) {
        if !self.needed.contains(&key) {
            self.needed.push(key);
        }
    }

    /// The kind that a value is taken for, of so many.
    pub(crate) fn chosen(&mut self, of: usize) -> usize {
        self.choices = self.choices.max(of);
        self.choice.min(of.saturating_sub(1))
    }

    /// The keys of one kind or of another: needed is what both need.
    fn or(mut self, other: Self) -> Self {
        other.keys.into_iter().for_each(|(key, takes)| self.add(key, takes));
        self.needed.retain(|key| other.needed.contains(key));
        self
    }
}
