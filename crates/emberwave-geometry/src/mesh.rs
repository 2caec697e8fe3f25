//! Triangle meshes and their bounds.

use glam::Vec3;

/// A triangle mesh: vertices and the triples of indices that join them.
///
/// ```
/// # use emberwave_geometry::TriangleMesh;
/// # use glam::Vec3;
/// let mesh = TriangleMesh {
///     vertices: vec![Vec3::ZERO, Vec3::X * 2.0, Vec3::Y],
///     triangles: vec![[0, 1, 2]],
/// };
/// assert_eq!(mesh.bounds().max, Vec3::new(2.0, 1.0, 0.0));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TriangleMesh {
    /// Positions \[m\].
    pub vertices: Vec<Vec3>,
    /// Indices into `vertices`, three per triangle.
    pub triangles: Vec<[u32; 3]>,
}

impl TriangleMesh {
    /// The smallest axis-aligned box around all vertices.
    #[must_use]
    pub fn bounds(&self) -> Aabb {
        self.vertices.iter().fold(Aabb::EMPTY, |bounds, &vertex| bounds.including(vertex))
    }

    /// The corners of triangle `index`.
    ///
    /// # Panics
    ///
    /// If `index` or the indices it holds are out of range.
    #[must_use]
    pub fn corners(&self, index: usize) -> [Vec3; 3] {
        self.triangles[index].map(|vertex| self.vertices[vertex as usize])
    }
}

/// An axis-aligned box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Aabb {
    /// Smallest coordinates \[m\].
    pub min: Vec3,
    /// Largest coordinates \[m\].
    pub max: Vec3,
}

impl Aabb {
    /// The box that contains nothing: `min` is +∞ and `max` is −∞.
    pub const EMPTY: Self = Self { min: Vec3::INFINITY, max: Vec3::NEG_INFINITY };

    /// The smallest box around this one and a point.
    #[must_use]
    pub fn including(self, point: Vec3) -> Self {
        Self { min: self.min.min(point), max: self.max.max(point) }
    }

    /// The smallest box around this one and another.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self { min: self.min.min(other.min), max: self.max.max(other.max) }
    }

    /// The middle of the box.
    #[must_use]
    pub fn center(self) -> Vec3 {
        0.5 * (self.min + self.max)
    }

    /// Edge lengths \[m\].
    #[must_use]
    pub fn size(self) -> Vec3 {
        self.max - self.min
    }

    /// Whether the box contains no point.
    #[must_use]
    pub fn is_empty(self) -> bool {
        !self.min.cmple(self.max).all()
    }
}
