//! Compressed files are read or refused within their bound. `cargo +nightly fuzz run gzip`
#![no_main]

use emberwave_formats::gzip::decompressed;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(plain) = decompressed(bytes.to_vec()) {
        assert!(plain.len() <= (1 << 26).max(100 * bytes.len()));
    }
});
