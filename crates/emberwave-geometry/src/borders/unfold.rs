//! Planes of triangles and measurement surfaces in f64, and paths unfolded through mirrors.

use glam::{DMat3, DVec2, DVec3};

use crate::tubes::{Surface, mirror as mirror_at};

/// A plane: points x with `normal`·x = `offset`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facet {
    /// Unit normal.
    pub normal: DVec3,
    /// \[m\]
    pub offset: f64,
}

impl Facet {
    /// Height of a point over the plane \[m\].
    pub fn height(&self, point: DVec3) -> f64 {
        self.normal.dot(point) - self.offset
    }

    /// Distance at which a line meets the plane \[m\]; infinite or NaN along the plane.
    pub fn distance(&self, from: DVec3, direction: DVec3) -> f64 {
        -self.height(from) / self.normal.dot(direction)
    }
}

/// How launch directions and the transmitter look after some interactions: rotated or mirrored.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    turn: DMat3,
    /// The image source \[m\].
    pub source: DVec3,
}

impl Frame {
    pub fn launch(source: DVec3) -> Self {
        Self { turn: DMat3::IDENTITY, source }
    }

    /// After one more reflection.
    pub fn reflected(&self, mirror: &Facet) -> Self {
        let n = mirror.normal;
        Self { turn: mirror_at(n) * self.turn, source: self.source - 2.0 * mirror.height(self.source) * n }
    }

    /// A launch direction as it is after the interactions.
    pub fn direction(&self, launch: DVec3) -> DVec3 {
        self.turn * launch
    }

    /// A point as the transmitter sees it, from the transmitter.
    pub fn unfold(&self, point: DVec3) -> DVec3 {
        self.unturn(point - self.source)
    }

    /// A vector as the transmitter sees it.
    pub fn unturn(&self, vector: DVec3) -> DVec3 {
        self.turn.transpose() * vector
    }
}

/// A measurement surface in f64.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cells {
    pub plane: Facet,
    corner: DVec3,
    /// Cells per metre along x and y, as covectors.
    along_x: DVec3,
    along_y: DVec3,
    num_cells: [u32; 2],
    first_cell: u32,
}

impl Cells {
    pub fn new(surface: &Surface) -> Self {
        let [corner, x, y] = [surface.corner, surface.edge_x, surface.edge_y].map(|v| v.as_dvec3());
        let normal = x.cross(y).normalize_or(DVec3::Z);
        let [num_x, num_y] = surface.num_cells.map(f64::from);
        Self {
            plane: Facet { normal, offset: normal.dot(corner) },
            corner,
            along_x: x * (num_x / x.length_squared()),
            along_y: y * (num_y / y.length_squared()),
            num_cells: surface.num_cells,
            first_cell: surface.first_cell,
        }
    }

    /// Coordinates of a vector in cells.
    pub fn vector(&self, vector: DVec3) -> DVec2 {
        DVec2::new(vector.dot(self.along_x), vector.dot(self.along_y))
    }

    /// Coordinates of a point in cells.
    pub fn point(&self, point: DVec3) -> DVec2 {
        self.vector(point - self.corner)
    }

    /// The cell at coordinates, unless they are outside of all.
    pub fn cell(&self, at: DVec2) -> Option<u32> {
        let [num_x, num_y] = self.num_cells;
        let inside = at.x >= 0.0 && at.y >= 0.0 && at.x < f64::from(num_x) && at.y < f64::from(num_y);
        inside.then(|| self.first_cell + at.y as u32 * num_x + at.x as u32)
    }

    /// Beyond which of its four sides a ray crosses the plane, as bits; `None` where it does not.
    pub fn outside(&self, from: DVec3, direction: DVec3) -> Option<u8> {
        let distance = self.plane.distance(from, direction);
        if !(distance > 0.0 && distance < f64::INFINITY) {
            return None;
        }
        let at = self.point(from + direction * distance);
        let [x, y] = self.num_cells.map(f64::from);
        let sides = [at.x < 0.0, at.x > x, at.y < 0.0, at.y > y];
        Some(sides.iter().enumerate().map(|(bit, &is)| u8::from(is) << bit).sum())
    }
}
