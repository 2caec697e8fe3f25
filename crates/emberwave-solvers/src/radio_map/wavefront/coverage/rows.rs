//! Fragments and borders of a coverage as rows: where on the surface they are, and what their paths meet.

use std::f64::consts::PI;
use std::ops::Range;

use emberwave_kernels::{CoverageParts, CoverageWalls};
use glam::{DMat3, DVec3};

use super::super::CHUNK;

/// Smallest squared length of a path \[m²\]; shorter ones are taken to be that long, along z.
pub(super) const SMALLEST: f64 = 1e-12;

/// Consecutive fragments or borders of one number of interactions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct RowRange {
    pub depth: usize,
    pub range: Range<usize>,
}

/// The fragments or borders of a transmitter, whose first number is their sequence, in ranges whose tensors are made
/// together.
pub(in super::super) fn ranges<const N: usize>(steps: &[[u32; 2]], entries: &[[u32; N]]) -> Vec<RowRange> {
    let depths = depths(steps);
    let depth = |entry: &[u32; N]| depths[entry[0] as usize];
    let mut ranges = Vec::new();
    let mut first = 0;
    for of_depth in entries.chunk_by(|a, b| depth(a) == depth(b)) {
        for chunk in of_depth.chunks(CHUNK) {
            ranges.push(RowRange { depth: depth(&chunk[0]), range: first..first + chunk.len() });
            first += chunk.len();
        }
    }
    ranges
}

/// Number of interactions of each sequence.
fn depths(steps: &[[u32; 2]]) -> Vec<usize> {
    let mut depths: Vec<usize> = Vec::with_capacity(steps.len());
    for (index, &[parent, _]) in steps.iter().enumerate() {
        depths.push(if index == 0 { 0 } else { depths[parent as usize] + 1 });
    }
    depths
}

/// A point of the measurement surface that the paths of a sequence end on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    pub sequence: u32,
    pub cell: u32,
    /// In cells along x and y.
    pub at: [f32; 2],
    /// The part of the cell that it stands for; none for 1 m².
    pub share: Option<f32>,
}

/// Paths to spots of one number of interactions, from one transmitter.
#[derive(Clone, Debug)]
pub(super) struct PathRows {
    pub transmitter: usize,
    pub depth: usize,
    /// The cell of each.
    pub cells: Vec<u32>,
    /// The plane of the measurement surface of each.
    pub frames: Vec<u32>,
    /// Where on it, in cells along x and y.
    pub at: Vec<[f64; 2]>,
    /// Area \[m²\] over 4π, times the weight of the sequence.
    pub factors: Vec<f64>,
    sequences: Vec<u32>,
    /// `[row][depth]`; twice the wall's number, plus one for a reflection.
    codes: Vec<u32>,
}

impl PathRows {
    pub fn new(
        parts: &CoverageParts,
        transmitter: usize,
        depth: usize,
        spots: impl Iterator<Item = Spot>,
    ) -> Self {
        let surfaces = surfaces(parts);
        let lists = &parts.transmitters[transmitter];
        let mut rows = Self {
            transmitter,
            depth,
            cells: Vec::new(),
            frames: Vec::new(),
            at: Vec::new(),
            factors: Vec::new(),
            sequences: Vec::new(),
            codes: Vec::new(),
        };
        for spot in spots {
            let frame = surfaces.partition_point(|surface| surface.first_cell <= spot.cell) - 1;
            let area = spot.share.map_or(1.0, |share| f64::from(share) * surfaces[frame].cell_area);
            let weight = f64::from(lists.images[spot.sequence as usize][12]);
            rows.cells.push(spot.cell);
            rows.frames.push(frame as u32);
            rows.at.push(spot.at.map(f64::from));
            rows.factors.push(area * weight / (4.0 * PI));
            rows.sequences.push(spot.sequence);
            rows.push_codes(&lists.steps, spot.sequence);
        }
        rows
    }

    /// Of the fragments in a range.
    pub fn of_fragments(parts: &CoverageParts, transmitter: usize, range: &RowRange) -> Self {
        let lists = &parts.transmitters[transmitter];
        let spot = |at: usize| {
            let ([sequence, cell], [share, x, y]) = (lists.fragments[at], lists.areas[at]);
            Spot { sequence, cell, at: [x, y], share: Some(share) }
        };
        Self::new(parts, transmitter, range.depth, range.range.clone().map(spot))
    }

    fn push_codes(&mut self, steps: &[[u32; 2]], mut sequence: u32) {
        let first = self.codes.len();
        for _ in 0..self.depth {
            let [parent, code] = steps[sequence as usize];
            self.codes.push(code);
            sequence = parent;
        }
        self.codes[first..].reverse();
    }

