//! Adding deposits to the map, in an order that does not depend on the number of threads.

use rayon::prelude::*;

use super::deposit::Deposits;

/// Into how many parts a map is divided; each is added to by one thread at a time.
const PARTS: usize = 64;

/// How the cells of a map are divided into parts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    pub num_parts: usize,
    shift: u32,
}

impl Layout {
    fn new(num_cells: usize) -> Self {
        let shift = num_cells.div_ceil(PARTS).next_power_of_two().ilog2();
        Self { num_parts: num_cells.div_ceil(1 << shift), shift }
    }

    #[inline]
    pub fn part(self, cell: u32) -> usize {
        (cell >> self.shift) as usize
    }
}

/// The running sum of a map, in f64 so that small deposits are not lost on large sums.
#[derive(Debug)]
pub(super) struct MapSum {
    layout: Layout,
    cells: Vec<f64>,
}

impl MapSum {
    pub fn new(num_cells: usize) -> Self {
        Self { layout: Layout::new(num_cells), cells: vec![0.0; num_cells] }
    }

    pub fn layout(&self) -> Layout {
        self.layout
    }

    pub fn clear(&mut self) {
        self.cells.fill(0.0);
    }

    /// Adds the deposits of tiles, sorted by part, tile after tile.
    pub fn add<'a>(&mut self, tiles: impl Iterator<Item = &'a Deposits> + Clone + Send + Sync) {
        let part_size = 1 << self.layout.shift;
        self.cells.par_chunks_mut(part_size).enumerate().for_each(|(part, cells)| {
            for deposits in tiles.clone() {
                for deposit in deposits.of_part(part) {
                    cells[deposit.cell as usize - part * part_size] += f64::from(deposit.value);
                }
            }
        });
    }

    /// Writes the sums, scaled.
    pub fn write(&self, map: &mut [f32], scale: f64) {
        for (out, sum) in map.iter_mut().zip(&self.cells) {
            *out = (sum * scale) as f32;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::deposit::Deposit;
    use super::*;

    #[test]
    fn every_cell_gets_its_deposits_in_tile_order() {
        for num_cells in [1, 63, 64, 65, 1000] {
            let mut sum = MapSum::new(num_cells);
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
