//! How far a predicted path gain is from a measured one.

use burn::tensor::Tensor;
use emberwave_physics::units::SMALLEST_LINEAR;

/// What a calibration minimises. With the predicted path gain m and the measured one y of each cell:
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum CalibrationLoss {
    /// Symmetric mean absolute percentage error, the mean of |m − y| / (m + y), in \[0, 1\]; a cell that the model does not
    /// reach counts 1. Far outliers weigh little, so it is the choice for noisy maps.
    #[default]
    Smape,
    /// The mean of (10·lg m/y)² \[dB²\] over the cells that the model reaches.
    SquaredDecibels,
}

impl CalibrationLoss {
    /// The loss between path gains, linear, `[num_cells]` each; the measured ones must be above 0. Differentiable in both.
    ///
    /// ```
    /// # use burn::tensor::{Device, Tensor};
    /// # use emberwave_solvers::CalibrationLoss;
    /// let tensor = |values: [f32; 2]| Tensor::<1>::from_data(values, &Device::default());
    /// let loss = CalibrationLoss::Smape.between(tensor([3e-9, 1e-12]), tensor([1e-9, 1e-12]));
    /// assert!((loss.into_scalar::<f32>() - 0.25).abs() < 1e-6); // (2/4 + 0) / 2
    /// let loss = CalibrationLoss::SquaredDecibels.between(tensor([1e-8, 0.0]), tensor([1e-9, 1e-9]));
    /// assert!((loss.into_scalar::<f32>() - 100.0).abs() < 1e-3); // 10 dB, and one cell that is not reached
    /// ```
    #[must_use]
    pub fn between(self, predicted: Tensor<1>, measured: Tensor<1>) -> Tensor<1> {
        let reached = predicted.clone().detach().greater_elem(0.0).float();
        // Path gains are so small that their squares leave the range of f32; the logarithm of their ratio does not.
        let logarithm = |gain: Tensor<1>| gain.clamp_min(SMALLEST_LINEAR).log();
        let ratio = logarithm(predicted) - logarithm(measured);
        match self {
            Self::Smape => ratio.mul_scalar(0.5).tanh().abs().mean(),
            Self::SquaredDecibels => {
                let decibels = ratio.mul_scalar(10.0 / std::f64::consts::LN_10);
                (decibels.square() * reached.clone()).sum() / reached.sum().clamp_min(1.0)
            }
        }
    }
}
