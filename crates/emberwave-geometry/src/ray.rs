//! Rays and what they hit.

use glam::Vec3;

/// Reflected and transmitted rays start this far from the surface, as a fraction of the largest coordinate (and at
/// least of 1 m): some sixteen roundings, so that they do not meet the surface they left, nor its exact copy.
pub const START_OFFSET: f32 = 16.0 * f32::EPSILON;

/// A half-line, open at its origin, with a farthest distance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ray {
    /// Where it starts \[m\].
    pub origin: Vec3,
    /// Unit vector.
    pub direction: Vec3,
    /// Hits at or beyond this distance do not count \[m\].
    pub max_distance: f32,
}

impl Ray {
    /// A ray without a farthest distance.
    #[inline]
    #[must_use]
    pub fn new(origin: Vec3, direction: Vec3) -> Self {
        Self { origin, direction, max_distance: f32::INFINITY }
    }
}

/// The closest triangle on a ray.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Distance from the origin \[m\]; the ray's `max_distance` on a miss.
    pub distance: f32,
    /// Index of the triangle; [`Hit::MISS`] where nothing is hit.
    pub triangle: u32,
}

impl Hit {
    /// The triangle index that means "nothing".
    pub const MISS: u32 = u32::MAX;

    /// Whether there is a triangle.
    #[inline]
    #[must_use]
    pub fn is_hit(&self) -> bool {
        self.triangle != Self::MISS
    }
}

/// Many rays, coordinate by coordinate. Neighbours in the list should be neighbours in space: they are traced together.
#[derive(Clone, Copy, Debug)]
pub struct RayStream<'a> {
    /// Where each ray starts \[m\].
    pub origin: [&'a [f32]; 3],
    /// Unit vectors.
    pub direction: [&'a [f32]; 3],
}

impl RayStream<'_> {
    /// Number of rays.
    #[must_use]
    pub fn len(&self) -> usize {
        self.origin[0].len()
    }

    /// Whether there is no ray.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One of the rays.
    #[inline]
    pub(crate) fn ray(&self, index: usize, max_distance: f32) -> Ray {
        let at = |v: &[&[f32]; 3]| Vec3::new(v[0][index], v[1][index], v[2][index]);
        Ray { origin: at(&self.origin), direction: at(&self.direction), max_distance }
    }
}

/// The closest triangle on each of many rays.
#[derive(Debug)]
pub struct HitStream<'a> {
    /// On entry the farthest distance at which a hit counts, on return the distance of the closest hit \[m\].
    pub distance: &'a mut [f32],
    /// Index of the triangle, or [`Hit::MISS`].
    pub triangle: &'a mut [u32],
}
