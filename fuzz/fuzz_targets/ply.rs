//! PLY files are read or refused, and their indices stay in range. `cargo +nightly fuzz run ply`
#![no_main]

use emberwave_formats::ply::parse_ply;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(mesh) = parse_ply(bytes) {
        let count = mesh.vertices.len() as u32;
        assert!(mesh.triangles.iter().flatten().all(|index| *index < count));
        assert!(mesh.vertices.iter().all(|vertex| vertex.is_finite()));
    }
});
