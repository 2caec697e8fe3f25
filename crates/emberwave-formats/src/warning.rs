//! What a reader noticed but could live with.

use std::{fmt, path::PathBuf};

use crate::location::{Location, OneLine};

/// Something in a scene file that was ignored or that may not do what it seems to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SceneWarning {
    /// The file it is about.
    pub file: PathBuf,
    /// The line, counted from 1, if it is about one.
    pub line: Option<usize>,
    /// What was noticed, on one line.
    pub message: String,
}

impl SceneWarning {
    pub(crate) fn at(location: &Location, message: String) -> Self {
        Self { file: location.file_path(), line: Some(location.line), message }
    }
}

impl fmt::Display for SceneWarning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(formatter, "{}:{line}: {}", OneLine(&self.file), self.message),
            None => write!(formatter, "{}: {}", OneLine(&self.file), self.message),
        }
    }
}
