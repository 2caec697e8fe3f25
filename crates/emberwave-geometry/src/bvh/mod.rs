//! A bounding volume hierarchy with eight children per node, and closest-hit queries on it.
//!
//! `obvhs` builds a binary tree (PLOC with reinsertion); [`build`] folds it into nodes of eight children whose leaves
//! are packets of up to eight triangles, so that one vector instruction tests all boxes of a node or all triangles
//! of a leaf against one ray ([`traverse_avx2`]), or one box or triangle against sixteen neighbouring rays
//! ([`traverse_avx512`]). Which walk is used is decided at run time; [`traverse_portable`] is the one in plain Rust.

mod build;
mod node;
mod region;
mod traverse_portable;

#[cfg(target_arch = "x86_64")]
mod traverse_avx2;
#[cfg(target_arch = "x86_64")]
mod traverse_avx512;

use glam::Vec3;

use crate::ray::{Hit, HitStream, Ray, RayStream};
use node::{Node, Packet};
pub use region::{HalfSpace, MOST_HALF_SPACES};

/// How many children a node has and how many triangles a packet holds.
const WIDTH: usize = 8;

/// Deepest stack a walk can need: every level leaves at most seven siblings behind.
const STACK_SIZE: usize = (WIDTH - 1) * build::MAX_LEVELS + 1;

/// A child that is a leaf has this bit set in its reference.
const LEAF: u32 = 1 << 31;

/// A bit that is as good as random, from the first component of a ray's direction.
///
/// It decides which of two triangles at exactly the same distance is hit: one with an even index where it is set. So
/// surfaces that coincide (a building's floor on the ground) are each hit by half of the rays, whatever their order.
#[inline]
fn coin(direction_x: f32) -> bool {
    direction_x.to_bits().wrapping_mul(0x9e37_79b1) >> 31 == 1
}

/// Whether a triangle is hit at a distance, given the hit so far and the ray's [`coin`].
#[inline]
fn replaces(distance: f32, triangle: u32, hit: &Hit, coin: bool) -> bool {
    distance < hit.distance || (distance == hit.distance && hit.is_hit() && (triangle & 1 == 0) == coin)
}

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
    walk: Walk,
}

/// How rays walk the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Walk {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Walk {
    /// The fastest that the processor offers.
    fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            let avx2 =
                std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma");
            if avx2 && std::arch::is_x86_feature_detected!("avx512f") {
                return Self::Avx512;
            }
            if avx2 {
                return Self::Avx2;
            }
        }
        Self::Portable
    }
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
        Self { nodes, packets, walk: Walk::detect() }
    }

    /// The same triangles with the plain-Rust walk, whatever the processor offers.
    #[must_use]
    pub fn without_simd(mut self) -> Self {
        self.walk = Walk::Portable;
        self
    }

    /// The same triangles with at most this walk.
    #[cfg(test)]
    fn limited_to(mut self, walk: Walk) -> Self {
        self.walk = self.walk.min(walk);
        self
    }

    /// The closest triangle on a ray, seen from either side.
    #[must_use]
    pub fn closest_hit(&self, ray: &Ray) -> Hit {
        let (origin, direction) = (ray.origin.to_array(), ray.direction.to_array());
        let rays = RayStream {
            origin: [0, 1, 2].map(|axis| std::slice::from_ref(&origin[axis])),
            direction: [0, 1, 2].map(|axis| std::slice::from_ref(&direction[axis])),
        };
        let mut hit = Hit { distance: ray.max_distance, triangle: Hit::MISS };
        self.closest_hits(
            &rays,
            HitStream {
                distance: std::slice::from_mut(&mut hit.distance),
                triangle: std::slice::from_mut(&mut hit.triangle),
            },
        );
        hit
    }

    /// The closest triangle on each ray; quicker than one query at a time.
    ///
    /// # Panics
    ///
    /// If the slices differ in length.
    pub fn closest_hits(&self, rays: &RayStream<'_>, hits: HitStream<'_>) {
        let lengths = rays.origin.iter().chain(&rays.direction).map(|slice| slice.len());
        let lengths = lengths.chain([hits.distance.len(), hits.triangle.len()]);
        assert!(lengths.into_iter().all(|length| length == rays.len()), "one entry per ray everywhere");
        match self.walk {
            Walk::Portable => {
                for index in 0..rays.len() {
                    let hit = traverse_portable::closest_hit(self, &rays.ray(index, hits.distance[index]));
                    (hits.distance[index], hits.triangle[index]) = (hit.distance, hit.triangle);
                }
            }
            // SAFETY: the walk was chosen by what the processor offers.
            #[cfg(target_arch = "x86_64")]
            Walk::Avx2 => unsafe { traverse_avx2::closest_hits(self, rays, hits) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Walk::Avx512 => unsafe { traverse_avx512::closest_hits(self, rays, hits) },
        }
    }
}

#[cfg(test)]
mod tests;
