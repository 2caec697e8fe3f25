//! A table of a run file, read key by key.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::document::Document;
use super::suggestion::nearest;
use super::value;
use crate::failure::Failure;
use crate::numbers;

/// A table, and how it is called in messages.
pub(super) struct Section<'a> {
    document: &'a Document<'a>,
    /// As in `solver` or `transmitters[0]`; empty for the whole file.
    path: String,
    table: &'a DeTable<'a>,
    start: usize,
}

impl<'a> Section<'a> {
    /// The whole file.
    pub(super) fn root(document: &'a Document<'a>, table: &'a DeTable<'a>) -> Self {
        Self { document, path: String::new(), table, start: 0 }
    }

    /// Where the table begins, as in `run.toml:12`.
    pub(super) fn location(&self) -> String {
        self.document.line(self.start)
    }

    /// The full name of a key.
    fn name(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
    }

    /// Where a value is written, and its key.
    fn whose(&self, key: &str, value: &Spanned<DeValue<'_>>) -> String {
        format!("{}: `{}`", self.document.line(value.span().start), self.name(key))
    }

    /// A value that is not what it should be.
    pub(super) fn wrong(&self, key: &str, value: &Spanned<DeValue<'_>>, expected: &str) -> Failure {
        let written = self.document.excerpt(value.span());
        Failure::input(format!("{} must be {expected}, but is {written}", self.whose(key, value)))
    }

    /// Something else that is wrong about a key.
    pub(super) fn refused(&self, key: &str, why: &str) -> Failure {
        match self.get(key) {
            Some(value) => Failure::input(format!("{} {why}", self.whose(key, value))),
            None => Failure::input(format!("{}: `{}` {why}", self.location(), self.name(key))),
        }
    }

    /// Refuses keys that are not known, and by name those that will be.
    pub(super) fn check_keys(&self, known: &[&str], later: &[&str]) -> Result<(), Failure> {
        let mut keys: Vec<_> = self.table.iter().map(|(key, _)| (key.span(), key.get_ref())).collect();
        keys.sort_by_key(|(span, _)| span.start);
        keys.into_iter().try_for_each(|(span, key)| self.check_key(span, key, known, later))
    }

    fn check_key(
        &self,
        span: Range<usize>,
        key: &str,
        known: &[&str],
        later: &[&str],
    ) -> Result<(), Failure> {
        if known.contains(&key) {
            return Ok(());
        }
        let whose = format!("{}: `{}`", self.document.line(span.start), self.name(key));
        Err(Failure::input(if later.contains(&key) {
            format!("{whose} is not there yet")
        } else if let Some(meant) = nearest(key, known) {
            format!("{whose} is not a known key (did you mean `{meant}`?)")
        } else {
            format!("{whose} is not a known key (known: {})", known.join(", "))
        }))
    }

    /// A value that must be there.
    pub(super) fn required<T>(
        &self,
        key: &str,
        read: impl FnOnce(&Self, &str) -> Result<Option<T>, Failure>,
    ) -> Result<T, Failure> {
        let missing = || Failure::input(format!("{}: `{}` is missing", self.location(), self.name(key)));
        read(self, key)?.ok_or_else(missing)
    }

    fn read<T>(
        &self,
        key: &str,
        expected: &str,
        read: impl FnOnce(&DeValue<'a>) -> Option<T>,
    ) -> Result<Option<T>, Failure> {
        let Some(value) = self.get(key) else { return Ok(None) };
        read(value.get_ref()).map(Some).ok_or_else(|| self.wrong(key, value, expected))
    }

    /// A text.
    pub(super) fn text(&self, key: &str) -> Result<Option<&'a str>, Failure> {
        let Some(value) = self.get(key) else { return Ok(None) };
        match value.get_ref() {
            DeValue::String(text) => Ok(Some(text)),
            _ => Err(self.wrong(key, value, "a text in quotes")),
        }
    }

