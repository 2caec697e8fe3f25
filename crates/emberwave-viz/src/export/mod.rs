//! Files that appear whole or not at all, and files of arrays.

mod array_file;
mod atomic;
mod error;
mod import_error;
mod npy;
mod npz;
mod png;
mod safetensors;

pub use array_file::{ArrayFile, HostArray, HostElement};
pub use atomic::{check_writable, write_atomically};
pub use error::ExportError;
pub use import_error::ImportError;
pub use png::save_png;
