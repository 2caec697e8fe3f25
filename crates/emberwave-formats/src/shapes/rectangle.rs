//! `<shape type="rectangle">`: the square from (−1, −1, 0) to (1, 1, 0), facing +z.

use emberwave_geometry::TriangleMesh;
use glam::Vec3;

use super::MeshSource;
use crate::{SceneError, SceneWarning, read::Properties};

pub(super) fn read(
    _properties: &mut Properties<'_>,
    _warnings: &mut Vec<SceneWarning>,
) -> Result<MeshSource, SceneError> {
    let corner = |x, y| Vec3::new(x, y, 0.0);
    Ok(super::ready(TriangleMesh {
        vertices: vec![corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0)],
        triangles: vec![[0, 1, 2], [0, 2, 3]],
    }))
}
