//! Elementary functions in single precision for the hot loop of a ray.
//!
//! Each function reduces its argument without branches and evaluates a minimax polynomial, with only additions,
//! multiplications and bit operations (no libm call, no fused multiply-add, so that it is as fast without the
//! FMA instructions), and therefore inlines and vectorises. The polynomials are those of the Cephes library
//! (S. Moshier). Errors against f64 over the stated ranges, asserted by the tests below:
//!
//! | function | range | error |
//! |---|---|---|
//! | [`sin_cos`] | abs(x) ≤ 10⁴ rad | 1·10⁻⁷ absolute |
//! | [`sin_cos_turns`] | abs(x) ≤ 10⁵ turns | 1.2·10⁻⁷ absolute; relative near 0 |
//! | [`exp_pair`] | −87 ≤ x ≤ 88 | 2·10⁻⁷ relative, both parts |
//! | [`atan2`] | all | 3·10⁻⁷ rad |
//!
//! Arguments must be finite: infinities and NaN give unspecified values, never undefined behaviour.

/// 1.5·2²³: adding and subtracting it rounds a number below 2²² to the nearest integer.
const ROUNDER: f32 = 12_582_912.0;

/// Rounds to the nearest integer (ties to even) for abs(x) < 2²²; returns it as a float and as an integer.
#[inline(always)]
fn round_to_integer(x: f32) -> (f32, i32) {
    let shifted = x + ROUNDER;
    (shifted - ROUNDER, (shifted.to_bits() as i32).wrapping_sub(ROUNDER.to_bits() as i32))
}

/// Sine and cosine of `r + quadrant·π/2` for abs(r) ≤ π/4.
#[inline(always)]
fn sin_cos_quadrant(r: f32, quadrant: i32) -> (f32, f32) {
    let z = r * r;
    let sine = r + r * z * (-1.666_665_5e-1 + z * (8.332_161e-3 + z * -1.951_529_6e-4));
    let cosine = 1.0 - 0.5 * z + z * z * (4.166_664_6e-2 + z * (-1.388_731_6e-3 + z * 2.443_315_7e-5));
    let swap = quadrant & 1 != 0;
    let (s, c) = if swap { (cosine, sine) } else { (sine, cosine) };
    let sign_s = ((quadrant & 2) as u32) << 30;
    let sign_c = ((quadrant.wrapping_add(1) & 2) as u32) << 30;
    (f32::from_bits(s.to_bits() ^ sign_s), f32::from_bits(c.to_bits() ^ sign_c))
}

/// Sine and cosine of an angle in radians.
///
/// Cody–Waite reduction by π/2 in three parts; the first two have 11 bits, so their products with a quadrant
/// number below 2¹³ (abs(x) ≤ 10⁴) are exact.
#[inline(always)]
pub fn sin_cos(x: f32) -> (f32, f32) {
    const PART_1: f32 = 1.570_312_5;
    const PART_2: f32 = 4.837_513e-4;
    const PART_3: f32 = 7.549_79e-8;
    let (n, quadrant) = round_to_integer(x * std::f32::consts::FRAC_2_PI);
    let r = ((x - n * PART_1) - n * PART_2) - n * PART_3;
    sin_cos_quadrant(r, quadrant)
}

/// Sine and cosine of `2π·turns`; the reduction is exact, which radians do not allow.
#[inline(always)]
pub fn sin_cos_turns(turns: f32) -> (f32, f32) {
    let quarters = 4.0 * turns;
    let (n, quadrant) = round_to_integer(quarters);
    sin_cos_quadrant((quarters - n) * std::f32::consts::FRAC_PI_2, quadrant)
}

/// `(eˣ, eˣ − 1)`, both with small relative error, also near x = 0.
///
/// Below −87 the first is 0 and the second −1 (no denormals); above 88 the value at 88 is returned, so that the result is finite.
#[inline(always)]
pub fn exp_pair(x: f32) -> (f32, f32) {
    const LN2_HIGH: f32 = 0.693_359_4;
    const LN2_LOW: f32 = -2.121_944_4e-4;
    let clamped = x.clamp(-87.0, 88.0);
    let (n, exponent) = round_to_integer(clamped * std::f32::consts::LOG2_E);
    let r = (clamped - n * LN2_HIGH) - n * LN2_LOW;
    let p = 8.333_452e-3 + r * (1.398_199_9e-3 + r * 1.987_569_1e-4);
    let p = 0.5 + r * (1.666_666_5e-1 + r * (4.166_579_6e-2 + r * p));
    let remainder_m1 = r + r * r * p;
    let scale = f32::from_bits((exponent.wrapping_add(127) as u32) << 23);
    let scaled = scale * remainder_m1;
    if x < -87.0 { (0.0, -1.0) } else { (scale + scaled, scaled + (scale - 1.0)) }
}

