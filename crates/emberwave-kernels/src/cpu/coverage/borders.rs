//! Derivatives by the motion of borders.
//!
//! A border of what the paths of a sequence reach lies where the plane through the image source I and a mesh edge, both
//! mirrored into the space of the last segment, meets the measurement surface. With a point s on it, the point p of the
//! edge on the way from I to s, τ = |s − I|/|p − I|, the unit normal n of the surface, the last direction d and the
//! border's length g (what is reached on its left),
//! $$ dA = w \\cdot \\left( (1 - \\tau)\\, dI + \\tau\\, dp - ds \\right), \\qquad w = g \\times n - n\\, \\frac{d \\cdot (g \\times n)}{n \\cdot d}, $$
//! is the area that it sweeps, of which each square metre is worth what a fragment there would be. Where a face with the
//! plane m·x = c ends the paths, dA = κ(dc − dm·s − m·ds) with κ = (g × n)·m_t/|m_t|², m_t the part of m along the surface.

use emberwave_geometry::{Border, Bound};
use glam::DVec3;

use super::super::statistics::MapCotangent;
use super::CoverageJob;
use super::motion::{FrameSum, WallPlane};
use super::slots::Workspace;
use crate::coverage::{Frame, Piece, TransmitterCoverage};

/// Directions closer to the surface than this sine count for nothing.
const GRAZING: f64 = 1e-6;

/// Fragments of unit area in the middle of each border.
pub(super) fn as_pieces(transmitter: &TransmitterCoverage, frames: &[Frame]) -> TransmitterCoverage {
    let piece = |border: &Border| {
        let frame = &frames[frames.partition_point(|frame| frame.first_cell <= border.cell) - 1];
        let area = frame.cell_area.recip();
        Piece { sequence: border.sequence, cell: border.cell, area, centroid: border.middle }
    };
    TransmitterCoverage {
        position: transmitter.position,
        steps: transmitter.steps.clone(),
        images: transmitter.images.clone(),
        pieces: transmitter.borders.iter().map(piece).collect(),
        borders: Vec::new(),
        first_of_depth: transmitter.first_of_depth.clone(),
    }
}

/// The scene as borders see it.
#[derive(Clone, Copy)]
pub(super) struct BorderWorld<'a> {
    pub borders: &'a [Border],
    pub walls: &'a [WallPlane],
    /// In the coordinates of the coverage \[m\].
    pub vertices: &'a [glam::Vec3],
    /// The planes of the triangles.
    pub faces: &'a [WallPlane],
}

/// What a tile needs, and the derivatives it leaves.
#[derive(Debug, Default)]
pub(super) struct BorderSlot {
    workspace: Workspace,
    /// By image sources.
    pub sequences: Vec<(u32, DVec3)>,
    pub walls: Vec<(u32, WallPlane)>,
    pub faces: Vec<(u32, WallPlane)>,
    pub vertices: Vec<(u32, DVec3)>,
    pub frames: Vec<FrameSum>,
}

impl BorderSlot {
    /// Sweeps one tile of a job whose fragments are borders; returns the number of ray queries, of which there are none.
    pub fn sweep(
        &mut self,
        job: &CoverageJob<'_>,
        world: &BorderWorld<'_>,
        tile: u64,
        cotangent: &MapCotangent<'_>,
    ) -> u64 {
        self.clear(job);
        for fragments in job.runs(tile) {
            self.workspace.launch(job, &fragments);
            self.workspace.follow();
            for (place, index) in fragments.range.enumerate() {
                let Workspace { patches, batch, .. } = &self.workspace;
                let cell = patches.cell(place) as usize;
                let by_value = cotangent.of_deposit(cell, || patches.details(place));
                let worth = f64::from(by_value) * f64::from(patches.value(batch, place));
                if worth != 0.0 && worth.is_finite() {
                    self.sweep_border(job, world, &world.borders[index], worth);
                }
            }
        }
        0
    }

    fn clear(&mut self, job: &CoverageJob<'_>) {
        self.sequences.clear();
        self.walls.clear();
        self.faces.clear();
        self.vertices.clear();
        self.frames.clear();
        self.frames.resize(job.coverage.frames.len(), FrameSum::default());
    }

