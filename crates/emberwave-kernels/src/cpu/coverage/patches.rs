//! A batch of fragments as their image sources see them.

use std::f32::consts::PI;
use std::ops::Range;

use glam::{Mat3, Vec3};
use multiversion::multiversion;

use super::super::batch::{BATCH_SIZE, Batch, Column, row};
use super::super::deposit::{Deposit, Deposits, Details};
use super::super::statistics::MapCotangent;
use super::CoverageJob;

/// Consecutive fragments of one sequence, by their places in the batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub sequence: u32,
    pub places: Range<usize>,
}

/// Where fragments lie and from where they are lit.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub(super) struct Patches {
    len: usize,
    /// Centroids \[m\].
    point: [Column<f32>; 3],
    /// Image sources \[m\].
    source: [Column<f32>; 3],
    /// Columns of the matrices that turn launch directions.
    turn: [Column<f32>; 9],
    /// Covered area over 4π, times the sequence's weight \[m²\].
    share: Column<f32>,
    cell: Column<u32>,
    /// Towards where the wave comes from.
    arrival: [Column<f32>; 3],
    departure: [Column<f32>; 3],
    /// Unfolded lengths \[m\].
    length: Column<f32>,
    /// What is left in the cell over ‖E‖².
    gain: Column<f32>,
    value: Column<f32>,
    pub runs: Vec<Run>,
}

impl Patches {
    pub fn new() -> Box<Self> {
        let zero = [0.0; BATCH_SIZE];
        Box::new(Self {
            len: 0,
            point: [zero; 3],
            source: [zero; 3],
            turn: [zero; 9],
            share: zero,
            cell: [0; BATCH_SIZE],
            arrival: [zero; 3],
            departure: [zero; 3],
            length: zero,
            gain: zero,
            value: zero,
            runs: Vec::with_capacity(BATCH_SIZE),
        })
    }

    /// Looks fragments up and fills the batch with the rays that are launched towards them.
    pub fn launch(&mut self, job: &CoverageJob<'_>, fragments: &Range<usize>, batch: &mut Batch) {
        self.len = fragments.len();
        batch.len = self.len;
        self.gather(job, fragments);
        aim(self, batch);
        job.source.radiate(batch);
    }

    fn gather(&mut self, job: &CoverageJob<'_>, fragments: &Range<usize>) {
        self.runs.clear();
        let mut first = 0;
        let pieces = &job.transmitter.pieces[fragments.clone()];
        for run in pieces.chunk_by(|a, b| a.sequence == b.sequence) {
            let sequence = run[0].sequence;
            let image = &job.transmitter.images[sequence as usize];
            let turn = image.world_from_launch.to_cols_array();
            let places = first..first + run.len();
            for axis in 0..3 {
                self.source[axis][places.clone()].fill(image.source[axis]);
            }
            for (column, element) in self.turn.iter_mut().zip(turn) {
                column[places.clone()].fill(element);
            }
            for (place, piece) in places.clone().zip(run) {
                let frame = job.coverage.frame_of(piece.cell);
                let point = frame.point(piece.centroid);
                for axis in 0..3 {
                    self.point[axis][place] = point[axis];
                }
                self.share[place] = piece.area * frame.cell_area * image.weight * (0.25 / PI);
                self.cell[place] = piece.cell;
            }
            self.runs.push(Run { sequence, places });
            first += run.len();
        }
    }

    /// Lists what the fields of the batch leave in the cells.
    pub fn deposit(&mut self, batch: &Batch, detailed: bool, deposits: &mut Deposits) {
        weigh(self, batch);
        for place in 0..self.len {
            deposits.push(Deposit { cell: self.cell[place], value: self.value[place] });
            if detailed {
                deposits.push_details(self.details(place));
            }
        }
    }

    /// The derivative of a loss by ‖E‖² at every fragment.
    pub fn pull_back(&self, cotangent: &MapCotangent<'_>, seeds: &mut Column<f32>) {
        for (place, seed) in seeds.iter_mut().enumerate().take(self.len) {
            let by_value = cotangent.of_deposit(self.cell[place] as usize, || self.details(place));
            *seed = by_value * self.gain[place];
        }
    }

    /// What the field of one fragment leaves in its cell.
    pub fn value(&self, batch: &Batch, place: usize) -> f32 {
        batch.power(place) * self.gain[place]
    }

    pub fn cell(&self, place: usize) -> u32 {
        self.cell[place]
    }

    /// The matrix that turns the launch direction of a fragment.
    pub fn turn(&self, place: usize) -> Mat3 {
        Mat3::from_cols_array(&std::array::from_fn(|element| self.turn[element][place]))
    }

    pub fn details(&self, place: usize) -> Details {
        let of = |columns| Vec3::from(row(columns, place));
        Details { length: self.length[place], arrival: of(&self.arrival), departure: of(&self.departure) }
    }
}

/// Finds length and launch direction of every path.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
fn aim(patches: &mut Patches, batch: &mut Batch) {
    for i in 0..patches.len.min(BATCH_SIZE) {
        let path = Vec3::from(row(&patches.point, i)) - Vec3::from(row(&patches.source, i));
        // A fragment at the transmitter has no direction; that of z keeps everything finite.
        let squared = path.dot(path);
        let is_there = squared > SMALLEST;
        let squared = if is_there { squared } else { SMALLEST };
        let length = squared.sqrt();
        let along = if is_there { path / length } else { Vec3::Z };
        let turned = |column: usize| {
            let at = 3 * column;
            along.dot(Vec3::new(patches.turn[at][i], patches.turn[at + 1][i], patches.turn[at + 2][i]))
        };
        let launch = Vec3::new(turned(0), turned(1), turned(2));
        let launch = launch * launch.dot(launch).sqrt().recip();
        for axis in 0..3 {
            patches.arrival[axis][i] = -along[axis];
            patches.departure[axis][i] = launch[axis];
            batch.direction[axis][i] = launch[axis];
        }
        patches.length[i] = length;
        patches.gain[i] = patches.share[i] / squared;
    }
}

/// Smallest squared length of a path \[m²\].
const SMALLEST: f32 = 1e-12;

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
fn weigh(patches: &mut Patches, batch: &Batch) {
    for i in 0..patches.len.min(BATCH_SIZE) {
        patches.value[i] = batch.power(i) * patches.gain[i];
    }
}
