//! A small random number generator, PCG32 (M. O'Neill, PCG-XSH-RR 64/32): the same numbers on every machine.

/// A stream of random numbers that depends only on its seed.
pub struct Pcg {
    state: u64,
    increment: u64,
}

const MULTIPLIER: u64 = 6_364_136_223_846_793_005;
const INCREMENT: u64 = 1_442_695_040_888_963_407;

impl Pcg {
    /// Starts the stream of a seed.
    pub fn new(seed: u64) -> Self {
        Self::with_increment(seed, INCREMENT)
    }

    fn with_increment(seed: u64, increment: u64) -> Self {
        let mut stream = Self { state: seed.wrapping_add(increment), increment };
        stream.next_u32();
        stream
    }

    /// The next 32 bits.
    pub fn next_u32(&mut self) -> u32 {
        let old = self.state;
        self.state = old.wrapping_mul(MULTIPLIER).wrapping_add(self.increment);
        // Truncations are the definition of the generator.
        let xored = (((old >> 18) ^ old) >> 27) as u32;
        xored.rotate_right((old >> 59) as u32)
    }

    /// An integer in `0..count`.
    pub fn below(&mut self, count: u32) -> u32 {
        ((u64::from(self.next_u32()) * u64::from(count)) >> 32) as u32
    }

    /// One of the multiples of `step` from `low` to `high`, both included.
    pub fn stepped(&mut self, low: f64, high: f64, step: f64) -> f64 {
        let steps = ((high - low) / step).round() as u32;
        low + f64::from(self.below(steps + 1)) * step
    }

    /// One element of a non-empty list.
    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u32) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::Pcg;

    /// The first numbers of the reference implementation's demonstration: seed 42, sequence 54.
    #[test]
    fn stream_is_that_of_the_reference_implementation() {
        let mut stream = Pcg::with_increment(42, 2 * 54 + 1);
        let drawn = [stream.next_u32(), stream.next_u32(), stream.next_u32(), stream.next_u32()];
        assert_eq!(drawn, [0xa15c_02b7, 0x7b47_f409, 0xba1d_3330, 0x83d2_f293]);
    }

    #[test]
    fn stepped_values_stay_on_their_lattice() {
        let mut stream = Pcg::new(1);
        for _ in 0..1000 {
            let value = stream.stepped(3.0, 4.0, 0.25);
            assert!((3.0..=4.0).contains(&value) && (value * 4.0).fract() == 0.0);
        }
    }
}
