//! Scenes: objects, materials and transmitters on a Burn device, and the tensors a solver reads.
//!
//! A [`Scene`] comes from a file or from meshes, gets a frequency and transmitters, and is handed to a solver. What
//! solvers really read are its [`SceneTensors`]: plain tensors that can be replaced one by one.

mod check;
mod error;
mod material;
mod measurement;
mod object;
mod scene;
mod tensors;
mod transmitter;

pub use check::{Finding, FindingKind, SceneCheck};
pub use error::SceneError;
pub use material::{ItuEdition, ItuPolicy, OutOfRange, Permittivity, RadioMaterial};
pub use measurement::{MeasurementPlane, MeasurementSurface};
pub use object::SceneObject;
pub use scene::{DEFAULT_BANDWIDTH, DEFAULT_FREQUENCY, DEFAULT_TEMPERATURE, Scene};
pub use tensors::SceneTensors;
pub use transmitter::Transmitter;
