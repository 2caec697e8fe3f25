//! What every cell has so far, roughly: what the importance of tubes is measured against.

use std::sync::atomic::{AtomicU32, Ordering};

use rayon::prelude::*;

use super::surface::Surface;

/// Sums that are taken side by side.
const LANES: usize = 8;

/// Cells that one thread takes at a time.
const CHUNK: usize = 1 << 14;

/// Power over squared distance that the strongest path brings to every cell, by the power tables \[1/m²\].
///
/// Not the sum over paths: the largest of numbers does not depend on the order in which threads find them.
#[derive(Debug)]
pub(super) struct Estimate {
    /// Bits of the numbers, which are not negative and so have the order of their bits.
    gains: Vec<AtomicU32>,
    /// Cells with less count as having this.
    floor: f32,
    typical: f32,
    /// Cells that the first paths light that light any.
    num_lit: u64,
    /// What the first paths that light any cell bring to all of them together \[1\]; infinite before.
    total: f32,
    /// Linear.
    dynamic_range: f32,
    /// Whether it was given, and so takes in nothing.
    is_given: bool,
}

impl Estimate {
    /// Of so many cells that have nothing yet, in memory that held another.
    pub fn new(num_cells: usize, dynamic_range_db: f32, mut gains: Vec<AtomicU32>) -> Self {
        let dynamic_range = 10.0_f32.powf(-0.1 * dynamic_range_db);
        gains.resize_with(num_cells, AtomicU32::default);
        gains.par_chunks_mut(CHUNK).for_each(|gains| gains.iter_mut().for_each(|gain| *gain.get_mut() = 0));
        Self {
            gains,
            floor: f32::MIN_POSITIVE,
            typical: 1.0,
            num_lit: 0,
            total: f32::INFINITY,
            dynamic_range,
            is_given: false,
        }
    }

    /// Beside what is worth 1 in every cell, given what a unit is worth there.
    pub fn of_worth(worth: &[f32]) -> Self {
        let gains = worth.iter().map(|worth| AtomicU32::new(worth.recip().to_bits())).collect();
        let logarithms = worth.iter().filter(|&&worth| worth > 0.0).map(|worth| f64::from(worth.ln()));
        let (count, sum) = logarithms.fold((0_u32, 0.0), |(count, sum), ln| (count + 1, sum + ln));
        let typical = if count > 0 { (-sum / f64::from(count)).exp() as f32 } else { f32::INFINITY };
        let total = f32::INFINITY;
        let floor = f32::MIN_POSITIVE;
        Self { gains, floor, typical, num_lit: 0, total, dynamic_range: 1.0, is_given: true }
    }

    /// The memory that it is in, for another.
    pub fn into_gains(self) -> Vec<AtomicU32> {
        self.gains
    }

    /// Whether it takes in what paths bring.
    pub fn is_wanted(&self) -> bool {
        !self.gains.is_empty() && !self.is_given
    }

    /// Whether it is what cells are worth.
    pub fn is_given(&self) -> bool {
        self.is_given
    }

    /// Takes in what a path brings to a cell.
    #[inline]
    pub fn raise(&self, cell: u32, gain: f32) {
        let (known, bits) = (&self.gains[cell as usize], gain.to_bits());
        if known.load(Ordering::Relaxed) < bits {
            known.fetch_max(bits, Ordering::Relaxed);
        }
    }

    /// What a cell has.
    #[inline]
    pub fn at(&self, cell: u32) -> f32 {
        let known = self.gains.get(cell as usize);
        known.map_or(self.floor, |bits| f32::from_bits(bits.load(Ordering::Relaxed)).max(self.floor))
    }

    /// About the geometric mean over the cells that have something when they are first lit; 1 before.
    pub fn typical(&self) -> f32 {
        self.typical
    }

    /// What the first paths that light any cell bring to all of them together, power over squared distance times area.
    pub fn total(&self) -> f32 {
        self.total
    }

    /// Cells that the first paths light that light any.
    pub fn num_lit(&self) -> u64 {
        self.num_lit
    }

    /// Takes the typical cell and the total from the first paths that light any.
    pub fn settle(&mut self, surfaces: &[Surface]) {
        if self.is_given || self.floor > f32::MIN_POSITIVE {
            return;
        }
        // The bits of a number are its logarithm, with straight lines between powers of two.
        let of_chunk = |gains: &[AtomicU32]| {
            let bits = gains.iter().map(|bits| u64::from(bits.load(Ordering::Relaxed)));
            bits.fold((0, 0), |(count, sum), bits| (count + u64::from(bits > 0), sum + bits))
        };
        let add = |one: (u64, u64), other: (u64, u64)| (one.0 + other.0, one.1 + other.1);
        let (count, sum) = self.gains.par_chunks(CHUNK).map(of_chunk).reduce(|| (0, 0), add);
        if let Some(mean) = u64::checked_div(sum, count) {
            self.num_lit = count;
            self.typical = f32::from_bits(mean as u32);
            self.floor = self.typical * self.dynamic_range;
            self.total = surfaces.iter().map(|surface| self.of_surface(surface)).sum();
        }
    }

    /// What all cells of a surface have, times their area.
    fn of_surface(&self, surface: &Surface) -> f32 {
        let first = surface.first_cell as usize;
        let of_chunk = |gains: &[AtomicU32]| {
            // Sums side by side do not wait for each other.
            let mut sums = [0.0_f64; LANES];
            for gains in gains.chunks(LANES) {
                for (sum, gain) in sums.iter_mut().zip(gains) {
                    *sum += f64::from(f32::from_bits(gain.load(Ordering::Relaxed)));
                }
            }
            sums.iter().sum()
        };
        // Added up in order, so that the sum does not depend on the number of threads.
        let sums: Vec<f64> =
            self.gains[first..first + surface.count()].par_chunks(CHUNK).map(of_chunk).collect();
        (sums.iter().sum::<f64>() * f64::from(surface.cell_area())) as f32
    }
}
