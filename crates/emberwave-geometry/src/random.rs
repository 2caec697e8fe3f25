//! Counter-based random numbers.
//!
//! Every number is a pure function of (seed, transmitter, ray, depth, dimension), so results do not depend on the
//! number of threads or the order of batches, a backward pass replays its forward pass, and any processor with
//! 32-bit integers draws the same paths.

/// Random numbers addressed by ray and depth, for one seed and one transmitter.
///
/// The mixing function is the four-lane permuted congruential hash *pcg4d* of Jarzynski and Olano, "Hash Functions
/// for GPU Rendering", JCGT 9(3), 2020.
///
/// ```
/// # use emberwave_geometry::CounterRng;
/// let rng = CounterRng::new(42, 0);
/// assert_eq!(rng.uniforms(7, 1), CounterRng::new(42, 0).uniforms(7, 1));
/// assert_ne!(rng.uniforms(7, 1), rng.uniforms(7, 2));
/// assert!(rng.uniforms(7, 1).iter().all(|u| (0.0..1.0).contains(u)));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct CounterRng {
    key: [u32; 2],
}

impl CounterRng {
    /// The numbers that belong to a seed and a transmitter.
    #[must_use]
    pub fn new(seed: u64, transmitter: u32) -> Self {
        let mixed = pcg4d([seed as u32, (seed >> 32) as u32, transmitter, 0x5eed_0001]);
        Self { key: [mixed[0], mixed[1]] }
    }

    /// Four independent numbers, uniform on \[0, 1), for interaction `depth` of ray `ray`.
    #[inline]
    #[must_use]
    pub fn uniforms(&self, ray: u64, depth: u32) -> [f32; 4] {
        pcg4d([ray as u32, (ray >> 32) as u32 ^ self.key[0], depth, self.key[1]]).map(unit_interval)
    }
}

/// The 24 high bits as a number in \[0, 1), exactly representable in f32.
#[inline]
fn unit_interval(bits: u32) -> f32 {
    (bits >> 8) as f32 * (1.0 / 16_777_216.0)
}

#[inline]
fn pcg4d(v: [u32; 4]) -> [u32; 4] {
    let [mut x, mut y, mut z, mut w] = v.map(|lane| lane.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    x = x.wrapping_add(y.wrapping_mul(w));
    y = y.wrapping_add(z.wrapping_mul(x));
    z = z.wrapping_add(x.wrapping_mul(y));
    w = w.wrapping_add(y.wrapping_mul(z));
    [x, y, z, w] = [x, y, z, w].map(|lane| lane ^ (lane >> 16));
    x = x.wrapping_add(y.wrapping_mul(w));
    y = y.wrapping_add(z.wrapping_mul(x));
    z = z.wrapping_add(x.wrapping_mul(y));
    w = w.wrapping_add(y.wrapping_mul(z));
    [x, y, z, w]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_and_covariances_are_those_of_independent_uniforms() {
        let rng = CounterRng::new(3, 1);
        let count = 200_000_u64;
        let (mut mean, mut product) = ([0.0_f64; 4], [0.0_f64; 3]);
        for ray in 0..count {
            let now = rng.uniforms(ray, 0).map(f64::from);
            let next = rng.uniforms(ray, 1).map(f64::from);
            for lane in 0..4 {
                mean[lane] += now[lane] / count as f64;
            }
            product[0] += (now[0] - 0.5) * (now[1] - 0.5) / count as f64;
            product[1] += (now[0] - 0.5) * (next[0] - 0.5) / count as f64;
            product[2] += (now[2] - 0.5) * (next[3] - 0.5) / count as f64;
        }
        // Standard errors: sqrt(1/12/n) for a mean, 1/12/sqrt(n) for a covariance.
        let n = (count as f64).sqrt();
        assert!(mean.iter().all(|m| (m - 0.5).abs() < 4.5 * 0.2887 / n), "{mean:?}");
        assert!(product.iter().all(|c| c.abs() < 4.5 / 12.0 / n), "{product:?}");
    }

    #[test]
    fn rays_beyond_two_to_the_32_differ_from_their_low_half() {
        let rng = CounterRng::new(0, 0);
        assert_ne!(rng.uniforms(5, 0), rng.uniforms(5 + (1 << 32), 0));
    }
}
