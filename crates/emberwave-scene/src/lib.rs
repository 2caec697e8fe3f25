//! Scenes: objects, materials and transmitters on a Burn device, and the tensors a solver reads.
//!
//! A [`Scene`] comes from a file or from meshes, gets a frequency and transmitters, and is handed to a solver. What
//! solvers really read are its [`SceneTensors`]: plain tensors that can be replaced one by one. A scene is a Burn `Module`:
//! vertices, materials and transmitters are parameters that optimisers of `burn::optim` train.

mod check;
mod constraint;
mod error;
mod material;
mod measurement;
mod object;
mod parameter;
mod pattern_table;
mod radio_materials;
mod record;
mod scene;
mod tensors;
mod training;
mod transmitter;
mod transmitters;

pub use check::{Finding, FindingKind, SceneCheck};
pub use constraint::Within;
pub use error::SceneError;
pub use material::{ItuEdition, ItuPolicy, OutOfRange, Permittivity, RadioMaterial};
pub use measurement::{MeasurementPlane, MeasurementSurface};
pub use object::SceneObject;
pub use pattern_table::{PatternTable, TransmitterPattern};
pub use radio_materials::RadioMaterials;
pub use scene::{DEFAULT_BANDWIDTH, DEFAULT_FREQUENCY, DEFAULT_TEMPERATURE, Scene};
pub use tensors::SceneTensors;
pub use transmitter::Transmitter;
pub use transmitters::Transmitters;
