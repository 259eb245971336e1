//! Tables of a file, read and written by one description of their keys.
//!
//! What has keys lists them once, in a function of a [`Form`] and the value. While it is read, the value begins as it
//! usually is and takes what the table says; while it is written, what is as usual is left out.

use std::fmt::Display;
use std::mem::discriminant;
use std::ops::Range;
use std::time::Duration;

use splitvote_sim::Probability;

use super::error::Result;
use super::inline::{Inline, quoted};
use super::keys::{Keys, Takes};
use super::reader::{Table, Value};
use super::units::DurationRange;
use super::units_text::{duration, percent};

/// The name of a key.
type Key = &'static str;

/// A table while it is read, while it is written, or while its keys are asked for.
pub(crate) enum Form<'a, 't> {
    Reads(&'a Table<'t>),
    Writes(&'a mut Inline),
    /// Its keys are asked for, and nothing is read or written.
    Describes(&'a mut Keys),
}

/// What a file states in one value.
pub(crate) trait Text: Sized {
    fn read(value: &Value<'_>) -> Result<Self>;
    fn written(&self) -> String;
    /// What a file may say, for a schema.
    fn takes() -> Takes {
        Takes::Any
    }
}

/// Reads a table into a value by the list of its keys.
pub(crate) fn read<V>(
    stated: &Value<'_>,
    value: &mut V,
    keys: impl FnOnce(&mut Form<'_, '_>, &mut V) -> Result,
) -> Result {
    let table = stated.table()?;
    keys(&mut Form::Reads(&table), value)?;
    table.finish()
}

/// The table that a value is, by the list of its keys.
pub(crate) fn written<V: Clone>(
    value: &V,
    keys: impl FnOnce(&mut Form<'_, '_>, &mut V) -> Result,
) -> Inline {
    let mut table = Inline::default();
    // Nothing is wrong with what is written.
    _ = keys(&mut Form::Writes(&mut table), &mut value.clone());
    table
}

impl Form<'_, '_> {
    /// A key, and how its value is read and written; it is written if that says something.
    pub(crate) fn entry<V>(
        &mut self,
        is_said: bool,
        key: Key,
        value: &mut V,
        read: impl FnOnce(&Value<'_>) -> Result<V>,
        written: impl FnOnce(&V) -> String,
    ) -> Result {
        match self {
            Self::Reads(table) => {
                if let Some(stated) = table.get(key) {
                    *value = read(&stated)?;
                }
            }
            Self::Writes(table) if is_said => table.put(key, written(value)),
            Self::Writes(_) => {}
            Self::Describes(keys) => keys.add(key, Takes::Any),
        }
        Ok(())
    }

    /// Says what a key takes, to whoever asks.
    pub(crate) fn takes(&mut self, key: Key, takes: Takes) {
        if let Self::Describes(keys) = self {
            keys.add(key, takes);
        }
    }

    /// A key that is left out if its value is as usual.
    pub(crate) fn key<V: Text + Copy + PartialEq>(
        &mut self,
        key: Key,
        value: &mut V,
        usual: V,
    ) -> Result {
        self.takes(key, V::takes());
        self.entry(*value != usual, key, value, V::read, V::written)
    }

    /// A key that is always written.
    pub(crate) fn always<V: Text>(&mut self, key: Key, value: &mut V) -> Result {
        self.takes(key, V::takes());
        self.entry(true, key, value, V::read, V::written)
    }

    /// Complains if a table that is read has no such key as the example.
    pub(crate) fn need(&mut self, key: Key, example: &str) -> Result {
        match self {
            Self::Reads(table) => table.need(key, example).map(|_| ()),
            Self::Writes(_) => Ok(()),
            Self::Describes(keys) => {
                keys.need(key);
                Ok(())
            }
        }
    }

    /// The same for a key that is needed because another is there.
    pub(crate) fn need_beside(&mut self, key: Key, example: &str) -> Result {
        if matches!(self, Self::Describes(_)) { Ok(()) } else { self.need(key, example) }
    }

    /// A key that says nothing but `true`.
    pub(crate) fn is_true(&mut self, key: Key) -> Result {
        self.takes(key, Takes::True);
        self.entry(true, key, &mut (), |stated| stated.is_true(key), |()| true.to_string())
    }

    /// A whole number within bounds.
    pub(crate) fn number<N: TryFrom<u64> + Display + Copy + PartialEq>(
        &mut self,
        key: Key,
        value: &mut N,
        bounds: Range<u64>,
        usual: N,
    ) -> Result {
        self.takes(key, Takes::Whole(bounds.start, bounds.end - 1));
        self.entry(*value != usual, key, value, |stated| whole(stated, bounds), N::to_string)
    }

    /// A whole number within bounds that is always there, as in the example.
    pub(crate) fn needed_number<N: TryFrom<u64> + Display>(
        &mut self,
        key: Key,
        example: &str,
        value: &mut N,
        bounds: Range<u64>,
    ) -> Result {
        self.need(key, example)?;
        self.takes(key, Takes::Whole(bounds.start, bounds.end - 1));
        self.entry(true, key, value, |stated| whole(stated, bounds), N::to_string)
    }

    /// A whole number within bounds, or none.
    pub(crate) fn optional_number<N: TryFrom<u64> + Display>(
        &mut self,
        key: Key,
        value: &mut Option<N>,
        bounds: Range<u64>,
    ) -> Result {
        self.takes(key, Takes::Whole(bounds.start, bounds.end - 1));
        let text = |value: &Option<N>| value.as_ref().map(N::to_string).unwrap_or_default();
        self.entry(value.is_some(), key, value, |stated| whole(stated, bounds).map(Some), text)
    }

    /// One of some words; it is written if that says something.
    pub(crate) fn word<V: Copy + PartialEq>(
        &mut self,
        is_said: bool,
        key: Key,
        what: &str,
        value: &mut V,
        words: &[(Key, V)],
    ) -> Result {
        let word = |value: &V| words.iter().find(|(_, meaning)| meaning == value);
        let text = |value: &V| quoted(word(value).map_or("", |(word, _)| word));
        self.takes(key, Takes::Word(words.iter().map(|(word, _)| *word).collect()));
        self.entry(is_said, key, value, |stated| stated.word(what, words), text)
    }

    /// One of some words that name variants; what a variant holds stands in other keys.
    pub(crate) fn kind<V: Clone>(
        &mut self,
        key: Key,
        what: &str,
        value: &mut V,
        words: &[(Key, V)],
    ) -> Result {
        let word =
            |value: &V| words.iter().find(|(_, kind)| discriminant(kind) == discriminant(value));
        let text = |value: &V| quoted(word(value).map_or("", |(word, _)| word));
        self.takes(key, Takes::Word(words.iter().map(|(word, _)| *word).collect()));
        if let Self::Describes(keys) = self {
            if let Some((_, kind)) = words.get(keys.chosen(words.len())) {
                value.clone_from(kind);
            }
            return Ok(());
        }
        self.entry(word(value).is_some(), key, value, |stated| stated.word(what, words), text)
    }

    /// A table within this one; one that says nothing may be left out.
    pub(crate) fn table<V: Clone>(
        &mut self,
        is_always_said: bool,
        key: Key,
        value: &mut V,
        keys: impl Fn(&mut Form<'_, '_>, &mut V) -> Result,
    ) -> Result {
        match self {
            Self::Describes(outer) => {
                outer.add(key, Takes::Table(Keys::of(value, keys)));
                Ok(())
            }
            Self::Reads(table) => {
                table.get(key).map_or(Ok(()), |stated| read(&stated, value, keys))
            }
            Self::Writes(table) => {
                let inner = written(value, keys);
                if is_always_said || !inner.is_empty() {
                    table.put(key, inner);
                }
                Ok(())
            }
        }
    }

    /// Whether the table that is read has this key.
    pub(crate) fn has(&self, key: Key) -> bool {
        match self {
            Self::Reads(table) => table.get(key).is_some(),
            Self::Writes(_) => false,
            // It may have all of them.
            Self::Describes(_) => true,
        }
    }

    /// Complains about the value of a key if it was read and is not right.
    pub(crate) fn check(&self, is_right: bool, key: Key, problem: &str, remedy: &str) -> Result {
        match self {
            Self::Reads(table) if !is_right => {
                table.get(key).map_or(Ok(()), |value| Err(value.error(problem, remedy)))
            }
            _ => Ok(()),
        }
    }
}

fn whole<N: TryFrom<u64>>(value: &Value<'_>, bounds: Range<u64>) -> Result<N> {
    N::try_from(value.int(bounds)?).map_err(|_| value.error("too large a number", "lower it"))
}

impl<V: Text> Text for Option<V> {
    fn read(value: &Value<'_>) -> Result<Self> {
        V::read(value).map(Some)
    }

    fn written(&self) -> String {
        self.as_ref().map(V::written).unwrap_or_default()
    }

    fn takes() -> Takes {
        V::takes()
    }
}

impl Text for String {
    fn read(value: &Value<'_>) -> Result<Self> {
        value.str().map(str::to_owned)
    }

    fn written(&self) -> String {
        quoted(self)
    }

    fn takes() -> Takes {
        Takes::Text
    }
}

/// Words with what they mean, for enums that know their names.
pub(crate) fn words<T: Copy>(all: &[T], name: fn(T) -> Key) -> Vec<(Key, T)> {
    all.iter().map(|one| (name(*one), *one)).collect()
}

/// Says how a type is read and written.
macro_rules! text {
    ($($Type:ty: $read:ident is $Takes:ident, |$value:ident| $written:expr;)+) => {
        $(impl Text for $Type {
            fn read(value: &Value<'_>) -> Result<Self> {
                value.$read()
            }

            fn written(&self) -> String {
                let $value = *self;
                $written
            }

            fn takes() -> Takes {
                Takes::$Takes
            }
        })+
    };
}

text! {
    bool: bool is Truth, |flag| flag.to_string();
    Duration: duration is Text, |time| quoted(&duration(time));
    DurationRange: range is Text, |range| range.written();
    Probability: probability is Text, |share| quoted(&percent(share));
}
