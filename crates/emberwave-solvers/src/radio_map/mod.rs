//! Radio maps.

mod association;
mod config;
mod map;
mod parts;
mod sample;
mod solver;
mod statistics;

pub use config::{RadioMapSolverConfig, Reconstruction};
pub use map::RadioMap;
pub use parts::RadioMapParts;
pub use sample::{Interpolation, RadioMapSamples};
pub use solver::RadioMapSolver;
