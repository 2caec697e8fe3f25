//! Complex tensors as pairs of real ones, since Burn has no complex element type.
//!
//! The cotangents of a complex z under a real loss L are (∂L/∂Re z, ∂L/∂Im z), the gradients of its two parts. Range in
//! f32: 10⁻¹⁸ < abs(z) < 10¹⁸ (metal at 1 GHz has abs(η) ≈ 2·10⁸).

use std::ops::{Add, Div, Mul, Neg, Sub};

use burn::tensor::{Bool, Tensor};

use crate::real;

/// `re + j im`, element by element; both parts have the same shape and element type.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use emberwave_em::ComplexTensor;
/// let device = Device::default();
/// let z = ComplexTensor::<1>::new(Tensor::from_data([-4.0], &device), Tensor::from_data([0.0], &device));
/// let root = z.sqrt();
/// assert_eq!((root.re.into_scalar::<f32>(), root.im.into_scalar::<f32>()), (0.0, -2.0));
/// ```
#[derive(Debug, Clone)]
pub struct ComplexTensor<const D: usize> {
    /// Real part.
    pub re: Tensor<D>,
    /// Imaginary part.
    pub im: Tensor<D>,
}

impl<const D: usize> ComplexTensor<D> {
    /// `re + j im`.
    pub fn new(re: Tensor<D>, im: Tensor<D>) -> Self {
        Self { re, im }
    }
    /// Real numbers.
    pub fn from_real(re: Tensor<D>) -> Self {
        let im = re.zeros_like();
        Self { re, im }
    }
    /// `e^{jφ}`, φ in radians; the phase of a wave that has travelled a distance is `cis(−k·distance)`.
    pub fn cis(phase: Tensor<D>) -> Self {
        Self { re: phase.clone().cos(), im: phase.sin() }
    }
    /// `e^z`.
    pub fn exp(self) -> Self {
        Self::cis(self.im).scale(self.re.exp())
    }
    /// The same values as constants to a derivative.
    pub fn detach(self) -> Self {
        Self { re: self.re.detach(), im: self.im.detach() }
    }
    /// Complex conjugate.
    pub fn conj(self) -> Self {
        Self { re: self.re, im: self.im.neg() }
    }
    /// |z|².
    pub fn norm_sqr(self) -> Tensor<D> {
        self.re.square() + self.im.square()
    }
    /// |z|, with derivative 0 at 0.
    pub fn abs(self) -> Tensor<D> {
        real::sqrt(self.norm_sqr())
    }
    /// z².
    pub fn squared(self) -> Self {
        let im = (self.re.clone() * self.im.clone()).mul_scalar(2.0);
        Self { re: (self.re.clone() - self.im.clone()) * (self.re + self.im), im }
    }
    /// `z·s` for real s.
    pub fn scale(self, s: Tensor<D>) -> Self {
        Self { re: self.re * s.clone(), im: self.im * s }
    }
    /// `z·s` for one real number s.
    pub fn mul_scalar(self, s: f64) -> Self {
        Self { re: self.re.mul_scalar(s), im: self.im.mul_scalar(s) }
    }
    /// `j z`.
    pub fn mul_j(self) -> Self {
        Self { re: self.im.neg(), im: self.re }
    }
    /// The constant `value` (real) where the mask is true.
    pub fn mask_fill(self, mask: Tensor<D, Bool>, value: f64) -> Self {
        Self { re: self.re.mask_fill(mask.clone(), value), im: self.im.mask_fill(mask, 0.0) }
    }
    /// Sum along a dimension, whose size becomes 1.
    pub fn sum_dim(self, dim: usize) -> Self {
        Self { re: self.re.sum_dim(dim), im: self.im.sum_dim(dim) }
    }

    /// `1/z`, and 0 with derivative 0 where both parts are below 10⁻³⁰.
    ///
    /// z is first divided by its larger part, a constant to the derivative (the result does not depend on it), so that
    /// no square leaves the range of f32, forward or backward.
    pub fn recip(self) -> Self {
        let largest = self.re.clone().detach().abs().max_pair(self.im.clone().detach().abs());
        let zero = largest.clone().lower_scalar(1e-30);
        let size = real::recip_unless(largest, zero.clone());
        let near_one = self.scale(size.clone());
        let inverse = real::recip_unless(near_one.clone().norm_sqr(), zero);
        near_one.conj().scale(inverse * size)
    }

    /// Square root on the branch Im ≤ 0 (the wave that decays), without cancellation.
    ///
    /// `√(−x) = −j√x` for x > 0, exactly; `√x` of a positive real is the positive root. The branch cut is the
    /// *positive* real axis seen from above: Im z > 0 gives Re √z < 0. The derivative is 1/(2√z), at 0 it is 0.
    pub fn sqrt(self) -> Self {
        let root = self.clone().detach().sqrt_value();
        if !self.re.is_tracked() && !self.im.is_tracked() {
            return root;
        }
        let slope = root.clone().recip().mul_scalar(0.5);
        let step = self.clone() - self.detach();
        root + step * slope
    }

    fn sqrt_value(self) -> Self {
        let size = self.clone().abs() + self.re.clone().abs();
        let large = size.mul_scalar(0.5).sqrt();
        let small = self.im.clone().abs().mul_scalar(-0.5) / real::at_least(large.clone(), 1e-30);
        let left = self.re.lower_scalar(0.0);
        let re = large.clone().mask_where(left.clone(), small.clone().neg());
        let im = small.mask_where(left, large.neg());
        let gaining = self.im.greater_scalar(0.0);
        Self { re: re.clone().mask_where(gaining, re.neg()), im }
    }
}

impl<const D: usize> Add for ComplexTensor<D> {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Self { re: self.re + o.re, im: self.im + o.im }
    }
}
impl<const D: usize> Sub for ComplexTensor<D> {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        Self { re: self.re - o.re, im: self.im - o.im }
    }
}
impl<const D: usize> Mul for ComplexTensor<D> {
    type Output = Self;
    fn mul(self, o: Self) -> Self {
        let re = self.re.clone() * o.re.clone() - self.im.clone() * o.im.clone();
        Self { re, im: self.re * o.im + self.im * o.re }
    }
}
impl<const D: usize> Div for ComplexTensor<D> {
    type Output = Self;
    fn div(self, o: Self) -> Self {
        self.mul(o.recip())
    }
}
impl<const D: usize> Neg for ComplexTensor<D> {
    type Output = Self;
    fn neg(self) -> Self {
        Self { re: self.re.neg(), im: self.im.neg() }
    }
}
