//! `<shape type="disk">`: the disk of radius 1 around the origin in the plane z = 0, facing +z.

use std::f64::consts::TAU;

use emberwave_geometry::TriangleMesh;
use glam::Vec3;

use super::MeshSource;
use crate::{SceneError, SceneWarning, read::Properties};

/// The polygon covers 99.8 % of the disk.
const CORNERS: u32 = 64;

pub(super) fn read(
    properties: &mut Properties<'_>,
    warnings: &mut Vec<SceneWarning>,
) -> Result<MeshSource, SceneError> {
    let message = format!("{}: the disk is approximated by {CORNERS} triangles", properties.owner());
    warnings.push(SceneWarning::at(&properties.node().location(), message));
    let corner = |index: u32| {
        let angle = TAU * f64::from(index) / f64::from(CORNERS);
        Vec3::new(angle.cos() as f32, angle.sin() as f32, 0.0)
    };
    let vertices = std::iter::once(Vec3::ZERO).chain((0..CORNERS).map(corner)).collect();
    let triangles = (0..CORNERS).map(|index| [0, 1 + index, 1 + (index + 1) % CORNERS]).collect();
    Ok(super::ready(TriangleMesh { vertices, triangles }))
}
