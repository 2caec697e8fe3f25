//! Adding deposits to the map, in an order that does not depend on the number of threads.

use rayon::prelude::*;

use super::deposit::{Deposit, Deposits};
use super::statistics::Moments;
use crate::config::Channels;

/// Into how many parts a map is divided; each is added to by one thread at a time.
const PARTS: usize = 64;

/// Cells that are cleared or written without asking for help.
const CHUNK: usize = 1 << 14;

/// How the cells of a map are divided into parts.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Layout {
    pub num_parts: usize,
    shift: u32,
}

impl Layout {
    pub fn new(num_cells: usize) -> Self {
        let shift = num_cells.div_ceil(PARTS).next_power_of_two().ilog2();
        Self { num_parts: num_cells.div_ceil(1 << shift), shift }
    }

    #[inline]
    pub fn part(self, cell: u32) -> usize {
        (cell >> self.shift) as usize
    }
}

/// The running sum of a map, in f64 so that small deposits are not lost on large sums.
#[derive(Debug, Default)]
pub(super) struct MapSum {
    layout: Layout,
    cells: Vec<f64>,
    /// One per cell where statistics are wanted, none otherwise.
    moments: Vec<Moments>,
    channels: Channels,
}

impl MapSum {
    /// Starts again with a map of so many cells.
    pub fn open(&mut self, num_cells: usize, channels: Channels) {
        let num_moments = if channels.any() { num_cells } else { 0 };
        self.cells.resize(num_cells, 0.0);
        self.moments.resize(num_moments, Moments::default());
        (self.layout, self.channels) = (Layout::new(num_cells), channels);
        self.cells.par_chunks_mut(CHUNK).for_each(|cells| cells.fill(0.0));
        self.moments.fill(Moments::default());
    }

    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// Adds the deposits of tiles, sorted by part, tile after tile.
    pub fn add<'a>(&mut self, tiles: impl Iterator<Item = &'a Deposits> + Clone + Send + Sync) {
        let part_size = 1 << self.layout.shift;
        let local = |deposit: &Deposit, part: usize| deposit.cell as usize - part * part_size;
        if self.moments.is_empty() {
            self.cells.par_chunks_mut(part_size).enumerate().for_each(|(part, cells)| {
                for deposit in tiles.clone().flat_map(|deposits| deposits.of_part(part)) {
                    cells[local(deposit, part)] += f64::from(deposit.value);
                }
            });
            return;
        }
        let parts = self.cells.par_chunks_mut(part_size).zip(self.moments.par_chunks_mut(part_size));
        parts.enumerate().for_each(|(part, (cells, moments))| {
            for deposits in tiles.clone() {
                for (deposit, details) in deposits.of_part(part).iter().zip(deposits.details_of_part(part)) {
                    let (cell, weight) = (local(deposit, part), f64::from(deposit.value));
                    cells[cell] += weight;
                    moments[cell].add(weight, cells[cell], details);
                }
            }
        });
    }

    /// Writes the sums, scaled, and the statistics, one channel every `stride` values.
    pub fn write(&self, values: &mut [f32], stride: usize, scale: f64) {
        let power = values.par_iter_mut().zip(&self.cells).with_min_len(CHUNK);
        power.for_each(|(value, sum)| *value = (sum * scale) as f32);
        for (cell, moments) in self.moments.iter().enumerate() {
            let mut at = cell;
            moments.write(self.channels, self.cells[cell], |value| {
                at += stride;
                values[at] = value as f32;
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_gets_its_deposits_in_tile_order() {
        // One after the other in the same memory, which holds more or less than is needed.
        let mut sum = MapSum::default();
        for num_cells in [1, 63, 1000, 64, 65] {
            sum.open(num_cells, Channels::default());
            let tile = |first: u32| {
                let mut deposits = Deposits::default();
                for i in 0..500 {
                    let cell = (first + 7 * i) % num_cells as u32;
                    deposits.push(Deposit { cell, value: (i + first) as f32 });
                }
                deposits.sort_into(sum.layout());
                deposits
            };
            let tiles = [tile(0), tile(3)];
            let mut expected = vec![0.0; num_cells];
            for first in [0, 3] {
                for i in 0..500 {
                    expected[((first + 7 * i) % num_cells as u32) as usize] += f64::from(i + first);
                }
            }
            sum.add(tiles.iter());
            assert_eq!(sum.cells, expected);
        }
    }
}
