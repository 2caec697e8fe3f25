//! The transmitters of a scene as parameters.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use emberwave_kernels::SOURCE_COLUMNS;
use emberwave_physics::rotation_matrix;

use crate::error::SceneError;
use crate::parameter::{extended, frozen, overwritten, read, unchanged, with_derivative};
use crate::transmitter::Transmitter;

/// The transmitters of a [`Scene`](crate::Scene) as parameters, in the order of
/// [`Scene::transmitters`](crate::Scene::transmitters).
#[derive(Module, Debug)]
pub struct Transmitters {
    /// Positions \[m\], `[num_tx, 3]`.
    pub position: Param<Tensor<2>>,
    /// Yaw, pitch and roll \[rad\], `[num_tx, 3]`.
    pub orientation: Param<Tensor<2>>,
    /// Transmit powers \[dBm\], `[num_tx]`; any number is a power, so no step of an optimiser leaves the range.
    pub power_dbm: Param<Tensor<1>>,
    #[module(skip)]
    described: Vec<Transmitter>,
}

impl Transmitters {
    pub(crate) fn none(device: &Device) -> Self {
        Self {
            position: frozen(Vec::new(), [0, 3], device),
            orientation: frozen(Vec::new(), [0, 3], device),
            power_dbm: frozen(Vec::new(), [0], device),
            described: Vec::new(),
        }
    }

    pub(crate) fn with(mut self, transmitter: Transmitter) -> Self {
        self.position = extended(&self.position, &transmitter.position.map(|x| x as f32));
        self.orientation = extended(&self.orientation, &transmitter.orientation.map(|x| x as f32));
        self.power_dbm = extended(&self.power_dbm, &[transmitter.power_dbm as f32]);
        self.described.push(transmitter);
        self
    }

    /// Takes the values of the same transmitters elsewhere.
    pub(crate) fn with_values_of(mut self, other: &Self) -> Self {
        self.position = overwritten(self.position, read(&other.position));
        self.orientation = overwritten(self.orientation, read(&other.orientation));
        self.power_dbm = overwritten(self.power_dbm, read(&other.power_dbm));
        self
    }

    /// The transmitters as described.
    pub(crate) fn described(&self) -> &[Transmitter] {
        &self.described
    }

    /// The transmitters as they are, each in its range.
    pub(crate) fn current(&self) -> Result<Vec<Transmitter>, SceneError> {
        let (position, orientation) = (read(&self.position), read(&self.orientation));
        let power = read(&self.power_dbm);
        // A value that is still what was written stands for the number it was written from.
        let value =
            |value: f32, from: f64| if unchanged(value, from as f32) { from } else { f64::from(value) };
        let transmitter = |(index, described): (usize, &Transmitter)| {
            let vector = |values: &[f32], from: [f64; 3]| {
                [0, 1, 2].map(|axis| value(values[3 * index + axis], from[axis]))
            };
            let current = Transmitter {
                position: vector(&position, described.position),
                orientation: vector(&orientation, described.orientation),
                power_dbm: value(power[index], described.power_dbm),
                ..described.clone()
            };
            current.validate().map(|()| current)
        };
        self.described.iter().enumerate().map(transmitter).collect()
    }

    /// Positions and rotations as a solver reads them, `[num_tx, 12]`.
    pub(crate) fn sources(&self, current: &[Transmitter]) -> Tensor<2> {
        let shape = [current.len(), SOURCE_COLUMNS];
        let rows = current.iter().flat_map(source_row).collect();
        let values = Tensor::from_data(TensorData::new::<f32, _>(rows, shape), &self.position.device());
        let (position, orientation) = (self.position.val(), self.orientation.val());
        if !position.is_tracked() && !orientation.is_tracked() {
            return values;
        }
        let rotation = emberwave_em::rotation_matrices(orientation).reshape([current.len(), 9]);
        with_derivative(values, Tensor::cat(vec![position, rotation], 1), None)
    }

    /// Transmit powers \[W\], `[num_tx]`.
    pub(crate) fn power(&self, current: &[Transmitter]) -> Tensor<1> {
        let watts = current.iter().map(|transmitter| transmitter.power() as f32).collect();
        let shape = [current.len()];
        let values = Tensor::from_data(TensorData::new::<f32, _>(watts, shape), &self.power_dbm.device());
        let decibels = self.power_dbm.val();
        if !decibels.is_tracked() {
            return values;
        }
        let watts = ((decibels - 30.0) * (std::f64::consts::LN_10 / 10.0)).exp();
        with_derivative(values, watts, None)
    }
}

/// Position, then the rotation from the antenna's frame to the world's, row by row.
fn source_row(transmitter: &Transmitter) -> impl Iterator<Item = f32> {
    let rotation = rotation_matrix(transmitter.orientation);
    transmitter.position.into_iter().chain(rotation.into_iter().flatten()).map(|x| x as f32)
}
