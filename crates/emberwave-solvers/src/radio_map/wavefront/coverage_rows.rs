//! Fragments of a coverage as rows: how their image sources see them, and what their paths meet.

use std::f64::consts::PI;
use std::ops::Range;

use emberwave_kernels::{CoverageParts, CoverageWalls, TransmitterParts};
use glam::{DMat3, DVec3};

use super::CHUNK;

/// Smallest squared length of a path \[m²\]; shorter ones are taken to be that long, along z.
const SMALLEST: f64 = 1e-12;

/// Consecutive fragments of one number of interactions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FragmentRange {
    pub depth: usize,
    pub range: Range<usize>,
}

/// The fragments of a transmitter in ranges whose tensors are made together.
pub(super) fn ranges(transmitter: &TransmitterParts) -> Vec<FragmentRange> {
    let depths = depths(&transmitter.steps);
    let depth = |fragment: &[u32; 2]| depths[fragment[0] as usize];
    let mut ranges = Vec::new();
    let mut first = 0;
    for of_depth in transmitter.fragments.chunk_by(|a, b| depth(a) == depth(b)) {
        for chunk in of_depth.chunks(CHUNK) {
            ranges.push(FragmentRange { depth: depth(&chunk[0]), range: first..first + chunk.len() });
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

/// A path to the centroid of a fragment, unfolded.
#[derive(Clone, Copy, Debug)]
struct Sight {
    /// Direction at launch.
    departure: DVec3,
    /// Direction at the fragment.
    along: DVec3,
    /// \[m\].
    length: f64,
    /// Covered area over 4πr², times the weight of the sequence.
    gain: f64,
}

/// Some fragments of a transmitter.
#[derive(Clone, Debug)]
pub(super) struct FragmentRows {
    pub depth: usize,
    /// The cell of each.
    pub cells: Vec<u32>,
    sights: Vec<Sight>,
    /// `[row][depth]`; twice the wall's number, plus one for a reflection.
    codes: Vec<u32>,
    /// Where the transmitter is \[m\].
    start: DVec3,
}

impl FragmentRows {
    pub fn new(parts: &CoverageParts, transmitter: usize, fragments: &FragmentRange) -> Self {
        let surfaces = surfaces(parts);
        let transmitter = &parts.transmitters[transmitter];
        let mut rows = Self {
            depth: fragments.depth,
            cells: Vec::with_capacity(fragments.range.len()),
            sights: Vec::with_capacity(fragments.range.len()),
            codes: Vec::with_capacity(fragments.range.len() * fragments.depth),
            start: DVec3::from_array([0, 1, 2].map(|axis| f64::from(transmitter.images[0][axis]))),
        };
        for at in fragments.range.clone() {
            let [sequence, cell] = transmitter.fragments[at];
            let surface = &surfaces[surfaces.partition_point(|surface| surface.first_cell <= cell) - 1];
            rows.cells.push(cell);
            rows.sights.push(surface.sight(&transmitter.images[sequence as usize], transmitter.areas[at]));
            rows.push_codes(&transmitter.steps, sequence);
        }
        rows
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

    /// Of what every row meets after `before` interactions: twice the wall's number, plus one for a reflection.
    pub fn codes(&self, before: usize) -> impl Iterator<Item = u32> {
        self.codes.iter().skip(before).step_by(self.depth.max(1)).copied()
    }

    /// Directions at launch, x y z of each.
    pub fn departures(&self) -> Vec<f64> {
        self.sights.iter().flat_map(|sight| sight.departure.to_array()).collect()
    }

    /// Directions towards where the waves come from, x y z of each.
    pub fn arrivals(&self) -> Vec<f64> {
        self.sights.iter().flat_map(|sight| (-sight.along).to_array()).collect()
    }

    /// Unfolded lengths \[m\].
    pub fn lengths(&self) -> Vec<f64> {
        self.sights.iter().map(|sight| sight.length).collect()
    }

    /// What is left in the cells over ‖E‖².
    pub fn gains(&self) -> Vec<f64> {
        self.sights.iter().map(|sight| sight.gain).collect()
    }

    /// Unit normals of what every row meets after `before` interactions, x y z of each.
    pub fn normals(&self, parts: &CoverageParts, before: usize) -> Vec<f64> {
        self.codes(before).flat_map(|code| normal_of(parts, (code >> 1) as usize).to_array()).collect()
    }

    /// The wall that every row meets after `before` interactions, and where \[m\].
    pub fn places(
        &self,
        parts: &CoverageParts,
        walls: &CoverageWalls,
        before: usize,
    ) -> impl Iterator<Item = (usize, [f64; 3])> {
        let rows = self.sights.iter().zip(self.codes.chunks_exact(self.depth.max(1)));
        rows.map(move |(sight, codes)| {
            let (mut point, mut direction) = (self.start, sight.departure);
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

fn normal_of(parts: &CoverageParts, wall: usize) -> DVec3 {
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
    /// The path from an image source to a fragment.
    fn sight(&self, image: &[f32; 13], [area, x, y]: [f32; 3]) -> Sight {
        let number = |at: usize| f64::from(image[at]);
        let point = self.corner + self.steps[0] * f64::from(x) + self.steps[1] * f64::from(y);
        let path = point - DVec3::new(number(0), number(1), number(2));
        let is_there = path.length_squared() > SMALLEST;
        let squared = if is_there { path.length_squared() } else { SMALLEST };
        let along = if is_there { path / squared.sqrt() } else { DVec3::Z };
        // Listed row by row, so read as columns it is the way back to the launch.
        let launch_from_world = DMat3::from_cols_array(&std::array::from_fn(|at| number(3 + at)));
        Sight {
            departure: (launch_from_world * along).normalize_or(DVec3::Z),
            along,
            length: squared.sqrt(),
            gain: f64::from(area) * self.cell_area * number(12) / (4.0 * PI * squared),
        }
    }
}
