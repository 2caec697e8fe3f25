//! The fragments of one sequence as their image source sees them.

use std::f32::consts::PI;
use std::ops::Range;

use glam::Vec3;
use multiversion::multiversion;

use super::super::accumulate::Layout;
use super::super::batch::{BATCH_SIZE, Batch, Column, row};
use super::super::deposit::{Deposits, Details};
use super::super::statistics::MapCotangent;
use super::CoverageJob;
use crate::coverage::{Frame, Image};

/// Batches are filled up to multiples of this, so that no loop over their rays has a rest that is done one by one.
const LANES: usize = 16;

/// Where fragments lie and from where they are lit.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub(super) struct Patches {
    len: usize,
    /// Centroids in cells.
    centroid: [Column<f32>; 2],
    /// Covered part of the cell.
    area: Column<f32>,
    cell: Column<u32>,
    /// Towards where the wave comes from.
    arrival: [Column<f32>; 3],
    departure: [Column<f32>; 3],
    /// Unfolded lengths \[m\].
    length: Column<f32>,
    /// What is left in the cell over ‖E‖².
    gain: Column<f32>,
    value: Column<f32>,
}

impl Patches {
    pub fn new() -> Box<Self> {
        let zero = [0.0; BATCH_SIZE];
        Box::new(Self {
            len: 0,
            centroid: [zero; 2],
            area: zero,
            cell: [0; BATCH_SIZE],
            arrival: [zero; 3],
            departure: [zero; 3],
            length: zero,
            gain: zero,
            value: zero,
        })
    }

    /// Looks up fragments of one sequence on one plane and fills the batch with the rays that are launched towards them,
    /// and with copies of the last one.
    pub fn launch(&mut self, job: &CoverageJob<'_>, fragments: &Range<usize>, batch: &mut Batch) {
        let pieces = &job.transmitter.pieces[fragments.clone()];
        let Some(last) = pieces.last() else { return };
        self.len = pieces.len();
        batch.len = pieces.len().next_multiple_of(LANES);
        for (place, piece) in pieces.iter().enumerate().take(BATCH_SIZE) {
            self.centroid[0][place] = piece.centroid[0];
            self.centroid[1][place] = piece.centroid[1];
            self.area[place] = piece.area;
            self.cell[place] = piece.cell;
        }
        for (column, value) in self.centroid.iter_mut().zip(last.centroid) {
            column[pieces.len()..batch.len].fill(value);
        }
        self.area[pieces.len()..batch.len].fill(last.area);
        let image = &job.transmitter.images[last.sequence as usize];
        aim(self, job.coverage.frame_of(last.cell), image, batch);
        job.source.radiate(batch);
    }

    /// Number of fragments.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Puts down what the fields of the batch leave in the cells.
    pub fn deposit(&mut self, batch: &Batch, layout: Layout, deposits: &mut Deposits) {
        weigh(self, batch);
        let (cells, values) = (&self.cell[..self.len], &self.value[..self.len]);
        deposits.place(cells, values, |place| self.details(place), layout);
    }

    /// The derivative of a loss by ‖E‖² at every fragment, 0 behind the last.
    pub fn pull_back(&self, cotangent: &MapCotangent<'_>, seeds: &mut Column<f32>) {
        seeds[self.len..].fill(0.0);
        for (place, seed) in seeds.iter_mut().enumerate().take(self.len) {
            let by_value = cotangent.of_deposit(self.cell[place] as usize, || self.details(place));
            *seed = by_value * self.gain[place];
        }
    }

    /// What is left in the cells over ‖E‖².
    pub fn gains(&self) -> &Column<f32> {
        &self.gain
    }

    /// What the field of one fragment leaves in its cell.
    pub fn value(&self, batch: &Batch, place: usize) -> f32 {
        batch.power(place) * self.gain[place]
    }

    pub fn cell(&self, place: usize) -> u32 {
        self.cell[place]
    }

    /// Launch directions.
    pub fn departures(&self) -> &[Column<f32>; 3] {
        &self.departure
    }

    pub fn details(&self, place: usize) -> Details {
        let of = |columns| Vec3::from(row(columns, place));
        Details { length: self.length[place], arrival: of(&self.arrival), departure: of(&self.departure) }
    }
}

/// Finds length and launch direction of every path.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
fn aim(patches: &mut Patches, frame: &Frame, image: &Image, batch: &mut Batch) {
    let turn: [Vec3; 3] =
        [image.world_from_launch.x_axis, image.world_from_launch.y_axis, image.world_from_launch.z_axis];
    let share = frame.cell_area * image.weight * (0.25 / PI);
    for i in 0..batch.len.min(BATCH_SIZE) {
        let path = frame.point([patches.centroid[0][i], patches.centroid[1][i]]) - image.source;
        // A fragment at the transmitter has no direction; that of z keeps everything finite.
        let squared = path.dot(path);
        let is_there = squared > SMALLEST;
        let squared = if is_there { squared } else { SMALLEST };
        let length = squared.sqrt();
        let along = if is_there { path / length } else { Vec3::Z };
        let launch = Vec3::new(along.dot(turn[0]), along.dot(turn[1]), along.dot(turn[2]));
        let launch = launch * launch.dot(launch).sqrt().recip();
        for axis in 0..3 {
            patches.arrival[axis][i] = -along[axis];
            patches.departure[axis][i] = launch[axis];
            batch.direction[axis][i] = launch[axis];
        }
        patches.length[i] = length;
        patches.gain[i] = patches.area[i] * share / squared;
    }
}

/// Smallest squared length of a path \[m²\].
const SMALLEST: f32 = 1e-12;

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+avx2+fma", "x86_64+avx2+fma"))]
fn weigh(patches: &mut Patches, batch: &Batch) {
    for i in 0..batch.len.min(BATCH_SIZE) {
        patches.value[i] = batch.power(i) * patches.gain[i];
    }
}
