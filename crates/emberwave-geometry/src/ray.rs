//! Rays and what they hit.

use glam::Vec3;

/// A half-line, open at its origin, with a farthest distance.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct Ray {
    /// Where it starts \[m\].
    pub origin: Vec3,
    /// Hits at or beyond this distance do not count \[m\].
    pub max_distance: f32,
    /// Unit vector.
    pub direction: Vec3,
}

impl Ray {
    /// A ray without a farthest distance.
    #[inline]
    #[must_use]
    pub fn new(origin: Vec3, direction: Vec3) -> Self {
        Self { origin, max_distance: f32::INFINITY, direction }
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
