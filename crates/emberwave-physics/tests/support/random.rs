//! Random numbers, also for the tests of `emberwave-em`.
#![allow(dead_code)] // each test binary uses a part of it

use emberwave_physics::vector::normalize;
use emberwave_physics::{Complex, Vec3};

/// A small generator (splitmix64), the same numbers on every machine.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Uniform in [−1, 1).
    pub fn number(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }

    /// Uniform in [0, 1).
    pub fn fraction(&mut self) -> f64 {
        0.5 * (self.number() + 1.0)
    }

    /// Log-uniform between two positive numbers.
    pub fn magnitude(&mut self, least: f64, most: f64) -> f64 {
        least * (most / least).powf(self.fraction())
    }

    pub fn complex(&mut self) -> Complex<f64> {
        Complex::new(self.number(), self.number())
    }

    pub fn vector(&mut self) -> Vec3<f64> {
        [self.number(), self.number(), self.number()]
    }

    pub fn direction(&mut self) -> Vec3<f64> {
        loop {
            let v = self.vector();
            let squared = v.iter().map(|x| x * x).sum::<f64>();
            if squared > 0.01 && squared < 1.0 {
                return normalize(v);
            }
        }
    }
}
