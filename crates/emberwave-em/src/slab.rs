//! Reflection and transmission of plane waves at half-spaces and single-layer slabs, a batch at a time.
//!
//! The formulas of `emberwave_physics::slab` (ITU-R P.2040, section 2.2.2.1) in the same f32-safe form: factored
//! differences, the contrast 1 − g² instead of g², the phase reduced in turns, attenuation clamped. Differentiable in
//! η, cosθ and d/λ by Burn, with derivative 0 in clamped regions.
//!
//! Burn applies the chain rule to these operations, whose terms cancel for metal, thin films and grazing incidence. Against
//! the closed forms of `emberwave_physics::slab_adjoint` (which the fused kernels use) the gradients are right to 10⁻⁸ in
//! f64, 10⁻⁶ in those corners; in f32 to 10⁻⁴ for dielectrics, 10⁻³ for permittivities near 1 and some percent for metal.

use std::f64::consts::TAU;

use burn::tensor::Tensor;
use emberwave_physics::constants::VACUUM_PERMITTIVITY;
use emberwave_physics::slab::{MAX_ATTENUATION, MIN_COS_THETA};

use crate::complex::ComplexTensor;
use crate::real::{at_least, exp_pair, sin_cos_turns, wrapped_product};

/// `η = ε_r − jσ/(ωε₀)`: complex relative permittivity from ε_r, the conductivity σ \[S/m\] and the frequency \[Hz\].
///
/// Shapes that broadcast, all of dimension D. Source: ITU-R P.2040. Differentiable in all three for positive
/// frequencies.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// let scalar = |x: f64| Tensor::<1>::from_data([x], &Device::default());
/// let eta = emberwave_em::complex_permittivity(scalar(5.24), scalar(0.1231), scalar(3.5e9));
/// assert!((eta.im.into_scalar::<f32>() + 0.632).abs() < 1e-3);
/// ```
pub fn complex_permittivity<const D: usize>(
    relative_permittivity: Tensor<D>,
    conductivity: Tensor<D>,
    frequency: Tensor<D>,
) -> ComplexTensor<D> {
    let scale = 1.0 / (TAU * VACUUM_PERMITTIVITY);
    // Scaled first, so that no intermediate value leaves the range of f32.
    let im = conductivity.mul_scalar(-scale * 1e-9) / frequency.mul_scalar(1e-9);
    let re = relative_permittivity + im.zeros_like();
    ComplexTensor { re, im }
}

/// Amplitude coefficients of surfaces for the two polarisations, each `[n]`.
///
/// TE: E perpendicular to the plane of incidence (along s = k × n); TM: E along p = k × s of each wave. With these
/// bases a good conductor has r_te = −1 and r_tm = +1, and r_tm = −r_te at normal incidence.
#[derive(Debug, Clone)]
pub struct SlabTensor {
    /// Reflection, TE.
    pub r_te: ComplexTensor<1>,
    /// Reflection, TM.
    pub r_tm: ComplexTensor<1>,
    /// Transmission, TE.
    pub t_te: ComplexTensor<1>,
    /// Transmission, TM.
    pub t_tm: ComplexTensor<1>,
}

impl SlabTensor {
    /// The same coefficients as constants to a derivative.
    pub fn detach(self) -> Self {
        Self {
            r_te: self.r_te.detach(),
            r_tm: self.r_tm.detach(),
            t_te: self.t_te.detach(),
            t_tm: self.t_tm.detach(),
        }
    }
}

/// Fresnel coefficients `(r_te, r_tm)`, `[n]`, of half-spaces of permittivity η `[n]` at cosθ `[n]`, wave coming from
/// the air.
///
/// `r_te = (cosθ − a)/(cosθ + a)`, `r_tm = (η cosθ − a)/(η cosθ + a)`, `a = √(η − sin²θ)` with Im a ≤ 0.
/// Ranges as in [`slab_coefficients`]. Source: ITU-R P.2040. Differentiable.
pub fn half_space_coefficients(
    eta: ComplexTensor<1>,
    cos_theta: Tensor<1>,
) -> (ComplexTensor<1>, ComplexTensor<1>) {
    let waves = Waves::new(eta, cos_theta);
    // (u − a)/(u + a) = (u² − a²)/(u + a)², which has no cancellation in u² − a².
    let reflection = |wave: Polarised| wave.difference / (wave.u + wave.a).squared();
    (reflection(waves.te), reflection(waves.tm))
}

