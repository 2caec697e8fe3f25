//! `<shape type="cube">`: the cube from (−1, −1, −1) to (1, 1, 1), facing outwards.
//!
//! Its faces share eight vertices. Mitsuba has 24, one per face and corner, for the sake of shading normals; shared
//! ones keep the cube closed, which edges for diffraction need.

use emberwave_geometry::TriangleMesh;
use glam::Vec3;

use super::MeshSource;
use crate::{SceneError, SceneWarning, read::Properties};

/// Corner `i` has x, y, z from bits 0, 1, 2 of `i`; counter-clockwise as seen from outside.
const FACES: [[u32; 4]; 6] =
    [[0, 4, 6, 2], [1, 3, 7, 5], [0, 1, 5, 4], [2, 6, 7, 3], [0, 2, 3, 1], [4, 5, 7, 6]];

pub(super) fn read(
    _properties: &mut Properties<'_>,
    _warnings: &mut Vec<SceneWarning>,
) -> Result<MeshSource, SceneError> {
    let coordinate = |corner: u8, axis: u8| if corner >> axis & 1 == 1 { 1.0 } else { -1.0 };
    let vertices =
        (0..8).map(|corner| Vec3::from_array([0, 1, 2].map(|axis| coordinate(corner, axis)))).collect();
    let triangles = FACES.into_iter().flat_map(|[a, b, c, d]| [[a, b, c], [a, c, d]]).collect();
    Ok(super::ready(TriangleMesh { vertices, triangles }))
}
