//! Random numbers that are the same everywhere.

/// A generator of random numbers (SplitMix64).
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ (word >> 31)
    }

    /// A whole number from 0 on.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * (self.next() >> 40) as f32 / (1 << 24) as f32
    }

    /// ε_r and ε_i that all materials start with, and u.
    pub fn start(&mut self) -> ([f32; 2], [f32; 4]) {
        let real = self.between(2.0, 9.0);
        let imaginary = 10_f32.powf(self.between(-0.7, 0.5));
        let direction = [0; 4].map(|_| {
            let entry = self.between(-1.0, 1.0);
            entry + 0.5_f32.copysign(entry)
        });
        ([real, imaginary], direction)
    }
}