/// Coefficients of slabs of permittivity η `[n]` and thickness d in air, at cosθ `[n]`, with d/λ `[n]`.
///
/// With u and a as in [`half_space_coefficients`] (u = cosθ or η cosθ), `g = e^{−jq}`, `q = 2π(d/λ)a`:
///
/// `D = (u² + a²)(1 − g²) + 2ua(1 + g²)`, `r = (u² − a²)(1 − g²)/D`, `t = 4uag/D`
///
/// Ranges: Re η ≥ 1, Im η ≤ 0; cosθ in (0, 1], values below `MIN_COS_THETA` (10⁻⁶) are raised to it; d/λ ≥ 0, 0 is
/// transparent. Beyond `MAX_ATTENUATION` (40) nepers t and its derivatives are 0. Source: ITU-R P.2040, section
/// 2.2.2.1. Differentiable in all arguments.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use emberwave_em::{ComplexTensor, slab_coefficients};
/// let scalar = |x: f64| Tensor::<1>::from_data([x], &Device::default());
/// let glass = ComplexTensor::from_real(scalar(4.0));
/// let slab = slab_coefficients(glass, scalar(1.0), scalar(0.25)); // half a wavelength inside: no reflection
/// assert!(slab.r_te.norm_sqr().into_scalar::<f32>() < 1e-12);
/// ```
pub fn slab_coefficients(
    eta: ComplexTensor<1>,
    cos_theta: Tensor<1>,
    thickness_over_wavelength: Tensor<1>,
) -> SlabTensor {
    let waves = Waves::new(eta, cos_theta);
    let propagation = Propagation::new(waves.te.a.clone(), thickness_over_wavelength);
    let (r_te, t_te) = waves.te.coefficients(&propagation);
    let (r_tm, t_tm) = waves.tm.coefficients(&propagation);
    SlabTensor { r_te, r_tm, t_te, t_tm }
}

/// One polarisation: u = cosθ (TE) or s η cosθ (TM), a = √(η − sin²θ) (times s for TM).
///
/// r and t depend on u/a only, so TM is scaled by s = 1/(|Re η| + |Im η|), a constant to the derivative, to keep f32
/// away from overflow for metal.
#[derive(Debug, Clone)]
struct Polarised {
    u: ComplexTensor<1>,
    a: ComplexTensor<1>,
    /// u² − a², factored so that it has no cancellation and vanishes exactly for η = 1.
    difference: ComplexTensor<1>,
    /// u² + a².
    sum: ComplexTensor<1>,
}

struct Waves {
    te: Polarised,
    tm: Polarised,
}

impl Waves {
    fn new(eta: ComplexTensor<1>, cos_theta: Tensor<1>) -> Self {
        let c = at_least(cos_theta, MIN_COS_THETA);
        let c2 = c.clone().square();
        let eta_m1 = ComplexTensor::new(eta.re.clone().sub_scalar(1.0), eta.im.clone());
        let z = ComplexTensor::new(eta_m1.re.clone() + c2.clone(), eta.im.clone());
        let a = z.clone().sqrt();
        let te = Polarised {
            u: ComplexTensor::from_real(c.clone()),
            a: a.clone(),
            difference: -eta_m1.clone(),
            sum: ComplexTensor::new(z.re.clone() + c2.clone(), z.im.clone()),
        };
        let size = eta.re.clone().detach().abs() + eta.im.clone().detach().abs();
        let scale = at_least(size, 1e-30).recip();
        let u = eta.clone().scale(scale.clone() * c);
        let bracket_re = eta.re.add_scalar(1.0) * c2.clone();
        let bracket = ComplexTensor::new(bracket_re.sub_scalar(1.0), eta.im * c2);
        let tm = Polarised {
            u: u.clone(),
            a: a.scale(scale.clone()),
            difference: eta_m1.scale(scale.clone()) * bracket.scale(scale.clone()),
            sum: u.squared() + z.scale(scale.clone()).scale(scale),
        };
        Self { te, tm }
    }
}

/// `g = e^{−j2πla}` and the contrast `1 − g²`, for Im a ≤ 0.
struct Propagation {
    phasor: ComplexTensor<1>,
    contrast: ComplexTensor<1>,
}

impl Propagation {
    fn new(a: ComplexTensor<1>, l: Tensor<1>) -> Self {
        let exponent = (a.im * l.clone()).mul_scalar(TAU);
        let opaque = exponent.clone().lower_equal_scalar(-MAX_ATTENUATION);
        let (decay, decay_m1) = exp_pair(exponent.mask_fill(opaque.clone(), 0.0));
        let (sin, cos) = sin_cos_turns(wrapped_product(a.re, l));
        let twice_sin = sin.clone().mul_scalar(2.0) * decay.clone().square();
        let loss = decay_m1.clone() * decay_m1.add_scalar(2.0);
        let contrast = ComplexTensor::new(twice_sin.clone() * sin.clone() - loss, twice_sin * cos.clone());
        let phasor = ComplexTensor::new(decay.clone() * cos, (decay * sin).neg());
        Self { phasor: phasor.mask_fill(opaque.clone(), 0.0), contrast: contrast.mask_fill(opaque, 1.0) }
    }
}

impl Polarised {
    /// (r, t).
    fn coefficients(self, propagation: &Propagation) -> (ComplexTensor<1>, ComplexTensor<1>) {
        let contrast = propagation.contrast.clone();
        let one_plus =
            ComplexTensor::new(contrast.re.clone().neg().add_scalar(2.0), contrast.im.clone().neg());
        let ua = (self.u * self.a).mul_scalar(2.0);
        let inverse = (self.sum * contrast.clone() + ua.clone() * one_plus).recip();
        let r = self.difference * contrast * inverse.clone();
        let t = ua.mul_scalar(2.0) * propagation.phasor.clone() * inverse;
        (r, t)
    }
}
