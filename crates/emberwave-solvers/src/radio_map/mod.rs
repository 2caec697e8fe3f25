//! Radio maps.

mod accuracy;
mod association;
mod config;
mod gradients;
mod map;
mod parts;
mod plan;
mod running;
mod sample;
mod solver;
mod stages;
mod statistics;
mod wavefront;

pub use config::{BorderSearch, Execution, RadioMapSolverConfig, Reconstruction};
pub use map::RadioMap;
pub use parts::RadioMapParts;
pub use sample::{Interpolation, RadioMapSamples};
pub use solver::RadioMapSolver;
pub use wavefront::{AntennaFunction, MaterialFunction, MaterialQuery};
