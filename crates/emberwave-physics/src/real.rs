//! The scalar every formula of this crate is written over: `f32`, `f64` and [`Dual`](crate::dual::Dual).
//!
//! A formula is written once as a generic function. `f32` runs it in the ray loop (with the inlined functions of
//! [`fast_math`]), `f64` is the oracle, and dual numbers differentiate it to check its adjoint.

use std::fmt::Debug;
use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};

use crate::fast_math;

/// A real number with the elementary functions that propagation needs.
///
/// Comparisons look at the value only. Where a derivative does not exist, implementations that carry one use a
/// finite sub-gradient (0 for `sqrt` at 0 and for `atan2` at the origin), so that no NaN is made.
pub trait Real:
    Copy
    + Debug
    + Default
    + PartialOrd
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
{
    /// The number 0.
    const ZERO: Self;
    /// The number 1.
    const ONE: Self;

    /// The nearest number to `value`; a constant for derivatives.
    fn from_f64(value: f64) -> Self;
    /// The value in double precision, derivatives dropped.
    fn to_f64(self) -> f64;
    /// Square root of a non-negative number.
    fn sqrt(self) -> Self;
    /// `(eˣ, eˣ − 1)`, both accurate near 0; `f32` is finite for every finite argument and never denormal.
    fn exp_pair(self) -> (Self, Self);
    /// Natural logarithm of a positive number.
    fn ln(self) -> Self;
    /// Sine and cosine of an angle in radians; `f32` is accurate for abs(x) ≤ 10⁴.
    fn sin_cos(self) -> (Self, Self);
    /// Sine and cosine of `2π·self`.
    fn sin_cos_turns(self) -> (Self, Self);
    /// `self·other` less the nearest integer, in [−½, ½]; `f32` rounds once, after the integer is gone, so that
    /// the phase of a long optical path keeps its digits.
    fn wrapped_product(self, other: Self) -> Self;
    /// Angle of the point (`x`, `self`), in (−π, π]; 0 at the origin.
    fn atan2(self, x: Self) -> Self;
    /// Absolute value.
    fn abs(self) -> Self;
    /// The smaller of two numbers; the derivative follows the one chosen, `self` on ties.
    fn min(self, other: Self) -> Self;
    /// The larger of two numbers; the derivative follows the one chosen, `self` on ties.
    fn max(self, other: Self) -> Self;

    /// `1/self`.
    #[inline(always)]
    fn recip(self) -> Self {
        Self::ONE / self
    }
    /// `eˣ`.
    #[inline(always)]
    fn exp(self) -> Self {
        self.exp_pair().0
    }
    /// `self²`.
    #[inline(always)]
    fn squared(self) -> Self {
        self * self
    }
    /// Integer power, by repeated squaring.
    #[inline]
    fn powi(self, exponent: i32) -> Self {
        let (mut result, mut base, mut left) = (Self::ONE, self, exponent.unsigned_abs());
        while left > 0 {
            if left & 1 == 1 {
                result *= base;
            }
            base *= base;
            left >>= 1;
        }
        if exponent < 0 { result.recip() } else { result }
    }
    /// `self^exponent` of a positive number, as `exp(exponent·ln self)`.
    #[inline]
    fn powf(self, exponent: f64) -> Self {
        (self.ln() * Self::from_f64(exponent)).exp()
    }
}

impl Real for f32 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;

    #[inline(always)]
    fn from_f64(value: f64) -> Self {
        value as f32
    }
    #[inline(always)]
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        f32::sqrt(self)
    }
    #[inline(always)]
    fn exp_pair(self) -> (Self, Self) {
        fast_math::exp_pair(self)
    }
    #[inline(always)]
    fn ln(self) -> Self {
        f32::ln(self)
    }
    #[inline(always)]
    fn sin_cos(self) -> (Self, Self) {
        fast_math::sin_cos(self)
    }
    #[inline(always)]
    fn sin_cos_turns(self) -> (Self, Self) {
        fast_math::sin_cos_turns(self)
    }
    #[inline(always)]
    fn wrapped_product(self, other: Self) -> Self {
        // The product of two f32 is exact in f64; adding 1.5·2⁵² rounds it to an integer.
        const ROUNDER: f64 = 6_755_399_441_055_744.0;
        let product = f64::from(self) * f64::from(other);
        (product - ((product + ROUNDER) - ROUNDER)) as f32
    }
    #[inline(always)]
    fn atan2(self, x: Self) -> Self {
        fast_math::atan2(self, x)
    }
    #[inline(always)]
    fn abs(self) -> Self {
        f32::abs(self)
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        if other < self { other } else { self }
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        if other > self { other } else { self }
    }
}

impl Real for f64 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;

    #[inline(always)]
    fn from_f64(value: f64) -> Self {
        value
    }
    #[inline(always)]
    fn to_f64(self) -> f64 {
        self
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        f64::sqrt(self)
    }
    #[inline]
    fn exp_pair(self) -> (Self, Self) {
        (self.exp(), self.exp_m1())
    }
    #[inline]
    fn exp(self) -> Self {
        f64::exp(self)
    }
    #[inline]
    fn ln(self) -> Self {
        f64::ln(self)
    }
    #[inline]
    fn sin_cos(self) -> (Self, Self) {
        f64::sin_cos(self)
    }
    #[inline]
    fn sin_cos_turns(self) -> (Self, Self) {
        ((self - self.round()) * std::f64::consts::TAU).sin_cos()
    }
    #[inline]
    fn wrapped_product(self, other: Self) -> Self {
        let product = self * other;
        product - product.round()
    }
    #[inline]
    fn atan2(self, x: Self) -> Self {
        f64::atan2(self, x)
    }
    #[inline(always)]
    fn abs(self) -> Self {
        f64::abs(self)
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        if other < self { other } else { self }
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        if other > self { other } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_agree_with_the_standard_library() {
        assert_eq!(Real::powi(1.5f64, 5), 1.5f64.powi(5));
        assert_eq!(Real::powi(2.0f32, -3), 0.125);
        assert!((Real::powf(28.0f64, 0.7822) - 28.0f64.powf(0.7822)).abs() < 1e-13);
    }

    #[test]
    fn wrapped_product_keeps_the_digits_of_a_long_phase() {
        let (a, b) = (1234.567f32, 45.678_9f32);
        let exact = f64::from(a) * f64::from(b);
        let expected = exact - exact.round();
        assert!((f64::from(a.wrapped_product(b)) - expected).abs() < 4e-8);
    }
}
