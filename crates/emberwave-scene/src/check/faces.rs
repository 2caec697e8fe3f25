//! The faces of all objects in one list.

use std::collections::HashMap;

use emberwave_formats::{ObjectDescription, SceneDescription};
use glam::DVec3;

/// One triangle of a scene.
#[derive(Clone, Copy, Debug)]
pub(super) struct Face {
    /// Number of its object.
    pub(super) object: usize,
    /// Number of the triangle within the object.
    pub(super) index: usize,
    /// Corners \[m\]; exact, as they were f32.
    pub(super) corners: [DVec3; 3],
}

impl Face {
    /// Twice the area times the unit normal.
    pub(super) fn cross(&self) -> DVec3 {
        let [a, b, c] = self.corners;
        (b - a).cross(c - a)
    }

    pub(super) fn longest_edge(&self) -> f64 {
        let [a, b, c] = self.corners;
        a.distance(b).max(b.distance(c)).max(c.distance(a))
    }
}

/// All triangles of a scene.
pub(super) struct Faces {
    pub(super) faces: Vec<Face>,
    pub(super) ids: Vec<String>,
    /// Number of the body of each object.
    pub(super) body_of_object: Vec<usize>,
    /// Names of the bodies.
    pub(super) bodies: Vec<String>,
    /// Length below which points count as one \[m\].
    pub(super) tolerance: f64,
}

impl Faces {
    pub(super) fn of(scene: &SceneDescription) -> Self {
        let mut faces = Vec::with_capacity(scene.num_triangles());
        let mut largest = 0.0_f64;
        for (object, description) in scene.objects.iter().enumerate() {
            for index in 0..description.mesh.triangles.len() {
                let corners = description.mesh.corners(index).map(|corner| corner.as_dvec3());
                largest =
                    corners.iter().fold(largest, |largest, corner| largest.max(corner.abs().max_element()));
                faces.push(Face { object, index, corners });
            }
        }
        let ids = scene.objects.iter().map(|object| object.id.clone()).collect();
        let (body_of_object, bodies) = bodies(scene);
        Self { faces, ids, body_of_object, bodies, tolerance: 1e-4 + 4.0 * f64::from(f32::EPSILON) * largest }
    }

    /// A face in a message.
    pub(super) fn shown(&self, face: usize) -> String {
        let Face { object, index, .. } = self.faces[face];
        format!("`{}` face {index}", self.ids[object])
    }

    /// Two faces in a message.
    pub(super) fn shown_pair(&self, first: usize, second: usize) -> String {
        let [a, b] = [first, second].map(|face| self.faces[face]);
        if a.object == b.object {
            format!("`{}` faces {} and {}", self.ids[a.object], a.index, b.index)
        } else {
            format!("{} on {}", self.shown(first), self.shown(second))
        }
    }
}

/// Objects that differ only in the material at the end of their ids, as exporters split them, are one body.
fn bodies(scene: &SceneDescription) -> (Vec<usize>, Vec<String>) {
    let mut numbers = HashMap::new();
    let mut names = Vec::new();
    let mut body_of = |object: &ObjectDescription| {
        let material = &scene.materials[object.material].name;
        let of_material =
            || object.id.strip_suffix(material.as_str()).and_then(|name| name.strip_suffix('-'));
        let of_class = || object.id.rsplit_once("-itu_").map(|(name, _)| name);
        let name = of_material().or_else(of_class).unwrap_or(&object.id);
        *numbers.entry(name.to_owned()).or_insert_with(|| {
            names.push(name.to_owned());
            names.len() - 1
        })
    };
    let body_of_object = scene.objects.iter().map(&mut body_of).collect();
    (body_of_object, names)
}

/// A point as a key: equal for points that are equal, the two zeros among them.
pub(super) fn key(point: DVec3) -> [u64; 3] {
    point.to_array().map(|x| (x + 0.0).to_bits())
}
