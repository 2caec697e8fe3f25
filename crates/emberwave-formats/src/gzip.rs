//! Files compressed by gzip, with a bound against decompression bombs.

use std::io::Read;

use flate2::bufread::MultiGzDecoder;
use thiserror::Error;

/// Bytes that every gzip file begins with.
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Most decompressed bytes of a small file.
const ALWAYS_ALLOWED: usize = 1 << 26;

/// Most decompressed bytes per compressed byte of a large file. Meshes and scenes reach 3 to 30, deflate 1032.
const MOST_PER_BYTE: usize = 100;

/// Most decompressed bytes of any file.
const MOST: usize = 1 << 32;

/// Why a compressed file could not be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum GzipError {
    /// The compressed data is wrong or ends early.
    #[error("is not a good gzip file: {0}")]
    Damaged(String),
    /// It would take more memory than a scene of its size does.
    #[error("decompresses to more than {most} bytes, which is more than a scene of its size holds")]
    TooLarge {
        /// The bound.
        most: usize,
    },
}

/// The bytes themselves, or what they decompress to if they are gzip, whatever the file is called.
///
/// At most max(64 MiB, 100 bytes per compressed byte), and never more than 4 GiB, are decompressed.
///
/// ```
/// # use emberwave_formats::gzip::decompressed;
/// assert_eq!(decompressed(b"<scene/>".to_vec()).as_deref(), Ok(&b"<scene/>"[..]));
/// assert!(decompressed(vec![0x1f, 0x8b, 8]).is_err());
/// ```
///
/// # Errors
///
/// If compressed data is damaged or larger than the bound.
pub fn decompressed(bytes: Vec<u8>) -> Result<Vec<u8>, GzipError> {
    if !bytes.starts_with(&MAGIC) {
        return Ok(bytes);
    }
    let most = bytes.len().saturating_mul(MOST_PER_BYTE).clamp(ALWAYS_ALLOWED, MOST);
    let mut plain = Vec::new();
    MultiGzDecoder::new(&bytes[..])
        .take(most as u64 + 1)
        .read_to_end(&mut plain)
        .map_err(|error| GzipError::Damaged(error.to_string().replace(char::is_control, " ")))?;
    if plain.len() > most { Err(GzipError::TooLarge { most }) } else { Ok(plain) }
}
