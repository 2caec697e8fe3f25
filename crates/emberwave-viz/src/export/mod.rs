//! Files that appear whole or not at all.

mod atomic;
mod error;
mod npz;
mod png;

pub use atomic::{check_writable, write_atomically};
pub use error::ExportError;
pub use npz::{NpzArray, NpzFile};
pub use png::save_png;
