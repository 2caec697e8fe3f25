//! What most programs need: `use emberwave::prelude::*;`.

pub use burn::tensor::Device;
pub use emberwave_physics::{AntennaPattern, Polarization, PolarizationModel};
pub use emberwave_scene::{
    MeasurementPlane, MeasurementSurface, PatternTable, Permittivity, RadioMaterial, RadioMaterials, Scene,
    SceneTensors, Transmitter, TransmitterPattern, Transmitters,
};
pub use emberwave_solvers::{
    BorderSearch, Calibration, CalibrationLoss, CalibrationModel, CellBatch, Coverage, Execution,
    Interpolation, MeasuredCell, Measurements, Monitor, PowerAccount, Progress, RadioMap, RadioMapSamples,
    RadioMapSolver, RadioMapSolverConfig, Reconstruction,
};
pub use emberwave_viz::{MapQuantity, MapView, PictureOptions, RadioMapExport, RadioMapFile};

pub use crate::{Error, Result};
