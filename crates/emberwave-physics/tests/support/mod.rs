//! What the tests of this crate share, and those of `emberwave-em`.

mod random;

pub use random::Random;
