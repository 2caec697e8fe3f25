//! Statistics of the paths that reach a cell, weighted with their power.

use burn::tensor::Tensor;
use emberwave_kernels::Channels;

use super::RadioMap;

/// Smallest second moment told apart from 0, so that its root has a finite derivative.
const TINY_SECOND_MOMENT: f64 = 1e-36;

/// Directions of a cell: the mean `[num_tx, y, x, 3]` and the mean squared distance from it `[num_tx, y, x]`.
#[derive(Clone, Debug)]
pub(super) struct Directions {
    pub(super) mean: Tensor<4>,
    pub(super) variance: Tensor<3>,
}

/// What a solve was asked for beside the path gain.
#[derive(Clone, Debug, Default)]
pub(super) struct Statistics {
    /// Mean \[s\] and variance \[s²\].
    pub(super) delay: Option<(Tensor<3>, Tensor<3>)>,
    pub(super) arrival: Option<Directions>,
    pub(super) departure: Option<Directions>,
}

impl Statistics {
    /// From the channels of a trace, `[channels, num_tx, y, x]`.
    pub fn new(channels: Tensor<4>, wanted: Channels) -> Self {
        let one = |channel: usize| channels.clone().narrow(0, channel, 1).squeeze_dim::<3>(0);
        let directions = |first: usize| Directions {
            mean: channels.clone().narrow(0, first, 3).permute([1, 2, 3, 0]),
            variance: one(first + 3),
        };
        let arrival = if wanted.delay { 3 } else { 1 };
        let departure = arrival + if wanted.arrival { 4 } else { 0 };
        Self {
            delay: wanted.delay.then(|| (one(1), one(2))),
            arrival: wanted.arrival.then(|| directions(arrival)),
            departure: wanted.departure.then(|| directions(departure)),
        }
    }
}

/// √x, with the derivative 0 where x is as good as 0.
fn root(squares: Tensor<3>) -> Tensor<3> {
    let is_tiny = squares.clone().lower_elem(TINY_SECOND_MOMENT);
    squares.mask_fill(is_tiny.clone(), 1.0).sqrt().mask_fill(is_tiny, 0.0)
}

/// Each is there if the solver was asked for it; cells that are not covered hold 0.
impl RadioMap {
    /// Mean delay \[s\], `[num_tx, num_cells_y, num_cells_x]`.
    #[must_use]
    pub fn mean_delay(&self) -> Option<Tensor<3>> {
        self.statistics.delay.as_ref().map(|(mean, _)| mean.clone())
    }

    /// Root-mean-square delay spread \[s\], `[num_tx, num_cells_y, num_cells_x]`: the standard deviation of the delay
    /// over all paths to all points of a cell, weighted with their power.
    #[must_use]
    pub fn rms_delay_spread(&self) -> Option<Tensor<3>> {
        // Variances of nanoseconds squared lie near the end of single precision, so the root is taken of multiples.
        self.statistics
            .delay
            .as_ref()
            .map(|(_, variance)| root(variance.clone().mul_scalar(1e18)).mul_scalar(1e-9))
    }

    /// Mean direction of arrival, `[num_tx, num_cells_y, num_cells_x, 3]`: the mean of the unit vectors from the cell
    /// towards where the waves come from; its length is below 1 where they differ.
    #[must_use]
    pub fn mean_direction_of_arrival(&self) -> Option<Tensor<4>> {
        self.statistics.arrival.as_ref().map(|directions| directions.mean.clone())
    }

    /// Mean direction of departure, `[num_tx, num_cells_y, num_cells_x, 3]`: the mean of the unit vectors from the
    /// transmitter along which the waves leave.
    #[must_use]
    pub fn mean_direction_of_departure(&self) -> Option<Tensor<4>> {
        self.statistics.departure.as_ref().map(|directions| directions.mean.clone())
    }

    /// Direction spread of arrival, `[num_tx, num_cells_y, num_cells_x]`, in \[0, 1\]: √(1 − ‖mean‖²) (Fleury, "First- and
    /// second-order characterization of direction dispersion", 2000), from centred moments.
    #[must_use]
    pub fn direction_spread_of_arrival(&self) -> Option<Tensor<3>> {
        self.statistics.arrival.as_ref().map(|directions| root(directions.variance.clone()))
    }

    /// Direction spread of departure, `[num_tx, num_cells_y, num_cells_x]`, in \[0, 1\].
    #[must_use]
    pub fn direction_spread_of_departure(&self) -> Option<Tensor<3>> {
        self.statistics.departure.as_ref().map(|directions| root(directions.variance.clone()))
    }
}
