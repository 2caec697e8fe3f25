//! Reflection and transmission of polarised fields at surfaces, and the choice between them.
//!
//! With s = (k × n)/|k × n| (TE), p = k × s (TM) for each wave, the reflected and transmitted fields are
//!
//! E_r = r_te (E·s) s + r_tm (E·p_i) p_r,   E_t = t_te (E·s) s + t_tm (E·p_i) p_i,
//!
//! which, with the mirror H = I − 2nnᵀ, is evaluated as in `emberwave_physics::interaction`:
//!
//! E_r = (r_te + r_tm)(E·s) s − r_tm HE,   E_t = (t_te − t_tm)(E·s) s + t_tm E.
//!
//! Differentiable in the field, the coefficients, k and n.

use burn::tensor::Tensor;
use emberwave_physics::EnabledEvents;

use crate::complex::ComplexTensor;
use crate::field::FieldTensor;
use crate::real::{abs, at_most, recip_unless};
use crate::slab::SlabTensor;
use crate::vector::{cross, dot, scale};

/// Squared sine of the angle of incidence below which s is rounding noise in f32 and its factor is below 10⁻¹².
const NORMAL_INCIDENCE: f64 = 1e-12;

/// k − 2(k·n)n, `[n, 3]`: mirror images of directions (or of any vectors) at planes with unit normals n of either sign.
pub fn reflect_direction(k: Tensor<2>, n: Tensor<2>) -> Tensor<2> {
    let along = dot(k.clone(), n.clone()).mul_scalar(2.0);
    k - scale(n, along)
}

/// Planes of incidence: all that interactions need to know of k and n.
#[derive(Debug, Clone)]
pub struct IncidenceTensor {
    /// cos θ = |k·n|, at most 1, `[n]`.
    pub cos_theta: Tensor<1>,
    /// Unit vectors s along k × n, `[n, 3]`; the zero vector at normal incidence, where it has no effect.
    pub s: Tensor<2>,
    /// The normals as given (either side), `[n, 3]`.
    pub n: Tensor<2>,
}

impl IncidenceTensor {
    /// From unit directions of propagation k and unit normals n of either sign, both `[n, 3]`.
    ///
    /// At normal incidence the gradient stops in s: its direction does not exist there.
    pub fn new(k: Tensor<2>, n: Tensor<2>) -> Self {
        let across = cross(k.clone(), n.clone());
        let squared = dot(across.clone(), across.clone());
        let normal = squared.clone().lower_scalar(NORMAL_INCIDENCE);
        let inverse = recip_unless(squared.mask_fill(normal.clone(), 1.0).sqrt(), normal);
        let cos_theta = at_most(abs(dot(k, n.clone())), 1.0);
        Self { cos_theta, s: scale(across, inverse), n }
    }

    /// The reflected fields.
    ///
    /// ```
    /// use burn::tensor::{Device, Tensor};
    /// use emberwave_em::{ComplexTensor, FieldTensor, IncidenceTensor, SlabTensor};
    /// let device = Device::default();
    /// let real = |x: f64| ComplexTensor::from_real(Tensor::<1>::from_data([x], &device));
    /// let vector = |v: [f64; 3]| Tensor::<2>::from_data([v], &device);
    /// let mirror = SlabTensor { r_te: real(-1.0), r_tm: real(1.0), t_te: real(0.0), t_tm: real(0.0) };
    /// let down = IncidenceTensor::new(vector([0.0, 0.0, -1.0]), vector([0.0, 0.0, 1.0]));
    /// let reflected = down.reflect(FieldTensor::from_real(vector([0.5, 0.25, 0.0])), &mirror);
    /// assert_eq!(reflected.re.try_into_vec_as::<f32>()?, [-0.5, -0.25, 0.0]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn reflect(&self, field: FieldTensor, surface: &SlabTensor) -> FieldTensor {
        let across = field.clone().dot(self.s.clone());
        let te = (surface.r_te.clone() + surface.r_tm.clone()) * across;
        let along = field.clone().dot(self.n.clone()).mul_scalar(-2.0);
        let mirrored = field.add_along(self.n.clone(), along);
        mirrored.multiply(-surface.r_tm.clone()).add_along(self.s.clone(), te)
    }

    /// The transmitted fields; the directions of propagation are those of the incident waves.
    pub fn transmit(&self, field: FieldTensor, surface: &SlabTensor) -> FieldTensor {
        let across = field.clone().dot(self.s.clone());
        let te = (surface.t_te.clone() - surface.t_tm.clone()) * across;
        field.multiply(surface.t_tm.clone()).add_along(self.s.clone(), te)
    }
}

/// Probabilities of the events at surfaces, each `[n]`: they sum to 1, or are all 0 where the ray ends.
#[derive(Debug, Clone)]
pub struct EventProbabilitiesTensor {
    /// Specular reflection.
    pub specular: Tensor<1>,
    /// Diffuse reflection.
    pub diffuse: Tensor<1>,
    /// Transmission.
    pub transmission: Tensor<1>,
}

impl EventProbabilitiesTensor {
    /// The same probabilities as constants to a derivative.
    pub fn detach(self) -> Self {
        Self {
            specular: self.specular.detach(),
            diffuse: self.diffuse.detach(),
            transmission: self.transmission.detach(),
        }
    }
}

/// Event probabilities as in Sionna RT 2.2: specular ∝ R(1 − S²), diffuse ∝ R S², transmission ∝ T, over the
/// enabled ones, with R = |r_te|² + |r_tm|² and T alike.
///
/// `scattering` is S in \[0, 1\], `[n]`. An event then carries the amplitude factor 1/√p times √(1 − S²), S or 1, in which
/// p must be a constant ([`detach`](EventProbabilitiesTensor::detach)) for the gradient to be that of the power.
pub fn event_probabilities(
    surface: &SlabTensor,
    scattering: Tensor<1>,
    enabled: EnabledEvents,
) -> EventProbabilitiesTensor {
    let power = |te: &ComplexTensor<1>, tm: &ComplexTensor<1>| te.clone().norm_sqr() + tm.clone().norm_sqr();
    let reflected = power(&surface.r_te, &surface.r_tm);
    let transmitted = power(&surface.t_te, &surface.t_tm);
    let share = scattering.square();
    let keep = |on: bool, weight: Tensor<1>| if on { weight } else { weight.zeros_like() };
    let specular = keep(enabled.specular, reflected.clone() * share.clone().neg().add_scalar(1.0));
    let diffuse = keep(enabled.diffuse, reflected * share);
    let transmission = keep(enabled.transmission, transmitted);
    let total = specular.clone() + diffuse.clone() + transmission.clone();
    // Less than −300 dB is nothing: no event, rather than a division by a denormal.
    let nothing = total.clone().lower_scalar(1e-30);
    let inverse = recip_unless(total, nothing);
    EventProbabilitiesTensor {
        specular: specular * inverse.clone(),
        diffuse: diffuse * inverse.clone(),
        transmission: transmission * inverse,
    }
}
