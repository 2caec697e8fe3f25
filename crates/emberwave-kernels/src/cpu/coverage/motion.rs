//! From what sequences, walls and surfaces gathered to the tensors: the way back from image sources to transmitters, planes
//! and vertices, in f64.
//!
//! A point mirrored at the plane n·x = c is y = x − 2(n·x − c)n, so with ȳ its derivative
//! x̄ = Hȳ, n̄ = −2((ȳ·n)x + (n·x − c)ȳ), c̄ = 2ȳ·n, with the mirror H = I − 2nnᵀ.

use glam::{DMat3, DVec3, Vec3};

use crate::coverage::{Frame, TransmitterCoverage};
use crate::gradients::add_to;
use crate::topology::{Acceleration, Topology};

/// Derivatives by what paths of a sequence have in common.
#[derive(Clone, Copy, Debug)]
pub(super) struct SequenceSum {
    /// By the image source.
    pub source: DVec3,
    /// By the matrix that turns launch directions.
    pub turn: DMat3,
}

impl Default for SequenceSum {
    fn default() -> Self {
        Self { source: DVec3::ZERO, turn: DMat3::ZERO }
    }
}

/// Derivatives by a plane of the measurement surface: corner and edges of a cell.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct FrameSum([DVec3; 3]);

impl FrameSum {
    /// Adds a derivative by the point with some coordinates in cells.
    pub fn add(&mut self, by_point: DVec3, [x, y]: [f32; 2]) {
        self.0[0] += by_point;
        self.0[1] += by_point * f64::from(x);
        self.0[2] += by_point * f64::from(y);
    }

    pub fn merge(&mut self, other: &Self) {
        for (sum, part) in self.0.iter_mut().zip(other.0) {
            *sum += part;
        }
    }

    /// By corner and edges of the whole plane.
    pub fn of_rows(&self, frame: &Frame) -> [f64; 9] {
        let [corner, x, y] = self.0;
        let edges = [x / f64::from(frame.grid.num_cells_x), y / f64::from(frame.grid.num_cells_y)];
        let mut rows = [0.0; 9];
        for (row, vector) in rows.chunks_exact_mut(3).zip([corner, edges[0], edges[1]]) {
            row.copy_from_slice(&vector.to_array());
        }
        rows
    }
}

/// A plane that paths interact with: n·x = c.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct WallPlane {
    pub normal: DVec3,
    pub offset: f64,
}

impl WallPlane {
    /// A point's mirror image.
    pub fn mirror(&self, point: DVec3) -> DVec3 {
        point - 2.0 * (self.normal.dot(point) - self.offset) * self.normal
    }

    /// A direction's mirror image.
    pub fn turn(&self, direction: DVec3) -> DVec3 {
        direction - 2.0 * self.normal.dot(direction) * self.normal
    }

    /// The mirror images of the columns.
    fn turn_axes(&self, axes: &DMat3) -> DMat3 {
        DMat3::from_cols(self.turn(axes.x_axis), self.turn(axes.y_axis), self.turn(axes.z_axis))
    }

    /// Adds the derivatives by this plane of a mirrored point; returns that by the point.
    pub fn mirror_back(&self, point: DVec3, by_image: DVec3, sum: &mut WallPlane) -> DVec3 {
        let along = by_image.dot(self.normal);
        let height = self.normal.dot(point) - self.offset;
        sum.normal -= 2.0 * (along * point + height * by_image);
        sum.offset += 2.0 * along;
        self.turn(by_image)
    }

    /// Adds the derivatives by this plane of T′ = HT; returns that by T.
    fn turn_back(&self, turn: &DMat3, by_turned: &DMat3, sum: &mut WallPlane) -> DMat3 {
        let by_mirror = *by_turned * turn.transpose();
        sum.normal -= 2.0 * ((by_mirror + by_mirror.transpose()) * self.normal);
        self.turn_axes(by_turned)
    }
}

/// The planes that paths are spelled with.
pub(super) fn wall_planes(
    is_faceted: bool,
    acceleration: &Acceleration,
    topology: &Topology,
) -> Vec<WallPlane> {
    let planes = acceleration.letters(topology, is_faceted).planes();
    planes.iter().map(|plane| WallPlane { normal: plane.normal, offset: plane.offset }).collect()
}

/// Sums of derivatives by what all parts of coverages share.
pub(super) struct MotionSums {
    pub walls: Vec<WallPlane>,
    pub faces: Vec<WallPlane>,
    pub vertices: Vec<DVec3>,
    pub frames: Vec<FrameSum>,
}

