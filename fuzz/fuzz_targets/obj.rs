//! OBJ files are read or refused, and their indices stay in range. `cargo +nightly fuzz run obj`
#![no_main]

use emberwave_formats::obj::{parse_obj, parse_obj_parts};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let parts = parse_obj_parts(bytes).into_iter().flatten().map(|part| part.mesh);
    for mesh in parts.chain(parse_obj(bytes)) {
        let count = mesh.vertices.len() as u32;
        assert!(mesh.triangles.iter().flatten().all(|index| *index < count));
        assert!(mesh.vertices.iter().all(|vertex| vertex.is_finite()));
    }
});
