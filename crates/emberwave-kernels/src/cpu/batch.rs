//! Rays carried together, coordinate by coordinate.
//!
//! Every stage is a plain loop over the columns of a batch, compiled once more for each vector instruction set (crate
//! `multiversion`): the compiler then runs eight or sixteen rays side by side. The loops hold no fused
//! multiply-adds, so all versions give the same bits.

use emberwave_geometry::{HitStream, RayStream};
use glam::Vec3;

/// Rays in a batch; all columns together stay within the second-level cache.
pub(super) const BATCH_SIZE: usize = 512;

/// One number per ray.
pub(super) type Column<T> = [T; BATCH_SIZE];

/// The vector of one ray.
#[inline(always)]
pub(super) fn row(columns: &[Column<f32>; 3], ray: usize) -> [f32; 3] {
    [columns[0][ray], columns[1][ray], columns[2][ray]]
}

/// What rays carry from interaction to interaction.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub(super) struct Batch {
    /// Rays still under way; they fill the front of every column.
    pub len: usize,
    /// Where each ray starts \[m\].
    pub origin: [Column<f32>; 3],
    /// Unit vectors.
    pub direction: [Column<f32>; 3],
    /// Range-free field (the field times the unfolded length), real parts.
    pub field_re: [Column<f32>; 3],
    /// Imaginary parts.
    pub field_im: [Column<f32>; 3],
    /// Unfolded length so far \[m\].
    pub length: Column<f32>,
    /// Length of the segments up to where they crossed the measurement surface, added up \[m\]; kept for the stop
    /// threshold only.
    pub surface_length: Column<f32>,
    /// Index on the launch lattice, which addresses the random numbers.
    pub index: Column<u64>,
    /// Distance to the closest hit \[m\].
    pub distance: Column<f32>,
    /// What is hit, or `Hit::MISS`.
    pub triangle: Column<u32>,
}

impl Batch {
    pub fn new() -> Box<Self> {
        let zero = [0.0; BATCH_SIZE];
        Box::new(Self {
            len: 0,
            origin: [zero; 3],
            direction: [zero; 3],
            field_re: [zero; 3],
            field_im: [zero; 3],
            length: zero,
            surface_length: zero,
            index: [0; BATCH_SIZE],
            distance: zero,
            triangle: [0; BATCH_SIZE],
        })
    }

    #[inline(always)]
    pub fn origin(&self, ray: usize) -> Vec3 {
        Vec3::new(self.origin[0][ray], self.origin[1][ray], self.origin[2][ray])
    }

    #[inline(always)]
    pub fn direction(&self, ray: usize) -> Vec3 {
        Vec3::new(self.direction[0][ray], self.direction[1][ray], self.direction[2][ray])
    }

    /// ‖E‖² of a ray.
    #[inline(always)]
    pub fn power(&self, ray: usize) -> f32 {
        let square = |x: f32| x * x;
        let axis = |axis: usize| square(self.field_re[axis][ray]) + square(self.field_im[axis][ray]);
        axis(0) + axis(1) + axis(2)
    }

    /// The rays and the places of their hits.
    pub fn streams(&mut self) -> (RayStream<'_>, HitStream<'_>) {
        let len = self.len;
        let rays = RayStream {
            origin: self.origin.each_ref().map(|column| &column[..len]),
            direction: self.direction.each_ref().map(|column| &column[..len]),
        };
        (rays, HitStream { distance: &mut self.distance[..len], triangle: &mut self.triangle[..len] })
    }

    /// Keeps the rays at `places`, in this order; hits are not kept.
    pub fn select(&mut self, places: &[u32]) {
        let floats = self.origin.iter_mut().chain(&mut self.direction);
        let floats = floats.chain(&mut self.field_re).chain(&mut self.field_im);
        for column in floats.chain([&mut self.length, &mut self.surface_length]) {
            permute(column, places);
        }
        permute(&mut self.index, places);
        self.len = places.len();
    }
}

fn permute<T: Copy + Default>(column: &mut Column<T>, places: &[u32]) {
    let old = *column;
    for (new, &place) in column.iter_mut().zip(places) {
        *new = old[place as usize % BATCH_SIZE];
    }
}

/// Σ, in eight sums side by side that the compiler keeps in vectors.
pub(super) fn total(values: &[f32]) -> f64 {
    let (blocks, rest) = values.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for block in blocks {
        for (sum, &value) in sums.iter_mut().zip(block) {
            *sum += f64::from(value);
        }
    }
    sums.iter().sum::<f64>() + rest.iter().map(|&value| f64::from(value)).sum::<f64>()
}
