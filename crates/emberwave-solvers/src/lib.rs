//! Solvers: from a scene to radio maps.
//!
//! [`RadioMapSolverConfig`] holds the options under Sionna RT's names and with its defaults, [`RadioMapSolver`] solves,
//! [`RadioMap`] is the result. A [`Coverage`] keeps the geometry of a map, to be evaluated again for other materials and
//! antennas; [`Calibration`] trains a scene on measured cells through one.

mod calibration;
mod coverage;
mod error;
mod measurements;
mod memory;
mod radio_map;

#[cfg(feature = "train")]
pub use calibration::CellBatcher;
pub use calibration::{
    Calibration, CalibrationLoss, CalibrationModel, CalibrationOutput, CellBatch, MeasuredCell,
};
pub use coverage::{Coverage, CoverageError};
pub use emberwave_kernels::{Monitor, PowerAccount, Progress, Topology};
pub use error::SolveError;
pub use measurements::{MeasuredQuantity, MeasurementError, Measurements};
pub use radio_map::{
    AntennaFunction, BorderSearch, Execution, Interpolation, MaterialFunction, MaterialQuery, RadioMap,
    RadioMapParts, RadioMapSamples, RadioMapSolver, RadioMapSolverConfig, Reconstruction,
};
