//! Decibels and wavelengths of tensors.

use std::f64::consts::{LN_10, TAU};

use burn::tensor::Tensor;
use emberwave_physics::constants::SPEED_OF_LIGHT;
use emberwave_physics::units::SMALLEST_LINEAR;

use crate::real::at_least;

/// `10·log₁₀(max(x, 10⁻³⁰))` of power ratios: never less than −300 dB, with derivative 0 there.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// let gain = Tensor::<1>::from_data([100.0, 0.0], &Device::default());
/// let level = emberwave_em::units::db_from_linear(gain).try_into_vec_as::<f32>()?;
/// assert!((level[0] - 20.0).abs() < 1e-5 && (level[1] + 300.0).abs() < 1e-4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn db_from_linear<const D: usize>(linear: Tensor<D>) -> Tensor<D> {
    at_least(linear, SMALLEST_LINEAR).log().mul_scalar(10.0 / LN_10)
}

/// `10^(x/10)`: power ratios of levels in decibels. Smooth.
pub fn linear_from_db<const D: usize>(db: Tensor<D>) -> Tensor<D> {
    db.mul_scalar(LN_10 / 10.0).exp()
}

/// Powers \[W\] of levels in dBm. Smooth.
pub fn watt_from_dbm<const D: usize>(dbm: Tensor<D>) -> Tensor<D> {
    linear_from_db(dbm.sub_scalar(30.0))
}

/// Levels in dBm of powers \[W\]; never less than −270 dBm, with derivative 0 there.
pub fn dbm_from_watt<const D: usize>(watt: Tensor<D>) -> Tensor<D> {
    db_from_linear(watt).add_scalar(30.0)
}

/// λ = c/f \[m\] of positive frequencies f \[Hz\]. Differentiable.
pub fn wavelength_from_frequency<const D: usize>(frequency: Tensor<D>) -> Tensor<D> {
    // In GHz, whose square stays in the range of f32 in the derivative.
    frequency.mul_scalar(1e-9).recip().mul_scalar(SPEED_OF_LIGHT * 1e-9)
}

/// k = 2πf/c \[rad/m\] of frequencies f \[Hz\]. Linear.
pub fn wavenumber_from_frequency<const D: usize>(frequency: Tensor<D>) -> Tensor<D> {
    frequency.mul_scalar(TAU / SPEED_OF_LIGHT)
}