/// Angle of the point (x, y), in (−π, π]; `atan2(0, 0) = 0`.
#[inline(always)]
pub fn atan2(y: f32, x: f32) -> f32 {
    const TAN_PI_8: f32 = 0.414_213_57;
    let (ax, ay) = (x.abs(), y.abs());
    let (low, high) = if ay > ax { (ax, ay) } else { (ay, ax) };
    let upper = low > TAN_PI_8 * high;
    let (numerator, denominator) = if upper { (low - high, low + high) } else { (low, high) };
    let t = numerator / denominator.max(f32::MIN_POSITIVE);
    let z = t * t;
    let p = -3.333_295e-1 + z * (1.997_771_1e-1 + z * (-1.387_768_5e-1 + z * 8.053_745e-2));
    let offset = if upper { std::f32::consts::FRAC_PI_4 } else { 0.0 };
    let octant = offset + (t + t * z * p);
    let quadrant = if ay > ax { std::f32::consts::FRAC_PI_2 - octant } else { octant };
    let half = if x < 0.0 { std::f32::consts::PI - quadrant } else { quadrant };
    if y < 0.0 { -half } else { half }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;

    fn sweep(low: f64, high: f64) -> impl Iterator<Item = f32> {
        const COUNT: usize = 400_003;
        (0..COUNT).map(move |i| (low + (high - low) * i as f64 / (COUNT - 1) as f64) as f32)
    }

    #[test]
    fn sin_cos_agrees_with_f64() {
        for (range, limit) in [(10.0, 1.0e-7), (1.0e3, 1.0e-7), (1.0e4, 1.0e-7)] {
            let mut worst = 0.0f64;
            for x in sweep(-range, range) {
                let (s, c) = sin_cos(x);
                let (s64, c64) = f64::from(x).sin_cos();
                worst = worst.max((f64::from(s) - s64).abs()).max((f64::from(c) - c64).abs());
            }
            println!("sin_cos |x| <= {range}: {worst:.2e}");
            assert!(worst < limit, "{worst} at range {range}");
        }
    }

    #[test]
    fn sin_cos_turns_agrees_with_f64_and_is_relative_near_zero() {
        let mut worst = 0.0f64;
        for x in sweep(-1.0e5, 1.0e5).chain(sweep(-1.0, 1.0)) {
            let (s, c) = sin_cos_turns(x);
            let (s64, c64) = (f64::from(x).fract() * std::f64::consts::TAU).sin_cos();
            worst = worst.max((f64::from(s) - s64).abs()).max((f64::from(c) - c64).abs());
        }
        println!("sin_cos_turns: {worst:.2e}");
        assert!(worst < 1.2e-7, "{worst}");
        let tiny = 1.0e-9f32;
        let relative = f64::from(sin_cos_turns(tiny).0) / (f64::from(tiny) * std::f64::consts::TAU) - 1.0;
        assert!(relative.abs() < 2.0e-7);
    }

    #[test]
    fn exp_pair_has_small_relative_errors() {
        let (mut worst, mut worst_m1) = (0.0f64, 0.0f64);
        for x in sweep(-86.9, 87.9).chain(sweep(-1.0, 1.0)).chain(sweep(-1.0e-4, 1.0e-4)) {
            let (e, m) = exp_pair(x);
            let (e64, m64) = (f64::from(x).exp(), f64::from(x).exp_m1());
            worst = worst.max((f64::from(e) / e64 - 1.0).abs());
            if m64 != 0.0 {
                worst_m1 = worst_m1.max((f64::from(m) / m64 - 1.0).abs());
            }
        }
        println!("exp {worst:.2e}, exp_m1 {worst_m1:.2e}");
        assert!(worst < 2.0e-7 && worst_m1 < 2.0e-7, "{worst} {worst_m1}");
        assert_eq!(exp_pair(-1.0e6), (0.0, -1.0));
        assert_eq!(exp_pair(0.0), (1.0, 0.0));
        assert!(exp_pair(1.0e6).0.is_finite());
    }

    #[test]
    fn atan2_agrees_with_f64() {
        let mut worst = 0.0f64;
        for angle in sweep(-PI, PI) {
            for radius in [1.0e-6, 1.0, 3.0e5] {
                let y = (f64::from(angle).sin() * radius) as f32;
                let x = (f64::from(angle).cos() * radius) as f32;
                worst = worst.max((f64::from(atan2(y, x)) - f64::from(y).atan2(f64::from(x))).abs());
            }
        }
        println!("atan2: {worst:.2e}");
        assert!(worst < 3.0e-7, "{worst}");
        assert_eq!(atan2(0.0, 0.0), 0.0);
        assert_eq!(atan2(0.0, -1.0), std::f32::consts::PI);
    }
}
