//! Why a file could not be read.

use std::path::{Path, PathBuf};

/// Why a file could not be read. Every message is one line.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The operating system refused.
    #[error("cannot read `{}`: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The kind of the file is not known.
    #[error("cannot read `{}`: the extension must be .npz or .safetensors", path.display())]
    Extension {
        /// The file.
        path: PathBuf,
    },
    /// The file as a whole is not what its extension says.
    #[error("cannot read `{}`: {message}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// An array is missing or is not what it should be.
    #[error("cannot read array `{array}` of `{}`: {message}", path.display())]
    Array {
        /// The file.
        path: PathBuf,
        /// Name of the array.
        array: String,
        /// What is wrong.
        message: String,
    },
}

impl ImportError {
    pub(crate) fn damaged(path: &Path, message: impl ToString) -> Self {
        Self::Damaged { path: path.to_owned(), message: one_line(&message.to_string()) }
    }

    pub(crate) fn array(path: &Path, array: &str, message: impl ToString) -> Self {
        let (path, message) = (path.to_owned(), one_line(&message.to_string()));
        Self::Array { path, array: one_line(array), message }
    }
}

fn one_line(message: &str) -> String {
    message.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
