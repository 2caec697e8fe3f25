//! Where the world of a coverage is, as tensors: what its derivatives by positions and shapes go through.
//!
//! A fragment keeps its place on the surface (in cells) and its part of the cell; the surface, the transmitters and, if
//! walls are triangles, the walls move. Planes that triangles share have no vertices of their own, so they stand still.

use burn::tensor::{Int, Tensor};
use emberwave_em::vector::{cross, dot, scale};
use emberwave_kernels::{Coverage, CoverageParts, TraceInputs};

use super::super::rays::indices;
use super::super::world::{constant, corner_of_triangles, unit};
use super::planes::{Meeting, Planes, reflected, walls};
use super::rows::{PathRows, SMALLEST, normal_of};
use super::view::View;

/// The world, seen from the center of the coverage.
#[derive(Clone, Debug)]
pub(super) struct Geometry {
    /// What paths interact with.
    walls: Option<Planes>,
    /// The triangles of the scene, if there are any.
    pub triangles: Option<Planes>,
    /// Vertices of the scene \[m\], `[num_vertices, 3]`.
    pub vertices: Tensor<2>,
    /// Positions of the transmitters \[m\], `[num_tx, 3]`.
    positions: Tensor<2>,
    /// Corner, then edges of a cell along x and y of each plane of the surface \[m\], each `[num_planes, 3]`.
    surface: [Tensor<2>; 3],
}

impl Geometry {
    /// From inputs of one element type.
    pub fn new(inputs: &TraceInputs, coverage: &Coverage, parts: &CoverageParts) -> Self {
        let like = &inputs.materials;
        let center = constant(parts.center.map(f64::from).to_vec(), 1, like);
        let vertices = inputs.vertices.clone() - center.clone();
        let triangles = (!inputs.topology.triangles().is_empty()).then(|| {
            let [a, b, c] = [0, 1, 2].map(|corner| corner_of_triangles(&vertices, &inputs.topology, corner));
            let normals = unit(cross(b - a.clone(), c - a.clone()));
            Planes { offsets: dot(normals.clone(), a), normals }
        });
        let walls = match parts.is_faceted {
            true => triangles.clone(),
            false => constant_walls(inputs, coverage, parts),
        };
        let row = |at: usize| inputs.surface.clone().narrow(1, at, 1).squeeze_dim::<2>(1);
        let cells = |axis: usize| {
            let inverse = parts.grids.iter().map(|grid| 1.0 / f64::from(grid[axis])).collect();
            constant(inverse, parts.grids.len(), like)
        };
        Self {
            walls,
            triangles,
            vertices,
            positions: inputs.sources.clone().narrow(1, 0, 3) - center.clone(),
            surface: [row(0) - center, row(1) * cells(0), row(2) * cells(1)],
        }
    }

    /// How rows see their image sources.
    pub fn view(&self, rows: &PathRows) -> View {
        let course = self.course(rows);
        let path = self.points(rows) - self.images(&course, rows);
        let squared = dot(path.clone(), path.clone());
        let is_short = squared.clone().lower_equal_scalar(SMALLEST);
        let squared = squared.mask_fill(is_short.clone(), SMALLEST);
        let length = squared.clone().sqrt();
        let up = constant(vec![0.0, 0.0, 1.0], 1, &path).expand(path.dims());
        let is_short = is_short.unsqueeze_dim::<2>(1).expand(path.dims());
        let along = scale(path, length.clone().recip()).mask_where(is_short, up);
        let departure = course.iter().rev().fold(along.clone(), |departure, meeting| meeting.turn(departure));
        let factors = constant(rows.factors.clone(), rows.count(), &along).squeeze_dim::<1>(1);
        View { departure, arrival: along.neg(), length, gain: factors / squared, course }
    }

    /// What rows meet, in order.
    pub fn course(&self, rows: &PathRows) -> Vec<Meeting> {
        let meeting = |before: usize| {
            let index = walls(rows, before, &self.vertices);
            let reflected = reflected(rows, before, &self.vertices);
            self.walls.as_ref().map(|planes| Meeting { planes: planes.select(index), reflected })
        };
        (0..rows.depth).filter_map(meeting).collect()
    }

    /// Where the transmitter of rows is \[m\], `[rows, 3]`.
    pub fn starts(&self, rows: &PathRows) -> Tensor<2> {
        self.positions.clone().narrow(0, rows.transmitter, 1).expand([rows.count(), 3])
    }

    /// The transmitter mirrored by all that reflects, in order \[m\], `[rows, 3]`.
    pub fn images(&self, course: &[Meeting], rows: &PathRows) -> Tensor<2> {
        course.iter().fold(self.starts(rows), |point, meeting| meeting.mirror(point))
    }

    /// The points of the surface that rows end on \[m\], `[rows, 3]`.
    pub fn points(&self, rows: &PathRows) -> Tensor<2> {
        let corners = self.surface[0].clone().select(0, self.frames(rows));
        let [x, y] = self.steps(rows);
        let coordinates = |axis: usize| {
            let values = rows.at.iter().map(|at| at[axis]).collect();
            constant(values, rows.count(), &corners)
        };
        corners.clone() + x * coordinates(0) + y * coordinates(1)
    }

    /// The edges of the cells of rows along x and y \[m\], each `[rows, 3]`.
    pub fn steps(&self, rows: &PathRows) -> [Tensor<2>; 2] {
        [1, 2].map(|axis| self.surface[axis].clone().select(0, self.frames(rows)))
    }

    fn frames(&self, rows: &PathRows) -> Tensor<1, Int> {
        indices(rows.frames.iter().map(|&frame| frame as i32), &self.vertices.device())
    }
}

/// The planes that triangles share, which stand still.
fn constant_walls(inputs: &TraceInputs, coverage: &Coverage, parts: &CoverageParts) -> Option<Planes> {
    let count = parts.wall_normals.len();
    if count == 0 {
        return None;
    }
    let walls = coverage.walls(inputs);
    let normals = (0..count).flat_map(|wall| normal_of(parts, wall).to_array()).collect();
    let offsets = (0..count).map(|wall| walls.offset(wall)).collect();
    Some(Planes {
        normals: constant(normals, count, &inputs.materials),
        offsets: constant(offsets, count, &inputs.materials).squeeze_dim::<1>(1),
    })
}
