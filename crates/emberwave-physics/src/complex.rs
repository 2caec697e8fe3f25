//! Complex numbers over a [`Real`].

use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};

use crate::real::Real;

/// `re + j im`. The time convention of this crate is e^{+jωt}, so a lossy permittivity has im ≤ 0.
///
/// Range in `f32`: division and square root form |z|², so 10⁻¹⁸ < |z| < 10¹⁸ (metal at 1 GHz has |η| ≈ 2·10⁸).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Complex<R> {
    /// Real part.
    pub re: R,
    /// Imaginary part.
    pub im: R,
}

impl<R: Real> Complex<R> {
    /// The number 0.
    pub const ZERO: Self = Self { re: R::ZERO, im: R::ZERO };
    /// The number 1.
    pub const ONE: Self = Self { re: R::ONE, im: R::ZERO };

    /// `re + j im`.
    #[inline(always)]
    pub const fn new(re: R, im: R) -> Self {
        Self { re, im }
    }
    /// A real number.
    #[inline(always)]
    pub const fn from_real(re: R) -> Self {
        Self { re, im: R::ZERO }
    }
    /// A constant from double precision.
    #[inline(always)]
    pub fn from_f64(re: f64, im: f64) -> Self {
        Self::new(R::from_f64(re), R::from_f64(im))
    }
    /// `e^{jφ}`, φ in radians.
    #[inline(always)]
    pub fn cis(phase: R) -> Self {
        let (sin, cos) = phase.sin_cos();
        Self::new(cos, sin)
    }
    /// Complex conjugate.
    #[inline(always)]
    pub fn conj(self) -> Self {
        Self::new(self.re, -self.im)
    }
    /// |z|².
    #[inline(always)]
    pub fn norm_sqr(self) -> R {
        self.re * self.re + self.im * self.im
    }
    /// |z|.
    #[inline(always)]
    pub fn abs(self) -> R {
        self.norm_sqr().sqrt()
    }
    /// `z²`.
    #[inline(always)]
    pub fn squared(self) -> Self {
        let cross = self.re * self.im;
        Self::new((self.re - self.im) * (self.re + self.im), cross + cross)
    }
    /// `z·s` for a real s.
    #[inline(always)]
    pub fn scale(self, s: R) -> Self {
        Self::new(self.re * s, self.im * s)
    }
    /// `j z`.
    #[inline(always)]
    pub fn mul_j(self) -> Self {
        Self::new(-self.im, self.re)
    }
    /// `1/z`.
    #[inline(always)]
    pub fn recip(self) -> Self {
        let inverse = self.norm_sqr().recip();
        Self::new(self.re * inverse, -(self.im * inverse))
    }
    /// Square root on the branch Im ≤ 0 (the wave that decays), without cancellation.
    ///
    /// `√(−x) = −j√x` for x > 0, exactly; `√x` of a positive real is the positive root. The branch cut is the
    /// *positive* real axis seen from above: Im z > 0 gives Re √z < 0. Not differentiable at 0 (guarded, finite).
    ///
    /// ```
    /// use emberwave_physics::Complex;
    /// let root = Complex::new(-4.0f32, 0.0).sqrt();
    /// assert_eq!((root.re, root.im), (0.0, -2.0));
    /// ```
    #[inline(always)]
    pub fn sqrt(self) -> Self {
        let half = R::from_f64(0.5);
        let large = ((self.abs() + self.re.abs()) * half).sqrt();
        // −|im|, written so that the derivative at im = 0 is that of the lossy side.
        let below = if self.im > R::ZERO { -self.im } else { self.im };
        let small = below * half / large.max(R::from_f64(1e-30));
        let (re, im) = if self.re >= R::ZERO { (large, small) } else { (-small, -large) };
        Self::new(if self.im > R::ZERO { -re } else { re }, im)
    }
}

impl<R: Real> Add for Complex<R> {
    type Output = Self;
    #[inline(always)]
    fn add(self, o: Self) -> Self {
        Self::new(self.re + o.re, self.im + o.im)
    }
}
impl<R: Real> Sub for Complex<R> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, o: Self) -> Self {
        Self::new(self.re - o.re, self.im - o.im)
    }
}
impl<R: Real> Mul for Complex<R> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, o: Self) -> Self {
        Self::new(self.re * o.re - self.im * o.im, self.re * o.im + self.im * o.re)
    }
}
impl<R: Real> Div for Complex<R> {
    type Output = Self;
    #[inline(always)]
    fn div(self, o: Self) -> Self {
        let inverse = o.norm_sqr().recip();
        let product = self * o.conj();
        Self::new(product.re * inverse, product.im * inverse)
    }
}
impl<R: Real> Neg for Complex<R> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self::new(-self.re, -self.im)
    }
}
impl<R: Real> AddAssign for Complex<R> {
    #[inline(always)]
    fn add_assign(&mut self, o: Self) {
        *self = *self + o;
    }
}
impl<R: Real> SubAssign for Complex<R> {
    #[inline(always)]
    fn sub_assign(&mut self, o: Self) {
        *self = *self - o;
    }
}
impl<R: Real> MulAssign for Complex<R> {
    #[inline(always)]
    fn mul_assign(&mut self, o: Self) {
        *self = *self * o;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn square_root_squares_back_and_has_no_positive_imaginary_part() {
        for (re, im) in
            [(3.0, -1.0), (-3.0, -1.0), (-3.0, 1.0), (3.0, 1.0), (1.0, -5e7), (1e-4, 0.0), (0.0, -2.0)]
        {
            let z = Complex::<f32>::from_f64(re, im);
            let w = z.sqrt();
            assert!(w.im <= 0.0, "{w:?}");
            assert!((w * w - z).abs() <= 4e-7 * z.abs(), "{z:?} {w:?}");
        }
    }

    #[test]
    fn square_root_keeps_a_tiny_loss() {
        let w = Complex::<f32>::new(5.24, -1e-6).sqrt();
        assert!((f64::from(w.im) / (-1e-6 / (2.0 * 5.24f64.sqrt())) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn square_root_of_zero_is_zero() {
        assert_eq!(Complex::<f32>::ZERO.sqrt().norm_sqr(), 0.0);
    }

    #[test]
    fn division_inverts_multiplication_for_metal() {
        let metal = Complex::<f32>::new(1.0, -5e7);
        let one = metal / metal;
        assert!((one - Complex::ONE).abs() < 2e-7);
        assert!((metal * metal.recip() - Complex::ONE).abs() < 2e-7);
    }
}