    fn sweep_border(&mut self, job: &CoverageJob<'_>, world: &BorderWorld<'_>, border: &Border, worth: f64) {
        let index = job.coverage.frame_index(border.cell);
        let frame = &job.coverage.frames[index];
        let line = Line::new(frame, border);
        let by_point = match border.bound {
            Bound::Face { triangle } => {
                let face = &world.faces[triangle as usize];
                let Some(slope) = line.slope_along(face.normal) else { return };
                let by_face = WallPlane { normal: -worth * slope * line.point, offset: worth * slope };
                self.faces.push((triangle, by_face));
                -worth * slope * face.normal
            }
            Bound::Edge { interactions, vertices } => {
                let source = job.transmitter.images[border.sequence as usize].source.as_dvec3();
                let Some(across) = line.across(source) else { return };
                let by_area = worth * across;
                let edge = self.unfold(job, world, border.sequence, interactions, vertices);
                let Some((part, stretch)) = line.meet(source, edge.ends) else { return };
                self.sequences.push((border.sequence, (1.0 - stretch) * by_area));
                self.fold_back(world, &edge, vertices, part, stretch * by_area);
                -by_area
            }
        };
        self.frames[index].add(by_point, border.middle);
    }

    /// An edge in the space of the last segment.
    fn unfold(
        &self,
        job: &CoverageJob<'_>,
        world: &BorderWorld<'_>,
        sequence: u32,
        interactions: u32,
        vertices: [u32; 2],
    ) -> UnfoldedEdge {
        let mut mirrors = Vec::new();
        let depth = job.depth_of(sequence);
        let mut at = sequence;
        for _ in interactions..depth {
            let step = job.transmitter.steps[at as usize];
            if step.code & 1 == 1 {
                mirrors.push(step.code >> 1);
            }
            at = step.parent;
        }
        mirrors.reverse();
        let mut ends = vertices.map(|vertex| world.vertices[vertex as usize].as_dvec3());
        for &wall in &mirrors {
            ends = ends.map(|end| world.walls[wall as usize].mirror(end));
        }
        UnfoldedEdge { mirrors, ends }
    }

    /// Takes the derivative by the point at `part` of the unfolded edge to walls and vertices.
    fn fold_back(
        &mut self,
        world: &BorderWorld<'_>,
        edge: &UnfoldedEdge,
        vertices: [u32; 2],
        part: f64,
        mut by_point: DVec3,
    ) {
        let mut point = edge.ends[0].lerp(edge.ends[1], part);
        for &wall in edge.mirrors.iter().rev() {
            let plane = &world.walls[wall as usize];
            // A mirror undoes itself.
            point = plane.mirror(point);
            let mut sum = WallPlane::default();
            by_point = plane.mirror_back(point, by_point, &mut sum);
            self.walls.push((wall, sum));
        }
        self.vertices.push((vertices[0], (1.0 - part) * by_point));
        self.vertices.push((vertices[1], part * by_point));
    }
}

/// An edge of the mesh as the last segment sees it.
struct UnfoldedEdge {
    /// The walls that mirror it, first to last.
    mirrors: Vec<u32>,
    ends: [DVec3; 2],
}

/// A border on the measurement surface.
struct Line {
    point: DVec3,
    normal: DVec3,
    /// g × n: to the outside, as long as the border.
    outwards: DVec3,
}

impl Line {
    fn new(frame: &Frame, border: &Border) -> Self {
        let [x, y] = [frame.step_x.as_dvec3(), frame.step_y.as_dvec3()];
        let normal = x.cross(y).normalize_or_zero();
        let along = x * f64::from(border.along[0]) + y * f64::from(border.along[1]);
        Self { point: frame.point(border.middle).as_dvec3(), normal, outwards: along.cross(normal) }
    }

    /// The covector w.
    fn across(&self, source: DVec3) -> Option<DVec3> {
        let direction = (self.point - source).normalize_or_zero();
        let cosine = self.normal.dot(direction);
        let slope = direction.dot(self.outwards) / cosine;
        (cosine.abs() > GRAZING).then(|| self.outwards - self.normal * slope)
    }

    /// Where on the edge the way from the source passes, as a part of its length, and τ.
    fn meet(&self, source: DVec3, [a, b]: [DVec3; 2]) -> Option<(f64, f64)> {
        let (way, edge, from) = (self.point - source, b - a, a - source);
        // The closest points of two lines.
        let [ww, we, ee] = [way.dot(way), way.dot(edge), edge.dot(edge)];
        let (wf, ef) = (way.dot(from), edge.dot(from));
        let determinant = ww * ee - we * we;
        let part = ((we * wf - ww * ef) / determinant).clamp(0.0, 1.0);
        let along = (wf + part * we) / ww;
        let stretch = along.recip();
        (determinant > 0.0 && along > 0.0 && part.is_finite() && stretch.is_finite())
            .then_some((part, stretch))
    }

    /// κ for a face with a normal.
    fn slope_along(&self, face: DVec3) -> Option<f64> {
        let within = face - self.normal * self.normal.dot(face);
        let squared = within.length_squared();
        (squared > GRAZING * GRAZING).then(|| self.outwards.dot(within) / squared)
    }
}
