//! Launch directions: a rotated Fibonacci lattice on the sphere.

use glam::{Mat3, Vec3};

use crate::random::CounterRng;

/// 2⁶⁴ / golden ratio, rounded to odd.
const GOLDEN_STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// `num_rays` nearly uniform directions on the unit sphere, in an orientation drawn from a seed.
///
/// Direction n of the unrotated lattice has
/// $$ z_n = 1 - \frac{2n + 1}{N}, \qquad \varphi_n = 2\pi\, \mathrm{frac}(n / \phi) $$
/// with the golden ratio φ; every direction stands for the solid angle 4π/N. The fraction is kept in 64-bit integers
/// and z in f64, so that the lattice stays exact far beyond 2³² rays. The whole lattice is turned by a rotation drawn
/// uniformly from SO(3), which makes every sum over it an unbiased estimate of an integral over the sphere, and runs
/// with different seeds independent.
///
/// A lattice whose axis stays vertical and which is only shifted at random would leave a map of a horizontal plane with the
/// error of a third more rays, since the cells far from the transmitter are rectangles along the axes of (z, φ). But then
/// most lattices agree in most cells and few differ much, so that what runs differ by does not tell their error.
///
/// ```
/// # use emberwave_geometry::{CounterRng, FibonacciLattice};
/// let lattice = FibonacciLattice::new(1000, &CounterRng::new(1, 0));
/// assert!((lattice.direction(123).length() - 1.0).abs() < 1e-6);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct FibonacciLattice {
    num_rays: u64,
    world_from_lattice: Mat3,
}

impl FibonacciLattice {
    /// A lattice of `num_rays` directions, turned by the random numbers of `rng`.
    #[must_use]
    pub fn new(num_rays: u64, rng: &CounterRng) -> Self {
        let [u, v, w, _] = rng.uniforms(u64::MAX, u32::MAX);
        Self { num_rays, world_from_lattice: random_rotation(u, v, w) }
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

    /// Azimuth of direction `index` in the unrotated lattice, as a fraction of a turn times 2³².
    #[inline]
    #[must_use]
    pub fn azimuth_bits(&self, index: u64) -> u32 {
        (index.wrapping_mul(GOLDEN_STEP) >> 32) as u32
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
        let z = 1.0 - (2.0 * index as f64 + 1.0) / self.num_rays as f64;
        let radius = ((1.0 - z) * (1.0 + z)).max(0.0).sqrt() as f32;
        let (sin, cos) = sin_cos_turns(self.azimuth_bits(index) as f32 * (1.0 / 4_294_967_296.0));
        self.world_from_lattice * Vec3::new(radius * cos, radius * sin, z as f32)
    }
}

/// A uniformly distributed rotation from three uniform numbers (Arvo, "Fast random rotation matrices", 1992).
pub(crate) fn random_rotation(u: f32, v: f32, w: f32) -> Mat3 {
    let tau = std::f32::consts::TAU;
    let about_z = Mat3::from_rotation_z(tau * u);
    let (sin, cos) = (tau * v).sin_cos();
    let axis = Vec3::new(cos * w.sqrt(), sin * w.sqrt(), (1.0 - w).sqrt());
    let householder = Mat3::from_cols(axis * axis.x, axis * axis.y, axis * axis.z) * 2.0 - Mat3::IDENTITY;
    householder * about_z
}

#[cfg(test)]
mod tests {
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
    fn rotations_keep_lengths_and_orientation() {
        for seed in 0..20 {
            let [u, v, w, _] = CounterRng::new(seed, 0).uniforms(0, 0);
            let rotation = random_rotation(u, v, w);
            assert!((rotation.determinant() - 1.0).abs() < 1e-5);
            assert!(
                (rotation * rotation.transpose() - Mat3::IDENTITY)
                    .to_cols_array()
                    .iter()
                    .all(|x| x.abs() < 1e-5)
            );
        }
    }

    #[test]
    fn lattices_beyond_two_to_the_32_rays_keep_distinct_directions() {
        let lattice = FibonacciLattice::new(1 << 40, &CounterRng::new(0, 0));
        let (a, b) = (lattice.azimuth_bits(1 << 39), lattice.azimuth_bits((1 << 39) + (1 << 32)));
        assert_ne!(a, b);
    }
}