    /// Number of rows.
    pub fn count(&self) -> usize {
        self.cells.len()
    }

    /// Of what every row meets after `before` interactions: twice the wall's number, plus one for a reflection.
    pub fn codes(&self, before: usize) -> impl Iterator<Item = u32> {
        self.codes.iter().skip(before).step_by(self.depth.max(1)).copied()
    }

    /// Unit normals of what every row meets after `before` interactions, x y z of each.
    pub fn normals(&self, parts: &CoverageParts, before: usize) -> Vec<f64> {
        self.codes(before).flat_map(|code| normal_of(parts, (code >> 1) as usize).to_array()).collect()
    }

    /// The unfolded paths from the image sources that the coverage lists.
    pub fn sights(&self, parts: &CoverageParts) -> Vec<Sight> {
        let surfaces = surfaces(parts);
        let images = &parts.transmitters[self.transmitter].images;
        let sight = |row: usize| {
            let point = surfaces[self.frames[row] as usize].point(self.at[row]);
            Sight::new(&images[self.sequences[row] as usize], point)
        };
        (0..self.count()).map(sight).collect()
    }

    /// The wall that every row meets after `before` interactions, and where \[m\]; paths leave along `departures`.
    pub fn places(
        &self,
        parts: &CoverageParts,
        walls: &CoverageWalls,
        departures: impl Iterator<Item = DVec3>,
        before: usize,
    ) -> impl Iterator<Item = (usize, [f64; 3])> {
        let image = &parts.transmitters[self.transmitter].images[0];
        let start = DVec3::from_array([0, 1, 2].map(|axis| f64::from(image[axis])));
        departures.zip(self.codes.chunks_exact(self.depth.max(1))).map(move |(departure, codes)| {
            let (mut point, mut direction) = (start, departure);
            for &code in &codes[..=before] {
                let wall = (code >> 1) as usize;
                let normal = normal_of(parts, wall);
                let (height, cosine) = (walls.offset(wall) - normal.dot(point), normal.dot(direction));
                point += if cosine == 0.0 { DVec3::ZERO } else { direction * (height / cosine) };
                if code & 1 == 1 {
                    direction -= 2.0 * direction.dot(normal) * normal;
                }
            }
            ((codes[before] >> 1) as usize, point.to_array())
        })
    }
}

pub(super) fn normal_of(parts: &CoverageParts, wall: usize) -> DVec3 {
    DVec3::from_array(parts.wall_normals[wall].map(f64::from)).normalize_or_zero()
}

/// A plane of the measurement surface.
struct Surface {
    first_cell: u32,
    corner: DVec3,
    /// Edges of a cell \[m\].
    steps: [DVec3; 2],
    cell_area: f64,
}

fn surfaces(parts: &CoverageParts) -> Vec<Surface> {
    let mut first_cell = 0;
    let surface = |(rows, &[num_x, num_y]): (&[f32; 9], &[u32; 2])| {
        let [corner, x, y] =
            [0, 3, 6].map(|at| DVec3::from_array([0, 1, 2].map(|axis| rows[at + axis].into())));
        let surface = Surface { first_cell, corner, steps: [x, y], cell_area: x.length() * y.length() };
        first_cell += num_x * num_y;
        surface
    };
    parts.surfaces.iter().zip(&parts.grids).map(surface).collect()
}

impl Surface {
    fn point(&self, [x, y]: [f64; 2]) -> DVec3 {
        self.corner + self.steps[0] * x + self.steps[1] * y
    }
}

/// A path to a spot, unfolded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sight {
    /// Direction at launch.
    pub departure: DVec3,
    /// Direction at the spot.
    pub along: DVec3,
    /// \[m\].
    pub length: f64,
}

impl Sight {
    /// The path from an image source to a point.
    fn new(image: &[f32; 13], point: DVec3) -> Self {
        let number = |at: usize| f64::from(image[at]);
        let path = point - DVec3::new(number(0), number(1), number(2));
        let is_there = path.length_squared() > SMALLEST;
        let squared = if is_there { path.length_squared() } else { SMALLEST };
        let along = if is_there { path / squared.sqrt() } else { DVec3::Z };
        // Listed row by row, so read as columns it is the way back to the launch.
        let launch_from_world = DMat3::from_cols_array(&std::array::from_fn(|at| number(3 + at)));
        Self { departure: (launch_from_world * along).normalize_or(DVec3::Z), along, length: squared.sqrt() }
    }
}
