//! Complex field vectors of a batch of rays.

use burn::tensor::Tensor;

use crate::complex::ComplexTensor;
use crate::vector;

/// Complex 3-vectors E perpendicular to the directions of their rays, by real and imaginary parts, each `[n, 3]`.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use emberwave_em::FieldTensor;
/// let field = FieldTensor::from_real(Tensor::from_data([[3.0, 4.0, 0.0]], &Device::default()));
/// assert_eq!(field.norm_sqr().into_scalar::<f32>(), 25.0);
/// ```
#[derive(Debug, Clone)]
pub struct FieldTensor {
    /// Real parts.
    pub re: Tensor<2>,
    /// Imaginary parts.
    pub im: Tensor<2>,
}

impl FieldTensor {
    /// From real and imaginary parts.
    pub fn new(re: Tensor<2>, im: Tensor<2>) -> Self {
        Self { re, im }
    }
    /// A real field.
    pub fn from_real(re: Tensor<2>) -> Self {
        let im = re.zeros_like();
        Self { re, im }
    }
    /// The same values as constants to a derivative.
    pub fn detach(self) -> Self {
        Self { re: self.re.detach(), im: self.im.detach() }
    }
    /// ‖E‖² = Σ|E_i|², `[n]`.
    pub fn norm_sqr(self) -> Tensor<1> {
        (self.re.square() + self.im.square()).sum_dim(1).squeeze_dim(1)
    }
    /// E·v for real vectors v `[n, 3]`.
    pub fn dot(self, v: Tensor<2>) -> ComplexTensor<1> {
        ComplexTensor::new(vector::dot(self.re, v.clone()), vector::dot(self.im, v))
    }
    /// E·s for real factors s `[n]`.
    pub fn scale(self, s: Tensor<1>) -> Self {
        let s = vector::column(s);
        Self { re: self.re * s.clone(), im: self.im * s }
    }
    /// z E for complex factors z `[n]`.
    pub fn multiply(self, z: ComplexTensor<1>) -> Self {
        let (re, im) = (vector::column(z.re), vector::column(z.im));
        Self {
            re: self.re.clone() * re.clone() - self.im.clone() * im.clone(),
            im: self.im * re + self.re * im,
        }
    }
    /// E + z v for real vectors v `[n, 3]` and complex factors z `[n]`.
    pub fn add_along(self, v: Tensor<2>, z: ComplexTensor<1>) -> Self {
        Self { re: self.re + vector::scale(v.clone(), z.re), im: self.im + vector::scale(v, z.im) }
    }
}
