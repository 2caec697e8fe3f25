//! What most programs need: `use emberwave::prelude::*;`.

pub use burn::tensor::Device;
pub use emberwave_physics::{AntennaPattern, Polarization, PolarizationModel};
pub use emberwave_scene::{
    MeasurementPlane, MeasurementSurface, Permittivity, RadioMaterial, Scene, SceneTensors, Transmitter,
};
pub use emberwave_solvers::{
    Monitor, Progress, RadioMap, RadioMapSolver, RadioMapSolverConfig, Reconstruction,
};
pub use emberwave_viz::{MapQuantity, MapView, PictureOptions, RadioMapExport};

pub use crate::{Error, Result};
