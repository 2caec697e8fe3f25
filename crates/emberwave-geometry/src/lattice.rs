//! Launch directions: a Fibonacci lattice on the sphere with a random start.

use glam::Vec3;

use crate::random::CounterRng;

/// 2⁶⁴ / golden ratio, rounded to odd.
const GOLDEN_STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// `num_rays` nearly uniform directions on the unit sphere, which start where a seed says.
///
/// Direction n has
/// $$ z_n = 1 - \frac{2 (n + u)}{N}, \qquad \varphi_n = \varphi_0 + 2\pi\, \mathrm{frac}(n / \phi) $$
/// with the golden ratio φ, u drawn uniformly from \[0, 1) and φ₀ from a full turn; every direction stands for the solid
/// angle 4π/N. The fraction is kept in 64-bit integers and z in f64, so that the lattice stays exact far beyond 2³² rays.
/// Each direction is then uniform in its own band of the sphere, so every sum over the lattice is an unbiased estimate of
/// an integral over the sphere, and runs with different seeds are independent.
///
/// The axis stays upright: ground, walls and cells of most scenes stand upright, too, and a lattice that is aligned with
/// them needs fewer rays for the same error than one that is turned at random.
///
/// ```
/// # use emberwave_geometry::{CounterRng, FibonacciLattice};
/// let lattice = FibonacciLattice::new(1000, &CounterRng::new(1, 0));
/// assert!((lattice.direction(123).length() - 1.0).abs() < 1e-6);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct FibonacciLattice {
    num_rays: u64,
    /// φ₀ as a fraction of a turn times 2⁶⁴.
    first_azimuth: u64,
    /// u
    place_in_band: f64,
}

impl FibonacciLattice {
    /// A lattice of `num_rays` directions that starts where the random numbers of `rng` say.
    #[must_use]
    pub fn new(num_rays: u64, rng: &CounterRng) -> Self {
        let [azimuth, finer_azimuth, place, finer_place] = rng.uniforms(u64::MAX, u32::MAX).map(f64::from);
        // Numbers of 24 bits: two of them have more than any number of rays resolves.
        let step = 1.0 / 16_777_216.0;
        let turns = azimuth + finer_azimuth * step;
        let first_azimuth = (turns * 18_446_744_073_709_551_616.0) as u64;
        Self { num_rays, first_azimuth, place_in_band: place + finer_place * step }
    }

    /// Number of directions.
    #[must_use]
    pub fn num_rays(&self) -> u64 {
        self.num_rays
    }

    /// Solid angle of one ray \[sr\].
    #[must_use]
    pub fn solid_angle(&self) -> f64 {
        4.0 * std::f64::consts::PI / self.num_rays as f64
    }

    /// Azimuth of direction `index`, as a fraction of a turn times 2³².
    #[inline]
    #[must_use]
    pub fn azimuth_bits(&self, index: u64) -> u32 {
        (index.wrapping_mul(GOLDEN_STEP).wrapping_add(self.first_azimuth) >> 32) as u32
    }

    /// Unit vector of direction `index`.
    #[inline]
    #[must_use]
    pub fn direction(&self, index: u64) -> Vec3 {
        self.direction_with(index, |turns| (std::f32::consts::TAU * turns).sin_cos())
    }

    /// Unit vector of direction `index`, with the caller's sine and cosine of a fraction of a turn.
    #[inline(always)]
    #[must_use]
    pub fn direction_with(&self, index: u64, sin_cos_turns: impl Fn(f32) -> (f32, f32)) -> Vec3 {
        let z = 1.0 - 2.0 * (index as f64 + self.place_in_band) / self.num_rays as f64;
        let radius = ((1.0 - z) * (1.0 + z)).max(0.0).sqrt() as f32;
        let (sin, cos) = sin_cos_turns(self.azimuth_bits(index) as f32 * (1.0 / 4_294_967_296.0));
        Vec3::new(radius * cos, radius * sin, z as f32)
    }
}

#[cfg(test)]
mod tests {
    use glam::Mat3;

    use super::*;

    #[test]
    fn directions_cover_the_sphere_evenly() {
        let lattice = FibonacciLattice::new(100_000, &CounterRng::new(9, 2));
        let (mut mean, mut second) = (Vec3::ZERO, Mat3::ZERO);
        for index in 0..lattice.num_rays() {
            let d = lattice.direction(index);
            mean += d / 1e5;
            second += Mat3::from_cols(d * d.x, d * d.y, d * d.z) * 1e-5;
        }
        assert!(mean.length() < 1e-4, "{mean}");
        assert!((second - Mat3::IDENTITY * (1.0 / 3.0)).to_cols_array().iter().all(|x| x.abs() < 1e-4));
    }

    #[test]
    fn every_direction_is_uniform_in_its_band_over_seeds() {
        let (num_rays, seeds) = (7, 20_000_u64);
        for index in [0, 3, 6] {
            let (mut first, mut second) = (Vec3::ZERO, Vec3::ZERO);
            for seed in 0..seeds {
                let d = FibonacciLattice::new(num_rays, &CounterRng::new(seed, 0)).direction(index);
                first += d / seeds as f32;
                second += d * d / seeds as f32;
            }
            let [low, high] = [index + 1, index].map(|edge| 1.0 - 2.0 * edge as f32 / num_rays as f32);
            let z_squared = (low * low + low * high + high * high) / 3.0;
            // At most 1/√seeds = 0.007 is the standard error of any of them.
            assert!(first.distance(Vec3::new(0.0, 0.0, 0.5 * (low + high))) < 0.03, "{first}");
            let expected = Vec3::new(0.5 * (1.0 - z_squared), 0.5 * (1.0 - z_squared), z_squared);
            assert!(second.distance(expected) < 0.03, "{second} for {expected}");
        }
    }

    #[test]
    fn lattices_beyond_two_to_the_32_rays_keep_distinct_directions() {
        let lattice = FibonacciLattice::new(1 << 40, &CounterRng::new(0, 0));
        let (a, b) = (lattice.azimuth_bits(1 << 39), lattice.azimuth_bits((1 << 39) + (1 << 32)));
        assert_ne!(a, b);
    }
}