impl MotionSums {
    pub fn new(num_walls: usize, num_faces: usize, frames: &[Frame], num_vertices: usize) -> Self {
        Self {
            walls: vec![WallPlane::default(); num_walls],
            faces: vec![WallPlane::default(); num_faces],
            vertices: vec![DVec3::ZERO; num_vertices],
            frames: vec![FrameSum::default(); frames.len()],
        }
    }

    /// Takes what the walls have to the vertices of their triangles, which they must be.
    pub fn bend_walls(&mut self, topology: &Topology, vertices: &[Vec3]) {
        let walls = std::mem::take(&mut self.walls);
        self.bend(&walls, topology, vertices);
    }

    /// Takes what the faces that end paths have to their vertices.
    pub fn bend_faces(&mut self, topology: &Topology, vertices: &[Vec3]) {
        let faces = std::mem::take(&mut self.faces);
        self.bend(&faces, topology, vertices);
    }

    fn bend(&mut self, planes: &[WallPlane], topology: &Topology, vertices: &[Vec3]) {
        for (plane, corners) in planes.iter().zip(topology.triangles()) {
            if plane.normal == DVec3::ZERO && plane.offset == 0.0 {
                continue;
            }
            let places = corners.map(|vertex| vertices[vertex as usize].as_dvec3());
            for (vertex, by_vertex) in corners.iter().zip(by_corners(places, plane)) {
                self.vertices[*vertex as usize] += by_vertex;
            }
        }
    }

    /// Adds vertices and frames to the sums of all transmitters.
    pub fn add_to(&self, vertices: &mut [[f64; 3]], surface: &mut [[f64; 9]], frames: &[Frame]) {
        for (sum, part) in vertices.iter_mut().zip(&self.vertices) {
            add_to(sum, part.to_array());
        }
        for ((sum, part), frame) in surface.iter_mut().zip(&self.frames).zip(frames) {
            add_to(sum, part.of_rows(frame));
        }
    }
}

/// Takes what sequences have down to the transmitter, whose position's derivative it returns, and to the walls.
pub(super) fn fold(
    sums: &mut [SequenceSum],
    transmitter: &TransmitterCoverage,
    position: DVec3,
    walls: &[WallPlane],
    by_wall: &mut [WallPlane],
) -> DVec3 {
    let sights = unfolded(transmitter, position, walls);
    for index in (1..sums.len()).rev() {
        let step = transmitter.steps[index];
        let SequenceSum { source, turn } = sums[index];
        let (wall, before) = ((step.code >> 1) as usize, &sights[step.parent as usize]);
        let (source, turn) = if step.code & 1 == 1 {
            let sum = &mut by_wall[wall];
            let source = walls[wall].mirror_back(before.0, source, sum);
            (source, walls[wall].turn_back(&before.1, &turn, sum))
        } else {
            (source, turn)
        };
        let parent = &mut sums[step.parent as usize];
        parent.source += source;
        parent.turn += turn;
    }
    sums.first().map_or(DVec3::ZERO, |root| root.source)
}

/// Image source and turned axes of every sequence.
fn unfolded(transmitter: &TransmitterCoverage, position: DVec3, walls: &[WallPlane]) -> Vec<(DVec3, DMat3)> {
    let mut sights: Vec<(DVec3, DMat3)> = Vec::with_capacity(transmitter.steps.len());
    for (index, step) in transmitter.steps.iter().enumerate() {
        if index == 0 {
            sights.push((position, DMat3::IDENTITY));
            continue;
        }
        let (source, turn) = sights[step.parent as usize];
        let wall = &walls[(step.code >> 1) as usize];
        sights.push(if step.code & 1 == 1 {
            (wall.mirror(source), wall.turn_axes(&turn))
        } else {
            (source, turn)
        });
    }
    sights
}

/// The derivatives by a triangle's corners, given those by its plane: n = N/|N| with N = (b − a) × (c − a), and c = n·a.
fn by_corners([a, b, c]: [DVec3; 3], by_plane: &WallPlane) -> [DVec3; 3] {
    let (first, second) = (b - a, c - a);
    let area = first.cross(second);
    let length = area.length();
    if length == 0.0 {
        return [DVec3::ZERO; 3];
    }
    let normal = area / length;
    let by_normal = by_plane.normal + by_plane.offset * a;
    let by_area = (by_normal - normal * normal.dot(by_normal)) / length;
    let (by_first, by_second) = (second.cross(by_area), by_area.cross(first));
    [by_plane.offset * normal - by_first - by_second, by_first, by_second]
}
