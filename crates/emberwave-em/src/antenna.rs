//! Antenna elements: what field they radiate in directions of their own frame.
//!
//! Boresight is local +x, z is up. A field is the pair (C_θ, C_φ) along θ̂ and φ̂ of the direction, with
//! |C_θ|² + |C_φ|² = gain relative to an isotropic antenna. Formulas and constants are those of
//! `emberwave_physics::antenna` (3GPP TR 38.901, Table 7.3-1 and section 7.3.2).

use burn::tensor::Tensor;
use emberwave_physics::{AntennaPattern, PolarizationModel, Slant};

use crate::direction::DirectionTensor;
use crate::real::{abs, at_least, at_most, recip_unless};

/// Fields (C_θ, C_φ), each `[n]`, of an element with a slant ζ, for unit directions `[n, 3]` in its own frame.
///
/// Differentiable in the directions except at the poles and in the clipped regions of the pattern (sub-gradient 0).
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use emberwave_physics::{AntennaPattern, PolarizationModel, Slant};
/// let boresight = Tensor::<2>::from_data([[1.0, 0.0, 0.0]], &Device::default());
/// let slant = Slant::new(0.0);
/// let [theta, _] =
///     emberwave_em::antenna_field(AntennaPattern::Dipole, PolarizationModel::Two, boresight, slant);
/// assert!((theta.into_scalar::<f32>() - 1.5f32.sqrt()).abs() < 1e-6);
/// ```
pub fn antenna_field(
    pattern: AntennaPattern,
    model: PolarizationModel,
    directions: Tensor<2>,
    slant: Slant<f64>,
) -> [Tensor<1>; 2] {
    let directions = DirectionTensor::new(directions);
    let amplitude = amplitude(pattern, &directions);
    components(model, &directions, slant).map(|component| component * amplitude.clone())
}

/// Amplitude c(θ, φ) `[n]` of the vertically polarised field, in [0, 2.52]; c² is the gain relative to isotropic.
pub fn amplitude(pattern: AntennaPattern, directions: &DirectionTensor) -> Tensor<1> {
    match pattern {
        AntennaPattern::Isotropic => directions.cos_theta.ones_like(),
        AntennaPattern::Dipole => directions.sin_theta.clone().mul_scalar(1.224_744_871_391_589),
        AntennaPattern::HalfWaveDipole => half_wave_dipole(directions),
        AntennaPattern::Tr38901 => tr38901(directions),
    }
}

/// cos(π/2·z)/ρ with cos(π/2·z) = sin(π/2·ρ²/(1 + |z|)), which keeps its digits near the poles.
fn half_wave_dipole(directions: &DirectionTensor) -> Tensor<1> {
    let rho = directions.sin_theta.clone();
    let quarter_turns = rho.clone().square() / abs(directions.cos_theta.clone()).add_scalar(1.0);
    let sine = quarter_turns.mul_scalar(std::f64::consts::FRAC_PI_2).sin();
    sine.mul_scalar(1.281_795_615_532_453) / at_least(rho, 1e-9)
}

/// 10^{A/20}, A = 8 − min(A_V + A_H, 30) dBi, A_V and A_H = min(12(angle/65°)², 30).
fn tr38901(directions: &DirectionTensor) -> Tensor<1> {
    let elevation = directions.cos_theta.clone().atan2(directions.sin_theta.clone());
    let azimuth = directions.sin_phi.clone().atan2(directions.cos_phi.clone());
    let beam = 180.0 / (std::f64::consts::PI * 65.0);
    let attenuation = |angle: Tensor<1>| at_most(angle.mul_scalar(beam).square().mul_scalar(12.0), 30.0);
    let total = at_most(attenuation(elevation) + attenuation(azimuth), 30.0);
    total.neg().add_scalar(8.0).mul_scalar(std::f64::consts::LN_10 / 20.0).exp()
}

/// Unit vectors (cos ψ, sin ψ), each `[n]`, of the field along (θ̂, φ̂).
///
/// Model 1: (cosζ sinθ + sinζ sinφ cosθ, sinζ cosφ), normalised; along the axis of the slanted antenna, where
/// it is singular, (1, 0) with derivative 0. Model 2: (cosζ, sinζ).
pub fn components(
    model: PolarizationModel,
    directions: &DirectionTensor,
    slant: Slant<f64>,
) -> [Tensor<1>; 2] {
    if model == PolarizationModel::Two {
        return [slant.cos, slant.sin].map(|value| directions.cos_theta.full_like(value));
    }
    let across = (directions.sin_phi.clone() * directions.cos_theta.clone()).mul_scalar(slant.sin);
    let theta = directions.sin_theta.clone().mul_scalar(slant.cos) + across;
    let phi = directions.cos_phi.clone().mul_scalar(slant.sin);
    // This norm equals √(1 − (cosζ cosθ − sinζ sinφ sinθ)²) without its cancellation.
    let squared = theta.clone().square() + phi.clone().square();
    let axis = squared.clone().lower_scalar(1e-18);
    let inverse = recip_unless(squared.mask_fill(axis.clone(), 1.0).sqrt(), axis.clone());
    [(theta * inverse.clone()).mask_fill(axis, 1.0), phi * inverse]
}
