//! Where what a transmitter reaches along a sequence ends: the visible edges that a derivative by positions needs.

/// A straight piece, within one cell, of the border of what the paths of a sequence reach.
///
/// A map is an integral over what is reached, so its derivative has the fields' part and this one: the border moves with
/// the transmitter, the vertices and the measurement surface.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Border {
    /// Index of the sequence.
    pub sequence: u32,
    /// Index of the cell.
    pub cell: u32,
    /// What makes the border.
    pub bound: Bound,
    /// Its middle, in cells along x and y of the surface.
    pub middle: [f32; 2],
    /// From its beginning to its end, in cells. What is reached lies on the left, seen with x to the right and y up. A
    /// sampled border is as long as its weight tells, longer than its cell perhaps.
    pub along: [f32; 2],
}

/// What ends the paths of a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The edge of a triangle, in the sight of the image source.
    Edge {
        /// How many of the sequence's interactions come before the segment that the edge limits. The edge of a triangle
        /// that reflects limits the segment that ends on it.
        interactions: u32,
        /// Both vertices of the mesh.
        vertices: [u32; 2],
    },
    /// A triangle that stands in the measurement surface: the border is where the two meet.
    Face {
        /// Index of the triangle.
        triangle: u32,
    },
}
