//! Elementary functions on real tensors whose values and gradients are finite everywhere.
//!
//! All act element by element and keep the element type. Where a function has a kink or a pole, the elements there are
//! masked *before* the operation, because Burn multiplies a masked cotangent 0 with the slope of what was computed,
//! and 0·∞ is NaN.

use std::f64::consts::TAU;

use burn::tensor::Tensor;

/// |x| with derivative +1 at 0 (Burn's `abs` has 0 there).
pub fn abs<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    let negative = x.clone().lower_scalar(0.0);
    x.clone().mask_where(negative, x.neg())
}

/// max(x, `least`), with derivative 0 below `least`.
pub fn at_least<const D: usize>(x: Tensor<D>, least: f64) -> Tensor<D> {
    let below = x.clone().lower_scalar(least);
    x.mask_fill(below, least)
}

/// min(x, `most`), with derivative 0 above `most`.
pub fn at_most<const D: usize>(x: Tensor<D>, most: f64) -> Tensor<D> {
    let above = x.clone().greater_scalar(most);
    x.mask_fill(above, most)
}

/// √x for x ≥ 0; at 0 (and below) the value and the derivative are 0.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use emberwave_em::real::sqrt;
/// let root = sqrt(Tensor::<1>::from_data([0.0, 9.0], &Device::default()));
/// assert_eq!(root.try_into_vec_as::<f32>()?, [0.0, 3.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn sqrt<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    let zero = x.clone().lower_equal_scalar(0.0);
    x.mask_fill(zero.clone(), 1.0).sqrt().mask_fill(zero, 0.0)
}

/// 1/x, except 0 with derivative 0 where `without` is true.
pub(crate) fn recip_unless<const D: usize>(
    x: Tensor<D>,
    without: Tensor<D, burn::tensor::Bool>,
) -> Tensor<D> {
    x.mask_fill(without.clone(), 1.0).recip().mask_fill(without, 0.0)
}

/// A number with a given derivative: `value` as a function of x with dvalue/dx = `slope`.
///
/// `value` and `slope` are constants; the value is changed by no rounding, since x − x is exactly 0. So a function may be
/// evaluated by whatever formula is accurate, and keep one graph node for its derivative.
pub fn with_slope<const D: usize>(value: Tensor<D>, x: Tensor<D>, slope: Tensor<D>) -> Tensor<D> {
    if !x.is_tracked() {
        return value;
    }
    let step = x.clone() - x.detach();
    value.detach() + step * slope.detach()
}

/// Half of the interval around 0 in which eˣ − 1 is summed from its series.
const SERIES_RANGE: f64 = 0.5;

/// Terms of the series: the first one left out is 3·10⁻¹⁸ of the sum.
const SERIES_TERMS: i32 = 14;

/// `(eˣ, eˣ − 1)` for x ≤ 88, both accurate to rounding, also near 0.
///
/// Burn has no `expm1`, and formulas through `tanh` or `log` depend on how a device rounds these near 0.
pub fn exp_pair<const D: usize>(x: Tensor<D>) -> (Tensor<D>, Tensor<D>) {
    let exp = x.clone().exp();
    let value = x.clone().detach();
    let far = value.clone().abs().greater_scalar(SERIES_RANGE);
    let near = value.mask_fill(far.clone(), 0.0);
    let mut sum = near.ones_like();
    for term in (2..=SERIES_TERMS).rev() {
        sum = (sum * near.clone()).div_scalar(f64::from(term)).add_scalar(1.0);
    }
    let less_one = (sum * near).mask_where(far, exp.clone().detach().sub_scalar(1.0));
    let less_one = with_slope(less_one, x, exp.clone());
    (exp, less_one)
}

/// x·y less the nearest integer, in \[−½, ½\]: a phase in turns that keeps its digits in f32.
///
/// x and y are split at fixed steps of 2⁻⁶ and 2⁻⁴, so that the product of the coarse parts is exact in f32 for
/// abs(x) < 16 and abs(y) < 512 (beyond that it is rounded as any product), and the integer is taken off it before
/// the rest is added. The integer is a constant; the derivatives are y and x.
pub fn wrapped_product<const D: usize>(x: Tensor<D>, y: Tensor<D>) -> Tensor<D> {
    let coarse = |t: &Tensor<D>, steps: f64| t.clone().detach().mul_scalar(steps).round().div_scalar(steps);
    let (x_coarse, y_coarse) = (coarse(&x, 64.0), coarse(&y, 16.0));
    let head = less_nearest_integer(x_coarse.clone() * y_coarse.clone());
    let tail = (x - x_coarse.clone()) * y.clone() + x_coarse * (y - y_coarse);
    less_nearest_integer(head + tail)
}

fn less_nearest_integer<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    let integer = x.clone().detach().round();
    x - integer
}

/// `(sin, cos)` of 2π·`turns`; small arguments (see [`wrapped_product`]) keep all digits in f32.
pub fn sin_cos_turns<const D: usize>(turns: Tensor<D>) -> (Tensor<D>, Tensor<D>) {
    let angle = turns.mul_scalar(TAU);
    (angle.clone().sin(), angle.cos())
}
