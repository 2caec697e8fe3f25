//! Dual numbers: forward-mode differentiation, the oracle of the hand-written adjoints.

use std::cmp::Ordering;
use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};

use crate::real::Real;

/// `v + ε d` with ε² = 0: a value and its derivative along one direction.
///
/// ```
/// use emberwave_physics::{Dual, Real};
/// let x = Dual::variable(3.0);
/// let y = x * x + Dual::from_f64(1.0);
/// assert_eq!((y.v, y.d), (10.0, 6.0));
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Dual {
    /// Value.
    pub v: f64,
    /// Derivative.
    pub d: f64,
}

impl Dual {
    /// A value with a given derivative.
    pub const fn new(v: f64, d: f64) -> Self {
        Self { v, d }
    }
    /// The variable that is differentiated: derivative 1.
    pub const fn variable(v: f64) -> Self {
        Self { v, d: 1.0 }
    }
    /// Chain rule: value `v` with derivative `slope·self.d`, 0 where `self` is constant even if the slope is infinite.
    fn chain(self, v: f64, slope: f64) -> Self {
        Self { v, d: if self.d == 0.0 { 0.0 } else { slope * self.d } }
    }
}

impl PartialEq for Dual {
    fn eq(&self, other: &Self) -> bool {
        self.v == other.v
    }
}
impl PartialOrd for Dual {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.v.partial_cmp(&other.v)
    }
}
impl Add for Dual {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Self::new(self.v + o.v, self.d + o.d)
    }
}
impl Sub for Dual {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        Self::new(self.v - o.v, self.d - o.d)
    }
}
impl Mul for Dual {
    type Output = Self;
    fn mul(self, o: Self) -> Self {
        Self::new(self.v * o.v, self.d * o.v + self.v * o.d)
    }
}
impl Div for Dual {
    type Output = Self;
    fn div(self, o: Self) -> Self {
        let v = self.v / o.v;
        Self::new(v, (self.d - v * o.d) / o.v)
    }
}
impl Neg for Dual {
    type Output = Self;
    fn neg(self) -> Self {
        Self::new(-self.v, -self.d)
    }
}
impl AddAssign for Dual {
    fn add_assign(&mut self, o: Self) {
        *self = *self + o;
    }
}
impl SubAssign for Dual {
    fn sub_assign(&mut self, o: Self) {
        *self = *self - o;
    }
}
impl MulAssign for Dual {
    fn mul_assign(&mut self, o: Self) {
        *self = *self * o;
    }
}

impl Real for Dual {
    const ZERO: Self = Self::new(0.0, 0.0);
    const ONE: Self = Self::new(1.0, 0.0);

    fn from_f64(value: f64) -> Self {
        Self::new(value, 0.0)
    }
    fn to_f64(self) -> f64 {
        self.v
    }
    fn sqrt(self) -> Self {
        let root = self.v.sqrt();
        self.chain(root, if root > 0.0 { 0.5 / root } else { 0.0 })
    }
    fn exp_pair(self) -> (Self, Self) {
        let e = self.v.exp();
        (self.chain(e, e), self.chain(self.v.exp_m1(), e))
    }
    fn ln(self) -> Self {
        self.chain(self.v.ln(), 1.0 / self.v)
    }
    fn sin_cos(self) -> (Self, Self) {
        let (s, c) = self.v.sin_cos();
        (self.chain(s, c), self.chain(c, -s))
    }
    fn sin_cos_turns(self) -> (Self, Self) {
        let (s, c) = self.v.sin_cos_turns();
        let tau = std::f64::consts::TAU;
        (self.chain(s, c * tau), self.chain(c, -s * tau))
    }
    fn wrapped_product(self, other: Self) -> Self {
        let product = self * other;
        Self::new(self.v.wrapped_product(other.v), product.d)
    }
    fn atan2(self, x: Self) -> Self {
        let r2 = self.v * self.v + x.v * x.v;
        let d = if r2 > 1e-18 { (x.v * self.d - self.v * x.d) / r2 } else { 0.0 };
        Self::new(self.v.atan2(x.v), d)
    }
    fn abs(self) -> Self {
        if self.v < 0.0 { -self } else { self }
    }
    fn min(self, other: Self) -> Self {
        if other.v < self.v { other } else { self }
    }
    fn max(self, other: Self) -> Self {
        if other.v > self.v { other } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(f: impl Fn(Dual) -> Dual, x: f64) {
        let h = 1e-6;
        let difference = (f(Dual::from_f64(x + h)).v - f(Dual::from_f64(x - h)).v) / (2.0 * h);
        let derivative = f(Dual::variable(x)).d;
        assert!(
            (difference - derivative).abs() < 1e-7 * (1.0 + derivative.abs()),
            "{difference} {derivative}"
        );
    }

    #[test]
    fn derivatives_agree_with_finite_differences() {
        let two = Dual::from_f64(2.0);
        for x in [0.3, 0.9, 1.7] {
            check(Dual::sqrt, x);
            check(|x| x.exp_pair().0 * x.exp_pair().1, x);
            check(Dual::ln, x);
            check(|x| x.sin_cos().0 / (two + x.sin_cos().1), x);
            check(|x| x.sin_cos_turns().0 * x.sin_cos_turns().1, x);
            check(|x| (x * x - two).atan2(x - two), x);
            check(|x| x.powi(-3) + x.powf(1.3), x);
        }
    }

    #[test]
    fn singular_points_have_finite_sub_gradients() {
        assert_eq!(Dual::variable(0.0).sqrt().d, 0.0);
        assert_eq!(Dual::variable(0.0).atan2(Dual::ZERO).d, 0.0);
    }
}
