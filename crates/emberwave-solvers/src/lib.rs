//! Solvers: from a scene to radio maps.
//!
//! [`RadioMapSolverConfig`] holds the options under Sionna RT's names and with its defaults, [`RadioMapSolver`] solves,
//! [`RadioMap`] is the result.

mod error;
mod memory;
mod radio_map;

pub use emberwave_kernels::{Monitor, Progress};
pub use error::SolveError;
pub use radio_map::{RadioMap, RadioMapSolver, RadioMapSolverConfig, Reconstruction};
