//! Memory layout of the hierarchy.

use glam::Vec3;

use super::WIDTH;
use crate::ray::Hit;

/// Boxes of eight children and where they are. An absent child has an empty box, which no ray meets.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(super) struct Node {
    /// `bounds[axis]` are the lower and `bounds[3 + axis]` the upper coordinates.
    pub bounds: [[f32; WIDTH]; 6],
    /// Index of a node, or of a packet with [`super::LEAF`] set.
    pub children: [u32; WIDTH],
}

impl Node {
    pub const EMPTY: Self = Self {
        bounds: [
            [f32::INFINITY; WIDTH],
            [f32::INFINITY; WIDTH],
            [f32::INFINITY; WIDTH],
            [f32::NEG_INFINITY; WIDTH],
            [f32::NEG_INFINITY; WIDTH],
            [f32::NEG_INFINITY; WIDTH],
        ],
        children: [0; WIDTH],
    };
}

/// Up to eight triangles as a corner and two edges. An absent triangle has zero edges, which no ray meets.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(super) struct Packet {
    /// `corner[axis][lane]`.
    pub corner: [[f32; WIDTH]; 3],
    /// From the corner to the second vertex.
    pub edge1: [[f32; WIDTH]; 3],
    /// From the corner to the third vertex.
    pub edge2: [[f32; WIDTH]; 3],
    /// Triangle index per lane.
    pub triangle: [u32; WIDTH],
}

impl Packet {
    pub const EMPTY: Self = Self {
        corner: [[0.0; WIDTH]; 3],
        edge1: [[0.0; WIDTH]; 3],
        edge2: [[0.0; WIDTH]; 3],
        triangle: [Hit::MISS; WIDTH],
    };

    pub fn set(&mut self, lane: usize, triangle: u32, corners: [Vec3; 3]) {
        let [corner, second, third] = corners;
        for axis in 0..3 {
            self.corner[axis][lane] = corner[axis];
            self.edge1[axis][lane] = second[axis] - corner[axis];
            self.edge2[axis][lane] = third[axis] - corner[axis];
        }
        self.triangle[lane] = triangle;
    }
}
