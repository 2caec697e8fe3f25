//! A bounding volume hierarchy with eight children per node, and closest-hit queries on it.
//!
//! `obvhs` builds a binary tree (PLOC with reinsertion); [`build`] folds it into nodes of eight children whose leaves
//! are packets of up to eight triangles, so that one vector instruction tests all boxes of a node or all triangles
//! of a leaf. [`traverse_avx2`] is chosen at run time where the processor has AVX2 and FMA; [`traverse_portable`] is
//! the same walk in plain Rust.

mod build;
mod node;
mod traverse_portable;

#[cfg(target_arch = "x86_64")]
mod traverse_avx2;

use glam::Vec3;

use crate::ray::{Hit, Ray};
use node::{Node, Packet};

/// How many children a node has and how many triangles a packet holds.
const WIDTH: usize = 8;

/// Deepest stack a walk can need: every level leaves at most seven siblings behind.
const STACK_SIZE: usize = (WIDTH - 1) * build::MAX_LEVELS + 1;

/// A child that is a leaf has this bit set in its reference.
const LEAF: u32 = 1 << 31;

/// Triangles arranged for ray queries.
///
/// ```
/// # use emberwave_geometry::{Bvh, Ray};
/// # use glam::Vec3;
/// let vertices = [Vec3::ZERO, Vec3::X, Vec3::Y];
/// let bvh = Bvh::build(&vertices, &[[0, 1, 2]]);
/// let hit = bvh.closest_hit(&Ray::new(Vec3::new(0.2, 0.2, 3.0), Vec3::NEG_Z));
/// assert_eq!((hit.triangle, hit.distance), (0, 3.0));
/// ```
#[derive(Clone, Debug)]
pub struct Bvh {
    nodes: Vec<Node>,
    packets: Vec<Packet>,
    has_avx2: bool,
}

impl Bvh {
    /// Arranges the triangles given by triples of vertex indices. Degenerate triangles are never hit.
    ///
    /// # Panics
    ///
    /// If an index is out of range or there are 2²⁸ triangles or more.
    #[must_use]
    pub fn build(vertices: &[Vec3], triangles: &[[u32; 3]]) -> Self {
        let (nodes, packets) = build::build(vertices, triangles);
        Self { nodes, packets, has_avx2: has_avx2() }
    }

    /// The same triangles with the plain-Rust walk, whatever the processor offers.
    #[must_use]
    pub fn without_simd(mut self) -> Self {
        self.has_avx2 = false;
        self
    }

    /// The closest triangle on a ray, seen from either side.
    #[must_use]
    pub fn closest_hit(&self, ray: &Ray) -> Hit {
        let mut hit = [Hit { distance: 0.0, triangle: Hit::MISS }];
        self.closest_hits(std::slice::from_ref(ray), &mut hit);
        hit[0]
    }

    /// The closest triangle on each ray; quicker than one query at a time.
    ///
    /// # Panics
    ///
    /// If the slices differ in length.
    pub fn closest_hits(&self, rays: &[Ray], hits: &mut [Hit]) {
        assert_eq!(rays.len(), hits.len(), "one hit per ray");
        #[cfg(target_arch = "x86_64")]
        if self.has_avx2 {
            // SAFETY: `has_avx2` was read from the processor this runs on.
            unsafe { traverse_avx2::closest_hits(self, rays, hits) };
            return;
        }
        for (ray, hit) in rays.iter().zip(hits) {
            *hit = traverse_portable::closest_hit(self, ray);
        }
    }
}

fn has_avx2() -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma")
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        false
    }
}

#[cfg(test)]
mod tests;
