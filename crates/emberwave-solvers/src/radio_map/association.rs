//! Which transmitter serves a cell.

use burn::tensor::{Int, Tensor};

use super::RadioMap;

impl RadioMap {
    /// Index of the transmitter with the largest received signal strength in each cell, the first of several,
    /// `[num_cells_y, num_cells_x]`; −1 where no path of any transmitter arrives.
    ///
    /// An index has no derivative: nothing flows back through it.
    #[must_use]
    pub fn tx_association(&self) -> Tensor<2, Int> {
        self.tx_association_by(self.rss())
    }

    /// As [`Self::tx_association`], by another quantity of this map, `[num_tx, num_cells_y, num_cells_x]`.
    ///
    /// # Panics
    ///
    /// If the shape is not the map's.
    #[must_use]
    pub fn tx_association_by(&self, values: Tensor<3>) -> Tensor<2, Int> {
        assert_eq!(values.dims(), self.path_gain.dims(), "one value per transmitter and cell");
        let uncovered = self.covered().bool_not();
        let nowhere = uncovered.clone().all_dim(0).squeeze_dim::<2>(0);
        let server = values.mask_fill(uncovered, f32::MIN).argmax(0).squeeze_dim::<2>(0);
        server.mask_fill(nowhere, -1)
    }

    /// The largest value over the transmitters that reach a cell, `[num_cells_y, num_cells_x]`, of a quantity of this
    /// map, `[num_tx, num_cells_y, num_cells_x]`; 0 where no path arrives. Differentiable in the values.
    ///
    /// # Panics
    ///
    /// If the shape is not the map's.
    #[must_use]
    pub fn best_server(&self, values: Tensor<3>) -> Tensor<2> {
        assert_eq!(values.dims(), self.path_gain.dims(), "one value per transmitter and cell");
        let uncovered = self.covered().bool_not();
        let nowhere = uncovered.clone().all_dim(0).squeeze_dim::<2>(0);
        let largest = values.mask_fill(uncovered, f32::MIN).max_dim(0).squeeze_dim::<2>(0);
        largest.mask_fill(nowhere, 0.0)
    }
}
