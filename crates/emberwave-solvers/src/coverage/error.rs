//! Why a coverage could not be saved or loaded.

use std::path::{Path, PathBuf};

use thiserror::Error;

/// A coverage that was not saved or loaded. Every message is one line.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CoverageError {
    /// The file cannot be written.
    #[error("cannot write `{}`: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file cannot be read.
    #[error("cannot read `{}`: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file does not hold a coverage.
    #[error("cannot read `{}`: {message}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
}

impl CoverageError {
    pub(super) fn damaged(path: &Path, message: impl ToString) -> Self {
        let message = message.to_string().replace(char::is_control, " ");
        Self::Damaged { path: path.to_owned(), message }
    }
}
