//! Where the planes of a coverage lie, and which triangles they are made of.

use glam::{DVec3, Vec3};

use super::Coverage;
use crate::inputs::{TraceInputs, floats};

/// The planes that paths interact with, in the order of [`CoverageParts::wall_normals`](super::CoverageParts::wall_normals),
/// as pieces of a scene. Lengths are from [`CoverageParts::center`](super::CoverageParts::center).
#[derive(Clone, Debug)]
pub struct CoverageWalls {
    offsets: Vec<f64>,
    /// Sorted by wall.
    pieces: Vec<WallPiece>,
}

#[derive(Clone, Copy, Debug)]
struct WallPiece {
    wall: u32,
    triangle: u32,
    /// \[m\].
    corners: [Vec3; 3],
}

impl Coverage {
    /// The planes as pieces of the scene that was traced.
    #[must_use]
    pub fn walls(&self, inputs: &TraceInputs) -> CoverageWalls {
        let coordinates = floats(&inputs.vertices);
        let acceleration = inputs.topology.acceleration(&coordinates);
        let planes = acceleration.letters(&inputs.topology, self.is_faceted);
        let corner =
            |vertex: u32| Vec3::from_slice(&coordinates[3 * vertex as usize..]) - acceleration.center;
        let piece = |((&wall, triangle), &vertices): ((&u32, u32), &[u32; 3])| WallPiece {
            wall,
            triangle,
            corners: vertices.map(corner),
        };
        let walls = planes.plane_from_triangle().iter().zip(0..);
        let mut pieces: Vec<WallPiece> = walls.zip(inputs.topology.triangles()).map(piece).collect();
        pieces.sort_by_key(|piece| piece.wall);
        CoverageWalls { offsets: planes.planes().iter().map(|plane| plane.offset).collect(), pieces }
    }
}

impl CoverageWalls {
    /// Distance of a plane from the origin along its normal \[m\].
    #[must_use]
    pub fn offset(&self, wall: usize) -> f64 {
        self.offsets[wall]
    }

    /// The triangle of a wall in which a point of its plane \[m\] lies deepest; beside all of them, one that is near.
    #[must_use]
    pub fn triangle_at(&self, wall: usize, point: [f64; 3]) -> Option<usize> {
        let first = self.pieces.partition_point(|piece| (piece.wall as usize) < wall);
        let of_wall = self.pieces[first..].iter().take_while(|piece| piece.wall as usize == wall);
        let depth = |piece: &&WallPiece| piece.depth(point.into());
        of_wall.max_by(|a, b| depth(a).total_cmp(&depth(b))).map(|piece| piece.triangle as usize)
    }
}

impl WallPiece {
    /// Smallest barycentric coordinate of a point: negative outside, −∞ for a triangle without area.
    fn depth(&self, point: DVec3) -> f64 {
        let [a, b, c] = self.corners.map(|corner| corner.as_dvec3());
        let normal = (b - a).cross(c - a);
        let squared = normal.length_squared();
        let part = |from: DVec3, to: DVec3| (to - from).cross(point - from).dot(normal) / squared;
        if squared > 0.0 { part(a, b).min(part(b, c)).min(part(c, a)) } else { f64::NEG_INFINITY }
    }
}
