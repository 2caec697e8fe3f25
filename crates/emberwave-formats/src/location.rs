//! A place in a scene file.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

/// A line of a scene file, displayed as `street.xml:14`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The file, as it was given or as the including file names it.
    pub file: Arc<Path>,
    /// The line, counted from 1.
    pub line: usize,
}

impl fmt::Display for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", OneLine(&self.file), self.line)
    }
}

impl Location {
    /// The file as an owned path.
    #[must_use]
    pub fn file_path(&self) -> PathBuf {
        self.file.to_path_buf()
    }
}

/// Displays a path without line breaks: a message must stay one line whatever the path is.
pub(crate) struct OneLine<'a>(pub &'a Path);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.to_string_lossy().chars() {
            if character.is_control() {
                write!(formatter, "{}", character.escape_default())?;
            } else {
                write!(formatter, "{character}")?;
            }
        }
        Ok(())
    }
}
