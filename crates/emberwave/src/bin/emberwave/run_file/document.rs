//! The text of a run file and its lines.

use std::ops::Range;
use std::path::Path;

/// Characters of a value that a message shows.
const SHOWN: usize = 40;

/// A run file.
pub(super) struct Document<'a> {
    name: String,
    text: &'a str,
}

impl<'a> Document<'a> {
    pub(super) fn new(path: &Path, text: &'a str) -> Self {
        Self { name: path.display().to_string(), text }
    }

    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    /// The place of a byte, as in `run.toml:12`.
    pub(super) fn line(&self, byte: usize) -> String {
        let before = &self.text.as_bytes()[..byte.min(self.text.len())];
        let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
        format!("{}:{line}", self.name)
    }

    /// What is written at a place, cut short.
    pub(super) fn excerpt(&self, span: Range<usize>) -> String {
        let text = self.text.get(span).unwrap_or_default();
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if words.chars().count() <= SHOWN {
            return words;
        }
        words.chars().take(SHOWN).chain("...".chars()).collect()
    }
}
