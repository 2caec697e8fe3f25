//! What lines of rays run into.

use std::fmt;

use glam::{DVec3, Vec3};

use super::unfold::Facet;
use crate::tubes::Surface;
use crate::{Bvh, Hit};

/// A mesh with its measurement surfaces.
#[derive(Clone, Copy)]
pub struct BorderScene<'a> {
    /// The triangles, for ray queries.
    pub bvh: &'a Bvh,
    /// Positions \[m\].
    pub vertices: &'a [Vec3],
    /// Indices into `vertices`.
    pub triangles: &'a [[u32; 3]],
    /// The plane of each triangle, as in [`PlaneSet::plane_from_triangle`](crate::tubes::PlaneSet): where two
    /// triangles of one plane meet is no border. `None` where every edge of the mesh may be one.
    pub planes: Option<&'a [u32]>,
    /// Where to measure; at most 64.
    pub surfaces: &'a [Surface],
    /// Probability that a path that meets this triangle is reflected, where it may go through as well; the
    /// same for all triangles of a plane. The other paths go through.
    pub probability_of_reflection: &'a (dyn Fn(u32) -> f32 + Sync),
}

impl fmt::Debug for BorderScene<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (triangles, surfaces) = (self.triangles.len(), self.surfaces);
        f.debug_struct("BorderScene")
            .field("triangles", &triangles)
            .field("surfaces", &surfaces)
            .finish_non_exhaustive()
    }
}

impl BorderScene<'_> {
    /// A vertex \[m\].
    pub(super) fn vertex(&self, index: u32) -> DVec3 {
        self.vertices[index as usize].as_dvec3()
    }

    /// The plane of a triangle.
    pub(super) fn facet(&self, triangle: u32) -> Facet {
        let [a, b, c] = self.triangles[triangle as usize].map(|index| self.vertex(index));
        let normal = (b - a).cross(c - a).normalize_or(DVec3::Z);
        Facet { normal, offset: normal.dot(a) }
    }

    /// Whether hitting one or the other makes no difference.
    pub(super) fn are_one(&self, a: u32, b: u32) -> bool {
        let planes = |planes: &[u32]| planes[a as usize] == planes[b as usize];
        a == b || (a != Hit::MISS && b != Hit::MISS && self.planes.is_some_and(planes))
    }

    /// Whether two triangles lie upon each other, or beside each other in one plane.
    pub(super) fn coincide(&self, a: u32, b: u32) -> bool {
        if a == Hit::MISS || b == Hit::MISS {
            return false;
        }
        let (one, other) = (self.facet(a), self.facet(b));
        let parallel = one.normal.cross(other.normal).length() < 3e-4;
        parallel && self.triangles[a as usize].iter().all(|&v| other.height(self.vertex(v)).abs() < 1e-3)
    }

    /// Whether a point in the plane of a triangle lies within.
    pub(super) fn contains(&self, triangle: u32, point: DVec3) -> bool {
        let corners = self.triangles[triangle as usize].map(|index| self.vertex(index));
        let normal = self.facet(triangle).normal;
        (0..3).all(|side| {
            let (a, b) = (corners[side], corners[(side + 1) % 3]);
            (b - a).cross(point - a).dot(normal) > 0.0
        })
    }
}
