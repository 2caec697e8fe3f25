//! The field that an oriented antenna with several ports radiates into directions of the world.

use burn::tensor::Tensor;
use emberwave_physics::{PolarizationModel, Slant};

use crate::antenna::{amplitude, components};
use crate::complex::ComplexTensor;
use crate::direction::DirectionTensor;
use crate::field::FieldTensor;
use crate::pattern::{PatternTensor, slanted, table_field};
use crate::vector::{transform, transform_transposed};

/// Fields in the world of any antenna: `local_field` gives (C_θ, C_φ), each `[n]`, for unit directions `[n, 3]` in the
/// antenna's own frame.
///
/// `k` `[n, 3]` are unit directions in the world, `rotation` `[3, 3]` has world vector = rotation · local vector. The
/// place for a user's own antenna, such as a network. Differentiable in k and the rotation, except at the local poles.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use emberwave_em::{ComplexTensor, radiate};
/// let device = Device::default();
/// let (k, upright) = (Tensor::<2>::from_data([[1.0, 0.0, 0.0]], &device), Tensor::eye(3, &device));
/// let field = radiate(k, upright, |local| {
///     let one = ComplexTensor::from_real(local.narrow(1, 0, 1).squeeze_dim(1));
///     [one.clone(), one.mul_scalar(0.0)]
/// });
/// assert_eq!(field.re.try_into_vec_as::<f32>()?, [0.0, 0.0, -1.0]); // θ̂ points down
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn radiate(
    k: Tensor<2>,
    rotation: Tensor<2>,
    local_field: impl FnOnce(Tensor<2>) -> [ComplexTensor<1>; 2],
) -> FieldTensor {
    let local = transform_transposed(rotation.clone(), k);
    let directions = DirectionTensor::new(local.clone());
    let theta_hat = transform(rotation.clone(), directions.theta_hat());
    let phi_hat = transform(rotation, directions.phi_hat());
    let [theta, phi] = local_field(local);
    let zero = theta_hat.zeros_like();
    FieldTensor::new(zero.clone(), zero).add_along(theta_hat, theta).add_along(phi_hat, phi)
}

/// An antenna at one place: pattern, polarisation, orientation and the weights of its ports.
///
/// The field is Σ_p w_p e^{+jκ k·(R o_p)} S_p (C_θ, C_φ) over the ports p, with weights w, offsets o from the
/// position, wavenumber κ, rotation R, the pattern's field (C_θ, C_φ) and the turn S_p by the port's slant.
/// Differentiable in the rotation, weights, offsets, wavenumber and tables.
#[derive(Debug, Clone)]
pub struct RadiatorTensor {
    /// What an element radiates without slant, the same for all ports.
    pub pattern: PatternTensor,
    /// How a slant turns the field.
    pub model: PolarizationModel,
    /// Slant angle of each port \[rad\].
    pub slants: Vec<f64>,
    /// World vector = rotation · local vector, `[3, 3]`.
    pub rotation: Tensor<2>,
    /// Real and imaginary part of the weight of each port, `[ports, 2]`.
    pub weights: Tensor<2>,
    /// Offset of each port in the antenna's own frame \[m\], `[ports, 3]`.
    pub offsets: Tensor<2>,
    /// κ = 2π/λ \[rad/m\], `[1]`.
    pub wavenumber: Tensor<1>,
}

impl RadiatorTensor {
    /// Range-free fields radiated along unit directions k `[n, 3]` of the world; ‖E‖² is the gain.
    pub fn field(&self, k: Tensor<2>) -> FieldTensor {
        radiate(k, self.rotation.clone(), |local| self.local_field(local))
    }

    /// (C_θ, C_φ), each `[n]`, for unit directions `[n, 3]` in the antenna's own frame.
    pub fn local_field(&self, local: Tensor<2>) -> [ComplexTensor<1>; 2] {
        let directions = DirectionTensor::new(local.clone());
        let weights = self.weights_towards(local);
        match &self.pattern {
            PatternTensor::Named(pattern) => {
                let amplitude = amplitude(*pattern, &directions);
                self.sum_ports(&weights, &directions, |weight, polarization| {
                    let weight = weight.scale(amplitude.clone());
                    polarization.map(|component| weight.clone().scale(component))
                })
            }
            PatternTensor::Table(table) => {
                let element = table_field(table, &directions);
                self.sum_ports(&weights, &directions, |weight, polarization| {
                    slanted(element.clone(), polarization).map(|component| weight.clone() * component)
                })
            }
        }
    }

    /// The sum over ports, given the field of a weight and a polarisation (cosψ, sinψ).
    fn sum_ports(
        &self,
        weights: &ComplexTensor<2>,
        directions: &DirectionTensor,
        field: impl Fn(ComplexTensor<1>, [Tensor<1>; 2]) -> [ComplexTensor<1>; 2],
    ) -> [ComplexTensor<1>; 2] {
        let zero = ComplexTensor::from_real(directions.cos_theta.zeros_like());
        let mut sum = [zero.clone(), zero];
        // Ports that follow each other with the same slant share their polarisation.
        let mut first = 0;
        for run in self.slants.chunk_by(|a, b| a == b) {
            let part = |t: &Tensor<2>| t.clone().narrow(1, first, run.len()).sum_dim(1).squeeze_dim(1);
            let weight = ComplexTensor::new(part(&weights.re), part(&weights.im));
            let polarization = components(self.model, directions, Slant::new(run[0]));
            for (total, component) in sum.iter_mut().zip(field(weight, polarization)) {
                *total = total.clone() + component;
            }
            first += run.len();
        }
        sum
    }

    /// The weights with the phases that the offsets give them, `[n, ports]`.
    fn weights_towards(&self, local: Tensor<2>) -> ComplexTensor<2> {
        let ahead = transform(self.offsets.clone(), local);
        let phasors = ComplexTensor::cis(ahead * self.wavenumber.clone().unsqueeze_dim::<2>(0));
        let part = |column: usize| self.weights.clone().narrow(1, column, 1).transpose();
        ComplexTensor::new(part(0), part(1)) * phasors
    }
}
