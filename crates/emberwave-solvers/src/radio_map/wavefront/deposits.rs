//! What rays leave in cells, and its sums and moments.

use burn::tensor::{Bool, DType, FloatDType, IndexingUpdateOp, Int, Tensor};
use emberwave_kernels::{Channels, TraceConfig};
use emberwave_physics::constants::SPEED_OF_LIGHT;

use super::world::{cast, constant};

/// Deposits, one per row.
#[derive(Clone, Debug)]
pub(super) struct Deposits {
    pub cell: Tensor<1, Int>,
    /// What is added to the cell: ‖E‖²/|cos θ|/N of a ray, ‖E‖²·a·A/(4πr²) of a fragment, 0 of a border (with a
    /// derivative).
    pub weight: Tensor<1>,
    /// Unfolded length \[m\].
    pub length: Tensor<1>,
    /// Towards where the wave comes from.
    pub arrival: Tensor<2>,
    /// Direction at launch.
    pub departure: Tensor<2>,
}

impl Deposits {
    fn joined(parts: Vec<Self>) -> Option<Self> {
        let column = |of: fn(&Self) -> &Tensor<1>| Tensor::cat(parts.iter().map(of).cloned().collect(), 0);
        let rows = |of: fn(&Self) -> &Tensor<2>| Tensor::cat(parts.iter().map(of).cloned().collect(), 0);
        (!parts.is_empty()).then(|| Self {
            cell: Tensor::cat(parts.iter().map(|part| part.cell.clone()).collect(), 0),
            weight: sum_type(column(|part| &part.weight)),
            length: sum_type(column(|part| &part.length)),
            arrival: sum_type(rows(|part| &part.arrival)),
            departure: sum_type(rows(|part| &part.departure)),
        })
    }
}

/// In the element type of sums: f64 where the device has it.
fn sum_type<const D: usize>(tensor: Tensor<D>) -> Tensor<D> {
    if tensor.device().supports_dtype(DType::F64) { tensor.cast(FloatDType::F64) } else { tensor }
}

/// The map of one transmitter `[channels, cells]`, on the device and in the element type of another tensor.
pub(super) fn map_of(parts: Vec<Deposits>, config: &TraceConfig, like: &Tensor<2>) -> Tensor<2> {
    let (num_channels, num_cells) = (config.channels.count(), config.num_cells());
    let dark = || constant(vec![0.0; num_channels * num_cells], num_channels, like);
    let map = channels(parts, config.channels, num_cells);
    map.map_or_else(dark, |map| cast(map, like.dtype()))
}

/// Maps of all transmitters as an operation of `emberwave_kernels` gives them, `[channels, 1, num_tx, 1, cells]`.
pub(super) fn stacked(maps: Vec<Tensor<2>>) -> Tensor<5> {
    let maps = Tensor::stack::<3>(maps, 1);
    let [num_channels, num_tx, num_cells] = maps.dims();
    maps.reshape([num_channels, 1, num_tx, 1, num_cells])
}

/// The channels of a map `[channels, cells]`; none if nothing was left.
fn channels(parts: Vec<Deposits>, wanted: Channels, num_cells: usize) -> Option<Tensor<2>> {
    let deposits = Deposits::joined(parts)?;
    let sums = Sums::new(&deposits, num_cells);
    let mut channels = vec![sums.power.clone()];
    if wanted.delay {
        // Not divided: Burn 0.22.1 rounds the slope of `div_scalar` to f32.
        let delay = deposits.length.clone().unsqueeze_dim(1).mul_scalar(1e9 / SPEED_OF_LIGHT);
        let (mean, variance) = sums.moments(delay);
        channels.extend(mean.into_iter().map(|mean| mean.mul_scalar(1e-9)));
        channels.push(variance.mul_scalar(1e-18));
    }
    for (wanted, directions) in [(wanted.arrival, &deposits.arrival), (wanted.departure, &deposits.departure)]
    {
        if wanted {
            let (mean, variance) = sums.moments(directions.clone());
            channels.extend(mean);
            channels.push(variance);
        }
    }
    Some(Tensor::stack(channels, 0))
}

/// Power per cell, and what moments need besides.
struct Sums<'a> {
    deposits: &'a Deposits,
    power: Tensor<1>,
    /// 1/power; 0 in dark cells, whose moments are 0 with a derivative of 0.
    inverse: Tensor<1>,
}

impl<'a> Sums<'a> {
    fn new(deposits: &'a Deposits, num_cells: usize) -> Self {
        let zero = deposits.weight.clone().detach().narrow(0, 0, 1).mul_scalar(0.0).expand([num_cells]);
        let power = zero.scatter(0, deposits.cell.clone(), deposits.weight.clone(), IndexingUpdateOp::Add);
        let dark: Tensor<1, Bool> = power.clone().lower_equal_scalar(0.0);
        let inverse = power.clone().mask_fill(dark.clone(), 1.0).recip().mask_fill(dark, 0.0);
        Self { deposits, power, inverse }
    }

    fn sum(&self, values: Tensor<1>) -> Tensor<1> {
        let zero = self.power.zeros_like();
        zero.scatter(0, self.deposits.cell.clone(), values, IndexingUpdateOp::Add)
    }

    /// Weighted mean of each column of `values` `[n, columns]`, and the mean squared distance from it.
    fn moments(&self, values: Tensor<2>) -> (Vec<Tensor<1>>, Tensor<1>) {
        let weight = &self.deposits.weight;
        let mut means = Vec::new();
        let mut squares = weight.zeros_like();
        for column in 0..values.dims()[1] {
            let value = values.clone().narrow(1, column, 1).squeeze_dim::<1>(1);
            let mean = self.sum(value.clone() * weight.clone()) * self.inverse.clone();
            let apart = value - mean.clone().select(0, self.deposits.cell.clone());
            squares = squares + apart.square();
            means.push(mean);
        }
        (means, self.sum(squares * weight.clone()) * self.inverse.clone())
    }
}
