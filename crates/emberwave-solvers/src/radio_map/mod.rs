//! Radio maps.

mod config;
mod map;
mod solver;

pub use config::{RadioMapSolverConfig, Reconstruction};
pub use map::RadioMap;
pub use solver::RadioMapSolver;
