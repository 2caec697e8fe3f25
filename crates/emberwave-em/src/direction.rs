//! Directions by the sines and cosines of their spherical angles, and the angles of vectors.
//!
//! θ is the zenith angle in [0, π], φ the azimuth in (−π, π]. At the poles φ is taken as 0.

use burn::tensor::Tensor;

use crate::real::{recip_unless, sqrt};
use crate::vector::{coordinates, from_coordinates};

/// Square of the shortest sinθ of a unit direction at which φ is looked at.
const POLE_SQUARED: f64 = 1e-18;

/// Unit directions by the sines and cosines of their spherical angles, each `[n]`, made without any angle.
#[derive(Debug, Clone)]
pub struct DirectionTensor {
    /// sin θ = √(x² + y²), never negative.
    pub sin_theta: Tensor<1>,
    /// cos θ = z.
    pub cos_theta: Tensor<1>,
    /// sin φ; 0 at the poles.
    pub sin_phi: Tensor<1>,
    /// cos φ; 1 at the poles.
    pub cos_phi: Tensor<1>,
}

impl DirectionTensor {
    /// From unit vectors `[n, 3]`. Differentiable except at the poles, where the gradient stops but for that of cos θ.
    pub fn new(directions: Tensor<2>) -> Self {
        let [x, y, cos_theta] = coordinates(directions);
        let squared = x.clone().square() + y.clone().square();
        let pole = squared.clone().lower_scalar(POLE_SQUARED);
        let sin_theta = sqrt(squared.mask_fill(pole.clone(), 0.0));
        let inverse = recip_unless(sin_theta.clone(), pole.clone());
        let cos_phi = (x * inverse.clone()).mask_fill(pole, 1.0);
        Self { sin_theta, cos_theta, sin_phi: y * inverse, cos_phi }
    }

    /// θ̂ = (cosθ cosφ, cosθ sinφ, −sinθ), `[n, 3]`.
    pub fn theta_hat(&self) -> Tensor<2> {
        from_coordinates([
            self.cos_theta.clone() * self.cos_phi.clone(),
            self.cos_theta.clone() * self.sin_phi.clone(),
            self.sin_theta.clone().neg(),
        ])
    }

    /// φ̂ = (−sinφ, cosφ, 0), `[n, 3]`.
    pub fn phi_hat(&self) -> Tensor<2> {
        let zero = self.cos_phi.zeros_like();
        from_coordinates([self.sin_phi.clone().neg(), self.cos_phi.clone(), zero])
    }
}

/// (θ, φ) \[rad\], each `[n]`, of vectors `[n, 3]` of any length; φ = 0 on the z axis, (0, 0) for the zero vector.
///
/// Differentiable; on the z axis the derivatives of φ, and of θ across the axis, are taken as 0.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// let vector = Tensor::<2>::from_data([[0.0, 2.0, 0.0]], &Device::default());
/// let (_, phi) = emberwave_em::spherical_angles(vector);
/// assert!((phi.into_scalar::<f32>() - std::f32::consts::FRAC_PI_2).abs() < 1e-6);
/// ```
pub fn spherical_angles(vectors: Tensor<2>) -> (Tensor<1>, Tensor<1>) {
    let [x, y, z] = coordinates(vectors);
    let squared = x.clone().square() + y.clone().square();
    let axis = squared.clone().lower_equal_scalar(0.0);
    let nowhere = axis.clone().bool_and(z.clone().equal_scalar(0.0));
    let theta = sqrt(squared).atan2(z.mask_fill(nowhere, 1.0));
    let phi = y.mask_fill(axis.clone(), 0.0).atan2(x.mask_fill(axis, 1.0));
    (theta, phi)
}
