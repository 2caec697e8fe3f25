//! Cells of a map whose path gain somebody has measured.

use burn::tensor::{Device, Int, Tensor};

use crate::error::SolveError;
use crate::radio_map::RadioMap;

/// The measured path gain of a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeasuredCell {
    /// Number of the transmitter, in the order of the map.
    pub transmitter: usize,
    /// Number of the cell, y·num_cells_x + x.
    pub cell: usize,
    /// Path gain, linear, above 0.
    pub path_gain: f32,
}

impl MeasuredCell {
    /// The covered cells of a map, by transmitter and number.
    #[must_use]
    pub fn of_map(map: &RadioMap) -> Vec<Self> {
        let gains = map.path_gain();
        let [_, num_y, num_x] = gains.dims();
        let measured = |(index, path_gain): (usize, f32)| Self {
            transmitter: index / (num_y * num_x),
            cell: index % (num_y * num_x),
            path_gain,
        };
        let gains = gains.into_data();
        gains.iter::<f32>().enumerate().filter(|&(_, gain)| gain > 0.0).map(measured).collect()
    }
}

/// Measured cells as tensors.
#[derive(Clone, Debug)]
pub struct CellBatch {
    transmitters: Tensor<1, Int>,
    cells: Tensor<1, Int>,
    path_gain: Tensor<1>,
    /// The largest numbers of a transmitter and of a cell.
    largest: [usize; 2],
}

impl CellBatch {
    /// Some measured cells on a device.
    ///
    /// # Errors
    ///
    /// If there are none, or a path gain is not a finite number above 0.
    pub fn new(measured: &[MeasuredCell], device: &Device) -> Result<Self, SolveError> {
        let refuse = |expected: &str, value: String| SolveError::Parts {
            part: "measured cells",
            expected: expected.to_owned(),
            value,
        };
        if measured.is_empty() {
            return Err(refuse("at least one", "none".to_owned()));
        }
        let wrong = measured.iter().find(|cell| !(cell.path_gain.is_finite() && cell.path_gain > 0.0));
        if let Some(wrong) = wrong {
            return Err(refuse("finite path gains above 0", wrong.path_gain.to_string()));
        }
        let numbers = |number: fn(&MeasuredCell) -> usize| {
            let values: Vec<i64> = measured.iter().map(|cell| number(cell) as i64).collect();
            (Tensor::from_data(values.as_slice(), device), values.into_iter().max().unwrap_or(0) as usize)
        };
        let (transmitters, last_transmitter) = numbers(|cell| cell.transmitter);
        let (cells, last_cell) = numbers(|cell| cell.cell);
        let gains: Vec<f32> = measured.iter().map(|cell| cell.path_gain).collect();
        let path_gain = Tensor::from_data(gains.as_slice(), device);
        Ok(Self { transmitters, cells, path_gain, largest: [last_transmitter, last_cell] })
    }

    /// Number of cells.
    #[must_use]
    pub fn len(&self) -> usize {
        self.path_gain.dims()[0]
    }

    /// Whether there are none, which never holds.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Measured path gains, linear, `[num_cells]`.
    #[must_use]
    pub fn path_gain(&self) -> Tensor<1> {
        self.path_gain.clone()
    }

    /// The path gains that a map has in these cells, linear, `[num_cells]`. Differentiable in the map.
    ///
    /// # Errors
    ///
    /// If the map has fewer transmitters or cells.
    pub fn of(&self, map: &RadioMap) -> Result<Tensor<1>, SolveError> {
        let gains = map.path_gain();
        let [num_tx, num_y, num_x] = gains.dims();
        let num_cells = num_y * num_x;
        let [transmitter, cell] = self.largest;
        if transmitter >= num_tx || cell >= num_cells {
            return Err(SolveError::Parts {
                part: "measured cells",
                expected: format!("of {num_tx} transmitters and {num_cells} cells"),
                value: format!("cell {cell} of transmitter {transmitter}"),
            });
        }
        let index = self.transmitters.clone().mul_scalar(num_cells as i64) + self.cells.clone();
        // By its values: moving a tensor keeps its autodiff settings, and a learner may have given the model others.
        let index = Tensor::<1, Int>::from_data(index.into_data(), &gains.device());
        Ok(gains.reshape([num_tx * num_cells]).select(0, index))
    }
}
