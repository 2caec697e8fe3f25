//! Why a file was not written.

use std::path::PathBuf;

use crate::heatmap::FigureError;

/// Why a file was not written. Nothing is left behind when one of these is returned.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The directory that should hold the file does not exist.
    #[error("cannot write `{}`: the directory `{}` does not exist", path.display(), directory.display())]
    MissingDirectory {
        /// The file.
        path: PathBuf,
        /// Its directory.
        directory: PathBuf,
    },
    /// The path is a directory or has no file name.
    #[error("cannot write `{}`: it is not the path of a file", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("cannot write `{}`: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A picture could not be encoded.
    #[error("cannot write the picture `{}`: {source}", path.display())]
    Png {
        /// The file.
        path: PathBuf,
        /// What the encoder said.
        source: image::ImageError,
    },
    /// An array could not be written.
    #[error("cannot write array `{array}` of `{}`: {source}", path.display())]
    Npz {
        /// The file.
        path: PathBuf,
        /// Name of the array.
        array: String,
        /// What the writer said.
        source: ndarray_npy::WriteNpzError,
    },
    /// Tensors could not be written.
    #[error("cannot write `{}`: {source}", path.display())]
    Safetensors {
        /// The file.
        path: PathBuf,
        /// What the writer said.
        source: safetensors::SafeTensorError,
    },
    /// The kind of file is not known.
    #[error("cannot write `{}`: the extension must be .npz or .safetensors", path.display())]
    Extension {
        /// The file.
        path: PathBuf,
    },
    /// Two arrays of one file have the same name.
    #[error("cannot write `{}`: two arrays are named `{array}`", path.display())]
    DuplicateArray {
        /// The file.
        path: PathBuf,
        /// The name.
        array: String,
    },
    /// The values of a map could not be brought to the host.
    #[error("cannot read `{quantity}` of the radio map from its device: {message}")]
    Read {
        /// What was read.
        quantity: &'static str,
        /// What the device said, on one line.
        message: String,
    },
    /// The figure could not be drawn.
    #[error(transparent)]
    Figure(#[from] FigureError),
}
