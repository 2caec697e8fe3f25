//! `<shape type="sphere">`: a sphere around `center` (origin) of `radius` (1), facing outwards.

use std::collections::HashMap;

use emberwave_geometry::TriangleMesh;
use glam::{DVec3, Vec3};

use super::MeshSource;
use crate::{
    SceneError, SceneWarning,
    read::{Properties, Range},
};

/// 20 · 4³ triangles: their centres lie within 0.8 % of the radius of the sphere.
const SUBDIVISIONS: usize = 3;

pub(super) fn read(
    properties: &mut Properties<'_>,
    warnings: &mut Vec<SceneWarning>,
) -> Result<MeshSource, SceneError> {
    let center = DVec3::from_array(properties.point("center", [0.0; 3])?);
    let radius = properties.number("radius", 1.0, Range::POSITIVE)?;
    let (directions, triangles) = unit_sphere();
    let message =
        format!("{}: the sphere is approximated by {} triangles", properties.owner(), triangles.len());
    warnings.push(SceneWarning::at(&properties.node().location(), message));
    let vertices: Vec<Vec3> =
        directions.into_iter().map(|direction| (center + radius * direction).as_vec3()).collect();
    if !vertices.iter().all(|vertex| vertex.is_finite()) {
        let message = format!("{}: the sphere is beyond the range of f32", properties.owner());
        return Err(properties.node().syntax_error(message));
    }
    Ok(super::ready(TriangleMesh { vertices, triangles }))
}

/// An icosahedron whose triangles are quartered and pushed out to the sphere: nearly even, and without poles.
fn unit_sphere() -> (Vec<DVec3>, Vec<[u32; 3]>) {
    let (mut vertices, mut triangles) = icosahedron();
    for _ in 0..SUBDIVISIONS {
        let mut middles = HashMap::new();
        let mut middle = |a: u32, b: u32| {
            *middles.entry((a.min(b), a.max(b))).or_insert_with(|| {
                vertices.push((vertices[a as usize] + vertices[b as usize]).normalize());
                vertices.len() as u32 - 1
            })
        };
        let quartered = |[a, b, c]: [u32; 3]| {
            let (ab, bc, ca) = (middle(a, b), middle(b, c), middle(c, a));
            [[a, ab, ca], [ab, b, bc], [ca, bc, c], [ab, bc, ca]]
        };
        triangles = triangles.into_iter().flat_map(quartered).collect();
    }
    (vertices, triangles)
}

fn icosahedron() -> (Vec<DVec3>, Vec<[u32; 3]>) {
    let golden = (1.0 + 5.0_f64.sqrt()) / 2.0;
    let mut vertices = Vec::with_capacity(12);
    for (one, long) in [(1.0, golden), (-1.0, golden), (1.0, -golden), (-1.0, -golden)] {
        // The corners of three golden rectangles, each in one coordinate plane.
        vertices.extend([(0.0, one, long), (one, long, 0.0), (long, 0.0, one)].map(DVec3::from));
    }
    // Corners at distance 2 are neighbours, so triples of neighbours are the faces.
    let near = |a: usize, b: usize| (vertices[a].distance(vertices[b]) - 2.0).abs() < 1e-9;
    let mut triangles = Vec::with_capacity(20);
    for (a, b, c) in (0..12).flat_map(|a| (0..a).flat_map(move |b| (0..b).map(move |c| (a, b, c)))) {
        if near(a, b) && near(b, c) && near(c, a) {
            let outward = vertices[a].dot(vertices[b].cross(vertices[c])) > 0.0;
            let [b, c] = if outward { [b, c] } else { [c, b] };
            triangles.push([a as u32, b as u32, c as u32]);
        }
    }
    (vertices.into_iter().map(DVec3::normalize).collect(), triangles)
}
