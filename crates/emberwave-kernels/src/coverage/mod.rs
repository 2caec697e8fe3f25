//! What of a measurement surface is reached along which sequence of planes: geometry without fields.

mod fingerprint;
mod parts;
mod path;
mod power;
mod trace;
mod walls;

use std::ops::Range;
use std::sync::Arc;

use emberwave_geometry::Border;
use glam::{Mat3, Vec3};

pub(crate) use emberwave_geometry::tubes::Fragment as Piece;
pub(crate) use fingerprint::fingerprint;
pub use parts::{CoverageParts, FACE, TransmitterParts};
pub(crate) use trace::{Tracing, cover};
pub use trace::{trace_borders, trace_coverage, trace_rays};
pub use walls::CoverageWalls;

use crate::config::PlaneGrid;
use crate::cpu::SharedBuffers;

/// The pieces of cells that the paths of every transmitter reach, by the sequence of planes that they meet.
///
/// Made by [`trace_coverage`], evaluated by [`coverage_map`](crate::coverage_map) for any materials, antennas, powers and
/// frequencies. It belongs to the vertices, the positions of the transmitters and the surface that it was traced for.
#[derive(Clone, Debug, PartialEq)]
pub struct Coverage {
    /// Origin of all coordinates below \[m\].
    pub(crate) center: Vec3,
    pub(crate) walls: Arc<[Wall]>,
    /// Whether walls are the triangles, one by one; else they are the planes that triangles share.
    pub(crate) is_faceted: bool,
    pub(crate) frames: Vec<Frame>,
    pub(crate) transmitters: Vec<TransmitterCoverage>,
    pub(crate) fingerprint: u64,
    /// Memory that it is evaluated in.
    pub(crate) buffers: SharedBuffers,
}

/// A plane that paths interact with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Wall {
    pub normal: Vec3,
    pub material: u32,
}

/// A plane of the measurement surface.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Frame {
    /// Where both cell coordinates are 0 \[m\].
    pub corner: Vec3,
    /// Edges of a cell \[m\].
    pub step_x: Vec3,
    pub step_y: Vec3,
    /// Area of a cell \[m²\].
    pub cell_area: f32,
    pub grid: PlaneGrid,
    pub first_cell: u32,
}

/// The last interaction of a sequence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Step {
    /// The sequence without it; its own number for the transmitter's.
    pub parent: u32,
    /// Twice the wall's number, plus one for a reflection.
    pub code: u32,
}

/// What the paths of a sequence have in common.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Image {
    /// The image source \[m\].
    pub source: Vec3,
    /// Direction after the last interaction from the launch direction.
    pub world_from_launch: Mat3,
    /// What sampled choices on the way multiply powers with.
    pub weight: f32,
}

/// The coverage of one transmitter. Sequences are ordered by their number of interactions, pieces by their sequence.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TransmitterCoverage {
    pub position: Vec3,
    pub steps: Vec<Step>,
    pub images: Vec<Image>,
    pub pieces: Vec<Piece>,
    /// Where what is reached ends, by their sequence; none unless asked for.
    pub borders: Vec<Border>,
    /// The first sequence of each number of interactions, and their total.
    pub first_of_depth: Vec<u32>,
}

impl Coverage {
    /// Number of transmitters.
    #[must_use]
    pub fn num_transmitters(&self) -> usize {
        self.transmitters.len()
    }

    /// Number of pieces of cells, over all transmitters.
    #[must_use]
    pub fn num_fragments(&self) -> usize {
        self.transmitters.iter().map(|transmitter| transmitter.pieces.len()).sum()
    }

    /// Number of sequences of interactions, over all transmitters; the empty ones are counted.
    #[must_use]
    pub fn num_sequences(&self) -> usize {
        self.transmitters.iter().map(|transmitter| transmitter.steps.len()).sum()
    }

    /// Number of interactions on the ways to all pieces: what an evaluation computes.
    #[must_use]
    pub fn num_interactions(&self) -> u64 {
        let of_depth = |(depth, pieces): (usize, Range<usize>)| (depth * pieces.len()) as u64;
        self.transmitters.iter().flat_map(|tx| tx.pieces_by_depth().map(of_depth)).sum()
    }

    /// What of it lies in the cells that `is_kept` says; the others will hold 0.
    #[must_use]
    pub fn at_cells(&self, is_kept: impl Fn(usize) -> bool) -> Self {
        let restricted = |transmitter: &TransmitterCoverage| TransmitterCoverage {
            position: transmitter.position,
            steps: transmitter.steps.clone(),
            images: transmitter.images.clone(),
            pieces: transmitter.pieces.iter().filter(|piece| is_kept(piece.cell as usize)).copied().collect(),
            borders: transmitter
                .borders
                .iter()
                .filter(|border| is_kept(border.cell as usize))
                .copied()
                .collect(),
            first_of_depth: transmitter.first_of_depth.clone(),
        };
        Self {
            walls: Arc::clone(&self.walls),
            frames: self.frames.clone(),
            transmitters: self.transmitters.iter().map(restricted).collect(),
            buffers: self.buffers.clone(),
            ..*self
        }
    }

    /// Number of the triangles, materials and vertices that were traced; equal for equal scenes.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// Which plane of the measurement surface a cell belongs to.
    #[inline]
    pub(crate) fn frame_index(&self, cell: u32) -> usize {
        match self.frames.len() {
            1 => 0,
            _ => self.frames.partition_point(|frame| frame.first_cell <= cell) - 1,
        }
    }

    /// The plane of the measurement surface that a cell belongs to.
    #[inline]
    pub(crate) fn frame_of(&self, cell: u32) -> &Frame {
        &self.frames[self.frame_index(cell)]
    }
}

impl Frame {
    /// From corner and edges of the whole plane \[m\].
    pub fn new(rows: &[f32], grid: PlaneGrid, first_cell: usize, center: Vec3) -> Self {
        let [corner, x, y] = [0, 3, 6].map(|at| Vec3::from_slice(&rows[at..at + 3]));
        let steps = [x / grid.num_cells_x as f32, y / grid.num_cells_y as f32];
        Self::from_steps(corner - center, steps, grid, first_cell as u32)
    }

    /// From corner and edges of a cell \[m\].
    pub fn from_steps(corner: Vec3, [step_x, step_y]: [Vec3; 2], grid: PlaneGrid, first_cell: u32) -> Self {
        let cell_area = step_x.length() * step_y.length();
        Self { corner, step_x, step_y, cell_area, grid, first_cell }
    }

    /// The coordinates in cells of a point.
    #[inline(always)]
    pub fn coordinates(&self, point: Vec3) -> [f32; 2] {
        let from_corner = point - self.corner;
        [self.step_x, self.step_y].map(|step| from_corner.dot(step) / step.length_squared())
    }

    /// The point with some coordinates in cells \[m\].
    #[inline(always)]
    pub fn point(&self, [x, y]: [f32; 2]) -> Vec3 {
        self.corner + self.step_x * x + self.step_y * y
    }
}

impl TransmitterCoverage {
    /// The pieces that are reached after 0, 1, 2 … interactions.
    pub fn pieces_by_depth(&self) -> impl Iterator<Item = (usize, Range<usize>)> {
        let first_piece = |sequence: u32| self.pieces.partition_point(|piece| piece.sequence < sequence);
        self.first_of_depth.windows(2).map(move |pair| first_piece(pair[0])..first_piece(pair[1])).enumerate()
    }
}
