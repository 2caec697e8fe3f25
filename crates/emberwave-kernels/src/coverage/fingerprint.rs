//! A number by which scenes are told apart.

use crate::topology::Topology;

/// A hash (64-bit FNV-1a over words) of triangles, their materials and the bits of their vertices' coordinates; the same
/// on every machine.
pub(crate) fn fingerprint(topology: &Topology, coordinates: &[f32]) -> u64 {
    let triangles = topology.triangles().iter().flatten().copied();
    let materials = topology.material_from_triangle().iter().copied();
    // Zero has two signs.
    let vertices = coordinates.iter().map(|coordinate| (coordinate + 0.0).to_bits());
    let mix = |hash: u64, word: u32| (hash ^ u64::from(word)).wrapping_mul(0x100_0000_01b3);
    triangles.chain(materials).chain(vertices).fold(0xcbf2_9ce4_8422_2325, mix)
}