    /// A text that names something, or a number that does.
    pub(super) fn named<T>(&self, key: &str) -> Result<Option<T>, Failure>
    where
        T: std::str::FromStr,
        T::Err: std::fmt::Display,
    {
        let Some(value) = self.get(key) else { return Ok(None) };
        let name = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Integer(number) => number.to_string(),
            _ => return Err(self.wrong(key, value, "a text in quotes")),
        };
        let refused = |error| Failure::input(format!("{}: {error}", self.whose(key, value)));
        name.parse().map(Some).map_err(refused)
    }

    /// `true` or `false`.
    pub(super) fn flag(&self, key: &str) -> Result<Option<bool>, Failure> {
        self.read(key, "true or false", |value| match value {
            DeValue::Boolean(flag) => Some(*flag),
            _ => None,
        })
    }

    /// A finite number in a range.
    pub(super) fn number(
        &self,
        key: &str,
        expected: &str,
        valid: impl Fn(f64) -> bool,
    ) -> Result<Option<f64>, Failure> {
        self.read(key, expected, |value| value::number(value).filter(|&number| valid(number)))
    }

    /// A frequency: a number in Hz, or a text with a unit.
    pub(super) fn frequency(&self, key: &str) -> Result<Option<f64>, Failure> {
        self.read(key, "positive and finite, in Hz or as in \"3.5GHz\"", |value| match value {
            DeValue::String(text) => numbers::frequency(text).ok(),
            value => value::number(value).filter(|&number| number > 0.0),
        })
    }

    /// An integer that `T` can hold.
    pub(super) fn integer<T: TryFrom<i128>>(
        &self,
        key: &str,
        expected: &str,
        valid: impl Fn(&T) -> bool,
    ) -> Result<Option<T>, Failure> {
        self.read(key, expected, |value| T::try_from(value::integer(value)?).ok().filter(|it| valid(it)))
    }

    /// A whole number that may have an exponent.
    pub(super) fn samples(&self, key: &str) -> Result<Option<u64>, Failure> {
        self.read(key, "a whole number from 1 to 1e15", |value| {
            numbers::samples_in_range(numbers::whole(value::number(value)?).ok()?).ok()
        })
    }

    /// Three finite numbers.
    pub(super) fn triple(&self, key: &str) -> Result<Option<[f64; 3]>, Failure> {
        self.read(key, "an array of three finite numbers", value::numbers)
    }

    /// Two positive numbers, or where `one_for_both` a single one.
    pub(super) fn size(&self, key: &str, one_for_both: bool) -> Result<Option<[f64; 2]>, Failure> {
        let expected = if one_for_both {
            "a positive number or an array of two"
        } else {
            "an array of two positive numbers"
        };
        self.read(key, expected, |value| {
            let single = value::number(value).filter(|_| one_for_both).map(|number| [number; 2]);
            let size = single.or_else(|| value::numbers(value))?;
            size.iter().all(|&length| length > 0.0).then_some(size)
        })
    }

    /// A table within this one.
    pub(super) fn section(&self, key: &str) -> Result<Option<Section<'a>>, Failure> {
        let Some(value) = self.get(key) else { return Ok(None) };
        self.nested(key, value, self.name(key)).map(Some)
    }

    /// All tables within this one with their keys, in the order of the file.
    pub(super) fn sections(&self) -> Result<Vec<(&'a str, Section<'a>)>, Failure> {
        let mut entries: Vec<_> = self.table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let section = |(key, value): (&'a Spanned<_>, &'a Spanned<DeValue<'a>>)| {
            let key: &'a std::borrow::Cow<'a, str> = key.get_ref();
            Ok((key.as_ref(), self.nested(key, value, self.name(key))?))
        };
        entries.into_iter().map(section).collect()
    }

    /// The tables of an array of tables.
    pub(super) fn array(&self, key: &str) -> Result<Vec<Section<'a>>, Failure> {
        let Some(value) = self.get(key) else { return Ok(Vec::new()) };
        let DeValue::Array(array) = value.get_ref() else {
            return Err(self.wrong(key, value, &format!("an array of tables, [[{key}]]")));
        };
        let nested = |(index, value)| self.nested(key, value, format!("{}[{index}]", self.name(key)));
        array.iter().enumerate().map(nested).collect()
    }

    fn nested(
        &self,
        key: &str,
        value: &'a Spanned<DeValue<'a>>,
        path: String,
    ) -> Result<Section<'a>, Failure> {
        match value.get_ref() {
            DeValue::Table(table) => {
                Ok(Section { document: self.document, path, table, start: value.span().start })
            }
            _ => Err(self.wrong(key, value, "a table")),
        }
    }
}
