//! Numbers with their gradient by three variables, in any precision: forward mode for functions of a direction.

use std::cmp::Ordering;
use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};

use crate::real::Real;
use crate::vector::{Vec3, add, add_scaled, scale, sub};

/// A value and its gradient by three variables.
///
/// ```
/// use emberwave_physics::{Jet, Real};
/// let [x, y, _] = Jet::variables([3.0f32, 4.0, 0.0]);
/// let length = (x * x + y * y).sqrt();
/// assert_eq!((length.value, length.gradient), (5.0, [0.6, 0.8, 0.0]));
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Jet<R> {
    /// The value.
    pub value: R,
    /// Its derivatives.
    pub gradient: Vec3<R>,
}

impl<R: Real> Jet<R> {
    /// A value that does not depend on the variables.
    #[inline(always)]
    pub fn constant(value: R) -> Self {
        Self { value, gradient: [R::ZERO; 3] }
    }

    /// The three variables themselves.
    #[inline(always)]
    pub fn variables(values: Vec3<R>) -> [Self; 3] {
        let ([x, y, z], [zero, one]) = (values, [R::ZERO, R::ONE]);
        [
            Self { value: x, gradient: [one, zero, zero] },
            Self { value: y, gradient: [zero, one, zero] },
            Self { value: z, gradient: [zero, zero, one] },
        ]
    }

    /// A function of this number with a value and a slope.
    #[inline(always)]
    fn chain(self, value: R, slope: R) -> Self {
        Self { value, gradient: scale(self.gradient, slope) }
    }
}

impl<R: Real> PartialEq for Jet<R> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}
impl<R: Real> PartialOrd for Jet<R> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value.partial_cmp(&other.value)
    }
}
impl<R: Real> Add for Jet<R> {
    type Output = Self;
    #[inline(always)]
    fn add(self, o: Self) -> Self {
        Self { value: self.value + o.value, gradient: add(self.gradient, o.gradient) }
    }
}
impl<R: Real> Sub for Jet<R> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, o: Self) -> Self {
        Self { value: self.value - o.value, gradient: sub(self.gradient, o.gradient) }
    }
}
impl<R: Real> Mul for Jet<R> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, o: Self) -> Self {
        let gradient = add_scaled(scale(self.gradient, o.value), o.gradient, self.value);
        Self { value: self.value * o.value, gradient }
    }
}
impl<R: Real> Div for Jet<R> {
    type Output = Self;
    #[inline(always)]
    fn div(self, o: Self) -> Self {
        let value = self.value / o.value;
        let gradient = scale(add_scaled(self.gradient, o.gradient, -value), o.value.recip());
        Self { value, gradient }
    }
}
impl<R: Real> Neg for Jet<R> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        self.chain(-self.value, -R::ONE)
    }
}
impl<R: Real> AddAssign for Jet<R> {
    #[inline(always)]
    fn add_assign(&mut self, o: Self) {
        *self = *self + o;
    }
}
impl<R: Real> SubAssign for Jet<R> {
    #[inline(always)]
    fn sub_assign(&mut self, o: Self) {
        *self = *self - o;
    }
}
impl<R: Real> MulAssign for Jet<R> {
    #[inline(always)]
    fn mul_assign(&mut self, o: Self) {
        *self = *self * o;
    }
}

impl<R: Real> Real for Jet<R> {
    const ZERO: Self = Self { value: R::ZERO, gradient: [R::ZERO; 3] };
    const ONE: Self = Self { value: R::ONE, gradient: [R::ZERO; 3] };

    #[inline(always)]
    fn from_f64(value: f64) -> Self {
        Self::constant(R::from_f64(value))
    }
    fn to_f64(self) -> f64 {
        self.value.to_f64()
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        let root = self.value.sqrt();
        self.chain(root, if root > R::ZERO { R::from_f64(0.5) / root } else { R::ZERO })
    }
    #[inline(always)]
    fn exp_pair(self) -> (Self, Self) {
        let (exp, less_one) = self.value.exp_pair();
        (self.chain(exp, exp), self.chain(less_one, exp))
    }
    #[inline(always)]
    fn ln(self) -> Self {
        self.chain(self.value.ln(), self.value.recip())
    }
    #[inline(always)]
    fn sin_cos(self) -> (Self, Self) {
        let (sin, cos) = self.value.sin_cos();
        (self.chain(sin, cos), self.chain(cos, -sin))
    }
    #[inline(always)]
    fn sin_cos_turns(self) -> (Self, Self) {
        let (sin, cos) = self.value.sin_cos_turns();
        let tau = R::from_f64(std::f64::consts::TAU);
        (self.chain(sin, cos * tau), self.chain(cos, -sin * tau))
    }
    #[inline(always)]
    fn wrapped_product(self, other: Self) -> Self {
        let Self { gradient, .. } = self * other;
        Self { value: self.value.wrapped_product(other.value), gradient }
    }
    #[inline(always)]
    fn atan2(self, x: Self) -> Self {
        let squared = self.value * self.value + x.value * x.value;
        let inverse = if squared > R::from_f64(1e-18) { squared.recip() } else { R::ZERO };
        let gradient = add_scaled(scale(self.gradient, x.value), x.gradient, -self.value);
        Self { value: self.value.atan2(x.value), gradient: scale(gradient, inverse) }
    }
    #[inline(always)]
    fn abs(self) -> Self {
        if self.value < R::ZERO { -self } else { self }
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        if other.value < self.value { other } else { self }
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        if other.value > self.value { other } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::antenna::{AntennaPattern, PolarizationModel, Slant, antenna_field};
    use crate::dual::Dual;

    #[test]
    fn gradients_of_antennas_equal_those_of_dual_numbers() {
        let at = [0.48, -0.6, 0.64];
        for pattern in AntennaPattern::ALL {
            for model in PolarizationModel::ALL {
                let slant = Slant { cos: Jet::from_f64(0.8), sin: Jet::from_f64(0.6) };
                let found = antenna_field(pattern, model, Jet::variables(at), slant);
                for axis in 0..3 {
                    let along = |other: usize| Dual::new(at[other], if other == axis { 1.0 } else { 0.0 });
                    let slant = Slant { cos: Dual::from_f64(0.8), sin: Dual::from_f64(0.6) };
                    let expected = antenna_field(pattern, model, [0, 1, 2].map(along), slant);
                    for (found, expected) in found.iter().zip(expected) {
                        assert!((found.value - expected.v).abs() < 1e-14);
                        assert!((found.gradient[axis] - expected.d).abs() < 1e-12, "{pattern} {model}");
                    }
                }
            }
        }
    }
}
