//! Reads values out of a parsed TOML text, so that every complaint has a place and a remedy.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use splitvote_sim::Probability;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{Place, Result, ScenarioError, Source, nearest};
use super::units::{
    CountRange, DurationRange, parse_count_range, parse_duration, parse_probability, parse_range,
};
use super::units_text::duration as spelled;

/// A value and where it stands.
#[derive(Clone, Copy)]
pub(crate) struct Value<'a> {
    source: Source<'a>,
    /// The key that it is the value of; `None` if it is an element of an array.
    key: Option<&'a str>,
    value: &'a Spanned<DeValue<'a>>,
}

/// A table of which every key must be asked for.
pub(crate) struct Table<'a> {
    source: Source<'a>,
    /// The key that it is the value of, if it is that of one.
    name: Option<&'a str>,
    table: &'a DeTable<'a>,
    span: Range<usize>,
    known: RefCell<BTreeSet<&'static str>>,
}

impl<'a> Table<'a> {
    /// The table that a whole text is.
    pub(crate) fn of_text(source: Source<'a>, table: &'a DeTable<'a>) -> Self {
        Self { source, name: None, table, span: 0..0, known: RefCell::default() }
    }

    pub(crate) fn file(&self) -> &'a Path {
        self.source.file
    }

    pub(crate) fn place(&self) -> Place {
        self.source.place(self.span.start)
    }

    /// The value of a key, if it is there; from now on the key is known.
    pub(crate) fn get(&self, key: &'static str) -> Option<Value<'a>> {
        self.known.borrow_mut().insert(key);
        let value = self.table.iter().find(|(name, _)| name.get_ref() == key)?.1;
        Some(Value { source: self.source, key: Some(key), value })
    }

    /// The value of a key that must be there, as in the example.
    pub(crate) fn need(&self, key: &'static str, example: &str) -> Result<Value<'a>> {
        self.need_or(key, &format!("write `{example}`"))
    }

    /// The value of a key that must be there, and what to do if it is not.
    pub(crate) fn need_or(&self, key: &'static str, remedy: &str) -> Result<Value<'a>> {
        self.get(key).ok_or_else(|| {
            let known = self.known.borrow();
            // Of words as short as `to` and `by`, two slips make any other.
            let slips = if key.len() < 4 { 1 } else { 2 };
            let is_slip = |name: &str| {
                !known.contains(name) && strsim::damerau_levenshtein(name, key) <= slips
            };
            match self.table.keys().find(|name| is_slip(name.get_ref())) {
                Some(slip) => {
                    let problem =
                        format!("`{key}` is missing, and `{}` is unknown", slip.get_ref());
                    self.source.error(&slip.span(), problem, format!("did you mean `{key}`?"))
                }
                None => {
                    let place = self.name.map(|name| format!(" in the table `{name}`"));
                    let problem = format!("`{key}` is missing{}", place.unwrap_or_default());
                    self.error(problem, remedy)
                }
            }
        })
    }

    /// All keys with their values, for tables whose keys are names of the user's.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&'a str, Value<'a>, Range<usize>)> {
        self.table.iter().map(|(key, value)| {
            let name: &'a str = key.get_ref();
            (name, Value { source: self.source, key: Some(name), value }, key.span())
        })
    }

    /// Complains about the first key that nobody asked for.
    pub(crate) fn finish(&self) -> Result<()> {
        let known = self.known.borrow();
        let unknown = self.table.keys().find(|key| !known.contains(&**key.get_ref()));
        match unknown {
            None => Ok(()),
            Some(key) => {
                let remedy = nearest(key.get_ref(), known.iter().copied());
                Err(self.source.error(
                    &key.span(),
                    format!("unknown key `{}`", key.get_ref()),
                    remedy,
                ))
            }
        }
    }

    pub(crate) fn error(
        &self,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> ScenarioError {
        self.source.error(&self.span, problem, remedy)
    }

    pub(crate) fn error_at(
        &self,
        span: &Range<usize>,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> ScenarioError {
        self.source.error(span, problem, remedy)
    }
}

impl<'a> Value<'a> {
    pub(crate) fn error(
        &self,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> ScenarioError {
        self.source.error(&self.value.span(), problem, remedy)
    }

    pub(crate) fn place(&self) -> Place {
        self.source.place(self.value.span().start)
    }

    fn mismatch(&self, expected: &str, example: &str) -> ScenarioError {
        let found = self.value.get_ref().type_str();
        self.error(format!("expected {expected}, found {found}"), format!("write {example}"))
    }

    pub(crate) fn is_str(&self) -> bool {
        self.value.get_ref().is_str()
    }

    pub(crate) fn is_table(&self) -> bool {
        self.value.get_ref().is_table()
    }

    pub(crate) fn str(&self) -> Result<&'a str> {
        self.value.get_ref().as_str().ok_or_else(|| self.mismatch("a string", "`\"…\"`"))
    }

    fn text_like(&self, expected: &str, example: &str) -> Result<&'a str> {
        self.value.get_ref().as_str().ok_or_else(|| self.mismatch(expected, example))
    }

    pub(crate) fn bool(&self) -> Result<bool> {
        self.value.get_ref().as_bool().ok_or_else(|| self.mismatch("true or false", "`true`"))
    }

    /// Nothing stands behind a verb that needs nothing but `true`.
    pub(crate) fn is_true(&self, verb: &str) -> Result<()> {
        if self.bool()? {
            return Ok(());
        }
        Err(self.error(format!("`{verb}` takes `true` only"), "write `true`, or leave it out"))
    }

    /// A whole number within the range.
    pub(crate) fn int(&self, range: Range<u64>) -> Result<u64> {
        let number = self.value.get_ref().as_integer();
        let number =
            number.ok_or_else(|| self.mismatch("a whole number", &self.as_whole_number()))?;
        let parsed = u64::from_str_radix(number.as_str(), number.radix()).ok();
        parsed.filter(|parsed| range.contains(parsed)).ok_or_else(|| {
            let remedy = format!("it must be from {} to {}", range.start, range.end - 1);
            self.error(format!("{} is out of range", number.as_str()), remedy)
        })
    }

    /// What this is as a whole number: without its quotes, or without a point behind which nothing stands.
    fn as_whole_number(&self) -> String {
        let (text, without) = match self.value.get_ref() {
            DeValue::String(text) => (text.trim(), "quotes"),
            DeValue::Float(number) => (number.as_str().trim_end_matches('0'), "a point"),
            _ => return "digits only".to_owned(),
        };
        match text.trim_end_matches('.').parse::<u64>() {
            Ok(number) => format!("`{number}`, without {without}"),
            Err(_) => "a whole number such as `3`, without quotes or a point".to_owned(),
        }
    }

    /// A whole number, or a range of them as a string; both ends within the bounds.
    pub(crate) fn count_range(&self, bounds: Range<u64>) -> Result<CountRange> {
        if !self.is_str() {
            return self.int(bounds).map(CountRange::exactly);
        }
        let text = self.str()?;
        let range = parse_count_range(text).map_err(|problem| {
            let remedy = || "write 5 or \"5-14\"".to_owned();
            self.error(problem, exchanged(text, parse_count_range).unwrap_or_else(remedy))
        })?;
        if bounds.contains(&range.min) && bounds.contains(&range.max) {
            return Ok(range);
        }
        let remedy = format!("both ends must be from {} to {}", bounds.start, bounds.end - 1);
        Err(self.error(format!("{range} is out of range"), remedy))
    }

    pub(crate) fn duration(&self) -> Result<Duration> {
        let remedy = "a duration is digits and one of ns, us, ms, s, min, h, such as \"150ms\"";
        let text = self.text_like("a duration", "`\"150ms\"`")?;
        parse_duration(text).map_err(|problem| match parse_range(text) {
            Ok(range) => {
                let (why, remedy) = why_single(self.key, range);
                self.error(format!("`{text}` is a range, and {why}"), remedy)
            }
            Err(_) => self.error(problem, remedy),
        })
    }

    pub(crate) fn range(&self) -> Result<DurationRange> {
        let text = self.text_like("a duration", "`\"150ms\"` or `\"150ms-300ms\"`")?;
        parse_range(text).map_err(|problem| {
            let remedy = || {
                "write a duration such as \"150ms\" or a range such as \"150ms-300ms\"".to_owned()
            };
            self.error(problem, exchanged(text, parse_range).unwrap_or_else(remedy))
        })
    }

    /// Election timeouts, which are never zero: time would stand still.
    pub(crate) fn election_timeouts(&self) -> Result<DurationRange> {
        let timeouts = self.range()?;
        if timeouts.min.is_zero() {
            let problem = "an election timeout of zero never lets a leader be";
            return Err(self.error(problem, "raise it"));
        }
        Ok(timeouts)
    }

    pub(crate) fn probability(&self) -> Result<Probability> {
        let remedy = "write a percentage such as \"10%\" or \"0.1%\", with at most four decimals";
        parse_probability(self.text_like("a percentage", "`\"10%\"`")?)
            .map_err(|problem| self.error(problem, remedy))
    }

    pub(crate) fn array(&self) -> Result<Vec<Value<'a>>> {
        let array = self.value.get_ref().as_array();
        let array = array.ok_or_else(|| self.mismatch("an array", "`[ … ]`"))?;
        Ok(array.iter().map(|value| Value { source: self.source, key: None, value }).collect())
    }

    /// The elements of an array, or the value itself as the only one.
    pub(crate) fn one_or_many(&self) -> Result<Vec<Value<'a>>> {
        if self.value.get_ref().is_array() { self.array() } else { Ok(vec![*self]) }
    }

    pub(crate) fn table(&self) -> Result<Table<'a>> {
        let table = self.value.get_ref().as_table();
        let table = table.ok_or_else(|| self.mismatch("a table", "`{ … }`"))?;
        let (source, name, span) = (self.source, self.key, self.value.span());
        Ok(Table { source, name, table, span, known: RefCell::default() })
    }

    /// One of the words, or a complaint with the nearest of them.
    pub(crate) fn word<T: Clone>(&self, what: &str, words: &[(&'static str, T)]) -> Result<T> {
        let word = self.str()?;
        match words.iter().find(|(name, _)| *name == word) {
            Some((_, meaning)) => Ok(meaning.clone()),
            None => {
                let remedy = nearest(word, words.iter().map(|(name, _)| *name));
                Err(self.error(format!("unknown {what} `{word}`"), remedy))
            }
        }
    }
}

/// What to write in place of a range whose ends are exchanged.
fn exchanged<T, E>(
    text: &str,
    parse: impl Fn(&str) -> std::result::Result<T, E>,
) -> Option<String> {
    let (one, other) = text.split_once('-')?;
    let exchanged = format!("{}-{}", other.trim(), one.trim());
    parse(&exchanged).is_ok().then(|| format!("write \"{exchanged}\""))
}

/// Why a range makes no sense as the value of this key, and what to write. Wherever else a duration stands, a range
/// does.
fn why_single(key: Option<&str>, DurationRange { min, max }: DurationRange) -> (&str, String) {
    let (shortest, longest) = (spelled(min), spelled(max));
    match key {
        Some("within") => {
            let remedy = format!("write the longest that is allowed, \"{longest}\"");
            ("`within` is a limit, which no seed draws", remedy)
        }
        Some("offset") => {
            let remedy = format!("write the largest, \"{longest}\"");
            ("each clock draws its offset from zero up to the one that stands here", remedy)
        }
        Some("min" | "mean") => {
            let remedy =
                format!("write one, such as \"{shortest}\", or a range in place of the table");
            ("an exponential delay is drawn already, from one `min` and one `mean`", remedy)
        }
        Some("by") => {
            let remedy = format!("write one, such as \"{shortest}\"; a `rule` takes a range");
            ("the fate of a single packet is written down, not drawn", remedy)
        }
        _ => {
            let remedy =
                format!("write one, such as \"{shortest}\", or leave it out and it is drawn");
            ("a timeout that is written down is not drawn", remedy)
        }
    }
}
